//! Identities: who could tamper, and the role that CloudTrail delivers to its log group with.

use super::account::Account;
use serde_json::json;

impl Account {
    /// Users, groups and roles with their policies, and the AWS managed policies that are attached to somebody. No request
    /// leaves out old versions of policies; they are not kept.
    pub(super) async fn identities(&self) {
        let client = self.iam(self.leader());
        let answer = self.ask(("iam", "GetAccountAuthorizationDetails"), self.leader(), json!({}), |next| {
            client.get_account_authorization_details().max_items(1000).set_marker(next).send()
        });
        // What fails is written down with its call; nothing rests on it here.
        let _ = answer.await;
    }
}

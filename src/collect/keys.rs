//! Keys of the account: of its trails, event data stores, log groups and topics, wherever those are.

use super::account::Account;
use super::places::{name_of, region_of, text};
use serde_json::json;

impl Account {
    /// A key by its ARN, or by an alias that a topic names it by. Policy, rotation and tags are asked of the key itself: an
    /// alias does not lead to them, nor are they anybody's but AWS's where the key is.
    pub(super) async fn key(&self, arn: &str) {
        let region = region_of(arn);
        let client = &self.kms(region);
        let described = self
            .ask(("kms", "DescribeKey"), region, json!({"KeyId": arn}), |_| client.describe_key().key_id(arn).send())
            .await;
        let metadata = described.as_ref().ok().and_then(|answer| answer.get("KeyMetadata"));
        if metadata.and_then(|it| text(it, "KeyManager")) == Some("AWS") {
            return;
        }
        let key = metadata.and_then(|it| text(it, "Arn")).unwrap_or(arn);
        if !name_of(key).starts_with("key/") {
            return;
        }
        let policy = self.ask(("kms", "GetKeyPolicy"), region, json!({"KeyId": key, "PolicyName": "default"}), |_| {
            client.get_key_policy().key_id(key).policy_name("default").send()
        });
        let rotation = self.ask(("kms", "GetKeyRotationStatus"), region, json!({"KeyId": key}), |_| {
            client.get_key_rotation_status().key_id(key).send()
        });
        let tags = self.ask(("kms", "ListResourceTags"), region, json!({"KeyId": key}), |_| {
            client.list_resource_tags().key_id(key).send()
        });
        let _ = tokio::join!(policy, rotation, tags);
    }
}

//! The rules of EventBridge in a Region, and the targets of those about CloudTrail.

use super::account::Account;
use super::places::text;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// What stands in the pattern of a rule about CloudTrail's events, in small letters.
const OURS: [&str; 2] = ["cloudtrail", "eventname"];

impl Account {
    /// The rules of the default bus, where CloudTrail's events come.
    pub(super) async fn rules_of(&self, region: &str) {
        let client = &self.events(region);
        let rules = self
            .ask(("events", "ListRules"), region, json!({}), |next| client.list_rules().set_next_token(next).send());
        let rules = rules.await.ok().and_then(|answer| answer.get("Rules")?.as_array().cloned()).unwrap_or_default();
        let is_ours = |rule: &&Value| {
            let pattern = text(rule, "EventPattern").unwrap_or_default().to_ascii_lowercase();
            OURS.iter().any(|word| pattern.contains(word))
        };
        join_all(rules.iter().filter(is_ours).filter_map(|rule| text(rule, "Name")).map(|name| async move {
            let asked = self.ask(("events", "ListTargetsByRule"), region, json!({"Rule": name}), |next| {
                client.list_targets_by_rule().rule(name).set_next_token(next).send()
            });
            // The answer is kept, or why there is none.
            let _ = asked.await;
        }))
        .await;
    }
}

//! Event rules of the default bus, which is the only one that CloudTrail's events reach.

use super::account::Account;
use super::places::{items, service_of, text};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Account {
    /// The rules of a Region, with the targets of those that may match a call that CloudTrail recorded; the topics among
    /// the targets.
    pub(super) async fn rules_of(&self, region: &str) -> BTreeSet<String> {
        let client = &self.events(region);
        let answer = self
            .ask(("events", "ListRules"), region, json!({}), |next| client.list_rules().set_next_token(next).send())
            .await;
        let rules = answer.unwrap_or_default();
        let matching = items(&rules, "Rules").iter().filter(|rule| text(rule, "EventPattern").is_some_and(may_match));
        let targets = join_all(matching.filter_map(|rule| text(rule, "Name")).map(|name| {
            self.ask(("events", "ListTargetsByRule"), region, json!({"Rule": name}), move |next| {
                client.list_targets_by_rule().rule(name).set_next_token(next).send()
            })
        }));
        let targets = targets.await;
        let arns = targets.iter().flatten().flat_map(|it| items(it, "Targets")).filter_map(|it| text(it, "Arn"));
        arns.filter(|arn| service_of(arn) == "sns").map(str::to_owned).collect()
    }
}

/// Whether a pattern may match an event of CloudTrail: only one that names other types of event surely does not.
fn may_match(pattern: &str) -> bool {
    let Ok(pattern) = serde_json::from_str::<Value>(pattern) else { return true };
    let Some(types) = pattern.get("detail-type").and_then(Value::as_array) else { return true };
    types.iter().any(|it| it.as_str().is_none_or(|name| name.ends_with(" via CloudTrail")))
}

#[cfg(test)]
mod tests {
    use super::may_match;

    #[test]
    fn rules_on_other_events_are_not_followed() {
        assert!(may_match(r#"{"source": ["aws.cloudtrail"]}"#));
        assert!(may_match(r#"{"detail-type": ["AWS API Call via CloudTrail"]}"#));
        assert!(may_match(r#"{"detail-type": [{"prefix": "AWS"}]}"#));
        assert!(may_match("{"));
        assert!(!may_match(r#"{"detail-type": ["EC2 Instance State-change Notification"]}"#));
    }
}

//! The way from a trail's log group to somebody: filters, alarms, and the topics that the alarms act on.

use super::account::Account;
use super::places::{items, name_of, region_of, service_of, text};
use aws_sdk_cloudwatch::types::AlarmType;
use aws_sdk_cloudwatchlogs::types::PolicyScope;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every type of alarm; without them only alarms on metrics are listed.
const ALARMS: [&str; 3] = ["MetricAlarm", "CompositeAlarm", "LogAlarm"];

/// How the service refuses a type of alarm that it does not know yet.
const UNKNOWN_TYPE: [&str; 3] = ["ValidationError", "ValidationException", "InvalidParameterValue"];

impl Account {
    /// A log group with its filters and policies; the topics that its alarms act on.
    pub(super) async fn log_group(&self, arn: &str) -> BTreeSet<String> {
        let region = region_of(arn);
        let name = name_of(arn).trim_start_matches("log-group:").trim_end_matches(":*");
        let own = arn.trim_end_matches(":*");
        let client = &self.logs(region);
        let group = self.ask(("logs", "DescribeLogGroups"), region, json!({"logGroupNamePrefix": name}), |next| {
            client.describe_log_groups().log_group_name_prefix(name).set_next_token(next).send()
        });
        let filters = self.ask(("logs", "DescribeMetricFilters"), region, json!({"logGroupName": name}), |next| {
            client.describe_metric_filters().log_group_name(name).set_next_token(next).send()
        });
        let policies = self.ask(("logs", "DescribeResourcePolicies"), region, json!({}), |next| {
            client.describe_resource_policies().set_next_token(next).send()
        });
        let input = json!({"policyScope": "RESOURCE", "resourceArn": own});
        let its_policy = self.ask(("logs", "DescribeResourcePolicies"), region, input, |next| {
            let request = client.describe_resource_policies().policy_scope(PolicyScope::Resource).resource_arn(own);
            request.set_next_token(next).send()
        });
        let tags = self.ask(("logs", "ListTagsForResource"), region, json!({"resourceArn": own}), |_| {
            client.list_tags_for_resource().resource_arn(own).send()
        });
        let (_, filters, ..) = tokio::join!(group, filters, policies, its_policy, tags);
        let filters = filters.unwrap_or_default();
        let transformations = items(&filters, "metricFilters").iter().flat_map(|it| items(it, "metricTransformations"));
        let metrics: BTreeSet<&str> = transformations.filter_map(|it| text(it, "metricName")).collect();
        let alarms = self.alarms_of(region).await;
        topics_of(&alarms, &metrics)
    }

    /// The alarms of a Region, without a type that the service does not know.
    async fn alarms_of(&self, region: &str) -> Value {
        let client = &self.alarms(region);
        let mut answer = Ok(Value::Null);
        for types in [&ALARMS[..], ALARMS.split_at(2).0] {
            let kinds: Vec<AlarmType> = types.iter().map(|kind| AlarmType::from(*kind)).collect();
            answer = self
                .ask(("cloudwatch", "DescribeAlarms"), region, json!({"AlarmTypes": types}), |next| {
                    let request = client.describe_alarms().max_records(100).set_alarm_types(Some(kinds.clone()));
                    request.set_next_token(next).send()
                })
                .await;
            if !answer.as_ref().is_err_and(|refusal| UNKNOWN_TYPE.contains(&refusal.code.as_str())) {
                break;
            }
        }
        answer.unwrap_or_default()
    }
}

/// The topics of the alarms that watch one of the metrics, of those that rest on such an alarm, and of those that ask the
/// logs themselves.
fn topics_of(alarms: &Value, metrics: &BTreeSet<&str>) -> BTreeSet<String> {
    let watches = |alarm: &&Value| {
        let math =
            items(alarm, "Metrics").iter().filter_map(|it| text(it.pointer("/MetricStat/Metric")?, "MetricName"));
        text(alarm, "MetricName").into_iter().chain(math).any(|name| metrics.contains(name))
    };
    let watching: Vec<&Value> = items(alarms, "MetricAlarms").iter().filter(watches).collect();
    let names: Vec<&str> = watching.iter().filter_map(|alarm| text(alarm, "AlarmName")).collect();
    let rests = |alarm: &&Value| {
        let rule = text(alarm, "AlarmRule").unwrap_or_default();
        names.iter().any(|name| rule.contains(name))
    };
    let composite = items(alarms, "CompositeAlarms").iter().filter(rests);
    let acting = watching.into_iter().chain(composite).chain(items(alarms, "LogAlarms"));
    let actions = acting.flat_map(|alarm| items(alarm, "AlarmActions")).filter_map(Value::as_str);
    actions.filter(|arn| service_of(arn) == "sns").map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::topics_of;
    use serde_json::json;

    #[test]
    fn topics_of_other_alarms_are_nobodys_business() {
        let sns = |name: &str| format!("arn:aws:sns:eu-west-1:111122223333:{name}");
        let alarms = json!({
            "MetricAlarms": [
                {"AlarmName": "stop", "MetricName": "Stop", "AlarmActions": [sns("a"), "arn:aws:lambda:r:a:f"]},
                {"AlarmName": "cpu", "MetricName": "Cpu", "AlarmActions": [sns("b")]},
                {"AlarmName": "math", "AlarmActions": [sns("c")],
                 "Metrics": [{"MetricStat": {"Metric": {"MetricName": "Stop"}}}]},
            ],
            "CompositeAlarms": [
                {"AlarmName": "both", "AlarmRule": "ALARM(\"stop\") AND OK(cpu)", "AlarmActions": [sns("d")]},
                {"AlarmName": "none", "AlarmRule": "ALARM(cpu)", "AlarmActions": [sns("e")]},
            ],
            "LogAlarms": [{"AlarmName": "log", "AlarmActions": [sns("f")]}],
        });
        let expected = ["a", "c", "d", "f"].map(sns);
        assert_eq!(topics_of(&alarms, &["Stop"].into()).into_iter().collect::<Vec<_>>(), expected);
    }
}

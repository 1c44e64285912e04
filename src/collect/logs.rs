//! The log group that a trail writes to: its settings, who may write there, and what counts and watches its events.

use super::account::Account;
use super::places::{name_of, region_of, text};
use super::refs::Refs;
use aws_sdk_cloudwatch::types::AlarmType;
use aws_sdk_cloudwatchlogs::types::PolicyScope;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Account {
    /// A log group with its policies, and who is told of what it receives; its key, and the topics of alarms.
    pub(super) async fn log_group(&self, arn: &str) -> Refs {
        let region = region_of(arn);
        let name = name_of(arn).trim_start_matches("log-group:").trim_end_matches(":*");
        let own = arn.trim_end_matches(":*");
        let client = &self.logs(region);
        let group = self.ask(("logs", "DescribeLogGroups"), region, json!({"logGroupNamePrefix": name}), |next| {
            client.describe_log_groups().log_group_name_prefix(name).set_next_token(next).send()
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
        let alarms = self.alarms_on(region, name);
        let (group, _, _, _, mut refs) = tokio::join!(group, policies, its_policy, tags, alarms);
        let groups = group.ok().and_then(|answer| answer.get("logGroups")?.as_array().cloned()).unwrap_or_default();
        let own = groups.iter().find(|group| text(group, "logGroupName") == Some(name));
        if let Some(key) = own.and_then(|group| text(group, "kmsKeyId")) {
            refs.add(key);
        }
        refs
    }

    /// The filters of a log group and the alarms of its Region; the topics of the alarms on what the filters count.
    async fn alarms_on(&self, region: &str, group: &str) -> Refs {
        let (logs, cloudwatch) = (&self.logs(region), &self.cloudwatch(region));
        let filters = self.ask(("logs", "DescribeMetricFilters"), region, json!({"logGroupName": group}), |next| {
            logs.describe_metric_filters().log_group_name(group).set_next_token(next).send()
        });
        let kinds = [AlarmType::MetricAlarm, AlarmType::CompositeAlarm];
        let input = json!({"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]});
        let alarms = self.ask(("cloudwatch", "DescribeAlarms"), region, input, |next| {
            cloudwatch.describe_alarms().set_alarm_types(Some(kinds.to_vec())).set_next_token(next).send()
        });
        let (filters, alarms) = tokio::join!(filters, alarms);
        let mut refs = Refs::default();
        let (Ok(filters), Ok(alarms)) = (filters, alarms) else { return refs };
        let list = |answer: &Value, key: &str| answer.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let metrics = list(&filters, "metricFilters").into_iter().flat_map(|it| list(&it, "metricTransformations"));
        let names: BTreeSet<String> = metrics.filter_map(|it| text(&it, "metricName").map(str::to_owned)).collect();
        let watches = |alarm: &Value| text(alarm, "MetricName").is_none_or(|name| names.contains(name));
        let all = ["MetricAlarms", "CompositeAlarms"].into_iter().flat_map(|key| list(&alarms, key));
        let actions = all.filter(watches).flat_map(|alarm| list(&alarm, "AlarmActions"));
        actions.filter_map(|arn| arn.as_str().map(str::to_owned)).for_each(|arn| refs.add(&arn));
        refs
    }
}

//! The log group that a trail writes to: its settings, and who may write there.

use super::account::Account;
use super::places::{name_of, region_of, text};
use aws_sdk_cloudwatchlogs::types::PolicyScope;
use serde_json::json;

impl Account {
    /// A log group with its policies; the ARN of its key.
    pub(super) async fn log_group(&self, arn: &str) -> Option<String> {
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
        let (group, ..) = tokio::join!(group, policies, its_policy, tags);
        let answer = group.ok()?;
        let groups = answer.get("logGroups")?.as_array()?;
        let own = groups.iter().find(|group| text(group, "logGroupName") == Some(name))?;
        text(own, "kmsKeyId").map(str::to_owned)
    }
}

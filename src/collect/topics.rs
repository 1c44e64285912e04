//! Topics: who may publish, and the key that whoever publishes needs.

use super::account::Account;
use super::places::{region_of, text};
use serde_json::json;

impl Account {
    /// A topic; the ARN of its key or of the key's alias.
    pub(super) async fn topic(&self, arn: &str) -> Option<String> {
        let region = region_of(arn);
        let client = &self.sns(region);
        let attributes = self.ask(("sns", "GetTopicAttributes"), region, json!({"TopicArn": arn}), |_| {
            client.get_topic_attributes().topic_arn(arn).send()
        });
        let tags = self.ask(("sns", "ListTagsForResource"), region, json!({"ResourceArn": arn}), |_| {
            client.list_tags_for_resource().resource_arn(arn).send()
        });
        let (attributes, ..) = tokio::join!(attributes, tags);
        let attributes = attributes.ok()?;
        let key = text(attributes.get("Attributes")?, "KmsMasterKeyId")?;
        Some(match key {
            key if key.starts_with("arn:") => key.to_owned(),
            alias if alias.starts_with("alias/") => self.arn("kms", region, alias),
            id => self.arn("kms", region, &format!("key/{id}")),
        })
    }

    /// The ARN of something of this account.
    fn arn(&self, service: &str, region: &str, name: &str) -> String {
        format!("arn:{}:{service}:{region}:{}:{name}", self.run.partition, self.id)
    }
}

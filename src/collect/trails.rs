//! Trails: listed in every Region, asked at home by ARN, which is the only name that works from everywhere.

use super::account::Account;
use super::places::{account_of, items, text};
use super::refs::Refs;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A trail, as far as others have to be asked about it.
#[derive(Clone, Debug)]
pub(super) struct Trail {
    pub(super) arn: String,
    pub(super) home: String,
    bucket: Option<String>,
    /// ARNs of its key, log group and topic.
    arns: Vec<String>,
}

impl Trail {
    fn new(trail: &Value) -> Option<(String, Trail)> {
        let arn = text(trail, "TrailARN")?.to_owned();
        let names = ["KmsKeyId", "CloudWatchLogsLogGroupArn", "SnsTopicARN"];
        let arns = names.iter().filter_map(|name| text(trail, name)).map(str::to_owned).collect();
        let home = text(trail, "HomeRegion").unwrap_or(super::places::region_of(&arn)).to_owned();
        Some((arn.clone(), Trail { arn, home, bucket: text(trail, "S3BucketName").map(str::to_owned), arns }))
    }

    /// What it writes to and with.
    pub(super) fn refs(&self) -> Refs {
        let mut refs = Refs { buckets: self.bucket.iter().cloned().collect(), ..Refs::default() };
        self.arns.iter().for_each(|arn| refs.add(arn));
        refs
    }
}

impl Account {
    /// The trails that a Region shows, shadows too, by ARN.
    pub(super) async fn trails_of(&self, region: &str) -> BTreeMap<String, Trail> {
        let client = self.cloudtrail(region);
        let input = json!({"includeShadowTrails": true});
        let answer = self
            .ask(("cloudtrail", "DescribeTrails"), region, input, |_| {
                client.describe_trails().include_shadow_trails(true).send()
            })
            .await;
        let answer = answer.unwrap_or_default();
        items(&answer, "trailList").iter().filter_map(Trail::new).collect()
    }

    /// What is known of a trail beside its description. Of another account's trail, an organization's, nothing but its
    /// status and selectors may be seen, and not by all.
    pub(super) async fn details_of(&self, trail: &Trail) {
        let (client, home, arn) = (self.cloudtrail(&trail.home), &trail.home, &trail.arn);
        let status = self.ask(("cloudtrail", "GetTrailStatus"), home, json!({"Name": arn}), |_| {
            client.get_trail_status().name(arn).send()
        });
        let selectors = self.ask(("cloudtrail", "GetEventSelectors"), home, json!({"TrailName": arn}), |_| {
            client.get_event_selectors().trail_name(arn).send()
        });
        let insights = self.ask(("cloudtrail", "GetInsightSelectors"), home, json!({"TrailName": arn}), |_| {
            client.get_insight_selectors().trail_name(arn).send()
        });
        // What fails is written down with its call; nothing rests on it here.
        if account_of(arn) == self.id {
            let _ = tokio::join!(status, selectors, insights);
        } else {
            let _ = tokio::join!(status, selectors);
        }
    }

    /// Tags of trails or event data stores of a Region, twenty at a time as the API takes them.
    pub(super) async fn tags_of(&self, region: &str, arns: &[String]) {
        let client = self.cloudtrail(region);
        join_all(arns.chunks(20).map(|arns| {
            let client = &client;
            self.ask(("cloudtrail", "ListTags"), region, json!({"ResourceIdList": arns}), move |next| {
                client.list_tags().set_resource_id_list(Some(arns.to_vec())).set_next_token(next).send()
            })
        }))
        .await;
    }
}

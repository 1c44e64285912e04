//! Where things are: the Regions of an account and of a partition, and what an ARN says. Asks for Regions.

use super::account::{Account, lock};
use crate::read::Arn;
use serde_json::{Value, json};

/// Regions that are enabled for every account of a partition, for those who may not ask (account management, "Regions
/// enabled by default"). The first leads the partition: there global services are asked.
const ALWAYS: [(&str, &[&str]); 3] = [
    (
        "aws",
        &[
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ap-south-1",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "eu-north-1",
            "sa-east-1",
        ],
    ),
    ("aws-us-gov", &["us-gov-west-1", "us-gov-east-1"]),
    ("aws-cn", &["cn-north-1", "cn-northwest-1"]),
];

/// The Region in which a partition's global services are asked.
pub(super) fn leader(partition: &str) -> &'static str {
    always(partition).first().unwrap_or(&"us-east-1")
}

fn always(partition: &str) -> &'static [&'static str] {
    ALWAYS.iter().find(|(name, _)| *name == partition).map_or(&[], |(_, regions)| regions)
}

/// The Region of an ARN.
pub(super) fn region_of(arn: &str) -> &str {
    Arn::parse(arn).map_or("", |arn| arn.region)
}

/// The account of an ARN.
pub(super) fn account_of(arn: &str) -> &str {
    Arn::parse(arn).map_or("", |arn| arn.account)
}

/// What an ARN names, behind the account.
pub(super) fn name_of(arn: &str) -> &str {
    Arn::parse(arn).map_or("", |arn| arn.resource)
}

/// The Regions of an account.
#[derive(Debug, Default)]
pub(super) struct Regions {
    pub(super) enabled: Vec<String>,
    pub(super) disabled: Vec<String>,
    /// Whether the account told them.
    pub(super) is_told: bool,
}

impl Account {
    /// The Region in which global services are asked.
    pub(super) fn leader(&self) -> &'static str {
        leader(self.run.partition)
    }

    /// The Regions that there are. Who may not ask for them is told those that every account has.
    pub(super) async fn regions_there(&self) -> Regions {
        let client = self.regions(self.leader());
        let answer = self
            .ask(("account", "ListRegions"), self.leader(), json!({}), |next| {
                client.list_regions().max_results(50).set_next_token(next).send()
            })
            .await;
        let mut there = Regions { is_told: answer.is_ok(), ..Regions::default() };
        match &answer {
            Ok(answer) => {
                for region in items(answer, "Regions") {
                    let is_enabled =
                        text(region, "RegionOptStatus").is_some_and(|status| status.starts_with("ENABLED"));
                    let list = if is_enabled { &mut there.enabled } else { &mut there.disabled };
                    list.extend(text(region, "RegionName").map(str::to_owned));
                }
            }
            Err(_) => there.enabled.extend(always(self.run.partition).iter().map(|region| (*region).to_owned())),
        }
        there.enabled.sort();
        there.disabled.sort();
        there
    }

    /// The enabled Regions, of those that the run is limited to.
    pub(super) async fn find_regions(&self) -> Vec<String> {
        let Regions { mut enabled, mut disabled, is_told } = self.regions_there().await;
        let limits = &self.run.regions;
        if !limits.is_empty() {
            if !is_told {
                // They may be enabled: whoever is asked there will say.
                enabled.extend(limits.iter().cloned());
            }
            [&mut enabled, &mut disabled].into_iter().for_each(|list| list.retain(|region| limits.contains(region)));
        }
        enabled.sort();
        enabled.dedup();
        *lock(&self.regions) = (enabled.clone(), disabled);
        enabled
    }

    /// Takes a Region back that does not know the account, where nobody said that it is enabled.
    pub(super) fn is_not_enabled(&self, region: &str) -> bool {
        let told = self
            .answered()
            .iter()
            .any(|((_, operation, ..), asked)| operation == "ListRegions" && asked.answer.is_ok());
        if !told {
            let mut regions = lock(&self.regions);
            regions.0.retain(|it| it != region);
            if !regions.1.iter().any(|it| it == region) {
                regions.1.push(region.to_owned());
            }
        }
        !told
    }
}

/// The items of a list in an answer; none where it has no such list.
pub(super) fn items<'v>(answer: &'v Value, name: &str) -> &'v [Value] {
    answer.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A text in an answer, if it is there and not empty.
pub(super) fn text<'v>(answer: &'v Value, name: &str) -> Option<&'v str> {
    answer.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

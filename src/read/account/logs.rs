//! Log groups, and the policies of CloudWatch Logs.

use super::evidence::{Answer, Call};
use super::reader::{Operation, Reader};
use crate::read::{Arn, Content, Datum, Record};
use crate::syntax::Node;
use std::collections::{BTreeMap, BTreeSet};

const GROUPS: Operation = ("logs", "DescribeLogGroups");
const POLICIES: Operation = ("logs", "DescribeResourcePolicies");

/// Log groups and policies.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    let arn_of = |region: &str, name: &str| {
        format!("arn:{}:logs:{region}:{}:log-group:{name}", reader.evidence.partition, reader.evidence.account)
    };
    for (call, group) in reader.listed(GROUPS, "logGroups") {
        let Some((name, node)) = group.get("logGroupName").and_then(|node| Some((node.text()?, node))) else {
            continue;
        };
        let arn = arn_of(&call.region, name);
        let answer = reader.tree().at(group, node.span);
        records.entry(arn.clone()).or_insert_with(|| record(reader, &arn, name, node, answer));
    }
    for call in reader.calls(GROUPS).filter(|call| matches!(call.answer, Answer::Failure { .. })) {
        let Some((name, node)) = call.text("logGroupNamePrefix") else { continue };
        let arn = arn_of(&call.region, name);
        let answer = reader.answer(GROUPS, Some(call), node.span);
        records.entry(arn.clone()).or_insert_with(|| record(reader, &arn, name, node, answer));
    }
    let policies = reader.listed(POLICIES, "resourcePolicies").filter_map(|(call, policy)| {
        // The policy of one group has no name.
        let node = policy.get("policyName").or_else(|| policy.get("resourceArn"))?;
        let answers = vec![("DescribeResourcePolicies", reader.tree().at(policy, node.span))];
        let home = reader.home(None, Some(&call.region));
        Some(reader.record("AWS::Logs::ResourcePolicy", node.text()?, node.span, home, answers))
    });
    // Where they could not be listed, there may be any.
    let unlisted = reader.calls(POLICIES).filter_map(|call| {
        let answer = reader.failure(call).or_else(|| reader.cut(call))?;
        let (home, span) = (reader.home(None, Some(&call.region)), answer.span);
        let address = format!("policies of CloudWatch Logs in {}", call.region);
        Some(reader.record("AWS::Logs::ResourcePolicy", &address, span, home, vec![(POLICIES.1, answer)]))
    });
    let policies: Vec<Record> = policies.chain(unlisted).chain(unasked(reader, &records)).collect();
    let gone = gone(reader, &|arn| records.contains_key(arn));
    records.into_values().chain(policies).chain(gone).collect()
}

/// What stands for the policies of Regions that have a log group and were not asked for any.
fn unasked(reader: &Reader, groups: &BTreeMap<String, Record>) -> Vec<Record> {
    let place = reader.evidence.span;
    let answer = reader.unasked(POLICIES, place);
    if !matches!(answer.content, Content::Unknown(_)) {
        return Vec::new();
    }
    let regions: BTreeSet<&str> = groups.keys().filter_map(|arn| Some(Arn::parse(arn)?.region)).collect();
    let is_asked = |region: &&str| reader.calls(POLICIES).any(|call| call.region == **region);
    let record = |region: &str| {
        let address = format!("policies of CloudWatch Logs in {region}");
        let home = reader.home(None, Some(region));
        reader.record("AWS::Logs::ResourcePolicy", &address, place, home, vec![(POLICIES.1, answer.clone())])
    };
    regions.into_iter().filter(|region| !is_asked(region)).map(record).collect()
}

/// The log groups that trails of the account name and that a list of the account's, which must have them, has not.
fn gone(reader: &Reader, is_there: &dyn Fn(&str) -> bool) -> Vec<Record> {
    let mut gone: BTreeMap<&str, Record> = BTreeMap::new();
    for (_, trail) in reader.listed(("cloudtrail", "DescribeTrails"), "trailList") {
        let Some((text, node)) = trail.get("CloudWatchLogsLogGroupArn").and_then(|node| Some((node.text()?, node)))
        else {
            continue;
        };
        let Some(arn) = Arn::parse(text).filter(|arn| arn.account == reader.evidence.account) else { continue };
        let whole = text.strip_suffix(":*").unwrap_or(text);
        let name = arn.log_group().unwrap_or_default();
        let lists = |call: &Call| {
            let prefix = call.text("logGroupNamePrefix").map_or("", |(prefix, _)| prefix);
            let is_whole = call.output().is_some() && reader.cut(call).is_none();
            is_whole && call.region == arn.region && name.starts_with(prefix)
        };
        if !is_there(whole) && reader.calls(GROUPS).any(lists) {
            let answers = vec![("Name", Datum::text(text, node.span))];
            let home = reader.home(Some(&arn), None);
            gone.entry(text)
                .or_insert_with(|| reader.record("Trailproof::NoLogGroup", whole, node.span, home, answers));
        }
    }
    gone.into_values().collect()
}

fn record(reader: &Reader, arn: &str, name: &str, node: &Node, answer: Datum) -> Record {
    let home = reader.home(Arn::parse(arn).as_ref(), None);
    let answers = vec![("Name", Datum::text(name, node.span)), ("DescribeLogGroups", answer)];
    reader.record("AWS::Logs::LogGroup", arn, node.span, home, answers)
}

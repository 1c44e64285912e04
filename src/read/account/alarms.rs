//! Alarms, and the rules of EventBridge with their targets.

use super::filters::{is_open, regions};
use super::reader::{Operation, Reader};
use crate::read::{Arn, Record};
use std::collections::{BTreeMap, BTreeSet};

const ALARMS: Operation = ("cloudwatch", "DescribeAlarms");
const RULES: Operation = ("events", "ListRules");
const TARGETS: Operation = ("events", "ListTargetsByRule");

const METRIC_ALARM: &str = "AWS::CloudWatch::Alarm";
const RULE: &str = "AWS::Events::Rule";

/// Alarms; what stands for those of a Region with a log group of a trail that was not answered.
pub(super) fn alarms(reader: &Reader, groups: &[Record]) -> Vec<Record> {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for (list, kind) in [("MetricAlarms", METRIC_ALARM), ("CompositeAlarms", "AWS::CloudWatch::CompositeAlarm")] {
        for (call, alarm) in reader.listed(ALARMS, list) {
            let Some((arn, node)) = alarm.get("AlarmArn").and_then(|node| Some((node.text()?, node))) else { continue };
            let answers = vec![(ALARMS.1, reader.tree().at(alarm, node.span))];
            let home = reader.home(Arn::parse(arn).as_ref(), Some(&call.region));
            let record = reader.record(kind, arn, node.span, home, answers);
            records.entry(arn.to_owned()).or_insert(record);
        }
    }
    let needed = regions(groups, "AWS::Logs::LogGroup");
    let open = unanswered(reader, ALARMS, METRIC_ALARM, "alarms", &needed);
    records.into_values().chain(open).collect()
}

/// Rules with their targets; what stands for those of Regions that were not answered, where the account has a trail.
pub(super) fn rules(reader: &Reader, trails: &[Record]) -> Vec<Record> {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    for (call, rule) in reader.listed(RULES, "Rules") {
        let text = |key: &str| rule.get(key).and_then(|node| Some((node.text()?, node)));
        let (Some((arn, node)), Some((name, _))) = (text("Arn"), text("Name")) else { continue };
        let asked = reader.calls(TARGETS).filter(|other| other.region == call.region);
        let asked: Vec<_> = asked.filter(|other| other.is_about("Rule", &[name])).collect();
        let answered = asked.iter().find(|call| call.output().is_some()).or(asked.first());
        let answers = vec![
            (RULES.1, reader.tree().at(rule, node.span)),
            (TARGETS.1, reader.answer(TARGETS, answered.copied(), node.span)),
        ];
        let home = reader.home(Arn::parse(arn).as_ref(), Some(&call.region));
        let record = reader.record(RULE, arn, node.span, home, answers);
        records.entry(arn.to_owned()).or_insert(record);
    }
    let mut needed = regions(trails, "AWS::CloudTrail::Trail");
    if !needed.is_empty() {
        needed.extend(reader.evidence.regions());
    }
    let open = unanswered(reader, RULES, RULE, "event rules", &needed);
    records.into_values().chain(open).collect()
}

/// What stands for what some Regions have that were not asked, or did not answer.
fn unanswered(reader: &Reader, operation: Operation, kind: &str, what: &str, needed: &BTreeSet<&str>) -> Vec<Record> {
    let place = reader.evidence.span;
    let each = needed.iter().filter_map(|region| {
        let asked: Vec<_> = reader.calls(operation).filter(|call| call.region == **region).collect();
        let answer = match asked.iter().find(|call| call.output().is_some()).or(asked.first()) {
            Some(call) => reader.failure(call).or_else(|| reader.cut(call)),
            None => Some(reader.unasked(operation, place)),
        };
        let answer = answer.filter(is_open)?;
        let home = reader.home(None, Some(region));
        // What a rule hands its events on to is not known then either.
        let answers = [operation.1, TARGETS.1].map(|name| (name, answer.clone())).to_vec();
        Some(reader.record(kind, &format!("{what} in {region}"), answer.span, home, answers))
    });
    each.collect()
}

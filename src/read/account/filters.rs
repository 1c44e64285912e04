//! Metric filters of the log groups of trails.

use super::reader::{Operation, Reader};
use crate::read::{Arn, Content, Datum, Record, shape};
use std::collections::{BTreeMap, BTreeSet};

const FILTERS: Operation = ("logs", "DescribeMetricFilters");

/// The filters of every log group that was asked about; what stands for those of one that was not answered.
pub(super) fn records(reader: &Reader, groups: &[Record]) -> Vec<Record> {
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    let group_arn = |region: &str, name: &str| {
        format!("arn:{}:logs:{region}:{}:log-group:{name}", reader.evidence.partition, reader.evidence.account)
    };
    for (call, filter) in reader.listed(FILTERS, "metricFilters") {
        let text = |key: &str| filter.get(key).and_then(|node| Some((node.text()?, node)));
        let (Some((name, node)), Some((group, _))) = (text("filterName"), text("logGroupName")) else { continue };
        let address = format!("{}:metric-filter:{name}", group_arn(&call.region, group));
        let mut answer = reader.tree().at(filter, node.span);
        // It begins as a JSON document does, and is none.
        if let Some((pattern, place)) = text("filterPattern") {
            shape::set(&mut answer, "filterPattern", place.span, Datum::text(pattern, place.span));
        }
        let home = reader.home(Arn::parse(&address).as_ref(), None);
        let record = reader.record("AWS::Logs::MetricFilter", &address, node.span, home, vec![(FILTERS.1, answer)]);
        records.entry(address).or_insert(record);
    }
    let is_group = |record: &&Record| &*record.kind == "AWS::Logs::LogGroup";
    let unanswered = groups.iter().filter(is_group).filter_map(|group| {
        let arn = Arn::parse(&group.address)?;
        let about = |call: &&super::evidence::Call| {
            call.region == arn.region && call.text("logGroupName").is_none_or(|(name, _)| Some(name) == arn.log_group())
        };
        let asked: Vec<_> = reader.calls(FILTERS).filter(about).collect();
        let answer = match asked.iter().find(|call| call.output().is_some()).or(asked.first()) {
            Some(call) => reader.failure(call).or_else(|| reader.cut(call)).filter(is_open)?,
            None => Some(reader.unasked(FILTERS, group.span)).filter(is_open)?,
        };
        let address = format!("metric filters of {}", arn.log_group().unwrap_or_default());
        let (span, home) = (answer.span, reader.home(Some(&arn), None));
        Some(reader.record("AWS::Logs::MetricFilter", &address, span, home, vec![(FILTERS.1, answer)]))
    });
    let unanswered: Vec<Record> = unanswered.collect();
    records.into_values().chain(unanswered).collect()
}

/// Whether an answer leaves open what there is.
pub(super) fn is_open(answer: &Datum) -> bool {
    matches!(answer.content, Content::Unknown(_))
}

/// The Regions of some records.
pub(super) fn regions<'r>(records: &'r [Record], kind: &str) -> BTreeSet<&'r str> {
    let of_kind = records.iter().filter(|record| &*record.kind == kind);
    of_kind.filter_map(|record| record.home.region.literal()).collect()
}

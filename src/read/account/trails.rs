//! Trails: one for each ARN, however many Regions list it, with what was answered about it where it is at home.

use super::Unasked;
use super::evidence::Call;
use super::reader::{Operation, Reader, nothing};
use crate::read::{Arn, Datum, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use std::collections::BTreeMap;

const LIST: Operation = ("cloudtrail", "DescribeTrails");
const STATUS: Operation = ("cloudtrail", "GetTrailStatus");
const TAGS: Operation = ("cloudtrail", "ListTags");

/// A trail as a list of trails has it.
struct Listed<'a> {
    arn: String,
    entry: &'a Node,
    is_home: bool,
}

/// The trails that the account sees.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let mut trails: BTreeMap<String, Listed> = BTreeMap::new();
    for (call, entry) in reader.listed(LIST, "trailList") {
        let text = |key: &str| entry.get(key).and_then(Node::text);
        let region = text("HomeRegion").unwrap_or(&call.region);
        let arn = text("TrailARN").map(str::to_owned).or_else(|| {
            let (partition, account) = (&reader.evidence.partition, &reader.evidence.account);
            Some(format!("arn:{partition}:cloudtrail:{region}:{account}:trail/{}", text("Name")?))
        });
        let Some(arn) = arn else { continue };
        let listed = Listed { is_home: call.region == region, entry, arn };
        match trails.get(&listed.arn) {
            Some(known) if known.is_home || !listed.is_home => {}
            _ => {
                trails.insert(listed.arn.clone(), listed);
            }
        }
    }
    trails.into_values().map(|trail| record(reader, &trail)).collect()
}

/// A trail with everything that was answered about it.
fn record(reader: &Reader, trail: &Listed) -> Record {
    let arn = Arn::parse(&trail.arn);
    let name = trail.entry.get("Name").or_else(|| trail.entry.get("TrailARN"));
    let span = name.map_or(trail.entry.span, |name| name.span);
    let region = trail.entry.get("HomeRegion").and_then(Node::text).or(arn.map(|arn| arn.region));
    // A name is one of a kind only in its Region.
    let by_name = |call: &&Call, parameter: &str| {
        Some(call.region.as_str()) == region && arn.is_some_and(|arn| call.is_about(parameter, &[arn.name()]))
    };
    let call = |operation: Operation, parameter: &str| {
        // Elsewhere a trail only has its shadow.
        let at_home = |call: &&Call| Some(call.region.as_str()) == region && call.is_about(parameter, &[&trail.arn]);
        let answered = reader.calls(operation).filter(|call| call.output().is_some()).find(at_home);
        let call = answered.or_else(|| reader.call(operation, parameter, &[&trail.arn]));
        call.or_else(|| reader.calls(operation).find(|call| by_name(call, parameter)))
    };
    let about = |operation: Operation, parameter: &str| reader.answer(operation, call(operation, parameter), span);
    let answers = vec![
        ("DescribeTrails", reader.tree().at(trail.entry, span)),
        ("GetTrailStatus", status(reader, call(STATUS, "Name"), span)),
        ("GetEventSelectors", about(("cloudtrail", "GetEventSelectors"), "TrailName")),
        ("GetInsightSelectors", about(("cloudtrail", "GetInsightSelectors"), "TrailName")),
        ("ListTags", tags(reader, &trail.arn, span)),
    ];
    reader.record("AWS::CloudTrail::Trail", &trail.arn, span, reader.home(arn.as_ref(), region), answers)
}

/// How a trail does, and when that was asked. One of whose status an example says nothing logs.
fn status(reader: &Reader, call: Option<&Call>, span: Span) -> Datum {
    let mut status = reader.answer(STATUS, call, span);
    if let Some((at, text)) = call.and_then(|call| call.at.as_ref()).and_then(|at| Some((at, at.text()?))) {
        shape::set(&mut status, "At", at.span, Datum::text(text, at.span));
    }
    if reader.unasked == Unasked::Nothing && call.is_none() {
        shape::set(&mut status, "IsLogging", span, Datum::text("true", span));
    }
    status
}

/// The tags of one thing: an answer lists those of several.
pub(super) fn tags(reader: &Reader, arn: &str, span: Span) -> Datum {
    let own = |entry: &&Node| entry.get("ResourceId").and_then(Node::text) == Some(arn);
    let found = reader.listed(TAGS, "ResourceTagList").map(|(_, entry)| entry).find(own);
    match found.map(|entry| (entry, entry.get("ResourceId"))) {
        Some((entry, id)) => reader.tree().at(entry, id.map_or(entry.span, |id| id.span)),
        // Whatever was asked about it and not listed has none.
        None => match reader.call(TAGS, "ResourceIdList", &[arn]) {
            Some(call) if call.output().is_some() => nothing(span),
            call => reader.answer(TAGS, call, span),
        },
    }
}

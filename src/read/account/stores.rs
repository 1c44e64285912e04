//! Event data stores of CloudTrail Lake, the channels into them, and the policies of both.

use super::reader::{Operation, Reader};
use super::trails::tags;
use crate::read::{Arn, Content, Datum, Record, shape};
use crate::source::Span;
use crate::value::Why;
use std::collections::BTreeMap;

const STORES: Operation = ("cloudtrail", "ListEventDataStores");
const STORE: Operation = ("cloudtrail", "GetEventDataStore");
const CHANNELS: Operation = ("cloudtrail", "ListChannels");
const CHANNEL: Operation = ("cloudtrail", "GetChannel");
const POLICY: Operation = ("cloudtrail", "GetResourcePolicy");

/// Stores, channels and policies.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let stores = named(reader, (STORES, "EventDataStores"), STORE, ("EventDataStore", "EventDataStoreArn"));
    let channels = named(reader, (CHANNELS, "Channels"), CHANNEL, ("Channel", "ChannelArn"));
    let about = |kind: &'static str, arn: &str, span: Span, answers: Vec<(&str, Datum)>| {
        reader.record(kind, arn, span, reader.home(Arn::parse(arn).as_ref(), None), answers)
    };
    let mut records = Vec::new();
    for (arn, span) in &stores {
        let answer = reader.answer(STORE, reader.call(STORE, "EventDataStore", &[arn, id(arn)]), *span);
        let Some(answer) = ingesting(answer) else { continue };
        let answers = vec![(STORE.1, answer), ("ListTags", tags(reader, arn, *span))];
        records.push(about("AWS::CloudTrail::EventDataStore", arn, *span, answers));
    }
    for (arn, span) in &channels {
        let answer = reader.answer(CHANNEL, reader.call(CHANNEL, "Channel", &[arn, id(arn)]), *span);
        records.push(about("AWS::CloudTrail::Channel", arn, *span, vec![(CHANNEL.1, answer)]));
    }
    for (arn, span) in stores.iter().chain(&channels) {
        let answer = reader.answer(POLICY, reader.call(POLICY, "ResourceArn", &[arn]), *span);
        if shape::member(&answer, "ResourcePolicy").is_some() || matches!(answer.content, Content::Unknown(_)) {
            let answers = vec![("ResourceArn", Datum::text(arn.as_str(), *span)), (POLICY.1, answer)];
            records.push(about("AWS::CloudTrail::ResourcePolicy", arn, *span, answers));
        }
    }
    records
}

fn id(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// The ARNs that a list names or that a call asks about, with their places.
fn named(
    reader: &Reader,
    (list, entries): (Operation, &'static str),
    get: Operation,
    (parameter, arn): (&str, &str),
) -> BTreeMap<String, Span> {
    let mut found = BTreeMap::new();
    let listed = reader.listed(list, entries).filter_map(|(_, entry)| entry.get(arn));
    let answered = reader.calls(get).filter_map(|call| call.output()?.get(arn));
    let asked = reader.calls(get).filter_map(|call| call.argument(parameter));
    for node in listed.chain(answered).chain(asked) {
        if let Some(arn) = node.text().filter(|text| text.starts_with("arn:")) {
            found.entry(arn.to_owned()).or_insert(node.span);
        }
    }
    found
}

/// The status of a store also as the switch that it is elsewhere; none where it is being deleted.
fn ingesting(mut answer: Datum) -> Option<Datum> {
    let Some(status) = shape::member(&answer, "Status").cloned() else { return Some(answer) };
    let switch = match status.as_text().literal() {
        Some("PENDING_DELETION") => return None,
        Some("STOPPED_INGESTION" | "STOPPING_INGESTION") => Datum::text("false", status.span),
        Some("CREATED" | "ENABLED" | "STARTING_INGESTION") => Datum::text("true", status.span),
        _ => {
            let why = Why::not_visible("Status", "what the status of the event data store means is not known");
            Datum::unknown(why.at(status.span), status.span)
        }
    };
    shape::set(&mut answer, "IngestionEnabled", status.span, switch);
    Some(answer)
}

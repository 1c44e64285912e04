//! Keys that the account's trails, topics and stores use, by ARN, and the aliases that they were asked by.

use super::evidence::Call;
use super::reader::{Operation, Reader};
use crate::read::{Arn, Datum, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use std::collections::BTreeMap;

const DESCRIBE: Operation = ("kms", "DescribeKey");
const POLICY: Operation = ("kms", "GetKeyPolicy");
const ROTATION: Operation = ("kms", "GetKeyRotationStatus");

/// A key: the names that it was asked by, each with its place, and what describes it.
#[derive(Default)]
struct Known<'a> {
    names: Vec<(&'a str, Span)>,
    metadata: Option<&'a Node>,
}

/// The keys that were asked about.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let mut keys: BTreeMap<String, Known> = BTreeMap::new();
    for call in [DESCRIBE, POLICY, ROTATION].into_iter().flat_map(|operation| reader.calls(operation)) {
        let Some((name, node)) = call.text("KeyId") else { continue };
        let metadata = call.output().and_then(|output| output.get("KeyMetadata"));
        let arn =
            metadata.and_then(|key| key.get("Arn")?.text()).map_or_else(|| arn_of(reader, call, name), str::to_owned);
        // By an alias alone nobody knows which key it is; whoever described it said so.
        let known = keys.values().any(|known| known.names.iter().any(|(other, _)| *other == name));
        if name.contains("alias/") && metadata.is_none() && known {
            continue;
        }
        let key = keys.entry(arn).or_default();
        key.names.push((name, node.span));
        key.metadata = key.metadata.or(metadata);
    }
    keys.iter().flat_map(|(arn, key)| key_and_aliases(reader, arn, key)).collect()
}

/// The ARN that a name stands for, where the call does not say.
fn arn_of(reader: &Reader, call: &Call, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    let kind = if name.starts_with("alias/") { "" } else { "key/" };
    format!("arn:{}:kms:{}:{}:{kind}{name}", reader.evidence.partition, call.region, reader.evidence.account)
}

fn key_and_aliases(reader: &Reader, arn: &str, key: &Known) -> Vec<Record> {
    let Some((_, span)) = key.names.first().copied() else { return Vec::new() };
    // What AWS manages cannot be changed.
    if key.metadata.and_then(|key| key.get("KeyManager")?.text()) == Some("AWS") {
        return Vec::new();
    }
    let parsed = Arn::parse(arn);
    let id = parsed.map_or("", |arn| arn.name());
    let names: Vec<&str> = key.names.iter().map(|(name, _)| *name).chain([arn, id]).collect();
    let answer = |operation: Operation| reader.answer(operation, reader.call(operation, "KeyId", &names), span);
    let answers = vec![
        ("DescribeKey", described(answer(DESCRIBE))),
        ("GetKeyPolicy", answer(POLICY)),
        ("GetKeyRotationStatus", answer(ROTATION)),
    ];
    let configuration = key.metadata.and_then(|key| key.get("MultiRegionConfiguration"));
    let is_replica = configuration.and_then(|it| it.get("MultiRegionKeyType")?.text()) == Some("REPLICA");
    let kind = if is_replica { "AWS::KMS::ReplicaKey" } else { "AWS::KMS::Key" };
    let home = reader.home(parsed.as_ref(), None);
    let mut records = vec![reader.record(kind, arn, span, home.clone(), answers)];
    for (name, span) in key.names.iter().filter(|(name, _)| name.contains("alias/")) {
        let alias = name.rsplit_once(':').map_or(*name, |(_, alias)| alias);
        let answers = vec![("AliasName", Datum::text(alias, *span)), ("TargetKeyId", Datum::text(arn, *span))];
        records.push(reader.record("AWS::KMS::Alias", alias, *span, home.clone(), answers));
    }
    records
}

/// The state of a key also as the switch that it is elsewhere.
fn described(mut answer: Datum) -> Datum {
    let state = shape::member(&answer, "KeyMetadata").and_then(|key| shape::member(key, "KeyState")).cloned();
    if let (Some(state), Some(metadata)) = (state, shape::take(&mut answer, "KeyMetadata")) {
        let is_on = matches!(state.as_text().literal(), Some("Enabled" | "Creating" | "Updating"));
        let mut key = metadata.value;
        shape::set(&mut key, "Enabled", state.span, Datum::text(if is_on { "true" } else { "false" }, state.span));
        shape::set(&mut answer, "KeyMetadata", metadata.span, key);
    }
    answer
}

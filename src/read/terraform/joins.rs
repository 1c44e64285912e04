//! Resources to records: which type is which, and companions joined to what they belong to.
//!
//! Terraform splits what CloudFormation writes in one place: a bucket's versioning, a key's policy, what is attached to a
//! role are resources of their own. A companion belongs to what it refers to, else to what has the name that it gives,
//! in the same module or another; one that exists only under a condition is a side of that condition; and of one whose
//! owner cannot be told, all that it may belong to are unsure.

mod attach;
mod bucket;
mod families;
mod owners;
mod policies;
mod rivals;
#[cfg(test)]
mod tests;
mod undeclared;

use super::types::{self, BUCKET_COMPANIONS};
use crate::read::shape::{self, member, replace_texts, set, take};
use crate::read::{Content, Datum, Record};
use crate::value::{Condition, Text, Why, WhyKind};
pub(super) use families::families;
use owners::{Kinds, Part, join};
use policies::Written;
use std::sync::Arc;

/// How a condition is set in the world that is looked at.
type Settled<'s> = &'s dyn Fn(&Condition) -> Option<bool>;

/// A resource with the type that Terraform gives it.
struct Resource {
    terraform: Arc<str>,
    record: Record,
}

/// The records of resources. Each comes as a record whose kind is the type as Terraform names it.
pub(super) fn records(resources: Vec<Record>, settled: Settled) -> Vec<Record> {
    records_with(resources, &|_| None, settled)
}

/// The same, with the text in the source that a span covers: places inside a policy that is written as text are told
/// apart by it.
pub(super) fn records_with(resources: Vec<Record>, written: Written, settled: Settled) -> Vec<Record> {
    let (mut owners, companions) = split(resources, written);
    undeclared::buckets(&mut owners, &companions);
    for kind in BUCKET_COMPANIONS {
        let mut parts = Vec::new();
        for companion in companions.iter().filter(|companion| &*companion.kind == kind) {
            let mut value = companion.properties.clone();
            bucket::smooth(kind, &mut value);
            parts.push(Part { companion, aim: aim(companion, "bucket"), value });
        }
        join(&mut owners, Kinds::BUCKETS, kind, parts);
    }
    let of_keys = companions.iter().filter(|companion| &*companion.kind == "aws_kms_key_policy");
    let parts = of_keys.map(|companion| Part {
        companion,
        aim: aim(companion, "key_id"),
        value: member(&companion.properties, "policy")
            .map_or_else(|| absent(companion), |policy| policy.clone().assuming(&companion.properties.assumes)),
    });
    join(&mut owners, Kinds::KEYS, "policy", parts.collect());
    rivals::settle(&mut owners, settled);
    attach::attachments(&mut owners, &companions);
    attach::inline_policies(&mut owners);
    owners.into_iter().map(|owner| owner.record).collect()
}

/// The resources that the model reads, said in one way, and those that say something about them.
fn split(resources: Vec<Record>, written: Written) -> (Vec<Resource>, Vec<Record>) {
    let mut owners: Vec<Resource> = Vec::new();
    let mut companions: Vec<Record> = Vec::new();
    for mut record in resources {
        policies::read(&mut record.properties, written, 0);
        match types::model_type(&record.kind) {
            Some((name, dialect)) => {
                let terraform = std::mem::replace(&mut record.kind, name.into());
                record.dialect = dialect;
                owners.push(Resource { terraform, record });
            }
            None => companions.push(record.where_it_exists()),
        }
    }
    for owner in &mut owners {
        smooth(owner);
    }
    (owners, companions)
}

/// What names the owner of a companion. One that could not be read may be for each.
fn aim(companion: &Record, key: &str) -> Option<Datum> {
    let unread = || match &companion.properties.content {
        Content::Map { rest: Some(why), .. } => Some(Datum::unknown(why.clone(), companion.span)),
        _ => None,
    };
    member(&companion.properties, key).cloned().or_else(unread)
}

fn absent(record: &Record) -> Datum {
    Datum::new(Content::Absent, record.span)
}

/// Says in one way what a resource may say in several.
fn smooth(owner: &mut Resource) {
    let Resource { terraform, record } = owner;
    let (span, properties) = (record.span, &mut record.properties);
    match &**terraform {
        "aws_s3_bucket" => bucket::inline(properties),
        "aws_cloudwatch_log_group" => {
            // Nought is never.
            if let Some(days) = take(properties, "retention_in_days") {
                set(properties, "retention_in_days", days.span, positive(days.value));
            }
        }
        "aws_kms_key" => {
            let stored = |name: &str| {
                let value = member(properties, name).map(|value| &value.content);
                value.is_some_and(|value| !shape::is_nothing(value))
            };
            match (stored("custom_key_store_id"), stored("xks_key_id")) {
                (_, true) => set(properties, "origin", span, Datum::text("EXTERNAL_KEY_STORE", span)),
                (true, false) => set(properties, "origin", span, Datum::text("AWS_CLOUDHSM", span)),
                (false, false) => {}
            }
        }
        "aws_kms_external_key" => set(properties, "origin", span, Datum::text("EXTERNAL", span)),
        "aws_cloudtrail_organization_delegated_admin_account" => {
            set(properties, "service_principal", span, Datum::text("cloudtrail.amazonaws.com", span));
        }
        "aws_cloudtrail" | "aws_cloudtrail_event_data_store" => tags(properties),
        _ => {}
    }
}

/// A number where nought means nothing.
fn positive(value: Datum) -> Datum {
    replace_texts(value, &|text| match text.literal().and_then(|text| text.parse::<f64>().ok()) {
        Some(number) if number <= 0.0 => Some(Content::Absent),
        _ => None,
    })
}

/// Tags as the list of keys and values that the API takes. Those of the provider are tags of the resource too.
fn tags(properties: &mut Datum) {
    let (own, all) = (take(properties, "tags"), take(properties, "tags_all"));
    let is_map = |tags: &crate::read::Member| matches!(tags.value.content, Content::Map { .. });
    let Some(tags) = all.filter(is_map).or(own) else { return };
    set(properties, "tags", tags.span, pairs(tags.value));
}

/// A mapping as a list of mappings with a key and a value.
fn pairs(map: Datum) -> Datum {
    let Datum { content, span, assumes } = map;
    let content = match content {
        Content::Map { members, rest } => {
            let there = members.into_iter().filter(|member| member.value.content != Content::Absent);
            let mut all: Vec<Datum> = there
                .map(|member| {
                    let mut pair = Datum::new(Content::Map { members: Vec::new(), rest: None }, member.span);
                    set(&mut pair, "key", member.span, Datum::text(&*member.key, member.span));
                    set(&mut pair, "value", member.span, member.value);
                    pair
                })
                .collect();
            all.extend(rest.map(|why| Datum::unknown(why, span)));
            Content::List(all)
        }
        Content::Either(condition, yes, no) => Content::Either(condition, Box::new(pairs(*yes)), Box::new(pairs(*no))),
        other => other,
    };
    Datum { content, span, assumes }
}

/// Why something cannot be told whose pieces contradict one another.
fn contradiction(what: &str) -> Why {
    let text = format!("several `{what}` are for one owner, and they differ: the last one that is applied counts");
    Why::new(WhyKind::AfterApply, what, text)
}

/// The name by which an owner may be meant, as a text.
fn named(text: &Text) -> Option<Text> {
    (!text.pieces().is_empty()).then(|| text.clone())
}

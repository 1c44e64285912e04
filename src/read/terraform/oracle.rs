//! What a plan or state knows, put together with what the configuration says.
//!
//! The configuration says where a value is written and what refers to what; the plan says what the values are. So what is
//! written decides the places and the links, and the plan decides the rest. What applying alone will tell is taken from
//! the configuration.

use super::eval::{Each, Env, Eval};
use super::expand::{Place, entries};
use super::plan::{Key, Known};
use super::types;
use crate::read::{Arn, Content, Datum, Dialect, Home, Member, Record};
use crate::source::Span;
use crate::syntax::hcl::Body;
use crate::value::{Hole, Of, Piece, Text};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Settings of a bucket that the provider fills in for every bucket, and that have resources of their own.
const COMPUTED: [&str; 16] = [
    "acceleration_status",
    "acl",
    "cors_rule",
    "grant",
    "lifecycle_rule",
    "logging",
    "object_lock_configuration",
    "object_lock_enabled",
    "policy",
    "region",
    "replication_configuration",
    "request_payer",
    "server_side_encryption_configuration",
    "tags_all",
    "versioning",
    "website",
];

/// The kinds of blocks inside blocks, of the types that are read (schema of version 5.100 of the provider). The configuration
/// in a plan leaves out those that a `dynamic` block makes, so that one of them may be written though it seems not to be.
const INNER_BLOCKS: [&str; 33] = [
    "abort_incomplete_multipart_upload",
    "access_control_translation",
    "and",
    "apply_server_side_encryption_by_default",
    "condition",
    "data_resource",
    "default_retention",
    "delete_marker_replication",
    "destination",
    "encryption_configuration",
    "event_threshold",
    "existing_object_replication",
    "expiration",
    "field_selector",
    "filter",
    "grant",
    "grantee",
    "metrics",
    "noncurrent_version_expiration",
    "noncurrent_version_transition",
    "not_principals",
    "owner",
    "principals",
    "replica_modifications",
    "replication_time",
    "rule",
    "rules",
    "source_selection_criteria",
    "sse_kms_encrypted_objects",
    "statement",
    "tag",
    "time",
    "transition",
];

/// Whether a type is read from plans and states: what becomes a record, and the data sources that values come from.
pub fn is_read(kind: &str) -> bool {
    types::wanted(kind) || kind == "aws_iam_policy_document" || is_place(kind)
}

/// Data sources that say where something is deployed, or who deploys it.
fn is_place(kind: &str) -> bool {
    matches!(kind, "aws_caller_identity" | "aws_partition" | "aws_region" | "aws_organizations_organization")
}

impl<'a> Eval<'a> {
    /// The instances of a resource or module call that the plan lists; none where it does not say.
    pub(super) fn listed(&self, env: &Env<'a>, body: &Body, address: &str) -> Option<Vec<Place>> {
        let plan = self.root.plan.as_deref()?;
        let whole = env.frame.address(address);
        let keys: Vec<Option<Key>> = if address.starts_with("module.") {
            plan.module_keys(&whole).into_iter().collect()
        } else {
            plan.instances(&whole).into_iter().map(|known| known.key.clone()).collect()
        };
        let kind = address.split('.').next().unwrap_or_default();
        // A plan of everything has each resource that there will be. Modules may be without any.
        if keys.is_empty() && !(plan.complete && types::wanted(kind)) {
            return None;
        }
        let over = body.get("for_each").map(|each| self.expr(env, each));
        let span =
            body.get("for_each").or(body.get("count")).map_or(Span::new(crate::source::FileId(0), 0..0), |it| it.span);
        let place = |key: Option<Key>| {
            let each = match &key {
                None => Each::default(),
                Some(Key::Number(number)) => {
                    let text = Text::from(number.to_string().as_str());
                    Each { index: Some(Datum::new(Content::Text { text, plain: true }, span)), ..Each::default() }
                }
                Some(Key::Text(text)) => {
                    let open = || self.expression_hole(&format!("{whole}[\"{text}\"]: each.value"), span);
                    let value = over.as_ref().and_then(|over| element(over, text)).unwrap_or_else(open);
                    Each { key: Some(Datum::text(&**text, span)), value: Some(value), index: None }
                }
            };
            let suffix = key.map_or_else(String::new, |key| key.to_string());
            Place { suffix: suffix.into(), each, conditions: Vec::new(), assumes: Vec::new() }
        };
        Some(keys.into_iter().map(place).collect())
    }

    /// What a reference to something whose instances the plan lists gives.
    pub(super) fn listed_as_value(&self, env: &Env<'a>, body: &Body, address: &str, span: Span) -> Option<Datum> {
        let places = self.listed(env, body, address)?;
        let whole = env.frame.address(address);
        let object = |place: &Place| self.object(&format!("{whole}{}", place.suffix), span);
        let by_text = body.get("for_each").is_some() || places.iter().any(|place| place.each.key.is_some());
        let by_number = body.get("count").is_some() || places.iter().any(|place| place.each.index.is_some());
        let content = if by_text {
            let member = |place: &Place| {
                let key = place.each.key.as_ref().map(Datum::as_text)?;
                Some(Member { key: key.literal()?.into(), span, value: object(place) })
            };
            Content::Map { members: places.iter().filter_map(member).collect(), rest: None }
        } else if by_number {
            Content::List(places.iter().map(object).collect())
        } else {
            return Some(self.object(&whole, span));
        };
        Some(Datum::new(content, span))
    }

    /// The value of a variable of the root module, where the plan has it.
    pub(super) fn planned_variable(&self, name: &str, span: Span) -> Option<Datum> {
        Some(moved(self.root.plan.as_deref()?.variables.get(name)?, span))
    }

    /// What is known of a resource, over what is written for it.
    pub(super) fn with_known(&self, address: &str, written: Datum) -> Datum {
        let known = self.root.plan.as_deref().and_then(|plan| plan.after(address));
        let Some(known) = known else { return written };
        let (Content::Map { members, .. }, Content::Map { members: own, rest }) = (&known.content, &written.content)
        else {
            return written;
        };
        let is_bucket = address.rsplit_once("aws_s3_bucket.").is_some();
        let mut merged: Vec<Member> = Vec::with_capacity(own.len());
        for member in own {
            let value = match members.iter().find(|known| known.key == member.key) {
                Some(known) => merge(&known.value, &member.value),
                None => member.value.clone(),
            };
            merged.push(Member { value, ..member.clone() });
        }
        // The configuration in a plan leaves out what dynamic blocks make; what is computed for all is no one's setting.
        let partly = self.root.plan.as_deref().is_some_and(|plan| plan.is_alone);
        let left_out = members.iter().filter(|member| partly && !own.iter().any(|known| known.key == member.key));
        for member in left_out.filter(|member| !(is_bucket && COMPUTED.contains(&&*member.key))) {
            if !matches!(member.value.content, Content::Absent | Content::Unknown(_)) {
                merged.push(member.clone());
            }
        }
        Datum { content: Content::Map { members: merged, rest: rest.clone() }, ..written }
    }

    /// An attribute of a resource or data source that the plan knows, over what is worked out for it.
    pub(super) fn attribute_known(
        &self,
        address: &str,
        name: &str,
        written: Option<Datum>,
        span: Span,
    ) -> Option<Datum> {
        let known =
            self.root.plan.as_deref().and_then(|plan| plan.after(address)).and_then(|known| match &known.content {
                Content::Map { members, .. } => members.iter().find(|member| &*member.key == name),
                _ => None,
            });
        match (known, written) {
            (Some(known), Some(written)) => Some(merge(&known.value, &written)),
            (Some(known), None) if is_settled(&known.value) => Some(moved(&known.value, span)),
            (_, written) => written,
        }
    }

    /// The resources of a plan or state that no configuration declares.
    pub(super) fn undeclared(&self) -> Vec<Record> {
        let Some(plan) = self.root.plan.as_deref() else { return Vec::new() };
        let declared: BTreeSet<Arc<str>> = self.shared.instances.borrow().keys().cloned().collect();
        let matters =
            |known: &&Known| !known.is_data && types::wanted(&known.kind) && !declared.contains(&known.address);
        let all = plan.resources.values().filter(matters);
        all.filter_map(|known| self.existing(known, plan.left(known)?.as_ref())).collect()
    }

    /// The addresses of what is there by the time that a resource is made, whatever it refers to: what the plan leaves as it
    /// is; and for what is left itself, everything, since it waits for nothing any more.
    pub(super) fn standing(&self, kind: &str, address: &str) -> BTreeSet<Arc<str>> {
        let Some(plan) = self.root.plan.as_deref().filter(|_| types::is_ordered(kind)) else { return BTreeSet::new() };
        let was_made = plan.resources.get(address).is_some_and(Known::stays);
        let there = plan.resources.values().filter(|other| !other.is_data && (was_made || other.stays()));
        there.map(|other| other.address.clone()).collect()
    }

    fn existing(&self, known: &Known, properties: &Datum) -> Option<Record> {
        let text = |name: &str| match &properties.content {
            Content::Map { members, .. } => {
                let member = members.iter().find(|member| &*member.key == name)?;
                member.value.as_text().literal().filter(|text| !text.is_empty()).map(str::to_owned)
            }
            _ => None,
        };
        let mut home: Home = self.home(&Env::of(&self.top), &known.kind, &Body::default());
        let arn = text("arn").unwrap_or_default();
        let arn = Arn::parse(&arn);
        let set = |to: &mut Text, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                *to = value.into();
            }
        };
        set(&mut home.region, text("region").as_deref());
        set(&mut home.partition, arn.map(|arn| arn.partition));
        set(&mut home.region, arn.map(|arn| arn.region));
        set(&mut home.account, arn.map(|arn| arn.account));
        Some(Record {
            kind: known.kind.clone(),
            address: known.address.clone(),
            span: known.span,
            instance: self.root.instance(),
            home,
            conditions: Vec::new(),
            undecided: None,
            properties: Datum { span: known.span, ..properties.clone() },
            after: self.standing(&known.kind, &known.address),
            joined: Vec::new(),
            dialect: Dialect::Terraform,
        })
    }
}

/// The element of a collection with a key; of a set of texts the text.
fn element(over: &Datum, key: &str) -> Option<Datum> {
    match &over.content {
        Content::List(items) => items.iter().find(|item| item.as_text().literal() == Some(key)).cloned(),
        _ => entries(over)?.into_iter().find(|(own, _)| own.as_text().literal() == Some(key)).map(|(_, value)| value),
    }
}

/// Whether nothing in a value is open but what names other resources.
fn is_settled(datum: &Datum) -> bool {
    match &datum.content {
        Content::Absent => true,
        Content::Text { text, .. } => text.pieces().iter().all(|piece| match piece {
            Piece::Literal(_) => true,
            Piece::Hole(hole) => is_link(hole),
            Piece::Unknown(_) => false,
        }),
        Content::List(items) => items.iter().all(is_settled),
        Content::Map { members, rest } => rest.is_none() && members.iter().all(|member| is_settled(&member.value)),
        Content::OneOf { .. } | Content::Either(..) | Content::Unknown(_) => false,
    }
}

fn is_link(hole: &Hole) -> bool {
    matches!(hole.of, Of::Resource { .. } | Of::Account | Of::Partition | Of::Region)
}

/// Whether a text names other resources, or where it is deployed.
fn links(datum: &Datum) -> bool {
    matches!(&datum.content, Content::Text { text, .. } if text.literal().is_none()) && is_settled(datum)
}

/// A known value at the places where it is written. Links stay as they are written.
fn merge(known: &Datum, written: &Datum) -> Datum {
    match (&known.content, &written.content) {
        (Content::Unknown(_), _) => written.clone(),
        _ if links(written) => written.clone(),
        (Content::Map { members, rest }, Content::Map { members: own, .. }) => {
            // What is not known and not written is computed: the argument is left out.
            let computed = |member: &&Member| {
                matches!(member.value.content, Content::Unknown(_))
                    && !INNER_BLOCKS.contains(&&*member.key)
                    && !own.iter().any(|own| own.key == member.key)
            };
            let each = members.iter().filter(|member| !computed(member)).map(|member| {
                match own.iter().find(|own| own.key == member.key) {
                    Some(own) => Member { value: merge(&member.value, &own.value), ..own.clone() },
                    None => Member {
                        key: member.key.clone(),
                        span: written.span,
                        value: moved(&member.value, written.span),
                    },
                }
            });
            // What only applying tells may be written all the same.
            let more = own.iter().filter(|own| !members.iter().any(|known| known.key == own.key)).cloned();
            let members = each.chain(more.filter(|_| rest.is_some())).collect();
            Datum::new(Content::Map { members, rest: rest.clone() }, written.span)
        }
        (Content::List(items), Content::List(own)) if items.len() == own.len() => {
            // Sets have no order: each element finds the first one that it may be.
            let mut free: Vec<&Datum> = own.iter().collect();
            let each = items.iter().map(|item| {
                let at = free.iter().position(|own| agrees(item, own)).unwrap_or(0);
                if free.is_empty() { moved(item, written.span) } else { merge(item, free.remove(at)) }
            });
            Datum::new(Content::List(each.collect()), written.span)
        }
        // A document that is written as text is read where it stands, as long as it is all there.
        (Content::Map { .. }, Content::Text { .. }) if is_settled(written) => written.clone(),
        _ => moved(known, written.span),
    }
}

/// Whether a known value may be the written one.
fn agrees(known: &Datum, written: &Datum) -> bool {
    match (&known.content, &written.content) {
        (Content::Text { text: known, .. }, Content::Text { text, .. }) => match (known.literal(), text.literal()) {
            (Some(known), Some(text)) => known == text,
            _ => true,
        },
        (Content::Map { members, .. }, Content::Map { members: own, .. }) => own.iter().all(|own| {
            let known = members.iter().find(|known| known.key == own.key);
            known.is_none_or(|known| agrees(&known.value, &own.value))
        }),
        (Content::List(items), Content::List(own)) => {
            items.len() == own.len() && items.iter().all(|item| own.iter().any(|own| agrees(item, own)))
        }
        (Content::Absent, Content::Text { text, .. }) => text.literal().is_none(),
        _ => true,
    }
}

/// The same value, all of it underlined at one place.
fn moved(datum: &Datum, span: Span) -> Datum {
    let content = match &datum.content {
        Content::List(items) => Content::List(items.iter().map(|item| moved(item, span)).collect()),
        Content::Map { members, rest } => {
            let member = |member: &Member| Member { key: member.key.clone(), span, value: moved(&member.value, span) };
            Content::Map { members: members.iter().map(member).collect(), rest: rest.clone() }
        }
        other => other.clone(),
    };
    Datum { content, span, assumes: datum.assumes.clone() }
}

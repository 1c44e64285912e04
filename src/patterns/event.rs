//! Events that are known in part.

use super::{Path, Sample};
use crate::value::Text;
use std::collections::BTreeMap;

/// What a field may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Domain {
    /// One of these.
    OneOf(Vec<Sample>),
    /// Any text but these; where it is optional, none.
    Text {
        /// Whether it may be left out.
        optional: bool,
        /// What it is not: what a filter may leave out.
        but: Vec<&'static str>,
    },
    /// Anything, or nothing.
    Anything,
}

/// All events of one kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    fields: BTreeMap<Path, Domain>,
    /// Whether fields that are not listed are not there.
    closed: bool,
}

/// The texts that every record has (CloudTrail User Guide, "CloudTrail record contents").
const TEXTS: [&str; 10] = [
    "eventVersion",
    "eventTime",
    "eventSource",
    "eventName",
    "eventID",
    "eventType",
    "awsRegion",
    "sourceIPAddress",
    "recipientAccountId",
    "userIdentity.type",
];

/// The envelope that EventBridge puts around a record.
const ENVELOPE: [&str; 7] = ["version", "id", "detail-type", "source", "account", "time", "region"];

const REQUIRED: Domain = Domain::Text { optional: false, but: Vec::new() };

impl Event {
    /// Any record of CloudTrail.
    pub fn record() -> Event {
        let fields = TEXTS.iter().map(|name| (Path::dotted(name), REQUIRED));
        let optional = Domain::Text { optional: true, but: Vec::new() };
        let more = ["errorCode", "errorMessage", "userAgent", "userIdentity.arn", "userIdentity.invokedBy"];
        let more = more.iter().map(|name| (Path::dotted(name), optional.clone()));
        Event { fields: fields.chain(more).collect(), closed: false }
    }

    /// An event that is known whole, as a flat list of its fields.
    pub fn whole(fields: impl IntoIterator<Item = (Path, Sample)>) -> Event {
        let fields = fields.into_iter().map(|(path, value)| (path, Domain::OneOf(vec![value])));
        Event { fields: fields.collect(), closed: true }
    }

    /// The same, with a field of one value.
    pub fn with(self, path: &str, value: Sample) -> Event {
        self.where_in(path, Domain::OneOf(vec![value]))
    }

    /// The same, with a field that is a text.
    pub fn with_text(self, path: &str, value: impl Into<Text>) -> Event {
        self.with(path, Sample::Text(value.into()))
    }

    /// The same, with a field out of a domain.
    pub fn where_in(mut self, path: &str, domain: Domain) -> Event {
        self.fields.insert(Path::dotted(path), domain);
        self
    }

    /// The event as EventBridge delivers it in an account and a Region.
    pub fn on_bus(self, source: Domain, kinds: &[&str], account: &Text, region: &Text) -> Event {
        let only = |text: &Text| Domain::OneOf(vec![Sample::Text(text.clone())]);
        let mut fields: BTreeMap<Path, Domain> = ENVELOPE.iter().map(|name| (Path::of(&[name]), REQUIRED)).collect();
        let text = |kind: &&str| Sample::Text((*kind).into());
        fields.insert(Path::of(&["detail-type"]), Domain::OneOf(kinds.iter().map(text).collect()));
        fields.insert(Path::of(&["source"]), source);
        fields.insert(Path::of(&["version"]), only(&"0".into()));
        fields.insert(Path::of(&["account"]), only(account));
        fields.insert(Path::of(&["region"]), only(region));
        fields.insert(Path::of(&["resources"]), Domain::OneOf(vec![Sample::List(Vec::new())]));
        for (path, domain) in self.fields {
            let inner = std::iter::once("detail".into()).chain(path.0);
            fields.insert(Path(inner.collect()), domain);
        }
        fields.insert(Path::of(&["detail", "awsRegion"]), only(region));
        Event { fields, closed: self.closed }
    }

    /// What a field may be.
    pub fn domain(&self, path: &Path) -> Domain {
        if let Some(domain) = self.fields.get(path) {
            return domain.clone();
        }
        let only = |sample| Domain::OneOf(vec![sample]);
        let is_outer = |known: &Path| known.is_inside(path);
        if self.fields.range(path.clone()..).take(2).any(|(known, _)| is_outer(known)) {
            return only(Sample::Object);
        }
        // Nothing is inside a text.
        let is_scalar = |domain: &Domain| match domain {
            Domain::OneOf(values) => !values.iter().any(|value| matches!(value, Sample::Object | Sample::List(_))),
            Domain::Text { .. } => true,
            Domain::Anything => false,
        };
        let mut outer = (1..path.0.len()).filter_map(|length| path.0.get(..length)).map(|names| Path(names.to_vec()));
        if outer.any(|outer| self.fields.get(&outer).is_some_and(is_scalar)) {
            return only(Sample::Absent);
        }
        match self.closed {
            true => only(Sample::Absent),
            false => Domain::Anything,
        }
    }

    /// The values of its fields that are known.
    pub fn known(&self) -> impl Iterator<Item = (&Path, &Sample)> {
        self.fields.iter().filter_map(|(path, domain)| match domain {
            Domain::OneOf(values) => match values.as_slice() {
                [only] => Some((path, only)),
                _ => None,
            },
            _ => None,
        })
    }
}

//! Where what exists is declared: findings in an account stand on the source that is given beside its evidence, by kind and
//! name. What several declarations make is nobody's to guess.

use super::subject::Kind;
use super::{Outcome, Subject, estate};
use crate::read::{Arn, Unit, World};
use crate::source::{FileId, Span};
use crate::value::{Related, Text, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The places of declarations by kind and name; none where there are several.
#[derive(Debug, Default)]
pub struct Anchors {
    declared: BTreeMap<(&'static str, String), Option<Span>>,
    /// The first place of each account in a list of accounts.
    listed: BTreeMap<String, Span>,
}

impl Anchors {
    /// Adds what units declare.
    pub fn add(&mut self, unit: &dyn Unit) {
        let scope = estate::lower(unit, &World::default());
        let trails = scope.trails.iter().map(|it| (Kind::Trail.name(), &it.name, it.at.span));
        let buckets = scope.buckets.iter().map(|it| (Kind::Bucket.name(), &it.name, it.at.span));
        let groups = scope.log_groups.iter().map(|it| (Kind::LogGroup.name(), &it.name, it.at.span));
        let topics = scope.topics.iter().map(|it| (Kind::Topic.name(), &it.name, it.at.span));
        let identities = scope.identities.iter().map(|it| (it.kind, &it.name, it.at.span));
        for (kind, name, span) in trails.chain(buckets).chain(groups).chain(topics).chain(identities) {
            if let Some(name) = literal(name) {
                self.declared.entry((kind, name)).and_modify(|known| *known = None).or_insert(Some(span));
            }
        }
    }

    /// Adds a list of accounts: whatever text it is, an account stands where its id stands first.
    pub fn list(&mut self, file: FileId, text: &str) {
        let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
        for (start, _) in text.match_indices(|character: char| character.is_ascii_digit()) {
            let is_id = (start..start + 12).all(is_digit) && !is_digit(start + 12);
            if is_id && !start.checked_sub(1).is_some_and(is_digit) {
                let id = text.get(start..start + 12).unwrap_or_default().to_owned();
                self.listed.entry(id).or_insert(Span::new(file, start..start + 12));
            }
        }
    }

    /// Moves what stands on evidence to where it is declared, or else to where its account is listed. The answer of AWS
    /// stays beside it.
    pub fn settle(&self, outcomes: &mut [Outcome], evidence: &BTreeSet<FileId>) {
        for outcome in outcomes.iter_mut().filter(|outcome| evidence.contains(&outcome.span.file)) {
            if let Some(place) = self.place(&outcome.subject) {
                outcome.related.insert(0, Related { label: "AWS says so here".into(), span: outcome.span });
                outcome.span = place;
            }
        }
    }

    fn place(&self, subject: &Subject) -> Option<Span> {
        // The names of log groups may have slashes in them.
        let name = Arn::parse(&subject.address)
            .map(|arn| arn.resource.strip_prefix("log-group:").unwrap_or_else(|| arn.name()));
        let declared = name.and_then(|name| *self.declared.get(&(subject.kind, name.to_owned()))?);
        declared.or_else(|| self.listed.get(subject.account.as_deref()?).copied())
    }
}

fn literal(name: &Value<Option<Text>>) -> Option<String> {
    name.get()?.as_ref()?.literal().map(str::to_owned)
}

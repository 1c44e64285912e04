//! The identity of a result, by which it is known again in the next run: what is checked, where, and which part of it. It
//! outlives moved lines and changed words, and is the same in every format.

use super::Report;
use crate::input::{Named, named};
use crate::judge::Outcome;
use std::collections::BTreeMap;

impl Report {
    /// The identities of the outcomes, in their order. What lives in an account is known by what AWS calls it, whatever
    /// declares it; else the file counts, as its repository names it, and the address.
    pub fn fingerprints(&self) -> Vec<String> {
        let mut known: Vec<Vec<String>> = self.outcomes.iter().map(|outcome| self.identity(outcome)).collect();
        // Those that are alike so far are told apart by what they would change, and then by what stands there.
        let tell: [&dyn Fn(&Outcome) -> String; 2] =
            [&|outcome| outcome.property.to_string(), &|outcome| self.sources.cut(outcome.span).to_owned()];
        for tell in tell {
            let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
            known.iter().for_each(|identity| *counts.entry(identity.clone()).or_default() += 1);
            for (identity, outcome) in known.iter_mut().zip(&self.outcomes) {
                if counts.get(identity).is_some_and(|count| *count > 1) {
                    identity.push(tell(outcome));
                }
            }
        }
        prints(known)
    }

    /// The identities of what is to be said of exceptions, in their order: by what they name and in which file, not by their
    /// line.
    pub(super) fn fingerprints_of_exceptions(&self) -> Vec<String> {
        let each = self.exceptions.iter().map(|exception| {
            let path = self.path(exception.span.file).to_owned();
            vec![exception.state.as_str().to_owned(), path, exception.check.to_string()]
        });
        prints(each.collect())
    }

    fn identity(&self, outcome: &Outcome) -> Vec<String> {
        let subject = &outcome.subject;
        let part = outcome.part.clone().unwrap_or_default();
        let account = subject.account.as_deref().unwrap_or_default();
        let place = match outcome.is_live {
            true if subject.address.starts_with("arn:") => String::new(),
            true => account.to_owned(),
            false => self.path(outcome.span.file).to_owned(),
        };
        let mut identity = vec![outcome.check.id.to_owned(), place, subject.address.to_string(), part];
        // A module or template that several use has one address in each.
        let unit = outcome.unit.filter(|_| !outcome.is_live).map(|file| whole(self.path(file)));
        identity.extend(unit.filter(|unit| *unit != whole(self.path(outcome.span.file))).map(str::to_owned));
        identity
    }
}

/// Identities as reports show them. Nothing tells those that are alike apart but their order.
fn prints(identities: Vec<Vec<String>>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let print = |identity: Vec<String>| {
        let print = hash(&identity.join("\u{0}"));
        let count = seen.entry(print.clone()).or_default();
        *count += 1;
        if *count == 1 { print } else { format!("{print}:{count}") }
    };
    identities.into_iter().map(print).collect()
}

/// What a file is a part of: the directory of a module, else the file itself.
fn whole(path: &str) -> &str {
    match named(path) {
        Some(Named::Part) => path.rsplit_once('/').map_or("", |(directory, _)| directory),
        _ => path,
    }
}

/// FNV-1a, because it is the same everywhere and for ever.
pub fn hash(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

//! Findings that were there before: of a baseline, or of the tree that a change is made to.
//!
//! A finding is known by its check, its path, its address and its part, in an account by its ARN; not by its line, its words
//! or its severity. With it stands a hash of the value that was judged: another value that fails as well is a new finding.

use crate::judge::{Answer, News, Outcome};
use crate::report::Report;
use std::collections::BTreeMap;

/// What a finding is known by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The path of the file from the root of its repository; empty for what lives in an account.
    pub path: String,
    /// The address, or the ARN.
    pub address: String,
    /// The check.
    pub check: String,
    /// What tells it from its siblings.
    pub part: String,
}

impl Key {
    /// That of an outcome.
    pub fn of(report: &Report, outcome: &Outcome) -> Key {
        let is_named = outcome.is_live && outcome.subject.address.starts_with("arn:");
        let path = match (is_named, outcome.is_live) {
            (true, _) => String::new(),
            // What has no ARN is known by its account.
            (false, true) => outcome.subject.account.as_deref().unwrap_or_default().to_owned(),
            (false, false) => report.path(outcome.span.file).to_owned(),
        };
        Key {
            path,
            address: outcome.subject.address.to_string(),
            check: outcome.check.id.to_owned(),
            part: outcome.part.clone().unwrap_or_default(),
        }
    }
}

/// The hash of what a verdict rests on: the property, and what is written for it. Line breaks, indentation and quotes are
/// no part of a value.
pub(super) fn judged(report: &Report, outcome: &Outcome) -> String {
    let said = outcome.related.iter().find(|related| outcome.is_live && related.label == "AWS says so here");
    let span = said.map_or(outcome.span, |related| related.span);
    let is_left_out = outcome.subject.declared.contains(&span);
    let written = if is_left_out { "" } else { report.sources.cut(span) };
    let words: Vec<&str> = written.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let when = outcome.fails_when.as_deref().unwrap_or_default();
    crate::report::hash(&[&*without_numbers(&outcome.property), &words.join(" "), when].join("\u{0}"))
}

/// A property without the numbers of elements, which siblings move.
fn without_numbers(property: &str) -> String {
    let mut pieces = property.split('[');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |all, piece| match piece.split_once(']') {
        Some((number, rest)) if number.chars().all(|c| c.is_ascii_digit()) => format!("{all}[]{rest}"),
        _ => format!("{all}[{piece}"),
    })
}

/// Findings that were there before, each with how often it may be met again.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The places of entries in their list, by what they are known by.
    by_key: BTreeMap<Key, Vec<usize>>,
    judged: Vec<String>,
    is_met: Vec<bool>,
    /// Whether another value makes no other finding.
    is_loose: bool,
    /// Addresses as they are now, and as they were.
    moves: Vec<(String, String)>,
}

impl Known {
    pub(super) fn new(entries: impl Iterator<Item = (Key, String)>, is_loose: bool, report: &Report) -> Known {
        let mut known = Known { is_loose, moves: super::moved::moves(report), ..Known::default() };
        for (place, (key, judged)) in entries.enumerate() {
            known.by_key.entry(key).or_default().push(place);
            known.judged.push(judged);
            known.is_met.push(false);
        }
        known
    }

    /// Matches the failures of a report: the entry of each that was there before, and why the others are new.
    pub(super) fn meet(&mut self, report: &Report, gone: &[&str]) -> Vec<(usize, Result<usize, News>)> {
        let failures = || report.outcomes.iter().enumerate().filter(|(_, outcome)| outcome.answer == Answer::Fail);
        let mut found: BTreeMap<usize, Result<usize, News>> = BTreeMap::new();
        // What is the same counts before what is only like it.
        for is_exact in [true, false] {
            for (place, outcome) in failures() {
                if found.get(&place).is_some_and(Result::is_ok) || (!is_exact && !self.is_loose) {
                    continue;
                }
                let judged = judged(report, outcome);
                let entry = self.keys(Key::of(report, outcome)).iter().find_map(|key| {
                    let entries = self.by_key.get(key)?.iter().copied();
                    let mut open = entries.filter(|at| self.is_met.get(*at) == Some(&false));
                    open.find(|at| !is_exact || self.judged.get(*at) == Some(&judged))
                });
                found.insert(place, self.take(entry));
            }
        }
        self.follow(report, gone, &mut found);
        for (place, outcome) in failures() {
            let is_known = self.keys(Key::of(report, outcome)).iter().any(|key| self.by_key.contains_key(key));
            found.entry(place).and_modify(|it| {
                if it.is_err() && is_known {
                    *it = Err(News::Value);
                }
            });
        }
        found.into_iter().collect()
    }

    fn take(&mut self, entry: Option<usize>) -> Result<usize, News> {
        let at = entry.ok_or(News::Finding)?;
        self.is_met.iter_mut().skip(at).take(1).for_each(|met| *met = true);
        Ok(at)
    }

    /// Follows what has moved to another file: an entry whose file is gone, and the one finding that is else the same.
    fn follow(&mut self, report: &Report, gone: &[&str], found: &mut BTreeMap<usize, Result<usize, News>>) {
        let bare = |key: &Key| Key { path: String::new(), ..key.clone() };
        let mut lost: BTreeMap<(Key, &str), Vec<usize>> = BTreeMap::new();
        for (key, entries) in self.by_key.iter().filter(|(key, _)| gone.contains(&&*key.path)) {
            for at in entries.iter().filter(|at| self.is_met.get(**at) == Some(&false)) {
                lost.entry((bare(key), self.judged.get(*at).map_or("", String::as_str))).or_default().push(*at);
            }
        }
        let mut new: BTreeMap<(Key, String), Vec<usize>> = BTreeMap::new();
        for (place, _) in found.iter().filter(|(_, found)| found.is_err()) {
            if let Some(outcome) = report.outcomes.get(*place) {
                new.entry((bare(&Key::of(report, outcome)), judged(report, outcome))).or_default().push(*place);
            }
        }
        let mut followed = Vec::new();
        for ((key, judged), places) in &new {
            let entries = lost.get(&(key.clone(), judged.as_str()));
            if let (Some([entry]), [place]) = (entries.map(Vec::as_slice), places.as_slice()) {
                followed.push((*place, *entry));
            }
        }
        for (place, entry) in followed {
            found.insert(place, self.take(Some(entry)));
        }
    }

    /// What a finding may have been known by: as it is now, or as it was before its address moved.
    fn keys(&self, key: Key) -> Vec<Key> {
        let was = |(now, was): &(String, String)| {
            let (before, rest) = key.address.split_once(now.as_str())?;
            let is_whole =
                (before.is_empty() || before.ends_with('.')) && (rest.is_empty() || rest.starts_with(['.', '[']));
            is_whole.then(|| Key { address: format!("{before}{was}{rest}"), ..key.clone() })
        };
        let moved: Vec<Key> = self.moves.iter().filter_map(was).collect();
        [vec![key], moved].concat()
    }

    /// The entries that were not met.
    pub(super) fn left(&self) -> impl Iterator<Item = usize> {
        self.is_met.iter().enumerate().filter(|(_, met)| !**met).map(|(at, _)| at)
    }
}

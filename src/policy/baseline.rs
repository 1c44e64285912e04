//! The baseline: what was there on the first day, in a file with one finding a line, sorted, so that changes merge.

use super::known::{Key, Known, judged};
use crate::checks;
use crate::judge::{News, Suppressed};
use crate::report::{Exception, Report, State};
use crate::source::{FileId, Span};
use crate::syntax::{self, Node, SyntaxError};
use jiff::civil::Date;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// The version of the format.
const SCHEMA: &str = "trailproof.baseline/1";

/// The name of the file where none is given.
pub const NAME: &str = "trailproof-baseline.json";

/// What one line holds.
const FIELDS: [&str; 8] = ["check", "path", "address", "part", "account", "region", "judged", "since"];

/// A finding that is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What it is known by.
    pub key: Key,
    /// The hash of what was judged.
    pub judged: String,
    /// The day on which it was written down.
    pub since: String,
    /// The account and the Region, for people.
    pub account: Option<String>,
    /// See there.
    pub region: Option<String>,
}

/// A file of known findings.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    /// The findings, each with the place of its line.
    pub entries: Vec<(Entry, Span)>,
    /// The version that wrote it.
    written_by: String,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Where it is none.
    pub fn parse(id: FileId, text: &str) -> Result<Baseline, SyntaxError> {
        let root = syntax::json::parse(id, text)?;
        let error = |message: String, span: Span| SyntaxError { message, span, related: None };
        if root.get("schema").and_then(Node::text) != Some(SCHEMA) {
            return Err(error(format!("no baseline: its `schema` is not `{SCHEMA}`"), root.span));
        }
        let written_by = root.get("written_by").and_then(Node::text).unwrap_or_default().to_owned();
        let mut baseline = Baseline { entries: Vec::new(), written_by };
        for node in root.get("entries").map(Node::items).unwrap_or_default() {
            if let Some((key, _)) = node.entries().iter().find(|(key, _)| !FIELDS.contains(&&*key.text)) {
                return Err(error(format!("`{}` is no field of an entry", key.text), key.span));
            }
            let text = |key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
            let wanted = |key: &str| text(key).ok_or_else(|| error(format!("an entry without `{key}`"), node.span));
            let key = Key {
                path: text("path").unwrap_or_default(),
                address: wanted("address")?,
                check: wanted("check")?,
                part: text("part").unwrap_or_default(),
            };
            let (judged, since) = (wanted("judged")?, text("since").unwrap_or_default());
            let entry = Entry { key, judged, since, account: text("account"), region: text("region") };
            baseline.entries.push((entry, node.span));
        }
        Ok(baseline)
    }

    /// The findings of a report that nothing holds back; those that are known keep their day.
    pub fn of(report: &Report, before: &Baseline, today: Date) -> Vec<Entry> {
        let mut days: BTreeMap<(&Key, &str), &str> = BTreeMap::new();
        before.entries.iter().for_each(|(entry, _)| _ = days.insert((&entry.key, &entry.judged), &entry.since));
        let held_by_another = |held: &Option<Suppressed>| held.as_ref().is_some_and(|held| held.by != "baseline");
        let failures = report.outcomes.iter().filter(|it| it.answer == crate::judge::Answer::Fail);
        let entry = |outcome: &crate::judge::Outcome| {
            let (key, judged) = (Key::of(report, outcome), judged(report, outcome));
            let since = days.get(&(&key, judged.as_str())).map_or_else(|| today.to_string(), |day| (*day).to_owned());
            let owned = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
            let (account, region) = (owned(&outcome.subject.account), owned(&outcome.subject.region));
            Entry { key, judged, since, account, region }
        };
        let mut entries: Vec<Entry> =
            failures.filter(|outcome| !held_by_another(&outcome.suppressed)).map(entry).collect();
        entries.sort();
        entries
    }

    /// The text of a file with some entries.
    pub fn render(entries: &[Entry]) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let mut text = format!("{{\"schema\": \"{SCHEMA}\", \"written_by\": \"{version}\", \"entries\": [\n");
        let lines: Vec<String> = entries.iter().map(line).collect();
        text.push_str(&lines.join(",\n"));
        text.push_str(if lines.is_empty() { "]}\n" } else { "\n]}\n" });
        text
    }

    /// The entries that a run did not meet and could have met: their files were read, their checks ran, and nothing of them is
    /// unknown. `gone` are the paths of files that are there no more.
    fn stale(&self, report: &Report, known: &Known, gone: &[&str]) -> Vec<usize> {
        if !report.is_complete() {
            return Vec::new();
        }
        let ran: BTreeSet<&str> = report.checks.iter().map(|check| check.id).collect();
        let read: BTreeSet<&str> = report.code.iter().map(|file| report.path(*file)).collect();
        let open = report.outcomes.iter().filter(|outcome| outcome.answer == crate::judge::Answer::Unknown);
        let open: BTreeSet<(&str, &str)> = open.map(|outcome| (outcome.check.id, &*outcome.subject.address)).collect();
        let asked: BTreeSet<&str> = report.coverage.accounts.iter().map(|account| account.id.as_str()).collect();
        let is_stale = |entry: &Entry| {
            let key = &entry.key;
            let account = entry.account.as_deref().unwrap_or_default();
            let is_looked_at = match key.address.starts_with("arn:") || key.path.is_empty() {
                true => asked.contains(account),
                false => read.contains(&*key.path) || gone.contains(&&*key.path),
            };
            let ran = ran.contains(&*key.check) || checks::find(&key.check).is_none();
            is_looked_at && ran && !open.contains(&(&*key.check, &*key.address))
        };
        known.left().filter(|at| self.entries.get(*at).is_some_and(|(entry, _)| is_stale(entry))).collect()
    }

    /// Holds back what is known, says of the rest why it is new, and which entries are not needed any more.
    pub(super) fn apply(&self, report: &mut Report, gone: &[&str], is_loose: bool) {
        let entries = self.entries.iter().map(|(entry, _)| (entry.key.clone(), entry.judged.clone()));
        let mut known = Known::new(entries, is_loose, report);
        let met = known.meet(report, gone);
        for (place, found) in met {
            let Some(outcome) = report.outcomes.get_mut(place) else { continue };
            match found.map(|at| self.entries.get(at)) {
                Ok(Some((entry, span))) if outcome.suppressed.is_none() => {
                    outcome.suppressed = Some(Suppressed {
                        by: "baseline",
                        id: None,
                        reason: format!("known since {}", entry.since).into(),
                        until: None,
                        days_left: None,
                        owner: None,
                        kind: None,
                        place: Some(*span),
                    });
                }
                Ok(_) => {}
                Err(News::Finding) if self.is_older_than(outcome.check.page.since) => {
                    outcome.news = Some(News::Check);
                }
                Err(news) => outcome.news = Some(news),
            }
        }
        for at in self.stale(report, &known, gone) {
            let Some((entry, span)) = self.entries.get(at) else { continue };
            report.exceptions.push(Exception {
                state: State::BaselineStale,
                check: entry.key.check.as_str().into(),
                message: format!(
                    "`{}` of {} is gone: `trailproof baseline prune` takes it out",
                    entry.key.check, entry.key.address
                ),
                span: *span,
            });
        }
    }

    /// Whether a check came after the version that wrote the file.
    fn is_older_than(&self, since: &str) -> bool {
        !self.written_by.is_empty() && super::version::holds(&format!(">={since}"), &self.written_by).is_err()
    }
}

fn line(entry: &Entry) -> String {
    let Key { path, address, check, part } = &entry.key;
    let all = [
        ("check", Some(check.as_str())),
        ("path", Some(path.as_str()).filter(|path| !path.is_empty())),
        ("address", Some(address.as_str())),
        ("part", Some(part.as_str()).filter(|part| !part.is_empty())),
        ("account", entry.account.as_deref()),
        ("region", entry.region.as_deref()),
        ("judged", Some(entry.judged.as_str())),
        ("since", Some(entry.since.as_str())),
    ];
    let fields = all.into_iter().filter_map(|(key, value)| Some(format!("\"{key}\": {}", json!(value?))));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
}

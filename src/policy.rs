//! What a team decides: which findings are held back, by whom and why.
//!
//! Decisions are applied to a report that is there already: what was judged stays in it, with who holds it back. Whether an
//! exception holds is told by [`settle`] for all formats at once. This module knows no files and no clock: today is given.

#![allow(dead_code, reason = "the configuration, which comes next, says what entries with patterns cover")]

mod allow;
mod code;
mod directive;
mod entry;
mod glob;
mod nearest;
mod outline;
pub mod profiles;
mod rules;

use crate::judge::{Answer, Outcome, Suppressed};
use crate::report::{Exception, Problem, Report, State};
use crate::source::FileId;
use allow::Allow;
use jiff::civil::Date;
pub use nearest::{near, nearest};
use rules::Rules;
use std::collections::{BTreeMap, BTreeSet};

/// What a run is to go by.
#[derive(Clone, Debug)]
pub struct Decisions {
    /// The day on which exceptions are looked at (UTC).
    pub today: Date,
    rules: Rules,
}

impl Decisions {
    /// What stands in code alone counts.
    pub fn new(today: Date) -> Decisions {
        Decisions { today, rules: Rules::default() }
    }
}

/// Holds back what the exceptions of a report's files allow, and says which of these do not simply hold.
pub fn settle(report: &mut Report, decisions: &Decisions) {
    let mut allows = Vec::new();
    for id in report.code.clone() {
        let Some(file) = report.sources.get(id) else { continue };
        let (found, cut) = code::allows(id, file);
        allows.extend(found);
        if let Some(span) = cut {
            let message = "there are more exceptions in this file than are read: those from here on do not count";
            let problem = Problem { span: Some(span), ..Problem::of_file(&file.name, message.to_owned()) };
            report.problems.push(problem);
        }
    }
    apply(report, &allows, decisions);
}

/// Applies exceptions in their order: the first that holds counts.
fn apply(report: &mut Report, allows: &[Allow], decisions: &Decisions) {
    if allows.is_empty() {
        return;
    }
    let met = Met::new(report);
    let mut held: BTreeMap<usize, &Allow> = BTreeMap::new();
    let mut exceptions = Vec::new();
    for allow in allows {
        let (state, message, span) = match allow.objection(&decisions.rules, decisions.today) {
            Some(objection) => objection,
            None => {
                let covered = met.covered_by(allow, report);
                let holds = |(_, outcome): &&(usize, &Outcome)| outcome.answer == Answer::Fail && allow.is_for(outcome);
                let holding: Vec<usize> = covered.iter().filter(holds).map(|(place, _)| *place).collect();
                let is_unused = holding.is_empty();
                holding.into_iter().for_each(|place| _ = held.entry(place).or_insert(allow));
                let unused = || allow.unused(report, covered.iter().map(|(_, outcome)| *outcome));
                match is_unused.then(unused).flatten() {
                    Some(message) => (State::Unused, message, allow.span),
                    None => continue,
                }
            }
        };
        exceptions.push(Exception { state, check: allow.id.clone(), message, span });
    }
    let held: Vec<(usize, Suppressed)> =
        held.into_iter().map(|(place, allow)| (place, allow.suppressed(decisions.today))).collect();
    for (place, suppressed) in held {
        if let Some(outcome) = report.outcomes.get_mut(place).filter(|outcome| outcome.suppressed.is_none()) {
            outcome.suppressed = Some(suppressed);
        }
    }
    exceptions.sort_by_key(|exception| (exception.span, exception.state));
    report.exceptions.extend(exceptions);
}

/// What a run met, by check, and by the files that it has to do with.
struct Met {
    by_check: BTreeMap<&'static str, Vec<usize>>,
    by_file: BTreeMap<(&'static str, FileId), Vec<usize>>,
}

impl Met {
    fn new(report: &Report) -> Met {
        let mut met = Met { by_check: BTreeMap::new(), by_file: BTreeMap::new() };
        for (place, outcome) in report.outcomes.iter().enumerate() {
            met.by_check.entry(outcome.check.id).or_default().push(place);
            let subject = &outcome.subject;
            let places = subject.declared.iter().chain(&subject.calls).chain([&outcome.span]);
            for file in places.map(|span| span.file).collect::<BTreeSet<_>>() {
                met.by_file.entry((outcome.check.id, file)).or_default().push(place);
            }
        }
        met
    }

    /// What an exception is about, with its place in the report.
    fn covered_by<'r>(&self, allow: &Allow, report: &'r Report) -> Vec<(usize, &'r Outcome)> {
        let file = allow.file();
        let near = allow.checks().into_iter().filter_map(|check| match file {
            Some(file) => self.by_file.get(&(check.id, file)),
            None => self.by_check.get(check.id),
        });
        let each = near.flatten().filter_map(|place| Some((*place, report.outcomes.get(*place)?)));
        each.filter(|(_, outcome)| allow.covers(report, outcome)).collect()
    }
}

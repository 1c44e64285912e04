//! What a report says of a profile's controls.
//!
//! A control fails where one of its checks does. It passes where all of them pass or do not apply, something of it was seen,
//! and nothing is left for people to look at. Everything else is unknown, or for people.

use super::{Control, Profile};
use crate::judge::{Answer, Outcome};
use crate::report::Report;
use crate::report::controls::{Row, Said, Table};
use std::collections::BTreeMap;

/// The table of a profile's controls, by what the report holds.
pub fn assess(profile: &Profile, report: &Report) -> Table {
    let mut by_check: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in &report.outcomes {
        by_check.entry(outcome.check.id).or_default().push(outcome);
    }
    Table {
        profile: profile.id.clone(),
        title: profile.title.clone(),
        framework: profile.framework.clone(),
        version: profile.version.clone(),
        note: profile.note.clone(),
        rows: profile.controls.iter().map(|control| row(control, report, &by_check)).collect(),
    }
}

fn row(control: &Control, report: &Report, by_check: &BTreeMap<&str, Vec<&Outcome>>) -> Row {
    let none = Vec::new();
    let of = |id: &str| by_check.get(id).unwrap_or(&none).iter().map(|outcome| outcome.answer);
    let count = |wanted: Answer| {
        let counts = control.checks.iter().map(|check| (check.id, of(check.id).filter(|it| *it == wanted).count()));
        counts.filter(|(_, count)| *count > 0).collect::<Vec<_>>()
    };
    let (failed, unknown) = (count(Answer::Fail), count(Answer::Unknown));
    let left_out = || control.checks.iter().filter(|check| !report.checks.iter().any(|ran| ran.id == check.id));
    let left_out: Vec<&str> = left_out().map(|check| check.id).collect();
    let is_seen = control.checks.iter().any(|check| of(check.id).next().is_some());
    let outcomes = || control.checks.iter().flat_map(|check| by_check.get(check.id).unwrap_or(&none));
    let mut failing = outcomes().filter(|outcome| outcome.answer == Answer::Fail);
    let (said, text) = if !failed.is_empty() {
        // An exception says that people know; the control does not hold all the same.
        let held =
            if failing.all(|it| it.suppressed.is_some()) { "; all of it is held back by exceptions" } else { "" };
        (Said::Fail, format!("{}{held}", listed(&failed)))
    } else if control.checks.is_empty() && control.missing.is_empty() {
        (Said::Manual, control.manual.clone().unwrap_or_default())
    } else if !unknown.is_empty() {
        (Said::Unknown, listed(&unknown))
    } else if !control.missing.is_empty() {
        (Said::Unknown, format!("this version has no check `{}`", control.missing.join("`, `")))
    } else if !left_out.is_empty() {
        (Said::Unknown, format!("this run leaves out `{}`", left_out.join("`, `")))
    } else if !is_seen && !is_whole_account(report) {
        (Said::Unknown, "nothing that it is about is in sight".to_owned())
    } else if let Some(manual) = &control.manual {
        (Said::Manual, manual.clone())
    } else {
        (Said::Pass, String::new())
    };
    Row {
        id: control.id.clone(),
        title: control.title.clone(),
        level: control.level,
        assessment: control.assessment.map(super::Assessment::as_str),
        checks: control.checks.iter().map(|check| check.id.to_owned()).chain(control.missing.iter().cloned()).collect(),
        said,
        text,
        note: control.note.clone(),
        uncertain: control.uncertain.clone(),
    }
}

/// Whether everything was seen of accounts, and of nothing else: what is not there then is nowhere.
fn is_whole_account(report: &Report) -> bool {
    let accounts = &report.coverage.accounts;
    report.is_complete() && !accounts.is_empty() && accounts.len() == report.coverage.files_read
}

fn listed(counts: &[(&str, usize)]) -> String {
    let one = |(id, count): &(&str, usize)| if *count == 1 { (*id).to_owned() } else { format!("{id} ({count})") };
    counts.iter().map(one).collect::<Vec<_>>().join(", ")
}

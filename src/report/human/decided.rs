//! What a team decided, for people: exceptions that do not simply hold, and what is held back.

use super::{Painter, place, plural};
use crate::report::paper::Paper;
use crate::report::{Exception, Report};
use std::collections::BTreeMap;

/// So many days before its last one an exception is said to run out.
const SOON: i64 = 30;

/// A line for each exception that does not simply hold.
pub(super) fn exceptions(painter: &Painter, out: &mut Paper, report: &Report) {
    for exception in &report.exceptions {
        let first = painter.severity(Exception::SEVERITY);
        let (place, state) = (place(&report.sources, exception.span), exception.state.as_str());
        out.painted(first, format_args!(" {place}  {state}   {}", exception.message));
    }
    if !report.exceptions.is_empty() {
        out.blank();
    }
}

/// Two lines for each finding that is held back: what it is, and who holds it back.
pub(super) fn suppressed(painter: &Painter, out: &mut Paper, report: &Report) {
    for (outcome, held) in report.suppressed() {
        let first = painter.painted("held", None);
        let (id, subject) = (outcome.check.id, painter.subject(outcome));
        out.painted(first, format_args!(" {}  {id}   {subject}", place(&report.sources, outcome.span)));
        let mut words = match held.place {
            Some(span) => format!("{} at {}", held.by, place(&report.sources, span)),
            None => held.by.to_owned(),
        };
        let further = [("", held.kind), ("by ", held.owner.as_deref()), ("until ", held.until.as_deref())];
        for (word, text) in further.into_iter().filter_map(|(word, text)| Some((word, text?))) {
            words.push_str(&format!(", {word}{text}"));
        }
        out.line(format_args!("         {words}: {}", held.reason));
    }
    if report.suppressed().next().is_some() {
        out.blank();
    }
}

/// How many findings are held back, by what, and which of them not for long.
pub(super) fn held_back(report: &Report) -> Option<String> {
    let mut by: BTreeMap<&str, usize> = BTreeMap::new();
    report.suppressed().for_each(|(_, held)| *by.entry(held.by).or_default() += 1);
    let total: usize = by.values().sum();
    let each: Vec<String> = by.iter().map(|(by, count)| format!("{count} by {by}")).collect();
    let soon = report.suppressed().filter(|(_, held)| held.days_left.is_some_and(|days| days <= SOON)).count();
    let soon =
        if soon == 0 { String::new() } else { format!("; {soon} for {} more at most", plural(SOON as usize, "day")) };
    (total > 0).then(|| format!("{total} held back ({}{soon})", each.join(", ")))
}

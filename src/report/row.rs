//! What every format says of a result, worked out once: an outcome, or an exception that does not simply hold.

use super::{Exception, Report, Show};
use crate::judge::{Answer, Outcome};
use crate::page::Severity;
use crate::source::{Position, Span};
use crate::value::Related;
use std::cmp::Reverse;

/// One result as formats of one line, cell or entry a result show it.
pub(super) struct Row<'r> {
    /// What was found: the check, or what became of the exception.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) severity: Severity,
    /// `fail`, `unknown`, `pass`, `not_applicable`, `suppressed` or `exception`.
    pub(super) verdict: &'static str,
    /// What is judged, and the part of it that is meant.
    pub(super) name: String,
    pub(super) message: String,
    pub(super) fingerprint: String,
    pub(super) span: Span,
    /// The path of the file in its repository.
    pub(super) path: &'r str,
    /// The file as it was named.
    pub(super) file: &'r str,
    pub(super) start: Position,
    /// Where the underlined text ends: the character behind it.
    pub(super) end: Position,
    pub(super) related: &'r [Related],
    /// The outcome, where it is one.
    pub(super) outcome: Option<&'r Outcome>,
}

impl Row<'_> {
    /// Whether there is something to do about it.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.verdict, "fail" | "exception")
    }

    /// What stands in the place of a severity.
    pub(super) fn level(&self) -> &'static str {
        if self.is_open() { self.severity.as_str() } else { self.verdict }
    }
}

impl Report {
    /// What is shown, in the order of the report, then what is to be said of exceptions.
    pub(super) fn rows(&self, show: Show) -> Vec<Row<'_>> {
        let all = self.outcomes.iter().zip(self.fingerprints());
        let shown = all.filter(|(outcome, _)| show.lists(outcome)).filter_map(|(outcome, print)| {
            let name = match &outcome.part {
                Some(part) => format!("{} {part}", outcome.subject.address),
                None => outcome.subject.address.to_string(),
            };
            let verdict = match (outcome.answer, &outcome.suppressed) {
                (Answer::Fail, Some(_)) => "suppressed",
                (answer, _) => answer.as_str(),
            };
            let (id, page) = (outcome.check.id, &outcome.check.page);
            let row = self.row((id, page.title(), page.severity), outcome.span, name, outcome.message(), print)?;
            Some(Row { verdict, related: &outcome.related, outcome: Some(outcome), ..row })
        });
        let exceptions = self.exceptions.iter().zip(self.fingerprints_of_exceptions());
        let exceptions = exceptions.filter_map(|(exception, print)| {
            let state = exception.state;
            let what = (state.as_str(), state.title(), Exception::SEVERITY);
            let message = format!("{}: {}", state.title(), exception.message);
            self.row(what, exception.span, exception.check.to_string(), message, print)
        });
        shown.chain(exceptions).collect()
    }

    fn row(
        &self,
        (id, title, severity): (&'static str, &'static str, Severity),
        span: Span,
        name: String,
        message: String,
        fingerprint: String,
    ) -> Option<Row<'_>> {
        let file = self.sources.get(span.file)?;
        let (start, end) = (file.position(span.start), file.position(span.end));
        let (path, file) = (self.path(span.file), &*file.name);
        let (verdict, related, outcome) = ("exception", &[][..], None);
        Some(Row {
            id,
            title,
            severity,
            verdict,
            name,
            message,
            fingerprint,
            span,
            path,
            file,
            start,
            end,
            related,
            outcome,
        })
    }

    /// The same, what matters most first.
    pub(super) fn ranked(&self, show: Show) -> Vec<Row<'_>> {
        let mut rows = self.rows(show);
        rows.sort_by_key(|row| Reverse((row.is_open(), row.severity)));
        rows
    }
}

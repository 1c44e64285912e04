//! What every format says of an outcome, worked out once.

use super::{Report, Show};
use crate::judge::{Answer, Outcome};
use crate::page::Severity;
use crate::source::Position;
use std::cmp::Reverse;

/// One result as formats of one line, cell or entry a result show it.
pub(super) struct Row<'r> {
    pub(super) outcome: &'r Outcome,
    pub(super) fingerprint: String,
    pub(super) message: String,
    /// The path of the file in its repository.
    pub(super) path: &'r str,
    /// The file as it was named.
    pub(super) file: &'r str,
    pub(super) start: Position,
    /// Where the underlined text ends: the character behind it.
    pub(super) end: Position,
}

impl Row<'_> {
    pub(super) fn id(&self) -> &'static str {
        self.outcome.check.id
    }

    pub(super) fn severity(&self) -> Severity {
        self.outcome.check.page.severity
    }

    pub(super) fn is_finding(&self) -> bool {
        self.outcome.answer == Answer::Fail
    }

    /// What stands in the place of a severity.
    pub(super) fn level(&self) -> &'static str {
        if self.is_finding() { self.severity().as_str() } else { self.outcome.answer.as_str() }
    }

    /// What is judged, and the part of it that is meant.
    pub(super) fn name(&self) -> String {
        match &self.outcome.part {
            Some(part) => format!("{} {part}", self.outcome.subject.address),
            None => self.outcome.subject.address.to_string(),
        }
    }
}

impl Report {
    /// What is shown, in the order of the report.
    pub(super) fn rows(&self, show: Show) -> Vec<Row<'_>> {
        let all = self.outcomes.iter().zip(self.fingerprints());
        let shown = all.filter(|(outcome, _)| show.lists(outcome)).filter_map(|(outcome, fingerprint)| {
            let file = self.sources.get(outcome.span.file)?;
            let (start, end) = (file.position(outcome.span.start), file.position(outcome.span.end));
            let (message, path) = (outcome.message(), self.path(outcome.span.file));
            Some(Row { outcome, fingerprint, message, path, file: &file.name, start, end })
        });
        shown.collect()
    }

    /// The same, what matters most first.
    pub(super) fn ranked(&self, show: Show) -> Vec<Row<'_>> {
        let mut rows = self.rows(show);
        rows.sort_by_key(|row| Reverse((row.is_finding(), row.severity())));
        rows
    }
}

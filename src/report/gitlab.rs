//! GitLab's Code Quality report (docs.gitlab.com, "Code Quality report format").
//!
//! GitLab's parser stops at the first entry that it does not take, and merges those whose fingerprints are equal. The widget
//! of a merge request does not show the check's name, so it stands in the description.

use super::{Report, Show, escape};
use crate::page::Severity;
use serde::Serialize;
use std::io::{Result, Write};

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    let rows = report.rows(show);
    let entries: Vec<Entry> = rows
        .iter()
        .map(|row| Entry {
            description: format!("{}: {} ({})", row.id, row.message, row.name),
            check_name: row.id,
            fingerprint: &row.fingerprint,
            severity: match row.severity {
                _ if !row.is_open() => "info",
                Severity::Critical => "blocker",
                Severity::High => "critical",
                Severity::Medium => "major",
                Severity::Low => "minor",
            },
            location: Location {
                path: row.path.trim_start_matches("./"),
                lines: Lines { begin: row.start.line, end: row.end.line },
            },
        })
        .collect();
    to.write_all(escape::json(&entries).as_bytes())
}

//! Comma-separated values (RFC 4180), a row for each result. Columns are only ever added, at the end.

use super::accounts::Accounts;
use super::escape::csv_field;
use super::{Report, Show};
use std::io::{Result, Write};

const COLUMNS: [&str; 15] = [
    "verdict",
    "severity",
    "check",
    "title",
    "message",
    "file",
    "line",
    "column",
    "kind",
    "address",
    "part",
    "account",
    "account_name",
    "region",
    "fingerprint",
];

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    let accounts = Accounts::of(report);
    line(to, COLUMNS.map(str::to_owned))?;
    for row in report.rows(show) {
        let subject = row.outcome.map(|outcome| &outcome.subject);
        let or_empty = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let name = subject.and_then(|subject| accounts.get(subject)?.name);
        let part = row.outcome.and_then(|outcome| outcome.part.as_deref());
        line(
            to,
            [
                row.verdict.to_owned(),
                row.severity.as_str().to_owned(),
                row.id.to_owned(),
                row.title.to_owned(),
                row.message.clone(),
                row.path.to_owned(),
                row.start.line.to_string(),
                row.start.column.to_string(),
                or_empty(subject.map(|subject| subject.kind)),
                subject.map_or_else(|| row.name.clone(), |subject| subject.address.to_string()),
                or_empty(part),
                or_empty(subject.and_then(|subject| subject.account.as_deref())),
                or_empty(name),
                or_empty(subject.and_then(|subject| subject.region.as_deref())),
                row.fingerprint.clone(),
            ],
        )?;
    }
    Ok(())
}

fn line<const N: usize>(to: &mut dyn Write, cells: [String; N]) -> Result<()> {
    write!(to, "{}\r\n", cells.map(|text| csv_field(&text)).join(","))
}

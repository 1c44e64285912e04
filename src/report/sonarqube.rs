//! Issues that SonarQube imports (docs.sonarsource.com, "Generic formatted issues", 10.3 and later).
//!
//! One entry that breaks its rules loses the whole import: each issue names a rule of the list, lines count from 1 and
//! columns from 0, in units of UTF-16, and a range never reaches beyond the end of its line.

use super::row::Row;
use super::{Report, Show, escape};
use crate::page::Severity;
use crate::source::Span;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{Result, Write};

#[derive(Serialize)]
struct Document<'a> {
    rules: Vec<Rule>,
    issues: Vec<Issue<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    engine_id: &'static str,
    clean_code_attribute: &'static str,
    impacts: [Impact; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Impact {
    software_quality: &'static str,
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    rule_id: &'static str,
    primary_location: Location<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secondary_locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    message: String,
    file_path: &'a str,
    text_range: Range,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    let rows = report.rows(Show { unknown: show.unknown, ..Show::default() });
    let mut rules: BTreeMap<&str, Rule> = BTreeMap::new();
    for row in &rows {
        rules.entry(row.id).or_insert_with(|| Rule {
            id: row.id,
            name: row.title,
            description: row.outcome.map_or(row.title, |outcome| outcome.check.page.why()),
            engine_id: "trailproof",
            clean_code_attribute: "TRUSTWORTHY",
            impacts: [Impact {
                software_quality: "SECURITY",
                severity: match row.severity {
                    Severity::Critical => "BLOCKER",
                    Severity::High => "HIGH",
                    Severity::Medium => "MEDIUM",
                    Severity::Low => "LOW",
                },
            }],
        });
    }
    let rules = rules.into_values().collect();
    let issues = rows.iter().filter_map(|row| issue(report, row)).collect();
    to.write_all(escape::json(&Document { rules, issues }).as_bytes())
}

fn issue<'r>(report: &'r Report, row: &Row<'r>) -> Option<Issue<'r>> {
    Some(Issue {
        rule_id: row.id,
        primary_location: location(report, row.span, format!("{} ({})", row.message, row.name))?,
        secondary_locations: row
            .related
            .iter()
            .filter_map(|related| location(report, related.span, related.label.to_string()))
            .collect(),
    })
}

fn location(report: &Report, span: Span, message: String) -> Option<Location<'_>> {
    let file = report.sources.get(span.file)?;
    let (start, end) = (file.position(span.start), file.position(span.end));
    let line = file.line(span.start);
    // Columns are left out where the line is not kept whole, and where there would be nothing between them.
    let column = |offset: u32| {
        let before = file.text.get(line.range.start..offset as usize)?;
        (line.whole && line.column == 1).then(|| before.encode_utf16().count())
    };
    let columns = (start.line == end.line && span.start < span.end)
        .then(|| Some((column(span.start)?, column(span.end)?)))
        .flatten();
    Some(Location {
        message,
        file_path: report.path(span.file),
        text_range: Range {
            start_line: start.line,
            start_column: columns.map(|(start, _)| start),
            end_line: columns.map(|_| end.line),
            end_column: columns.map(|(_, end)| end),
        },
    })
}

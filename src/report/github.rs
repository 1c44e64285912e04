//! Commands that GitHub's runner turns into annotations (docs.github.com, "Workflow commands for GitHub Actions";
//! actions/toolkit, `command.ts`).
//!
//! GitHub shows ten annotations of each level for a step and drops the others without a word, so the most severe come
//! first, and the last one says how many there are beyond.

use super::escape::visible;
use super::{Report, Show};
use crate::page::Severity;
use crate::source::Position;
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// Annotations of one level that a step shows.
const SHOWN: usize = 10;

/// Where an annotation stands, as far as it has a place.
struct Place<'p> {
    path: &'p str,
    ends: Option<(Position, Position)>,
}

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    let mut dropped = 0usize;
    let rows = report.ranked(show);
    let mut take = |level: &'static str, last: usize| {
        let free = left.entry(level).or_insert(last);
        let takes = *free > 0;
        *free = free.saturating_sub(1);
        dropped += usize::from(!takes);
        takes
    };
    for problem in &report.problems {
        let ends = problem.span.and_then(|span| {
            let file = report.sources.get(span.file)?;
            Some((file.position(span.start), file.position(span.end)))
        });
        let path = problem.span.map_or(problem.file.as_str(), |span| report.path(span.file));
        if take("error", SHOWN) {
            command(to, "error", &Place { path, ends }, "trailproof", &problem.message)?;
        }
    }
    // One of the notices is for what has no room.
    let notices = SHOWN - 1;
    for row in rows {
        let level = match row.severity {
            _ if !row.is_open() => "notice",
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low => "notice",
        };
        if take(level, if level == "notice" { notices } else { SHOWN }) {
            let place = Place { path: row.path, ends: Some((row.start, row.end)) };
            let words = format!("{} ({})", row.message, row.name);
            command(to, level, &place, &format!("{} {}", row.level(), row.id), &words)?;
        }
    }
    if dropped > 0 {
        let words = format!("{dropped} more are not shown here: GitHub shows {SHOWN} of each level for a step");
        command(to, "notice", &Place { path: "", ends: None }, "trailproof", &words)?;
    }
    Ok(())
}

fn command(to: &mut dyn Write, level: &str, place: &Place, title: &str, message: &str) -> Result<()> {
    let mut properties = Vec::new();
    if !place.path.is_empty() {
        properties.push(format!("file={}", property(place.path)));
        if let Some((start, end)) = place.ends {
            properties.push(format!("line={},endLine={}", start.line, end.line));
            // Columns of a range of several lines are misplaced or make GitHub drop the annotation.
            if start.line == end.line {
                properties.push(format!("col={},endColumn={}", start.column, end.column));
            }
        }
    }
    properties.push(format!("title={}", property(title)));
    writeln!(to, "::{level} {}::{}", properties.join(","), data(message))
}

fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

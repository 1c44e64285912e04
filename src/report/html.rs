//! One file for a browser: no script, no network, readable without styles too, since some servers drop them.
//!
//! The counts first, then what the trails rest on, drawn; a table of accounts and checks where there are several accounts;
//! the findings by file, each with its line; what is unknown, and what was not seen.

mod chains;
mod matrix;

use super::escape::markup as text;
use super::human::summary;
use super::row::Row;
use super::{Report, Show};
use crate::source::Span;
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// Characters of a line that are shown around what is underlined.
const MOST_OF_A_LINE: usize = 240;

/// Nothing is loaded and nothing runs.
const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>trailproof</title>
<style>
:root { color-scheme: light dark; --line: #8886; --soft: #8881; --critical: #a3198f; --high: #c62828; --medium: #b26a00; --low: #00759a; --unknown: #6b6b6b; --pass: #2e7d32; }
@media (prefers-color-scheme: dark) { :root { --critical: #f48fe4; --high: #ff8a80; --medium: #ffb74d; --low: #4fc3f7; --unknown: #aaa; --pass: #81c784; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.25rem 0 .5rem; overflow-wrap: anywhere; }
article { border: 1px solid var(--line); border-left-width: .35rem; border-radius: .3rem; padding: .5rem .8rem; margin: .6rem 0; overflow-wrap: anywhere; }
article p { margin: .25rem 0; } code, pre { font: .875rem/1.4 ui-monospace, monospace; }
pre { background: var(--soft); padding: .4rem .6rem; margin: .4rem 0; overflow-x: auto; } mark { background: none; color: inherit; text-decoration: underline wavy currentColor; font-weight: 600; }
.critical { border-left-color: var(--critical); } .high { border-left-color: var(--high); } .medium { border-left-color: var(--medium); } .low { border-left-color: var(--low); }
b.critical { color: var(--critical); } b.high { color: var(--high); } b.medium { color: var(--medium); } b.low { color: var(--low); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .875rem; } th, td { border: 1px solid var(--line); padding: .15rem .5rem; text-align: left; } td.fail { color: var(--high); font-weight: 600; } td.unknown { color: var(--unknown); } td.pass { color: var(--pass); }
svg { max-width: 100%; height: auto; } svg text { font: 13px system-ui, sans-serif; fill: currentColor; } svg rect { fill: none; stroke: currentColor; } svg path { stroke: currentColor; fill: none; } svg .critical { stroke: var(--critical); } svg .high { stroke: var(--high); } svg .medium { stroke: var(--medium); } svg .low { stroke: var(--low); }
summary { cursor: pointer; } li { overflow-wrap: anywhere; }
</style>
</head>
<body>
"#;

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    to.write_all(HEAD.as_bytes())?;
    writeln!(to, "<h1>trailproof</h1>\n<p>{}</p>", text(&summary(report)))?;
    for problem in &report.problems {
        let file =
            if problem.file.is_empty() { String::new() } else { format!("<code>{}</code>: ", text(&problem.file)) };
        writeln!(to, "<p><b class=\"high\">error</b> {file}{}</p>", text(&problem.message))?;
    }
    chains::write(report, to)?;
    matrix::write(report, to)?;
    let open = Show { unknown: true, suppressed: true, ..show };
    let rows = report.ranked(open);
    let (findings, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.is_open());
    let mut files: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    findings.iter().for_each(|row| files.entry(row.path).or_default().push(row));
    if !files.is_empty() {
        writeln!(to, "<h2>Findings</h2>")?;
    }
    for (path, rows) in &files {
        writeln!(to, "<h3><code>{}</code></h3>", text(path))?;
        rows.iter().try_for_each(|row| finding(report, row, to))?;
    }
    let groups = [
        ("unknown", "What could not be told"),
        ("suppressed", "What is held back"),
        ("pass", "What passes"),
        ("not_applicable", "What does not apply"),
    ];
    for (verdict, title) in groups {
        let rows: Vec<&&Row> = rest.iter().filter(|row| row.verdict == verdict).collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(to, "<details>\n<summary>{title}: {}</summary>\n<ul>", rows.len())?;
        for row in rows {
            let (place, name, words) = (place(row.path, row.start.line), text(&row.name), words(&row.message));
            writeln!(to, "<li><code>{}</code> {place} <code>{name}</code>: {words}</li>", row.id)?;
        }
        writeln!(to, "</ul>\n</details>")?;
    }
    if !report.coverage.unseen.is_empty() {
        writeln!(to, "<h2>Not seen</h2>\n<ul>")?;
        for unseen in &report.coverage.unseen {
            writeln!(
                to,
                "<li>{} <code>{}</code>: {}</li>",
                unseen.what.as_str(),
                text(&unseen.name),
                text(&unseen.why)
            )?;
        }
        writeln!(to, "</ul>")?;
    }
    writeln!(to, "<p>trailproof {}</p>\n</body>\n</html>", env!("CARGO_PKG_VERSION"))
}

fn finding(report: &Report, row: &Row, to: &mut dyn Write) -> Result<()> {
    let level = row.level();
    writeln!(to, "<article class=\"{level}\">")?;
    writeln!(to, "<p><b class=\"{level}\">{level}</b> <code>{}</code> <code>{}</code></p>", row.id, text(&row.name))?;
    writeln!(to, "<p>{}</p>", words(&row.message))?;
    if let Some(line) = line(report, row.span) {
        writeln!(to, "<pre>{:>5}  {line}</pre>", row.start.line)?;
    }
    for related in row.related {
        let Some(file) = report.sources.get(related.span.file) else { continue };
        let at = place(report.path(related.span.file), file.position(related.span.start).line);
        writeln!(to, "<p>{at} {}</p>", words(&related.label))?;
    }
    if let Some(check) = row.outcome.map(|outcome| outcome.check) {
        writeln!(to, "<p>fix: {}</p>", words(check.page.fix))?;
        writeln!(to, "<p><a href=\"{}\">{}</a></p>", check.address(), check.page.title())?;
    }
    writeln!(to, "</article>")
}

fn place(path: &str, line: u32) -> String {
    format!("<code>{}:{line}</code>", text(path))
}

/// The line in which a span begins, with the span marked.
fn line(report: &Report, span: Span) -> Option<String> {
    let file = report.sources.get(span.file)?;
    let line = file.line(span.start).range;
    let (start, end) = (span.start as usize, (span.end as usize).min(line.end));
    let before = file.text.get(line.start..start)?;
    let (marked, after) = (file.text.get(start..end.max(start))?, file.text.get(end.max(start)..line.end)?);
    let keep = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    // Of a line without end the part before and behind is cut.
    let skipped = before.chars().count().saturating_sub(MOST_OF_A_LINE);
    let before: String = before.chars().skip(skipped).collect();
    let (marked, after) = (keep(marked, MOST_OF_A_LINE), keep(after, MOST_OF_A_LINE));
    let dots = if skipped > 0 { "…" } else { "" };
    Some(format!("{dots}{}<mark>{}</mark>{}", text(&before), text(&marked), text(&after)))
}

/// Text of an element, what stands between backticks as code.
fn words(words: &str) -> String {
    let mut parts: Vec<String> = words.split('`').map(text).collect();
    if parts.len() % 2 == 1 {
        let code = parts.iter_mut().skip(1).step_by(2);
        code.for_each(|part| *part = format!("<code>{part}</code>"));
        return parts.concat();
    }
    text(words)
}

//! The tables of controls: what a framework asks, and what came of each control. As text, Markdown and CSV; JSON and SARIF
//! have them among the rest.

use super::Report;
use super::escape::{csv_field, visible};
use super::paper::Paper;
use std::collections::BTreeMap;

/// A profile's controls and their answers.
#[derive(Clone, Debug)]
pub struct Table {
    /// The profile's id.
    pub profile: String,
    /// What it is.
    pub title: String,
    /// The framework.
    pub framework: String,
    /// Its version.
    pub version: String,
    /// What readers must know.
    pub note: Option<String>,
    /// A row for each control.
    pub rows: Vec<Row>,
}

/// A control and its answer.
#[derive(Clone, Debug)]
pub struct Row {
    /// The control's number or name.
    pub id: String,
    /// What it asks.
    pub title: String,
    /// Its level.
    pub level: Option<u32>,
    /// How the framework has it assessed.
    pub assessment: Option<&'static str>,
    /// The checks that decide it.
    pub checks: Vec<String>,
    /// The answer.
    pub said: Said,
    /// Why: the checks that fail or cannot tell, or what people must look at.
    pub text: String,
    /// How the answer is to be read.
    pub note: Option<String>,
    /// Why it is not certain that the framework says so.
    pub uncertain: Option<String>,
}

/// What came of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It cannot be told.
    Unknown,
    /// People must look.
    Manual,
}

impl Said {
    /// All, in the order in which they are counted.
    pub const ALL: [Said; 4] = [Said::Pass, Said::Fail, Said::Unknown, Said::Manual];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Said::Pass => "pass",
            Said::Fail => "fail",
            Said::Unknown => "unknown",
            Said::Manual => "manual",
        }
    }
}

impl Table {
    /// How many controls have an answer.
    pub fn count(&self, said: Said) -> usize {
        self.rows.iter().filter(|row| row.said == said).count()
    }

    fn counts(&self) -> String {
        let count = |said: Said| format!("{} {}", self.count(said), said.as_str());
        Said::ALL.map(count).join(" · ")
    }
}

impl Row {
    fn remarks(&self) -> String {
        let uncertain = self.uncertain.as_ref().map(|why| format!("not certain: {why}"));
        let all = [Some(&self.text).filter(|text| !text.is_empty()).cloned(), self.note.clone(), uncertain];
        all.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }
}

/// Which controls each check decides: of a profile, by its id, one by its own.
pub(super) fn by_check(report: &Report) -> BTreeMap<&str, Vec<(&str, &str)>> {
    let mut all: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for table in &report.controls {
        for row in &table.rows {
            for check in &row.checks {
                all.entry(check).or_default().push((&table.profile, &row.id));
            }
        }
    }
    all
}

/// The tables for people, below the findings.
pub(super) fn human(out: &mut Paper, report: &Report) {
    for table in &report.controls {
        out.line(format_args!("{}  ({})", table.title, table.profile));
        let width = table.rows.iter().map(|row| row.id.chars().count()).max().unwrap_or(0);
        for row in &table.rows {
            let (id, title) = (&row.id, &row.title);
            let why = if row.text.is_empty() { String::new() } else { format!(": {}", row.text) };
            out.line(format_args!("  {:7}  {id:width$}  {title}{why}", row.said.as_str()));
        }
        out.line(format_args!("{}", table.counts()));
        out.blank();
    }
}

/// The tables as Markdown.
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    for table in &report.controls {
        out.push_str(&format!("## {}\n\n{}", cell(&table.title), table.counts()));
        if let Some(note) = &table.note {
            out.push_str(&format!("\n\n{}", cell(note)));
        }
        out.push_str("\n\n| control | title | answer | checks | remarks |\n|---|---|---|---|---|\n");
        for row in &table.rows {
            let (id, title, said, remarks) = (cell(&row.id), cell(&row.title), row.said.as_str(), cell(&row.remarks()));
            out.push_str(&format!("| {id} | {title} | {said} | {} | {remarks} |\n", codes(&row.checks)));
        }
        out.push('\n');
    }
    out
}

/// The tables as comma-separated values (RFC 4180), with a head.
pub fn csv(report: &Report) -> String {
    let mut out = "profile,control,title,level,assessment,answer,checks,why,note,uncertain\r\n".to_owned();
    for table in &report.controls {
        for row in &table.rows {
            let level = row.level.map(|level| level.to_string()).unwrap_or_default();
            let checks = row.checks.join(" ");
            let fields = [
                &*table.profile,
                &row.id,
                &row.title,
                &level,
                row.assessment.unwrap_or_default(),
                row.said.as_str(),
                &checks,
                &row.text,
                row.note.as_deref().unwrap_or_default(),
                row.uncertain.as_deref().unwrap_or_default(),
            ];
            out.push_str(&fields.map(csv_field).join(","));
            out.push_str("\r\n");
        }
    }
    out
}

/// A text in a cell of a Markdown table: it makes no markup, no mention and no cell of its own.
pub fn cell(text: &str) -> String {
    let mut shown = String::new();
    for character in visible(text).chars() {
        match character {
            '\\' | '|' | '[' | ']' | '*' | '_' | '`' | '~' | '#' => shown.extend(['\\', character]),
            '<' => shown.push_str("&lt;"),
            '&' => shown.push_str("&amp;"),
            '@' => shown.push_str("&#64;"),
            other => shown.push(other),
        }
    }
    shown
}

/// Names in a cell. They hold no backtick that counts: names of checks have none, and others are escaped.
pub fn codes(names: &[String]) -> String {
    names.iter().map(|name| cell(name)).collect::<Vec<_>>().join(", ")
}

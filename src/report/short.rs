//! A line for each result, as editors and `grep` read it: place, severity, check, message.

use super::human::summary;
use super::paper::Paper;
use super::row::Row;
use super::{Report, Show};
use std::io::{Result, Write};

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    let mut paper = Paper::default();
    for row in report.rows(show) {
        let (line, column, level) = (row.start.line, row.start.column, row.level());
        let Row { file, id, name, message, .. } = row;
        paper.line(format_args!("{file}:{line}:{column}: {level} {id} {name}: {message}"));
    }
    for problem in &report.problems {
        match problem.span.and_then(|span| Some((report.sources.get(span.file)?, span))) {
            Some((file, span)) => {
                let at = file.position(span.start);
                paper.line(format_args!("{}:{}:{}: error {}", file.name, at.line, at.column, problem.message));
            }
            None if problem.file.is_empty() => paper.line(format_args!("error {}", problem.message)),
            None => paper.line(format_args!("{}: error {}", problem.file, problem.message)),
        }
    }
    paper.line(format_args!("{}", summary(report)));
    to.write_all(paper.finish().as_bytes())
}

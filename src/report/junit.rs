//! JUnit's XML, as GitLab, Jenkins and others read it (jenkinsci/xunit-plugin, `junit-10.xsd`).
//!
//! A suite for each file, a case for each result. Of cases with one name only the first counts, and the history of a case is
//! found by its name: so it holds no line. Readers show the text of an element and not its attributes.

use super::escape::markup as text;
use super::row::Row;
use super::{Report, Show};
use std::collections::BTreeMap;
use std::io::{Result, Write};

pub(super) fn write(report: &Report, show: Show, to: &mut dyn Write) -> Result<()> {
    let rows = report.rows(show);
    let mut suites: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| suites.entry(row.path).or_default().push(row));
    writeln!(to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(to, "<testsuites name=\"trailproof\">")?;
    for (path, rows) in &suites {
        suite(to, path, rows)?;
    }
    if !report.problems.is_empty() {
        let count = report.problems.len();
        writeln!(
            to,
            "  <testsuite name=\"trailproof\" tests=\"{count}\" failures=\"0\" errors=\"{count}\" skipped=\"0\">"
        )?;
        for (number, problem) in report.problems.iter().enumerate() {
            let name = if problem.file.is_empty() { "the run".to_owned() } else { text(&problem.file) };
            writeln!(to, "    <testcase name=\"{name} {number}\" classname=\"trailproof\">")?;
            writeln!(to, "      <error type=\"error\">{}</error>", text(&problem.message))?;
            writeln!(to, "    </testcase>")?;
        }
        writeln!(to, "  </testsuite>")?;
    }
    writeln!(to, "</testsuites>")
}

fn suite(to: &mut dyn Write, path: &str, rows: &[&Row]) -> Result<()> {
    let count = |is: fn(&Row) -> bool| rows.iter().filter(|row| is(row)).count();
    let (tests, failures) = (rows.len(), count(|row| row.is_open()));
    let skipped = count(|row| !row.is_open() && row.verdict != "pass");
    let path = text(path);
    writeln!(
        to,
        "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\">"
    )?;
    for row in rows {
        let name = text(&format!("{} {}", row.id, row.name));
        write!(to, "    <testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\" line=\"{}\"", row.start.line)?;
        let words = format!("{}\n{}:{}:{}", text(&row.message), path, row.start.line, row.start.column);
        match row.verdict {
            "pass" => writeln!(to, "/>")?,
            _ if row.is_open() => {
                let (level, title) = (row.level(), text(row.title));
                writeln!(to, ">\n      <failure type=\"{level}\" message=\"{title}\">{words}</failure>")?;
                writeln!(to, "    </testcase>")?;
            }
            _ => {
                writeln!(to, ">\n      <skipped message=\"{}\">{words}</skipped>", text(&row.message))?;
                writeln!(to, "    </testcase>")?;
            }
        }
    }
    writeln!(to, "  </testsuite>")
}

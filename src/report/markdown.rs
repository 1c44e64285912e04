//! Markdown for the summary of a step and for comments on pull requests: the counts first, then a table.
//!
//! GitHub refuses comments of more than 65,536 characters, so what does not fit is cut off at a finding and counted. Text of
//! inputs makes no markup, mentions no one and links to nothing.

use super::escape::{uri_path, visible};
use super::format::Manner;
use super::human::summary;
use super::row::Row;
use super::{Report, Show};
use std::io::{Result, Write};

/// Characters of the table: what GitHub takes of a comment, and room for what stands around it.
const MOST: usize = 60_000;

/// Problems that are listed.
const PROBLEMS: usize = 20;

/// By which a comment is found again, to be replaced.
const MARK: &str = "<!-- trailproof -->";

pub(super) fn write(report: &Report, manner: &Manner, to: &mut dyn Write) -> Result<()> {
    let rows = report.ranked(Show { pass: false, not_applicable: false, ..manner.show });
    writeln!(to, "{MARK}\n**trailproof**: {}", plain(&summary(report)))?;
    for problem in report.problems.iter().take(PROBLEMS) {
        let file = if problem.file.is_empty() { String::new() } else { format!("{}: ", code(&problem.file)) };
        writeln!(to, "\n> error: {file}{}", plain(&problem.message))?;
    }
    if report.problems.len() > PROBLEMS {
        writeln!(to, "\n> {} more errors", report.problems.len() - PROBLEMS)?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(to, "\n| severity | place | check | finding |\n|---|---|---|---|")?;
    let mut left = MOST;
    for (number, row) in rows.iter().enumerate() {
        let line = line(row, manner.link);
        let length = line.chars().count() + 1;
        if length > left {
            return writeln!(to, "\n{} more are left out here.", rows.len() - number);
        }
        left -= length;
        writeln!(to, "{line}")?;
    }
    Ok(())
}

fn line(row: &Row, link: Option<&str>) -> String {
    let place = code(&format!("{}:{}", row.path, row.start.line));
    let place = match link {
        Some(link) => format!("[{place}]({}/{}#L{})", link.trim_end_matches('/'), uri_path(row.path), row.start.line),
        None => place,
    };
    format!("| {} | {place} | `{}` | {}: {} |", row.level(), row.id, code(&row.name), plain(&row.message))
}

/// Text in which nothing is markup, a mention or a link.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            // What stands between makes it no mention, no issue and no address.
            '@' | '#' | ':' => plain.extend([character, '\u{200b}']),
            other if other.is_ascii_punctuation() && !"'(),.;/\"".contains(other) => plain.extend(['\\', other]),
            other => plain.push(other),
        }
    }
    plain.replace(":\u{200b} ", ": ").replace("www.", "www\u{200b}.")
}

/// Text as code: marks that are longer than any in it, and no border of a table.
fn code(text: &str) -> String {
    let shown = visible(text).replace('|', "\\|");
    let longest = shown.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let (marks, blank) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
    format!("{marks}{blank}{shown}{blank}{marks}")
}

#[cfg(test)]
mod tests {
    use super::{code, plain};

    #[test]
    fn text_stays_text() {
        assert_eq!(plain("a: <b> [x](y) @me #1 `c`"), "a: \\<b\\> \\[x\\](y) @\u{200b}me #\u{200b}1 \\`c\\`");
        assert_eq!(plain("https://x"), "https:\u{200b}//x");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a|b"), "`a\\|b`");
    }
}

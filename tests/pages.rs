//! The page is the test: every block of every page and case is run, and says what it says it says.
#![allow(clippy::disallowed_methods, reason = "only the program itself keeps away from files and the environment")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod support;

use support::{Block, Mark, Page};
use trailproof::judge::Answer;

/// The marks that a block should have carried.
fn actual(page: &Page, block: &Block) -> Vec<Mark> {
    let report = support::run(page, block);
    assert!(report.problems.is_empty(), "{}:{}: {:?}", page.path.display(), block.line, report.problems);
    let marked = block.marks.iter().any(|mark| !mark.finding);
    let mut marks: Vec<Mark> = Vec::new();
    for outcome in &report.outcomes {
        let finding = match outcome.answer {
            Answer::Fail => true,
            Answer::Unknown if marked || !support::is_out_of_sight(outcome) => false,
            _ => continue,
        };
        let (line, text) = support::underlined(&report, outcome);
        marks.push(Mark { finding, line, text });
    }
    marks.sort();
    marks
}

/// JSON marks stand in quotes of their own, which for strings are those of the text.
fn agree(expected: &Mark, actual: &Mark) -> bool {
    let unquoted =
        |text: &str| text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).to_owned();
    expected.finding == actual.finding
        && expected.line == actual.line
        && (expected.text == actual.text || unquoted(&expected.text) == unquoted(&actual.text))
}

#[test]
fn every_block_is_as_it_is_marked() {
    let only = std::env::var("PAGE").unwrap_or_default();
    let mut wrong = Vec::new();
    let mut blocks = 0;
    for page in support::all().iter().filter(|page| page.path.to_string_lossy().contains(&only)) {
        for block in &page.blocks {
            blocks += 1;
            let actual = actual(page, block);
            let same = actual.len() == block.marks.len() && block.marks.iter().zip(&actual).all(|(a, b)| agree(a, b));
            if !same {
                let path = page.path.strip_prefix(support::root()).unwrap().display().to_string();
                wrong.push(format!(
                    "{path}:{} ({}, {})\n  marked  {:?}\n  actual  {:?}\n  says    {:?}",
                    block.line,
                    block.group,
                    block.language,
                    block.marks,
                    actual,
                    messages(page, block),
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {blocks} blocks are not as they are marked:\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

fn messages(page: &Page, block: &Block) -> Vec<String> {
    let report = support::run(page, block);
    report.outcomes.iter().map(|outcome| format!("{}: {}", outcome.subject.address, outcome.message())).collect()
}

#[test]
fn sections_hold_what_they_promise() {
    for page in support::all() {
        for block in &page.blocks {
            let findings = block.marks.iter().filter(|mark| mark.finding).count();
            let unknowns = block.marks.len() - findings;
            let place = format!("{}:{}", page.path.display(), block.line);
            match block.section.as_str() {
                "Fires" => assert!(findings > 0, "{place}: nothing fires"),
                "Stays silent" | "Fix" => assert!(findings + unknowns == 0, "{place}: this is not silent"),
                "Cannot tell" => assert!(findings == 0 && unknowns > 0, "{place}: this can be told"),
                other => panic!("{place}: no such section: {other}"),
            }
        }
    }
}

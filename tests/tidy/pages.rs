//! The grammar of pages, and that each check has one page, one file and one row.

use super::{files, no, read};
use std::collections::BTreeSet;
use trailproof::checks;

const SECTIONS: [&str; 4] = ["Fires", "Stays silent", "Cannot tell", "Fix"];

/// No example can show what these checks find: CloudFormation has no property for MFA delete, and a page shows one account.
const NEVER_FIRE: [&str; 2] = ["bucket_without_mfa_delete", "account_unrecorded"];

/// Words between title and first section, addresses of documentation not counted.
const WORDS_OF_WHY: usize = 125;

const KINDS: [&str; 13] = [
    "account_",
    "identity_",
    "trail_",
    "store_",
    "bucket_",
    "key_",
    "log_group_",
    "role_",
    "topic_",
    "organization_",
    "scp_",
    "rcp_",
    "policy_",
];

fn stems(folder: &str, ending: &str) -> Vec<String> {
    let names =
        files(folder).into_iter().filter_map(|path| Some(path.strip_suffix(ending)?.rsplit('/').next()?.to_owned()));
    names.collect()
}

#[test]
fn every_check_has_a_page_a_file_and_a_row() {
    let list: Vec<String> = checks::ALL.iter().map(|check| check.id.to_owned()).collect();
    let sorted: BTreeSet<&String> = list.iter().collect();
    assert!(list.iter().eq(sorted), "the list of src/checks.rs is not sorted, or names a check twice");
    assert_eq!(stems("checks", ".md"), list, "the pages and the list of src/checks.rs differ");
    assert_eq!(stems("src/checks", ".rs"), list, "the files and the list of src/checks.rs differ");
    let misspelt = |id: &&String| {
        let snake = id
            .split('_')
            .all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
        !snake || !KINDS.iter().any(|kind| id.starts_with(kind))
    };
    no(list
        .iter()
        .filter(misspelt)
        .map(|id| format!("{id}: subject first, then the problem, in snake_case"))
        .collect());
    let cases = cases().map(|path| path.split('/').nth(2).unwrap().to_owned());
    no(cases.filter(|id| !list.contains(id)).map(|id| format!("tests/cases/{id}: no such check")).collect());
}

/// The cases of checks. `iam` is a table of the policy language, which belongs to no check.
fn cases() -> impl Iterator<Item = String> {
    files("tests/cases").into_iter().filter(|path| !path.starts_with("tests/cases/iam/"))
}

#[test]
fn pages_follow_their_grammar() {
    let mut complaints = Vec::new();
    for path in files("checks") {
        let text = read(&path);
        let mut complain = |what: String| complaints.push(format!("{path}: {what}"));
        let (header, body) = text.split_once("\n\n").expect("a header and a body");
        let fields: Vec<&str> = header.lines().map(|line| line.split(':').next().unwrap()).collect();
        let needed: Vec<&str> = fields.iter().copied().filter(|field| *field != "default").collect();
        if needed != ["severity", "since", "fix"] {
            complain(format!("the header has severity, since, maybe default, and fix, not {fields:?}"));
        }
        if header.lines().any(|line| line.starts_with("fix: ") && (line.ends_with('.') || line.chars().count() > 165)) {
            complain("`fix:` is one short instruction without a full stop".to_owned());
        }
        match body.lines().next().and_then(|line| line.strip_prefix("# ")) {
            None => complain("the body begins with `# Title`".to_owned()),
            Some(title) if title.ends_with('.') => complain("the title has no full stop".to_owned()),
            Some(_) => {}
        }
        let why = body.split("\n## ").next().unwrap().lines().skip(1).collect::<Vec<_>>().join(" ");
        let words = why.split_whitespace().filter(|word| !word.contains("https://")).count();
        if !(1..=WORDS_OF_WHY).contains(&words) {
            complain(format!("{words} words of why, the limit is {WORDS_OF_WHY}"));
        }
        let sections = sections(body);
        let ranks: Vec<Option<usize>> = sections.iter().map(|name| SECTIONS.iter().position(|it| it == name)).collect();
        if ranks.contains(&None) || !ranks.is_sorted() {
            complain(format!("the sections are some of {SECTIONS:?}, in that order, not {sections:?}"));
        }
        for needed in ["Fires", "Stays silent", "Fix"] {
            if !sections.contains(&needed) {
                complain(format!("`## {needed}` is missing"));
            }
        }
        // What only a plan or an account shows can stand in nothing else.
        let is_beyond = path.ends_with("_by_plan.md") || body.contains("\n<!-- only: account, ");
        let languages: &[&str] = if is_beyond { &[] } else { &["yaml", "json"] };
        for language in languages {
            if !body.contains(&format!("\n```{language} cloudformation\n")) {
                complain(format!("no {language} example"));
            }
        }
        if !NEVER_FIRE.iter().any(|id| path.contains(id)) && !part(body, "Fires").contains("finding: ") {
            complain("no example in which it fires".to_owned());
        }
        if !part(body, "Stays silent").contains("\n```") {
            complain("no example in which it stays silent".to_owned());
        }
        complaints.extend(fences(&path, &text));
    }
    for path in cases() {
        let text = read(&path);
        if !text.starts_with("# ") || text.lines().next().unwrap().ends_with('.') {
            complaints.push(format!("{path}: a case begins with `# Title`, without full stop"));
        }
        for name in sections(&text) {
            if !SECTIONS.contains(&name) {
                complaints.push(format!("{path}: no such section: {name}"));
            }
        }
        complaints.extend(fences(&path, &text));
    }
    no(complaints);
}

fn sections(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.strip_prefix("## ")).collect()
}

/// What stands below a section's heading.
fn part<'t>(text: &'t str, name: &str) -> &'t str {
    let rest = text.split_once(&format!("\n## {name}\n")).map_or("", |(_, rest)| rest);
    rest.split("\n## ").next().unwrap()
}

/// What is wrong with the fences and marks of a page.
fn fences(path: &str, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut block: Option<Vec<&str>> = None;
    let mut marks: Vec<&str> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut complain = |what: &str| complaints.push(format!("{path}:{}: {what}", at + 1));
        let comment = line.strip_prefix("<!-- ").and_then(|rest| rest.strip_suffix(" -->"));
        match (&mut block, line) {
            (Some(lines), "```") => {
                // A mark of JSON names its line and the very text on it.
                for mark in marks.drain(..) {
                    let place = mark
                        .split_once(" \"")
                        .and_then(|(line, text)| Some((line.parse::<usize>().ok()?, text.strip_suffix('"')?)));
                    match place {
                        Some((line, text)) if lines.get(line.wrapping_sub(1)).is_some_and(|it| it.contains(text)) => {}
                        _ => complain(&format!("the mark `line {mark}` names no text of the block above")),
                    }
                }
                block = None;
            }
            (Some(lines), line) => {
                for mark in ["# finding: ", "# unknown: "] {
                    let after = line.split(mark).skip(1);
                    for text in after.map(|text| text.split(" # ").next().unwrap().trim()) {
                        let before = line.split("  # ").next().unwrap();
                        if !before.contains(text) {
                            complain(&format!("`{text}` is marked, and does not stand on the line"));
                        }
                    }
                }
                lines.push(line);
            }
            (
                None,
                "```yaml cloudformation" | "```json cloudformation" | "```hcl" | "```json plan" | "```json account",
            ) => {
                block = Some(Vec::new());
            }
            (None, line) if line.starts_with("```") => complain(
                "a block is `yaml cloudformation`, `json cloudformation`, `hcl`, `json plan` or `json account`",
            ),
            (None, _) => match comment {
                Some(comment) => {
                    match comment.strip_prefix("finding: line ").or(comment.strip_prefix("unknown: line ")) {
                        Some(mark) => marks.push(mark),
                        // Where a pointer leads is seen where the block is read.
                        None if comment.starts_with("finding: /") || comment.starts_with("unknown: /") => {}
                        None if comment.starts_with("run: --") || comment.starts_with("only: ") => {}
                        None => complain("a comment is a mark, `run: --flags` or `only: … reason`"),
                    }
                }
                None if line.starts_with("<!--") => complain("a comment begins with `<!-- ` and ends with ` -->`"),
                None => {}
            },
        }
    }
    if block.is_some() {
        complaints.push(format!("{path}: a block is not closed"));
    }
    if !marks.is_empty() {
        complaints.push(format!("{path}: a mark without a block"));
    }
    complaints
}

#[test]
fn faults_of_fences_are_seen() {
    let faults = |text: &str| fences("page", text).len();
    assert_eq!(faults("```yaml cloudformation\na: b  # finding: b\n```"), 0);
    assert_eq!(faults("```yaml cloudformation\na: b  # finding: c\n```"), 1);
    assert_eq!(faults("<!-- finding: line 1 \"x\" -->\n```json cloudformation\n{}\n```"), 1);
    assert_eq!(faults("<!-- findng: line 1 \"{\" -->\n```yaml"), 2);
}

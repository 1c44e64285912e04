//! Law 3: dialects agree. The blocks below one heading of a page are translations of one another, so every check says the
//! same of them, also those that the page is not about.

use crate::common::{all_checks, each, none};
use crate::support::{self, Block, Page};
use std::collections::BTreeMap;
use trailproof::judge::Answer;

/// Groups whose dialects say different things on purpose: page, group, why.
const EXCUSED: [(&str, &str, &str); 2] = [
    (
        "trail_without_kms_key.md",
        "Fires / An empty string",
        "Terraform leaves an empty text out, CloudFormation passes it on",
    ),
    (
        "trail_without_kms_key.md",
        "Stays silent / A key of another stack",
        "an export always has a value, what another state holds may be an empty text",
    ),
];

/// What a run says without addresses and places: how often each answer is given, by check, kind of subject and part.
fn said(page: &Page, block: &Block) -> BTreeMap<String, usize> {
    let options = all_checks(support::options(&page.id, &block.flags));
    let report = trailproof::check_text(&block.name(), &block.text, &options);
    let mut said = BTreeMap::new();
    for outcome in &report.outcomes {
        // Whether a question arises may hang on how a dialect cuts its resources.
        if outcome.answer == Answer::NotApplicable {
            continue;
        }
        let part = canonical(outcome.part.as_deref().unwrap_or_default());
        // A role's own policy is a resource of its own in Terraform, a permission set's too.
        let kind = outcome.subject.kind.replace("permission set", "policy").replace("policy", "role");
        let line = format!("{} of a {kind}: {} {part}", outcome.check.id, outcome.answer.as_str());
        *said.entry(line).or_insert(0) += 1;
    }
    said
}

/// What is said of an account and not of the template: a template leaves more open, and an account has no conditions or
/// parameters. What both decide is the same.
fn contradictions(template: &BTreeMap<String, usize>, account: &BTreeMap<String, usize>) -> Vec<String> {
    // Parts are named by position, which hangs on what stands before.
    let of = |said: &BTreeMap<String, usize>| {
        let mut answers: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for (line, count) in said {
            let (subject, answer) = line.split_once(": ").unwrap();
            let answer = answer.split(' ').next().unwrap();
            *answers.entry(subject.to_owned()).or_default().entry(answer.to_owned()).or_default() += count;
        }
        answers
    };
    let account = of(account);
    // A bucket that exists without a block has none; what a template leaves unsaid is the service's default, and another check's.
    let by_source = |subject: &String| subject.starts_with("bucket_public_access_not_blocked ");
    let all = of(template).into_iter().filter(|(subject, _)| !by_source(subject));
    let both = all.filter_map(|(subject, answers)| {
        let other = account.get(&subject)?;
        let decided = !answers.contains_key("unknown") && !other.contains_key("unknown");
        (decided && answers != *other).then(|| format!("{subject}: {answers:?}, in the account {other:?}"))
    });
    both.collect()
}

fn is_terraform(block: &Block) -> bool {
    block.language == "hcl"
}

/// A part without what each dialect spells in its own way: the property that holds it.
fn canonical(part: &str) -> String {
    match (part.find("Statement["), part.find('[')) {
        (Some(at), _) => part[at..].to_owned(),
        (None, Some(_)) => part.chars().filter(|it| it.is_ascii_digit() || matches!(it, '[' | ']')).collect(),
        (None, None) if part.is_empty() => String::new(),
        (None, None) => "…".to_owned(),
    }
}

/// The differences between the dialects of a group, each held against its first template.
fn complaints(page: &Page, group: &str, blocks: &[&Block]) -> Vec<String> {
    let Some(template) = blocks.iter().find(|block| !is_terraform(block) && block.language != "account") else {
        return Vec::new();
    };
    let configurations: Vec<&&Block> = blocks.iter().filter(|block| is_terraform(block)).collect();
    let path = page.path.strip_prefix(support::root()).unwrap().display().to_string();
    let accounts = blocks.iter().filter(|block| block.language == "account");
    let told = || said(page, template);
    let mut complaints: Vec<String> = accounts
        .map(|block| (block, contradictions(&told(), &said(page, block))))
        .filter(|(_, wrong)| !wrong.is_empty())
        .map(|(block, wrong)| format!("{path}:{} ({group})\n  {wrong:#?}", block.line))
        .collect();
    if configurations.is_empty() || EXCUSED.iter().any(|(page, of, _)| path.ends_with(page) && *of == group) {
        return complaints;
    }
    let expected = told();
    for block in configurations {
        let actual = said(page, block);
        let only = |one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| -> Vec<String> {
            let more = one.iter().filter(|(line, count)| other.get(*line) != Some(count));
            more.map(|(line, count)| format!("{count} × {line}")).collect()
        };
        if actual != expected {
            complaints.push(format!(
                "{path}:{} ({group})\n  CloudFormation {:#?}\n  Terraform {:#?}",
                block.line,
                only(&expected, &actual),
                only(&actual, &expected)
            ));
        }
    }
    complaints
}

#[test]
fn dialects_agree() {
    let only = std::env::var("PAGE").unwrap_or_default();
    let pages = support::all();
    let mut groups: Vec<(&Page, &str, Vec<&Block>)> = Vec::new();
    for page in pages.iter().filter(|page| page.path.to_string_lossy().contains(&only)) {
        let mut of_page: BTreeMap<&str, Vec<&Block>> = BTreeMap::new();
        for block in page.blocks.iter().filter(|block| block.only.is_none()) {
            of_page.entry(&block.group).or_default().push(block);
        }
        groups.extend(of_page.into_iter().map(|(group, blocks)| (page, group, blocks)));
    }
    let wrong = each(&groups, |(page, group, blocks)| complaints(page, group, blocks));
    none("law 3", wrong.into_iter().flatten().collect());
}

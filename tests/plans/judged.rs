//! What runs say of plans: with the sources the findings stand there, and what the plan knows is decided.

use super::*;
use std::collections::BTreeMap;
use trailproof::judge::{Answer, Outcome};
use trailproof::report::{Report, Show, human, json, sarif};
use trailproof::{Options, check_texts, checks};

fn options() -> Options {
    Options { checks: checks::ALL.iter().filter(|check| check.page.default_on).collect(), ..Options::default() }
}

fn run(files: &[&str]) -> Report {
    let texts: Vec<(&str, String)> = files.iter().map(|name| (*name, text(name))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let report = check_texts(&files, &options());
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

fn sources(case: &str) -> Vec<String> {
    let mut all = vec![format!("{case}/main.tf"), format!("{case}/provider.tf")];
    if case == "modules" {
        all.push("modules/trail/main.tf".to_owned());
    }
    all
}

/// The answer of a check for an address, with the text that it underlines and the file.
fn answer(report: &Report, check: &str, address: &str) -> (Answer, String, String) {
    let own = |outcome: &&Outcome| outcome.check.id == check && &*outcome.subject.address == address;
    let found: Vec<&Outcome> = report.outcomes.iter().filter(own).collect();
    let all: Vec<&str> = report.outcomes.iter().map(|outcome| &*outcome.subject.address).collect();
    let [outcome] = found.as_slice() else { panic!("{} of {check} for {address} in {all:?}", found.len()) };
    let file = report.sources.get(outcome.span.file).unwrap();
    (outcome.answer, file.cut(outcome.span).to_owned(), file.name.clone())
}

#[test]
fn findings_stand_in_the_sources() {
    for case in CASES.into_iter().filter(|case| *case != "removed") {
        let plan = format!("{case}/plan.json");
        let files = sources(case);
        let mut names: Vec<&str> = files.iter().map(String::as_str).collect();
        names.push(&plan);
        let report = run(&names);
        assert!(report.failures().count() > 0, "{case}");
        for outcome in &report.outcomes {
            let file = report.sources.get(outcome.span.file).unwrap();
            assert!(file.name.ends_with(".tf"), "{case}: {} {:?}", outcome.check.id, outcome.label);
        }
    }
}

#[test]
fn what_the_plan_knows_is_decided() {
    let mut files = sources("modules");
    files.push("modules/plan.json".to_owned());
    let report = run(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let validation =
        |stage: &str| answer(&report, "trail_without_log_validation", &format!("module.{stage}.aws_cloudtrail.this"));
    assert_eq!(validation("trail[\"live\"]").0, Answer::Pass);
    assert_eq!(validation("abroad[0]").0, Answer::Pass);
    let (answer_of, text, file) = validation("trail[\"test\"]");
    assert_eq!((answer_of, text.as_str(), file.as_str()), (Answer::Fail, "var.validate", "modules/trail/main.tf"));
    for module in ["trail[\"live\"]", "trail[\"test\"]", "abroad[0]"] {
        let bucket = format!("module.{module}.aws_s3_bucket.logs[0]");
        assert_eq!(answer(&report, "bucket_without_versioning", &bucket).0, Answer::Pass);
    }
}

/// The answers of a report, by check and address.
fn answers(report: &Report) -> BTreeMap<(String, String), Answer> {
    let one = |outcome: &Outcome| ((outcome.check.id.to_owned(), outcome.subject.address.to_string()), outcome.answer);
    report.outcomes.iter().map(one).collect()
}

#[test]
fn a_plan_never_says_the_opposite_of_its_sources() {
    for case in CASES.into_iter().filter(|case| *case != "removed") {
        let files = sources(case);
        let names: Vec<&str> = files.iter().map(String::as_str).collect();
        let plan = format!("{case}/plan.json");
        let source = answers(&run(&names));
        let alone = answers(&run(&[&plan]));
        let both = answers(&run(&[names.as_slice(), &[&plan]].concat()));
        let decided = |answer: &Answer| matches!(answer, Answer::Pass | Answer::Fail);
        for (key, answer) in source.iter().filter(|(_, answer)| decided(answer)) {
            for (form, other) in [("alone", &alone), ("with its sources", &both)] {
                let other = other.get(key);
                let opposite = other.is_some_and(|other| decided(other) && other != answer);
                assert!(!opposite, "{case}, {form}: {key:?} {answer:?} {other:?}");
            }
            assert!(both.contains_key(key), "{case}: {key:?}");
        }
    }
}

#[test]
fn nothing_sensitive_is_written() {
    let mut files = sources("sensitive");
    files.push("sensitive/plan.json".to_owned());
    let with_sources: Vec<&str> = files.iter().map(String::as_str).collect();
    for files in [&["sensitive/plan.json"][..], &with_sources] {
        let report = run(files);
        let show = Show { unknown: true, pass: true, not_applicable: true };
        let style = human::Style { colour: false, width: 100 };
        for written in [human::render(&report, show, style), json::render(&report), sarif::render(&report, show, "")] {
            assert!(written.contains("aws_cloudtrail.audit"), "{written}");
            assert!(!written.contains("hunter2"), "{written}");
        }
    }
}

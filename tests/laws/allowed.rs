//! Law 6: an exception removes exactly its finding, whatever the dialect, and one without effect is reported.
//!
//! It runs over every example of every page: for each finding a comment is put where it stands, or metadata where comments
//! cannot stand.

use crate::common::{Case, Numbers, corpus, each, none};
use serde_json::Value;
use std::collections::BTreeSet;
use trailproof::judge::Answer;
use trailproof::policy::{self, Decisions};
use trailproof::report::{Report, State, human, json, sarif};
use trailproof::source::Position;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 12, 1);

/// A finding as a law compares it: where lines were added, its place is told by its text.
type Told = (&'static str, String, String, Option<String>);

fn settled(case: &Case, text: &str) -> Report {
    let mut report = case.run_as(text);
    policy::settle(&mut report, &Decisions::new(TODAY));
    report
}

fn open(report: &Report) -> Vec<Told> {
    let mut all: Vec<Told> = report.failures().map(|outcome| told(report, outcome)).collect();
    all.sort();
    all
}

fn told(report: &Report, outcome: &trailproof::judge::Outcome) -> Told {
    let text = report.sources.cut(outcome.span).to_owned();
    (outcome.check.id, outcome.subject.address.to_string(), text, outcome.part.clone())
}

/// The text with a line above the one that a finding stands in.
fn above(text: &str, line: u32, comment: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let indent: String = lines[line as usize - 1].chars().take_while(|c| *c == ' ').collect();
    let comment = format!("{indent}{comment}\n");
    lines.insert(line as usize - 1, &comment);
    lines.concat()
}

/// The text with metadata in the resource whose name stands in a place; none where that is no plain JSON.
fn with_metadata(text: &str, id: &str, check: &str) -> Option<String> {
    let mut tree: Value = serde_json::from_str(text).ok()?;
    let resource = tree.get_mut("Resources")?.get_mut(id)?.as_object_mut()?;
    let metadata = resource.entry("Metadata").or_insert_with(|| serde_json::json!({})).as_object_mut()?;
    let entry = serde_json::json!([{"check": check, "reason": "it is known and accepted"}]);
    metadata.insert("trailproof".to_owned(), serde_json::json!({ "allow": entry }));
    Some(serde_json::to_string_pretty(&tree).unwrap())
}

/// What is wrong with a run in which one finding was allowed.
fn complaint(case: &Case, before: &Report, told: &Told, after: &Report) -> Option<String> {
    let mut wanted = open(before);
    // What one comment covers are the findings of its check in one place.
    let held: Vec<Told> = after.suppressed().map(|(outcome, _)| self::told(after, outcome)).collect();
    if !held.contains(told) {
        return Some(format!("{}: {told:?} is not held back; {:?}", case.place, after.exceptions));
    }
    if let Some(other) = held.iter().find(|it| it.0 != told.0) {
        return Some(format!("{}: {other:?} is held back by an exception of {}", case.place, told.0));
    }
    for one in &held {
        wanted.remove(wanted.iter().position(|it| it == one)?);
    }
    (open(after) != wanted).then(|| format!("{}: other findings changed: {:?} {wanted:?}", case.place, open(after)))
}

/// Whether a comment can stand above a line: it is no line of a text of several lines.
fn is_code(text: &str, line: u32) -> bool {
    let before: Vec<&str> = text.lines().take(line as usize - 1).collect();
    !before.iter().any(|line| line.contains("<<") || line.ends_with(['|', '>', '\\']) || line.ends_with("|-"))
}

#[test]
fn an_exception_holds_back_its_finding_and_no_other() {
    let cases = corpus();
    let tried = std::sync::atomic::AtomicUsize::new(0);
    let complaints = each(&cases, |case| {
        if matches!(case.language.as_str(), "account" | "plan") {
            return Vec::new();
        }
        // JSON is written anew with its metadata.
        let tree = serde_json::from_str::<Value>(&case.text).ok().filter(|_| case.language == "json");
        let text = tree.map_or(case.text.clone(), |tree| serde_json::to_string_pretty(&tree).unwrap());
        let before = settled(case, &text);
        let mut complaints = Vec::new();
        let mut seen = BTreeSet::new();
        // Those of the page's own check, and some of the others.
        let mut numbers = Numbers::new(case.place.len() as u64);
        for outcome in before.failures() {
            if !case.place.contains(outcome.check.id) && !numbers.once_in(16) {
                continue;
            }
            let told = told(&before, outcome);
            let file = before.sources.get(outcome.span.file).unwrap();
            let Position { line, .. } = file.position(outcome.span.start);
            let owner = file.position(outcome.subject.declared[0].start).line;
            if !seen.insert((told.0, line)) {
                continue;
            }
            let texts: Vec<String> = match case.language.as_str() {
                "json" => with_metadata(&text, &told.1, told.0).into_iter().filter(|_| !told.1.contains('/')).collect(),
                language => {
                    let sign = if language == "hcl" && line % 2 == 0 { "//" } else { "#" };
                    let comment = format!("{sign} trailproof: allow {} -- it is known and accepted", told.0);
                    // Beside the finding, unless that is in the middle of a text, and at what declares the subject.
                    let at = |line| above(&text, line, &comment);
                    [at(line)].into_iter().filter(|_| is_code(&text, line)).chain([at(owner)]).collect()
                }
            };
            for text in texts {
                tried.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let after = settled(case, &text);
                complaints.extend(complaint(case, &before, &told, &after).map(|it| format!("{it}\n{text}")));
            }
        }
        complaints
    });
    assert!(tried.into_inner() > 800 || std::env::var("PAGE").is_ok());
    none("an exception holds back exactly its finding", complaints.into_iter().flatten().collect());
}

#[test]
fn an_exception_without_effect_is_reported() {
    let complaints = each(&corpus(), |case| {
        if !matches!(case.language.as_str(), "yaml" | "hcl") {
            return None;
        }
        let before = settled(case, &case.text);
        let silent = trailproof::checks::ALL.iter().find(|check| {
            let mut own = before.outcomes.iter().filter(|outcome| outcome.check.id == check.id);
            own.all(|outcome| matches!(outcome.answer, Answer::Pass | Answer::NotApplicable))
        })?;
        let text = format!("# trailproof: allow-file {} -- it is known and accepted\n{}", silent.id, case.text);
        let after = settled(case, &text);
        let new: Vec<State> = after.exceptions.iter().map(|exception| exception.state).collect();
        let wanted = before.is_complete();
        (new.contains(&State::Unused) != wanted || open(&after) != open(&before)).then(|| {
            format!("{}: {} is {new:?}, and the run is {}", case.place, silent.id, if wanted { "whole" } else { "not" })
        })
    });
    none("one without effect is reported", complaints.into_iter().flatten().collect());
}

const TRAIL: &str = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: false  # HERE\n      \
                     S3BucketName: logs\n";

fn states(comment: &str) -> (Vec<State>, usize) {
    let options =
        trailproof::Options { checks: vec![trailproof::checks::find("trail_stopped").unwrap()], ..Default::default() };
    let mut report = trailproof::check_text("t.yaml", &TRAIL.replace("# HERE", comment), &options);
    policy::settle(&mut report, &Decisions::new(TODAY));
    (report.exceptions.iter().map(|exception| exception.state).collect(), report.suppressed().count())
}

#[test]
fn states_are_told_apart() {
    let allow = |rest: &str| states(&format!("# trailproof: allow {rest}"));
    assert_eq!(allow("trail_stopped -- moved to the other trail"), (vec![], 1));
    assert_eq!(allow("trail_stopped until=2026-12-01 -- moved to the other trail"), (vec![], 1));
    assert_eq!(allow("trail_stopped until=2026-11-30 -- moved to the other trail"), (vec![State::Expired], 0));
    assert_eq!(allow("trail_stopped"), (vec![State::WithoutReason], 0));
    assert_eq!(allow("trail_stopped -- short"), (vec![State::WithoutReason], 0));
    assert_eq!(allow("trail_stoped -- moved to the other trail"), (vec![State::UnknownCheck], 0));
    assert_eq!(allow("trail_stopped until=soon -- moved to the other trail"), (vec![State::Malformed], 0));
    assert_eq!(allow("trail_stopped kind=x -- moved to the other trail"), (vec![State::Malformed], 0));
    assert_eq!(allow("trail_stopped part=x -- moved to the other trail"), (vec![State::Unused], 0));
    // A check that does not run may find something another time.
    assert_eq!(allow("key_open -- moved to the other trail"), (vec![], 0));
}

#[test]
fn every_format_says_who_and_why() {
    let options = trailproof::Options { checks: trailproof::checks::ALL.iter().collect(), ..Default::default() };
    let comment =
        "# trailproof: allow trail_stopped, key_open until=2026-12-20 owner=ops -- moved to \u{1b}[31mthe other";
    // A control character would end the comment's file.
    let text = TRAIL.replace("# HERE", &comment.replace('\u{1b}', ""));
    let mut report = trailproof::check_text("t.yaml", &text, &options);
    policy::settle(&mut report, &Decisions::new(TODAY));
    let show = trailproof::report::Show { suppressed: true, ..Default::default() };
    let style = human::Style { colour: false, width: 120 };
    let (people, plain) = (human::render(&report, show, style), human::render(&report, Default::default(), style));
    assert!(people.contains("comment at t.yaml:5:45, by ops, until 2026-12-20: moved to [31mthe other"), "{people}");
    assert!(plain.contains("1 held back (1 by comment; 1 for 30 days more at most)"), "{plain}");
    assert!(plain.contains("t.yaml:5:60  allow_unused   `key_open` finds nothing here"), "{plain}");
    assert!(!plain.contains("trail_stopped   Trail"), "{plain}");
    let parsed: Value = serde_json::from_str(&json::render(&report)).unwrap();
    let of = |id: &str| parsed["results"].as_array().unwrap().iter().find(|it| it["check"] == id).unwrap().clone();
    let held = of("trail_stopped")["suppressed"].clone();
    assert_eq!((&held["by"], &held["owner"], &held["until"]), (&"comment".into(), &"ops".into(), &"2026-12-20".into()));
    assert_eq!(held["location"]["line"], 5);
    assert_eq!(parsed["exceptions"][0]["state"], "allow_unused");
    let results = |show| {
        let log: Value = serde_json::from_str(&sarif::render(&report, show)).unwrap();
        log["runs"][0]["results"].as_array().unwrap().clone()
    };
    let rule = |result: &Value| result["ruleId"].as_str().unwrap().to_owned();
    let plain: Vec<String> = results(Default::default()).iter().map(rule).collect();
    assert!(!plain.contains(&"trail_stopped".to_owned()) && plain.contains(&"allow_unused".to_owned()), "{plain:?}");
    let asked = results(show);
    let held = asked.iter().find(|result| rule(result) == "trail_stopped").unwrap();
    assert_eq!(held["suppressions"][0]["kind"], "inSource");
}

//! Law 2 for accounts: a call that is denied never says something else than its answer did. What was decided by the answer
//! becomes unknown and names the permission, or is silent where the answer alone showed that there is something to judge.

use crate::common::{Case, corpus, each, none};
use std::collections::{BTreeMap, BTreeSet};
use trailproof::judge::Answer;
use trailproof::read::account::Call;
use trailproof::report::Report;
use trailproof::source::FileId;
use trailproof::syntax::{Node, json};
use trailproof::value::WhyKind;

type Said = BTreeMap<(&'static str, &'static str, String), BTreeSet<Answer>>;

fn said(report: &Report) -> Said {
    let mut said = Said::new();
    for outcome in report.outcomes.iter().filter(|outcome| outcome.answer != Answer::NotApplicable) {
        let key = (outcome.check.id, outcome.subject.kind, outcome.subject.address.to_string());
        said.entry(key).or_default().insert(outcome.answer);
    }
    said
}

/// The evidence with one call denied, and the permission that it needs.
fn deny(text: &str, call: &Node) -> Option<(String, String)> {
    let (key, output) = call.entry("output")?;
    let known = Call::find(call.get("service")?.text()?, call.get("operation")?.text()?)?;
    let (before, rest) = text.split_at(key.span.start as usize);
    let after = &rest[output.span.end as usize - key.span.start as usize..];
    let error = "\"error\": {\"code\": \"AccessDenied\", \"message\": \"no identity-based policy allows it\"}";
    Some(([before, error, after].concat(), known.permission.to_owned()))
}

fn complaints(case: &Case) -> Vec<String> {
    let root = json::parse(FileId(0), &case.text).unwrap();
    let before = said(&case.run());
    let mut complaints = Vec::new();
    for call in root.get("calls").unwrap().items() {
        let Some((text, permission)) = deny(&case.text, call) else { continue };
        let report = case.run_as(&text);
        let mut complain = |what: String| complaints.push(format!("{} without {permission}: {what}", case.place));
        if !report.problems.is_empty() {
            complain(format!("{:?}", report.problems));
        }
        let after = said(&report);
        for (key, was) in &before {
            let Some(now) = after.get(key) else { continue };
            let is_new = |answer: &Answer| matches!(answer, Answer::Pass | Answer::Fail) && !was.contains(answer);
            // Of several faults some may be left; a pass beside them is none of them.
            if now.iter().any(is_new) && !was.contains(&Answer::Unknown) {
                complain(format!("{key:?} was {was:?}, is {now:?}"));
            }
        }
        let unknown = report.outcomes.iter().filter(|outcome| outcome.answer == Answer::Unknown);
        for outcome in unknown {
            let key = (outcome.check.id, outcome.subject.kind, outcome.subject.address.to_string());
            let is_named = outcome.reasons.iter().any(|why| why.kind == WhyKind::Denied && *why.name == *permission);
            let is_known = before.get(&key).is_none_or(|was| was.contains(&Answer::Unknown));
            let is_hidden = outcome.reasons.iter().all(|why| why.kind == WhyKind::NotVisible);
            if !is_named && !is_known && !is_hidden {
                complain(format!("{key:?} is unknown for another reason: {:?}", outcome.reasons));
            }
        }
    }
    complaints
}

/// The evidence with its calls in the opposite order.
fn reversed(text: &str) -> String {
    let mut root: serde_json::Value = serde_json::from_str(text).unwrap();
    root["calls"].as_array_mut().unwrap().reverse();
    root.to_string()
}

#[test]
fn the_order_of_calls_is_not_meaning() {
    let cases: Vec<Case> = corpus().into_iter().filter(|case| case.language == "account").collect();
    let differ = |case: &Case| {
        let (one, other) = (said(&case.run()), said(&case.run_as(&reversed(&case.text))));
        (one != other).then(|| format!("{}: {one:#?}\n{other:#?}", case.place))
    };
    none("law 4 (calls)", each(&cases, differ).into_iter().flatten().collect());
}

#[test]
fn a_denied_call_hides_what_it_shows_and_nothing_else() {
    let cases: Vec<Case> = corpus().into_iter().filter(|case| case.language == "account").collect();
    assert!(cases.len() > 20 || std::env::var("PAGE").is_ok(), "the examples of accounts are lost");
    none("law 2 (denied)", each(&cases, complaints).into_iter().flatten().collect());
}

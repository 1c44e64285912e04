//! What another implementation says of the same requests: `tests/cases/iam/simulated.jsonl`, whose README says how it
//! was made and weighs every disagreement.

use super::common::none;
use super::core::{Attached, Core};
use super::naive::{Caller, Nearness, Policies, Request, Verdict, Voices, decide, decide_by, says_to};
use crate::support;
use serde_json::Value;
use std::collections::BTreeSet;

/// A line of the table.
pub(crate) struct Row {
    pub(crate) about: String,
    pub(crate) request: Request,
    pub(crate) policies: Policies,
    pub(crate) simulated: Verdict,
}

pub(crate) fn table() -> Vec<Row> {
    let path = support::root().join("tests/cases/iam/simulated.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        let one = |name: &str| line.get(name).cloned();
        let levels = |name: &str| -> Vec<Vec<Value>> {
            line[name].as_array().into_iter().flatten().map(|level| level.as_array().unwrap().clone()).collect()
        };
        Row {
            about: line["about"].as_str().unwrap().to_owned(),
            request: Request::read(&line["request"]),
            policies: Policies {
                identity: line["identity"].as_array().cloned().unwrap_or_default(),
                resource: one("resource"),
                scps: levels("scps"),
                rcps: levels("rcps"),
                boundary: one("boundary"),
                session: one("session"),
            },
            simulated: match line["simulated"].as_str().unwrap() {
                "Allowed" => Verdict::Allowed,
                "ExplicitlyDenied" => Verdict::ExplicitlyDenied,
                "ImplicitlyDenied" => Verdict::ImplicitlyDenied,
                other => panic!("{other} in {line}"),
            },
        }
    };
    text.lines().map(row).collect()
}

/// The rows on which the README weighs a disagreement: the items of its lists, each a name in backticks.
pub(crate) fn weighed() -> BTreeSet<String> {
    let path = support::root().join("tests/cases/iam/README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let items = text.lines().filter_map(|line| line.strip_prefix("- ``")?.strip_suffix("``"));
    items.map(|item| item.trim().to_owned()).collect()
}

#[test]
fn the_naive_evaluator_agrees() {
    let rows = table();
    assert!(rows.len() > 300 && rows.iter().any(|row| row.about.starts_with("seed")), "the table is lost");
    let differs = rows.iter().filter(|row| decide(&row.policies, &row.request) != row.simulated);
    let differs: BTreeSet<String> = differs.map(|row| row.about.clone()).collect();
    let weighed = weighed();
    let new: Vec<&String> = differs.difference(&weighed).collect();
    let gone: Vec<&String> = weighed.difference(&differs).collect();
    assert!(new.is_empty(), "not weighed in the README: {new:#?}");
    assert!(gone.is_empty(), "weighed in the README, but nobody disagrees: {gone:#?}");
}

/// The decision as the program's evaluator has it of each policy. How near a principal comes is left to the naive one: the
/// program asks only whether it is meant.
fn decide_by_core(row: &Row) -> Verdict {
    let is = |policy: &Value, attached: Attached, effect: &str, request: &Request| {
        let said = Core::read(std::slice::from_ref(policy), attached, &[]).says(request);
        let answer = if effect == "Allow" { said.allows } else { said.denies };
        answer.unwrap_or_else(|| panic!("{}: unknown, though every text is known", row.about))
    };
    let says = |policy: &Value, effect: &str, request: &Request| is(policy, Attached::Role, effect, request);
    let near = |policy: &Value, effect: &str, request: &Request| {
        let trust = request.action.starts_with("sts:");
        let attached = if trust { Attached::Trust } else { Attached::Bucket };
        match is(policy, attached, effect, request) {
            true => says_to(policy, effect, request).max(Nearness::Account),
            false => Nearness::No,
        }
    };
    decide_by(&row.policies, &row.request, &Voices { says: &says, says_to: &near })
}

#[test]
fn the_evaluator_agrees() {
    let mut wrong = Vec::new();
    let weighed = weighed();
    // The program asks about roles, never about one of their sessions.
    for row in table().iter().filter(|row| !matches!(&row.request.caller, Caller::Arn(arn) if arn.contains(":sts:"))) {
        let (core, naive) = (decide_by_core(row), decide(&row.policies, &row.request));
        if core != naive && !(weighed.contains(&row.about) && core == row.simulated) {
            wrong.push(format!("{}: naive {naive:?}, simulated {:?}, core {core:?}", row.about, row.simulated));
        }
    }
    none("the recorded table", wrong);
}

//! What another implementation says of the same requests: `tests/cases/iam/simulated.jsonl`, whose README says how it
//! was made and weighs every disagreement.

use super::naive::{Policies, Request, Verdict, decide};
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

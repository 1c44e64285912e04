//! What another implementation says of the same requests: `tests/cases/iam/simulated.jsonl`, whose README says how it
//! was made and weighs every disagreement.

use super::common::none;
use super::core::{Attached, Core, answer};
use super::naive::{Caller, Policies, Request, Verdict, decide};
use crate::support;
use serde_json::Value;
use std::collections::BTreeSet;
use trailproof::model::iam::{Layers, Level, Standing};
use trailproof::value::{Text, Truth};

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

/// The decision as the program has it.
fn decide_by_core(row: &Row) -> Verdict {
    let (policies, request) = (&row.policies, &row.request);
    let of_resource = if request.action.starts_with("sts:") { Attached::Trust } else { Attached::Bucket };
    let read = |all: &[Value], attached: Attached| Core::read(all, attached, &[]);
    let one = |policy: &Option<Value>, attached| read(policy.as_slice(), attached);
    let levels = |all: &[Vec<Value>], attached| all.iter().map(|level| read(level, attached)).collect::<Vec<Core>>();
    let identity = read(&policies.identity, Attached::Role);
    let (boundary, session) = (one(&policies.boundary, Attached::Role), one(&policies.session, Attached::Role));
    let resource = one(&policies.resource, of_resource);
    let (scps, rcps) = (levels(&policies.scps, Attached::Account), levels(&policies.rcps, Attached::Bucket));
    let layers = Layers {
        identity: identity.policies(),
        boundary: boundary.policies().first().copied(),
        session: session.policies().first().copied(),
        resource: resource.policies().first().copied(),
        service_control: scps.iter().map(|core| Level::of(core.policies())).collect(),
        resource_control: rcps.iter().map(|core| Level::of(core.policies())).collect(),
    };
    let bound = Truth::from(!request.caller.is_service_linked());
    let standing = Standing {
        account: request.caller.account().map(Text::from),
        owner: request.owner.as_str().into(),
        caller_is_bound: bound.clone(),
        resource_is_bound: bound,
    };
    let decided = layers.decide(&resource.question(request), &standing);
    match (answer(&decided.allowed), answer(&decided.denied)) {
        (Some(true), Some(false)) => Verdict::Allowed,
        (Some(false), Some(true)) => Verdict::ExplicitlyDenied,
        (Some(false), Some(false)) => Verdict::ImplicitlyDenied,
        other => panic!("{}: {other:?}, though every text is known", row.about),
    }
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

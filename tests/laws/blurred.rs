//! Law 2 for Terraform: an argument's value replaced by a variable without a value never says something else.

use crate::common::{Case, corpus, each, none, says_else};
use crate::monotone::said;
use std::ops::Range;
use trailproof::source::FileId;
use trailproof::syntax::hcl::{self, Body, Expr, ExprKind};

/// Arguments by which a resource is found, or by which something is told to be the trail's. See the law for templates.
const LINKS: [&str; 31] = [
    // What lets CloudTrail in makes a key or bucket the trail's.
    "policy",
    "type",
    "bucket",
    "name",
    "name_prefix",
    "id",
    "arn",
    "kms_key_id",
    "kms_master_key_id",
    "kms_key_arn",
    "cloud_watch_logs_group_arn",
    "cloud_watch_logs_role_arn",
    "sns_topic_name",
    "topic",
    "topic_arn",
    "s3_bucket_name",
    "s3_key_prefix",
    "target_bucket",
    "target_key_id",
    "target_id",
    "key_id",
    "role",
    "policy_arn",
    "policy_id",
    "resource_arn",
    "policy_name",
    "log_group_name",
    "Service",
    "identifiers",
    "type",
    "source",
];

/// What is no value: how often a resource is there, and what only Terraform itself reads.
const META: [&str; 6] = ["count", "for_each", "depends_on", "provider", "providers", "lifecycle"];

fn in_body(body: &Body, linked: bool, out: &mut Vec<(Range<usize>, bool)>) {
    for attribute in body.attributes.iter().filter(|attribute| !META.contains(&&*attribute.name.text)) {
        leaves(&attribute.value, linked || LINKS.contains(&&*attribute.name.text), out);
    }
    for block in body.blocks.iter().filter(|block| !META.contains(&&*block.kind.text) && &*block.kind.text != "dynamic")
    {
        in_body(&block.body, linked, out);
    }
}

/// The values that may be replaced, with whether a link hangs on them.
fn leaves(expr: &Expr, linked: bool, out: &mut Vec<(Range<usize>, bool)>) {
    match &expr.kind {
        ExprKind::Text(_) | ExprKind::Bool(_) | ExprKind::Number(_) => out.push((expr.span.range(), linked)),
        ExprKind::List(items) => items.iter().for_each(|item| leaves(item, linked, out)),
        ExprKind::Map(entries) => entries.iter().for_each(|(key, value)| {
            let is_link = key.literal().is_some_and(|key| LINKS.contains(&key));
            leaves(value, linked || is_link, out);
        }),
        ExprKind::Call { name, arguments, .. } if &*name.text == "jsonencode" => {
            arguments.iter().for_each(|argument| leaves(argument, linked, out));
        }
        _ => {}
    }
}

fn complaints(case: &Case) -> (usize, Vec<String>) {
    let (body, _) = hcl::parse(FileId(0), &case.text);
    let mut all = Vec::new();
    let resources = body.blocks.iter().filter(|block| ["resource", "data"].contains(&&*block.kind.text));
    resources.for_each(|block| in_body(&block.body, false, &mut all));
    let known = said(&case.run());
    let (mut tried, mut complaints) = (0, Vec::new());
    for (leaf, linked) in all {
        let (before, after) = (&case.text[..leaf.start], &case.text[leaf.end..]);
        let text = format!("{before}var.law_hole{after}\nvariable \"law_hole\" {{}}\n");
        let report = case.run_as(&text);
        if !report.problems.is_empty() {
            continue;
        }
        tried += 1;
        let now = said(&report);
        for (key, was) in &known {
            let wrong = says_else(*was, now.get(key).copied(), linked);
            if wrong {
                let cut = &case.text[leaf.clone()];
                complaints.push(format!(
                    "{}: {key:?} was {was:?}, is {:?} without `{cut}`\n{text}",
                    case.place,
                    now.get(key)
                ));
            }
        }
    }
    (tried, complaints)
}

#[test]
fn knowing_less_of_a_configuration_never_says_something_else() {
    let cases: Vec<Case> = corpus().into_iter().filter(|case| case.language == "hcl").collect();
    let results = each(&cases, complaints);
    let tried: usize = results.iter().map(|(tried, _)| tried).sum();
    none("law 2", results.into_iter().flat_map(|(_, complaints)| complaints).collect());
    assert!(tried > cases.len() || cases.is_empty(), "only {tried} values of {} blocks were replaced", cases.len());
}

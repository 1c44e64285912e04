//! Law 2, first half: knowing less never says something else.
//!
//! Any value of a template is replaced by a reference to a parameter without a value. What passed may become unknown, and
//! what failed too; nothing turns from one into the other, and nothing that was judged falls silent.

use crate::common::{Case, corpus, each, none, says_else};
use std::collections::BTreeMap;
use trailproof::judge::Answer;
use trailproof::report::Report;
use trailproof::syntax::{Kind, Node};

/// Properties by which a resource is found. Without their value nobody can tell what belongs together, and what was
/// judged for a trail's sake may fall silent.
const LINKS: [&str; 19] = [
    "S3BucketName",
    "KMSKeyId",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "SnsTopicName",
    "TopicName",
    "RoleName",
    "ResourceArn",
    // What lets CloudTrail in is the trail's for that.
    "Service",
    "BucketName",
    "LogGroupName",
    "AliasName",
    "TargetKeyId",
    "Bucket",
    "DestinationBucketName",
    "S3KeyPrefix",
    "TemplateURL",
    "Export",
    "Name",
];

/// Links that a single check rests on in another way: the trail's own key pins the partition of its selectors.
const EXCUSED: [(&str, &str); 1] = [("trail_selector_matches_nothing", "KMSKeyId")];

/// Stars where text is compared: no organization is called so, hence this lets in no one, and whatever else may stand there
/// lets in the members of some organization.
const NO_ORGANIZATION: [&str; 2] = ["bucket_readable_by_others", "key_decryptable_by_others"];

/// Sections and keys below which CloudFormation allows no reference, or where a name stands and not a value.
const NAMES: [&str; 17] = [
    "Parameters",
    "Mappings",
    "Conditions",
    "Transform",
    "AWSTemplateFormatVersion",
    "Description",
    "Type",
    "Condition",
    "DependsOn",
    "Ref",
    "Fn::GetAtt",
    "Fn::Sub",
    "Fn::FindInMap",
    "Metadata",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Outputs",
];

/// The spans of the leaves that may be replaced, with whether a link hangs on them.
fn leaves(node: &Node, linked: bool, out: &mut Vec<(std::ops::Range<usize>, bool)>) {
    if node
        .tag
        .as_ref()
        .is_some_and(|tag| matches!(&*tag.text, "!Ref" | "!GetAtt" | "!Sub" | "!FindInMap" | "!Condition"))
    {
        return;
    }
    let is_if = node.tag.as_ref().is_some_and(|tag| &*tag.text == "!If");
    match &node.kind {
        Kind::Scalar { .. } if node.tag.is_none() && !node.is_null() => out.push((node.span.range(), linked)),
        Kind::Scalar { .. } => {}
        Kind::List(items) => items.iter().skip(usize::from(is_if)).for_each(|item| leaves(item, linked, out)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                // `Condition` names one of the template, but in a policy it is a mapping of values.
                let is_policys = &*key.text == "Condition" && matches!(value.kind, Kind::Map(_));
                if (NAMES.contains(&&*key.text) && !is_policys) || key.text.starts_with("Fn::ForEach") {
                    continue;
                }
                let linked = linked || LINKS.contains(&&*key.text);
                match (&*key.text, &value.kind) {
                    ("Fn::If", Kind::List(items)) => items.iter().skip(1).for_each(|item| leaves(item, linked, out)),
                    _ => leaves(value, linked, out),
                }
            }
        }
    }
}

/// What a run says of each check and subject.
pub(crate) fn said(report: &Report) -> BTreeMap<(&'static str, String), Answer> {
    let mut said = BTreeMap::new();
    for outcome in &report.outcomes {
        let key = (outcome.check.id, outcome.subject.address.to_string());
        let worst = said.entry(key).or_insert(outcome.answer);
        if outcome.answer == Answer::Fail {
            *worst = Answer::Fail;
        }
    }
    said
}

/// The template with one value unknown.
fn blurred(case: &Case, leaf: &std::ops::Range<usize>) -> Option<String> {
    let (before, after) = (&case.text[..leaf.start], &case.text[leaf.end..]);
    if case.language == "json" {
        let text = format!("{before}{{\"Ref\": \"LawHole\"}}{after}");
        return match text.contains("\"Parameters\"") {
            true => {
                Some(text.replacen("\"Parameters\": {", "\"Parameters\": {\"LawHole\": {\"Type\": \"String\"}, ", 1))
            }
            false => Some(text.replacen('{', "{\"Parameters\": {\"LawHole\": {\"Type\": \"String\"}}, ", 1)),
        };
    }
    let text = format!("{before}!Ref LawHole{after}");
    match text.contains("\nParameters:\n") || text.starts_with("Parameters:\n") {
        true => Some(text.replacen("Parameters:\n", "Parameters:\n  LawHole:\n    Type: String\n", 1)),
        false if text.contains("Parameters:") => None,
        false => Some(format!("Parameters:\n  LawHole:\n    Type: String\n{text}")),
    }
}

fn complaints(case: &Case) -> (usize, Vec<String>) {
    let Some(root) = case.tree() else { return (0, Vec::new()) };
    let mut all = Vec::new();
    leaves(&root, false, &mut all);
    let before = case.run();
    let known = said(&before);
    let (mut tried, mut complaints) = (0, Vec::new());
    for (leaf, linked) in &all {
        let Some(text) = blurred(case, leaf) else { continue };
        let report = case.run_as(&text);
        if !report.problems.is_empty() {
            // An anchor or a block scalar does not take the place of a value.
            continue;
        }
        tried += 1;
        let now = said(&report);
        for (key, was) in &known {
            let wrong = says_else(*was, now.get(key).copied(), *linked);
            let pins = |(check, _): &&(&str, &str)| *check == key.0 && *linked;
            let is_star = case.text[leaf.clone()].trim_matches(['"', '\'']) == "*" && NO_ORGANIZATION.contains(&key.0);
            if wrong && !is_star && !EXCUSED.iter().any(|excused| pins(&excused)) {
                complaints.push(format!(
                    "{}: {key:?} was {was:?}, is {:?} without `{}`\n{text}",
                    case.place,
                    now.get(key),
                    &case.text[leaf.clone()]
                ));
            }
        }
    }
    (tried, complaints)
}

#[test]
fn knowing_less_never_says_something_else() {
    let cases = corpus();
    let results = each(&cases, complaints);
    let tried: usize = results.iter().map(|(tried, _)| tried).sum();
    none("law 2", results.into_iter().flat_map(|(_, complaints)| complaints).collect());
    assert!(tried > 2_500 || std::env::var("PAGE").is_ok(), "only {tried} values were replaced");
}

//! Law 4: format is not meaning. YAML and JSON, short tags and long functions, the order of resources: the same findings.

use crate::common::{Case, corpus, each, none};
use std::collections::BTreeSet;
use trailproof::Options;
use trailproof::report::Report;
use trailproof::source::FileId;
use trailproof::syntax::{Kind, Node};

/// What a run says, without places.
pub(crate) fn said(report: &Report) -> BTreeSet<String> {
    let line = |outcome: &trailproof::judge::Outcome| {
        let reasons: BTreeSet<String> =
            outcome.reasons.iter().map(|why| format!("{:?} {}", why.kind, why.name)).collect();
        format!(
            "{} {} {:?} {:?} {} {reasons:?} {:?} {:?}",
            outcome.check.id,
            outcome.subject.address,
            outcome.answer,
            outcome.part,
            outcome.label,
            outcome.assumed,
            outcome.fails_when
        )
    };
    report.outcomes.iter().map(line).collect()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A tree as JSON, short tags written out; `reverse` turns the order of the entries of `Resources` around.
pub(crate) fn as_json(node: &Node, reverse: bool) -> String {
    let bare = match &node.kind {
        Kind::Scalar { .. } if node.is_null() => "null".to_owned(),
        Kind::Scalar { text, plain: true } => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => "true".to_owned(),
            "false" | "no" | "off" => "false".to_owned(),
            _ => quoted(text),
        },
        Kind::Scalar { text, .. } => quoted(text),
        Kind::List(items) => {
            format!("[{}]", items.iter().map(|item| as_json(item, false)).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(entries) => {
            let mut each: Vec<String> = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", quoted(&key.text), as_json(value, &*key.text == "Resources")))
                .collect();
            if reverse {
                each.reverse();
            }
            format!("{{{}}}", each.join(", "))
        }
    };
    match node.tag.as_ref().map(|tag| tag.text.trim_start_matches('!')) {
        None => bare,
        Some(name @ ("Ref" | "Condition")) => format!("{{{}: {bare}}}", quoted(name)),
        Some(name) => format!("{{{}: {bare}}}", quoted(&format!("Fn::{name}"))),
    }
}

fn complaint(case: &Case) -> Option<String> {
    let other = as_json(&case.tree()?, false);
    let expected = said(&case.run());
    for name in ["template.json", "template.yaml"] {
        let actual = said(&trailproof::check_text(name, &other, &case.options));
        if actual != expected {
            let lost: Vec<&String> = expected.difference(&actual).collect();
            let new: Vec<&String> = actual.difference(&expected).collect();
            return Some(format!("{} as {name}\n  lost {lost:#?}\n  new {new:#?}\n{other}", case.place));
        }
    }
    None
}

#[test]
fn format_is_not_meaning() {
    none("law 4", each(&corpus(), complaint).into_iter().flatten().collect());
}

#[test]
fn files_may_be_split_where_names_link() {
    let options = || Options { checks: trailproof::checks::ALL.iter().collect(), ..Options::default() };
    let trail = "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: true, S3BucketName: NAME}\n";
    let bucket = "  Logs:\n    Type: AWS::S3::Bucket\n    Properties: {BucketName: audit-logs}\n";
    let about_bucket = |report: &Report| -> BTreeSet<String> {
        said(report).into_iter().filter(|line| line.contains(" Logs ")).collect()
    };
    let load = |texts: &[String]| {
        let files = texts.iter().enumerate();
        let files = files.map(|(n, text)| {
            trailproof::input::load(FileId(n as u32), &format!("{n}.yaml"), text.clone().into_bytes(), true)
        });
        trailproof::check(files.collect(), &options())
    };
    let by_name = trail.replace("NAME", "audit-logs");
    let whole = about_bucket(&load(&[format!("Resources:\n{by_name}{bucket}")]));
    assert!(whole.len() > 10, "{whole:#?}");
    assert_eq!(whole, about_bucket(&load(&[format!("Resources:\n{by_name}"), format!("Resources:\n{bucket}")])));
    let export = "Outputs:\n  B: {Value: !Ref Logs, Export: {Name: the-logs}}\n";
    let by_import = trail.replace("NAME", "!ImportValue the-logs");
    assert_eq!(
        whole,
        about_bucket(&load(&[format!("Resources:\n{by_import}"), format!("Resources:\n{bucket}{export}")]))
    );
    assert!(about_bucket(&load(&[format!("Resources:\n{bucket}{export}")])).is_empty(), "no trail, no log bucket");
}

//! Law 4, further: a template parted in two says the same. What stores and protects is in one file, which exports what the
//! trails in the other import.
//!
//! Would catch: a link that is found by reference and not by import, a subject that is judged only beside its trail.

use crate::common::{Case, corpus, each, none};
use crate::format::{as_json, said};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailproof::report::Report;
use trailproof::source::FileId;

/// What is asked of one stack, so that parting it is another question: check and reason.
const OF_ONE_STACK: [(&str, &str); 2] = [
    ("trail_before_bucket_policy", "what is created first is decided within a stack"),
    ("key_in_other_region", "a bucket that is named from another stack may be in another Region"),
];

/// Sections whose names both parts would need.
const SHARED: [&str; 4] = ["Conditions", "Transform", "Outputs", "Mappings"];

/// What two stacks have two of.
const PSEUDO: [&str; 4] = ["AWS::AccountId", "AWS::Region", "AWS::StackName", "AWS::StackId"];

fn is_stored(resource: &Value) -> bool {
    let kind = resource["Type"].as_str().unwrap_or_default();
    ["AWS::S3::", "AWS::KMS::", "AWS::Logs::", "Custom::"].iter().any(|family| kind.starts_with(family))
}

/// The function that a mapping calls, and the logical id or the text that it is about.
fn call(value: &Value) -> Option<(&str, &str)> {
    let (name, argument) = value.as_object().filter(|entries| entries.len() == 1)?.iter().next()?;
    match (name.as_str(), argument) {
        ("Ref", Value::String(id)) => Some(("Ref", id)),
        ("Fn::GetAtt", Value::String(path)) => Some(("Fn::GetAtt", path.split('.').next()?)),
        ("Fn::GetAtt", Value::Array(path)) => Some(("Fn::GetAtt", path.first()?.as_str()?)),
        _ => None,
    }
}

/// Puts imports in the place of what refers to the store, and keeps what it must export. False where something refers to
/// it in another way.
fn import(value: &mut Value, store: &BTreeSet<String>, exports: &mut BTreeMap<String, Value>) -> bool {
    if let Some((_, id)) = call(value) {
        if store.contains(id) {
            let name = format!("export-{}", exports.len());
            exports.insert(name.clone(), std::mem::replace(value, json!({"Fn::ImportValue": name})));
        }
        return true;
    }
    match value {
        Value::Array(items) => items.iter_mut().all(|item| import(item, store, exports)),
        Value::Object(entries) => entries.values_mut().all(|entry| import(entry, store, exports)),
        Value::String(text) => !store.iter().any(|id| text == id || text.contains(&format!("${{{id}"))),
        _ => true,
    }
}

/// Every text below a value.
fn texts<'v>(value: &'v Value, to: &mut BTreeSet<&'v str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| texts(item, to)),
        Value::Object(entries) => entries.values().for_each(|entry| texts(entry, to)),
        Value::String(text) => drop(to.insert(text)),
        _ => {}
    }
}

/// The two parts, the store first; none where that cannot be written, or would say something else: a parameter of two
/// stacks is two parameters, and so is the account.
fn parted(case: &Case) -> Option<(Value, Value)> {
    let whole: Value = serde_json::from_str(&as_json(&case.tree()?, false)).ok()?;
    if SHARED.iter().any(|section| whole.get(section).is_some()) {
        return None;
    }
    let (store, mut rest): (Map<_, _>, Map<_, _>) =
        whole["Resources"].as_object()?.clone().into_iter().partition(|(_, resource)| is_stored(resource));
    let ids: BTreeSet<String> = store.keys().cloned().collect();
    let mut exports = BTreeMap::new();
    let fits = rest.values_mut().all(|resource| import(resource, &ids, &mut exports));
    let (store, rest) = (Value::Object(store), Value::Object(rest));
    let (mut of_store, mut of_rest) = (BTreeSet::new(), BTreeSet::new());
    texts(&store, &mut of_store);
    texts(&rest, &mut of_rest);
    let shared = |name: &str| {
        let names = |text: &&str| *text == name || text.contains(&format!("${{{name}"));
        of_store.iter().any(names) && of_rest.iter().any(names)
    };
    let parameters = whole.get("Parameters").and_then(Value::as_object).into_iter().flat_map(|all| all.keys());
    let named = rest.as_object()?.keys().any(|id| of_store.iter().any(|text| text.contains(id.as_str())));
    if !fits || named || parameters.map(String::as_str).chain(PSEUDO).any(shared) {
        return None;
    }
    let output = |(name, value)| (name, json!({"Value": value, "Export": {"Name": name}}));
    let outputs: BTreeMap<String, Value> =
        exports.iter().map(output).map(|(name, value)| (name.replace('-', ""), value)).collect();
    let with = |resources: &Value| {
        let mut part = whole.clone();
        part["Resources"] = resources.clone();
        part
    };
    let mut store_part = with(&store);
    store_part["Outputs"] = json!(outputs);
    (!ids.is_empty() && !of_rest.is_empty()).then(|| (store_part, with(&rest)))
}

/// Cases that say less where their stack is parted, and why.
const EXCUSED: [(&str, &str); 1] =
    [("names-that-are-made.md", "the name that CloudFormation makes up for the trail of another stack is not known")];

fn told(report: &Report) -> BTreeSet<String> {
    let within = |line: &String| OF_ONE_STACK.iter().any(|(check, _)| line.starts_with(check));
    said(report).into_iter().filter(|line| !within(line)).collect()
}

fn complaint(case: &Case) -> Option<Option<String>> {
    if EXCUSED.iter().any(|(page, _)| case.place.contains(page)) {
        return None;
    }
    let (store, rest) = parted(case)?;
    let load = |(n, part): (usize, &Value)| {
        trailproof::input::load(FileId(n as u32), &format!("{n}.json"), part.to_string().into_bytes(), true)
    };
    let report = trailproof::check([&store, &rest].into_iter().enumerate().map(load).collect(), &case.options);
    let (expected, actual) = (told(&case.run()), told(&report));
    let lost: Vec<&String> = expected.difference(&actual).collect();
    let new: Vec<&String> = actual.difference(&expected).collect();
    let differs = !lost.is_empty() || !new.is_empty();
    Some(differs.then(|| format!("{}\n  lost {lost:#?}\n  new {new:#?}\n{store:#}\n{rest:#}", case.place)))
}

#[test]
fn stacks_may_be_parted() {
    let complaints: Vec<Option<String>> = each(&corpus(), complaint).into_iter().flatten().collect();
    assert!(complaints.len() > 200 || std::env::var("PAGE").is_ok(), "only {} were parted", complaints.len());
    none("law 4, parted", complaints.into_iter().flatten().collect());
}

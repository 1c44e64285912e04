//! Law 2 for accounts: a call that is denied, or was never made, never says something else than its answer did. What was
//! decided by the answer becomes unknown and names the permission; it is silent only where the answer alone showed that there
//! is something to judge.

use crate::common::{Case, corpus, each, none};
use std::collections::{BTreeMap, BTreeSet};
use trailproof::Options;
use trailproof::judge::Answer;
use trailproof::read::account::{Call, Unasked};
use trailproof::report::Report;
use trailproof::source::FileId;
use trailproof::syntax::{Node, json};
use trailproof::value::WhyKind;

type Key = (&'static str, &'static str, String);
type Said = BTreeMap<Key, BTreeSet<Answer>>;

/// What is there only by the answer of a call: without it there is nothing to judge, and nobody knows that there is.
const SUBJECTS: [(&str, &[&str]); 14] = [
    // A trail, and whatever counts because a trail names it.
    ("DescribeTrails", &["trail", "bucket", "key", "log group", "topic", "role"]),
    ("ListEventDataStores", &["event data store", "key"]),
    ("GetEventDataStore", &["event data store", "key"]),
    ("ListBuckets", &["bucket"]),
    ("DescribeKey", &["key"]),
    ("GetKeyPolicy", &["key"]),
    ("DescribeLogGroups", &["log group"]),
    ("GetTopicAttributes", &["topic"]),
    // The account stands for its identities then.
    ("GetAccountAuthorizationDetails", &["role", "user", "group", "policy"]),
    ("DescribeOrganization", &["organization"]),
    ("ListPolicies", &["organization policy"]),
    ("DescribePolicy", &["organization policy"]),
    ("ListAccountsForParent", &["account"]),
    ("ListDelegatedAdministrators", &["delegated administrator"]),
];

/// Calls whose absence hides nothing, each with the reason.
const ABSENT: [(&str, &str); 4] = [
    ("ListRegions", "the header names the Regions that were asked"),
    ("ListRoots", "what is attached somewhere is turned on"),
    ("GetBucketLocation", "it says where a bucket is, which no check asks"),
    ("GetCallerIdentity", "no verdict rests on who asked"),
];

/// Whether the absence of an operation's calls hides nothing.
pub(crate) fn may_be_absent(operation: &str) -> bool {
    ABSENT.iter().any(|(named, _)| *named == operation)
}

pub(crate) fn said(report: &Report) -> Said {
    let mut said = Said::new();
    for outcome in &report.outcomes {
        let key = (outcome.check.id, outcome.subject.kind, outcome.subject.address.to_string());
        said.entry(key).or_default().insert(outcome.answer);
    }
    said
}

/// What is said without some answer that it should not be: nothing is decided anew, and what was decided or unknown is never
/// silent, nor said not to arise.
pub(crate) fn says_else(operation: &str, before: &Said, after: &Said) -> Vec<String> {
    let lost = SUBJECTS.iter().filter(|(named, _)| *named == operation).flat_map(|(_, kinds)| *kinds);
    // Any call about a bucket shows that it is there.
    let of_bucket = operation.starts_with("GetBucket")
        || ["GetPublicAccessBlock", "GetObjectLockConfiguration"].contains(&operation);
    let lost: BTreeSet<&str> = lost.copied().chain(of_bucket.then_some("bucket")).collect();
    // What the trails of an account miss together is told at the widest that is in sight.
    let may_move = |key: &Key, was: &BTreeSet<Answer>| {
        operation == "DescribeTrails" && key.1 == "trail" && was.contains(&Answer::NotApplicable)
    };
    // A role that CloudTrail uses is one by the trail that names it.
    let is_no_more = |key: &Key| operation == "DescribeTrails" && key.1 == "role";
    let decided = |answer: &&Answer| matches!(answer, Answer::Pass | Answer::Fail);
    let asked = |answers: &BTreeSet<Answer>| answers.iter().any(|answer| *answer != Answer::NotApplicable);
    let mut complaints = Vec::new();
    for (key, was) in before {
        match after.get(key) {
            Some(_) if may_move(key, was) => {}
            Some(now) if now.iter().filter(decided).any(|answer| !was.contains(answer)) => {
                complaints.push(format!("{key:?} was {was:?}, is {now:?}"));
            }
            Some(now) if asked(was) && !asked(now) && !is_no_more(key) => {
                complaints.push(format!("{key:?} was {was:?}, does not arise now"))
            }
            None if asked(was) && !lost.contains(key.1) => {
                complaints.push(format!("{key:?} was {was:?}, is silent now"))
            }
            _ => {}
        }
    }
    // What lets others into a log group stands beside it, whether or not the group is there.
    let stands_beside = |key: &Key| operation == "DescribeLogGroups" && key.0 == "log_group_open";
    let is_new = |key: &Key| !before.contains_key(key) && !stands_beside(key);
    let new = after.iter().filter(|(key, now)| is_new(key) && now.iter().any(|answer| decided(&answer)));
    complaints.extend(new.map(|(key, now)| format!("{key:?} is {now:?} and was not asked before")));
    complaints
}

/// The evidence with one call denied, and the permission that it needs.
fn deny(text: &str, call: &Node) -> Option<(String, String)> {
    let (key, output) = call.entry("output").or_else(|| call.entry("error"))?;
    let permission = permission_of(call)?;
    let (before, rest) = text.split_at(key.span.start as usize);
    let after = &rest[output.span.end as usize - key.span.start as usize..];
    let error = "\"error\": {\"code\": \"AccessDenied\", \"message\": \"no identity-based policy allows it\"}";
    Some(([before, error, after].concat(), permission.to_owned()))
}

fn calls(root: &Node) -> impl Iterator<Item = &Node> {
    root.get("calls").into_iter().flat_map(Node::items)
}

fn permission_of(call: &Node) -> Option<&'static str> {
    Some(Call::find(call.get("service")?.text()?, call.get("operation")?.text()?)?.permission)
}

fn operation(call: &Node) -> &str {
    call.get("operation").and_then(Node::text).unwrap_or_default()
}

fn complaints(case: &Case) -> Vec<String> {
    let root = json::parse(FileId(0), &case.text).unwrap();
    let not_visible = Options { unasked: Unasked::NotVisible, ..case.options.clone() };
    let run = |text: &str, options: &Options| trailproof::check_text(&case.name(), text, options);
    let (shown, unseen) = (said(&run(&case.text, &case.options)), said(&run(&case.text, &not_visible)));
    let missing = |(check, ..): &Key| ["bucket_missing", "log_group_missing"].contains(check);
    let is_missing = shown.iter().any(|(key, answers)| missing(key) && answers.contains(&Answer::Fail));
    let refused: BTreeSet<&str> =
        calls(&root).filter(|call| call.get("error").is_some()).filter_map(permission_of).collect();
    let mut complaints = Vec::new();
    for call in calls(&root) {
        let Some((text, permission)) = deny(&case.text, call) else { continue };
        // That something is not there was the whole answer: the rest was not asked, and says nothing.
        let (options, before) = if is_missing { (&not_visible, &unseen) } else { (&case.options, &shown) };
        let report = run(&text, options);
        let mut complain = |what: String| complaints.push(format!("{} without {permission}: {what}", case.place));
        if !report.problems.is_empty() {
            complain(format!("{:?}", report.problems));
        }
        says_else(operation(call), before, &said(&report)).into_iter().for_each(&mut complain);
        let unknown = report.outcomes.iter().filter(|outcome| outcome.answer == Answer::Unknown);
        for outcome in unknown {
            let key = (outcome.check.id, outcome.subject.kind, outcome.subject.address.to_string());
            // Without a list of policies, one whose text was refused before may be of any type.
            let is_it = |name: &str| *name == *permission || refused.contains(name);
            let is_named = outcome.reasons.iter().any(|why| why.kind == WhyKind::Denied && is_it(&why.name));
            let is_known = before.get(&key).is_none_or(|was| was.contains(&Answer::Unknown));
            let is_hidden = outcome.reasons.iter().all(|why| why.kind == WhyKind::NotVisible);
            if !is_named && !is_known && !is_hidden {
                complain(format!("{key:?} is unknown for another reason: {:?}", outcome.reasons));
            }
        }
    }
    complaints
}

/// The evidence without one of its calls.
fn without(text: &str, number: usize) -> String {
    let mut root: serde_json::Value = serde_json::from_str(text).unwrap();
    root["calls"].as_array_mut().unwrap().remove(number);
    root.to_string()
}

/// The same as [`complaints`] of calls that were never made, where that means that nobody knows.
fn complaints_of_absence(case: &Case) -> Vec<String> {
    let options = Options { unasked: Unasked::NotVisible, ..case.options.clone() };
    let run = |text: &str| said(&trailproof::check_text(&case.name(), text, &options));
    let root = json::parse(FileId(0), &case.text).unwrap();
    let before = run(&case.text);
    let mut complaints = Vec::new();
    for (number, call) in calls(&root).enumerate() {
        let operation = operation(call);
        if may_be_absent(operation) {
            continue;
        }
        let after = run(&without(&case.text, number));
        let told = says_else(operation, &before, &after).into_iter();
        complaints.extend(told.map(|what| format!("{} without {operation}, call {number}: {what}", case.place)));
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

#[test]
fn a_call_that_was_never_made_hides_what_it_shows_and_nothing_else() {
    let cases: Vec<Case> = corpus().into_iter().filter(|case| case.language == "account").collect();
    none("law 2 (absent)", each(&cases, complaints_of_absence).into_iter().flatten().collect());
}

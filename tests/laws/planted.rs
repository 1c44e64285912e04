//! Accounts with one fault each, made from one that has none: each fault is found, by its own check and no other, and the
//! accounts without one are silent. So it is in an organization. And whatever call is denied in them, or was never made, no
//! verdict turns to pass or fail anew (law 2).

use crate::common::{each, none};
use crate::denied::{may_be_absent, said, says_else};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use trailproof::judge::Answer;
use trailproof::report::Report;
use trailproof::{Options, check_texts, checks};

const WHOLE: &str = include_str!("planted/whole.json");
const FAULTS: &str = include_str!("planted/faults.json");
const ACCOUNT: &str = "111122223333";

/// A fault: what to change in the answers of a call, and the checks that find it.
struct Fault {
    name: String,
    plan: Value,
    finds: BTreeSet<String>,
}

fn faults() -> Vec<Fault> {
    let all: Vec<Value> = serde_json::from_str(FAULTS).unwrap();
    let fault = |plan: Value| {
        let finds = plan["finds"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        Fault { name: plan["fault"].as_str().unwrap().to_owned(), plan, finds }
    };
    all.into_iter().map(fault).collect()
}

/// The account that manages an organization, and has no fault.
fn whole() -> Value {
    serde_json::from_str(WHOLE).unwrap()
}

fn calls(evidence: &mut Value) -> &mut Vec<Value> {
    evidence["calls"].as_array_mut().unwrap()
}

/// The same account in no organization.
fn alone() -> Value {
    let mut evidence = whole();
    calls(&mut evidence)
        .retain(|call| call["service"] != "organizations" || call["operation"] == "DescribeOrganization");
    for call in calls(&mut evidence) {
        match call["operation"].as_str().unwrap() {
            "DescribeOrganization" => refuse(call, "AWSOrganizationsNotInUseException"),
            "DescribeTrails" => call["output"]["trailList"][0]["IsOrganizationTrail"] = json!(false),
            "GetEventDataStore" => call["output"]["OrganizationEnabled"] = json!(false),
            _ => {}
        }
    }
    evidence
}

fn refuse(call: &mut Value, code: &str) {
    call.as_object_mut().unwrap().remove("output");
    call["error"] = json!({"code": code, "message": code});
}

/// Puts a value where a path of keys and numbers leads; the number after the last makes a list longer.
fn put(at: &mut Value, path: &str, value: &Value) {
    let mut at = at;
    for step in path.trim_start_matches('/').split('/') {
        at = match at {
            Value::Array(items) => {
                let number: usize = step.parse().unwrap();
                if number == items.len() {
                    items.push(Value::Null);
                }
                &mut items[number]
            }
            other => &mut other[step],
        };
    }
    *at = value.clone();
}

/// Changes a policy that stands in a text.
fn rewrite(policy: &mut Value, plan: &Value) {
    let mut document: Value = serde_json::from_str(policy.as_str().unwrap()).unwrap();
    let statements = document["Statement"].as_array_mut().unwrap();
    let gone: Vec<&Value> = plan["without"].as_array().into_iter().flatten().collect();
    statements.retain(|statement| !gone.contains(&&statement["Sid"]));
    statements.extend(plan.get("statement").cloned());
    *policy = json!(document.to_string());
}

fn is_meant(plan: &Value, call: &Value) -> bool {
    let about = plan["about"].as_str().unwrap_or_default();
    let is_about = call["input"].to_string().contains(about) || call["region"] == about;
    let is_it = match plan["operation"].as_str() {
        Some("*") => call["input"].get("Bucket").is_some(),
        _ => call["operation"] == plan["operation"],
    };
    is_it && call["service"] != "s3control" && is_about
}

/// An account with a fault.
fn planted(mut evidence: Value, fault: &Fault) -> Value {
    let plan = &fault.plan;
    let mut changed = 0;
    for call in calls(&mut evidence).iter_mut().filter(|call| is_meant(plan, call)) {
        changed += 1;
        if let Some(code) = plan["error"].as_str() {
            refuse(call, code);
            continue;
        }
        if call.get("error").is_some() {
            call.as_object_mut().unwrap().remove("error");
            call["output"] = json!({"ResourceArn": call["input"]["ResourceArn"]});
        }
        let output = &mut call["output"];
        for (path, value) in plan["set"].as_object().into_iter().flatten() {
            put(output, path, value);
        }
        let is_policy = plan.get("statement").is_some() || plan.get("without").is_some();
        let holder = if output.get("Attributes").is_some() { &mut output["Attributes"] } else { output };
        match holder.get_mut("Policy").filter(|_| is_policy) {
            Some(policy) => rewrite(policy, plan),
            None => {
                for key in plan["without"].as_array().into_iter().flatten() {
                    holder.as_object_mut().unwrap().remove(key.as_str().unwrap());
                }
            }
        }
    }
    assert!(changed > 0, "{}: no call is meant", fault.name);
    evidence
}

/// The evidence of an account under another id, with buckets of its own.
fn called(evidence: &Value, number: usize) -> (String, String) {
    let id = format!("{:012}", 200_000_000_000 + number);
    let text = evidence.to_string().replace(ACCOUNT, &id);
    let text = text.replace("example-audit-logs", &format!("audit-logs-{number}"));
    (id, text.replace("example-access-logs", &format!("access-logs-{number}")))
}

fn options(all: bool) -> Options {
    Options { checks: checks::ALL.iter().filter(|check| all || check.page.default_on).collect(), ..Options::default() }
}

fn run(files: &[(String, String)], all: bool) -> Report {
    let named: Vec<(String, &str)> = files.iter().map(|(id, text)| (format!("{id}.json"), text.as_str())).collect();
    let files: Vec<(&str, &str)> = named.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let report = check_texts(&files, &options(all));
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

/// The checks that fail, by the file that they point at.
fn failing(report: &Report) -> BTreeMap<String, BTreeSet<String>> {
    let mut failing = BTreeMap::<String, BTreeSet<String>>::new();
    for outcome in report.failures() {
        let file = report.sources.get(outcome.span.file).unwrap().name.trim_end_matches(".json").to_owned();
        failing.entry(file).or_default().insert(outcome.check.id.to_owned());
    }
    failing
}

#[test]
fn each_planted_fault_is_found_and_clean_accounts_are_silent() {
    let faults = faults();
    assert!(faults.len() >= 60, "{}", faults.len());
    let clean = (faults.len()..faults.len() + 5).map(|number| called(&alone(), number));
    let files = faults.iter().enumerate().map(|(number, fault)| called(&planted(alone(), fault), number));
    let files: Vec<(String, String)> = files.chain(clean).collect();
    let found = failing(&run(&files, false));
    let expected = faults.iter().zip(&files).map(|(fault, (id, _))| (id, fault));
    let wrong = expected.filter_map(|(id, fault)| {
        let found = found.get(id).cloned().unwrap_or_default();
        (found != fault.finds).then(|| format!("{}: {:?}, found {found:?}", fault.name, fault.finds))
    });
    none("planted", wrong.collect());
    assert_eq!(found.len(), faults.len(), "clean accounts have findings: {found:?}");
}

/// The ids of members.
fn members() -> Vec<String> {
    (0..20).map(|number| format!("{:012}", 300_000_000_000_u64 + number)).collect()
}

/// A member that sees the organization's trail and has nothing of its own.
fn member(id: &str, management: &Value) -> Value {
    let kept = ["DescribeTrails", "ListRegions", "LookupEvents", "ListChannels", "ListEventDataStores"];
    let mut evidence = management.clone();
    evidence["account"] = json!(id);
    calls(&mut evidence).retain(|call| kept.contains(&call["operation"].as_str().unwrap()));
    for call in calls(&mut evidence).iter_mut().filter(|call| call["operation"] == "ListEventDataStores") {
        call["output"]["EventDataStores"] = json!([]);
    }
    let details = json!({"UserDetailList": [], "GroupDetailList": [], "RoleDetailList": [], "Policies": []});
    calls(&mut evidence).push(json!({"service": "iam", "operation": "GetAccountAuthorizationDetails",
        "region": "us-east-1", "input": {}, "output": details}));
    evidence
}

/// An organization of 21 accounts; `change` alters the evidence of one before it is written.
fn organization(change: &dyn Fn(&str, &mut Value)) -> Vec<(String, String)> {
    let mut management = whole();
    for call in calls(&mut management) {
        if call["operation"] == "ListAccountsForParent" && call["input"]["ParentId"] != "r-a1b2" {
            let account = |id: &String| json!({"Id": id, "Name": format!("account {id}"), "State": "ACTIVE"});
            call["output"]["Accounts"] = members().iter().map(account).collect();
        }
    }
    for call in calls(&mut management).iter_mut().filter(|call| call["input"]["PolicyId"] == "p-FullAWSAccess") {
        if let Some(targets) = call["output"]["Targets"].as_array_mut() {
            targets.extend(members().iter().map(|id| json!({"TargetId": id, "Type": "ACCOUNT"})));
        }
    }
    let own = (ACCOUNT.to_owned(), management.clone());
    let all = members().into_iter().map(|id| (id.clone(), member(&id, &management))).chain([own]);
    let write = |(id, mut evidence): (String, Value)| {
        change(&id, &mut evidence);
        (id, evidence.to_string())
    };
    all.map(write).collect()
}

/// Changes what some calls of an account answer.
fn answers(evidence: &mut Value, operation: &str, change: impl Fn(&mut Value)) {
    let mut found = 0;
    for call in calls(evidence).iter_mut().filter(|call| call["operation"] == operation) {
        found += 1;
        change(&mut call["output"]);
    }
    assert!(found > 0, "{operation}");
}

/// A private trail of a member beside the organization's, stopped or not, and an event of its history.
fn private(evidence: &mut Value, id: &str, logging: bool) {
    let arn = format!("arn:aws:cloudtrail:eu-west-1:{id}:trail/own");
    let trail = json!({"Name": "own", "TrailARN": arn, "HomeRegion": "eu-west-1", "S3BucketName": format!("own-{id}"),
        "IsMultiRegionTrail": false, "IncludeGlobalServiceEvents": true, "LogFileValidationEnabled": true});
    for call in calls(evidence).iter_mut().filter(|call| call["operation"] == "DescribeTrails") {
        if call["region"] == "eu-west-1" {
            call["output"]["trailList"].as_array_mut().unwrap().push(trail.clone());
        }
    }
    let asked = |operation: &str, input: Value, output: Value| json!({"service": "cloudtrail", "operation": operation, "region": "eu-west-1", "input": input, "output": output});
    calls(evidence).push(asked("GetTrailStatus", json!({"Name": arn}), json!({"IsLogging": logging})));
}

fn seen(evidence: &mut Value, name: &str) {
    let event = json!({"EventName": name, "EventTime": "2026-11-10T08:00:00Z", "Username": "mallory"});
    for call in calls(evidence).iter_mut().filter(|call| call["input"].to_string().contains(name)) {
        call["output"]["Events"] = json!([event.clone()]);
    }
}

#[test]
fn changes_of_an_organization_are_found_and_its_other_accounts_are_silent() {
    assert!(failing(&run(&organization(&|_, _| {}), false)).is_empty(), "an organization without faults");
    let ids = members();
    let change = |id: &str, evidence: &mut Value| match ids.iter().position(|known| known == id) {
        Some(1) => seen(evidence, "StopLogging"),
        Some(2) => seen(evidence, "DeleteTrail"),
        Some(3) => seen(evidence, "DeleteEventDataStore"),
        Some(4) => seen(evidence, "StopEventDataStoreIngestion"),
        Some(5) => private(evidence, id, false),
        Some(_) => {}
        None => {
            answers(evidence, "GetKeyRotationStatus", |output| output["KeyRotationEnabled"] = json!(false));
            answers(evidence, "GetEventDataStore", |output| output["TerminationProtectionEnabled"] = json!(false));
            answers(evidence, "GetBucketVersioning", |output| output["Status"] = json!("Suspended"));
            answers(evidence, "DescribeLogGroups", |output| output["logGroups"][0]["retentionInDays"] = json!(30));
            answers(evidence, "ListDelegatedAdministrators", |output| {
                output["DelegatedAdministrators"] = json!([{"Id": ids[6], "Name": "tools"}]);
            });
            let targets = |call: &&mut Value| {
                call["operation"] == "ListTargetsForPolicy" && call["input"]["PolicyId"] == "p-stayinside0"
            };
            for call in calls(evidence).iter_mut().filter(targets) {
                call["output"]["Targets"] = json!([]);
            }
            answers(evidence, "GetTrailStatus", |output| {
                output["LatestDigestDeliveryTime"] = json!("2026-11-11T09:30:00Z")
            });
        }
    };
    let found = failing(&run(&organization(&change), false));
    let mut expected: BTreeMap<String, BTreeSet<String>> =
        (1..=4).map(|n| (ids[n].clone(), BTreeSet::from(["account_trail_tampering_seen".to_owned()]))).collect();
    // It has neither a key nor a log group.
    let private = ["trail_stopped", "trail_without_cloudwatch_logs", "trail_without_kms_key"];
    expected.insert(ids[5].clone(), private.map(str::to_owned).into());
    let management = [
        "key_rotation_off",
        "store_unprotected",
        "bucket_without_versioning",
        "log_group_retention_short",
        "organization_delegated_admin_unexpected",
        "organization_leavable",
        "scp_unattached",
        "trail_digest_delivery_failing",
    ];
    expected.insert(ACCOUNT.to_owned(), management.map(str::to_owned).into());
    assert_eq!(found, expected);
}

#[test]
fn a_stopped_trail_of_an_organization_is_one_finding() {
    let change = |id: &str, evidence: &mut Value| {
        if id == ACCOUNT {
            answers(evidence, "GetTrailStatus", |output| output["IsLogging"] = json!(false));
        }
    };
    let report = run(&organization(&change), false);
    let found: Vec<&str> = report.failures().map(|outcome| outcome.check.id).collect();
    assert_eq!(found, ["trail_stopped"]);
    let open = |check: &str| report.outcomes.iter().any(|it| it.check.id == check && it.answer == Answer::Unknown);
    assert!(!open("trail_not_organization") && !open("account_unrecorded"));
}

/// The evidence with every call of an operation denied, or gone.
fn less(evidence: &Value, (service, operation): &(String, String), is_denied: bool) -> Value {
    let mut evidence = evidence.clone();
    let is_it = |call: &Value| call["service"] == **service && call["operation"] == **operation;
    match is_denied {
        true => {
            calls(&mut evidence).iter_mut().filter(|call| is_it(call)).for_each(|call| refuse(call, "AccessDenied"))
        }
        false => calls(&mut evidence).retain(|call| !is_it(call)),
    }
    evidence
}

fn operations(evidence: &mut Value) -> BTreeSet<(String, String)> {
    let name = |call: &Value, key: &str| call[key].as_str().unwrap().to_owned();
    calls(evidence).iter().map(|call| (name(call, "service"), name(call, "operation"))).collect()
}

/// Each operation is denied in one account of so many, and left out in another; and each is both in the whole organization.
const TURNS: usize = 5;

/// All operations in all accounts take minutes, of which most say the same: so they take turns, and each is denied and left
/// out in a dozen accounts that differ.
#[test]
fn whatever_is_denied_in_a_planted_account_nothing_is_decided_anew() {
    let cases: Vec<(String, Value)> = faults()
        .into_iter()
        .map(|fault| (fault.name.clone(), planted(alone(), &fault)))
        .chain([("a whole organization".to_owned(), whole())])
        .collect();
    let turns: Vec<usize> = (0..cases.len()).collect();
    let told = |turn: &usize| {
        let (name, mut evidence) = cases[*turn].clone();
        let is_last = turn + 1 == cases.len();
        let file = |evidence: &Value| vec![(ACCOUNT.to_owned(), evidence.to_string())];
        let before = said(&run(&file(&evidence), true));
        let mut complaints = Vec::new();
        for (number, operation) in operations(&mut evidence).into_iter().enumerate() {
            for (way, is_denied) in [true, false].into_iter().enumerate() {
                let is_its_turn = (number + way * (TURNS / 2) + turn).is_multiple_of(TURNS);
                if !(is_its_turn || is_last) || !is_denied && may_be_absent(&operation.1) {
                    continue;
                }
                let after = said(&run(&file(&less(&evidence, &operation, is_denied)), true));
                let told = says_else(&operation.1, &before, &after).into_iter();
                let how = if is_denied { "denied" } else { "absent" };
                complaints.extend(told.map(|what| format!("{name}, {} {how}: {what}", operation.1)));
            }
        }
        complaints
    };
    none("law 2 (planted)", each(&turns, told).into_iter().flatten().collect());
}

//! An organization: its tree, its members, who owns what others' trails name.

use super::http::Response;
use super::proxy::{Fault, Proxy};
use super::wire::Asked;
use super::{ACCOUNT, Ran, asking, collect, moto, room};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn an_organization_is_walked() {
    let accounts = &moto::shared().accounts;
    let id = |name: &str| accounts[name].as_str().unwrap().to_owned();
    let proxy = Proxy::new(|_, _| None);
    let arguments = ["--region", "eu-west-1", "--organization", "--role-name", "audit", "--external-id", "x"];
    let ran = collect(&proxy, &room("organization"), &arguments);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    let archive = ran.evidence(&id("log-archive"));
    assert_eq!((&archive.0["name"], &archive.0["path"]), (&"log-archive".into(), &"Root/Security".into()));
    // A bucket is asked about in the account that owns it, though nothing there names it.
    let bucket = format!("archive-{}", id("log-archive"));
    assert_eq!(archive.only("s3", "GetBucketPolicy")["Policy"].as_str().map(|it| it.contains(&bucket)), Some(true));
    let management = ran.evidence(ACCOUNT);
    let named = |call: &&&serde_json::Value| call["input"]["Bucket"] == bucket.as_str();
    assert_eq!(management.all("s3", "GetBucketPolicy").iter().filter(named).count(), 0);
    // A bucket that is nobody's.
    let lost = ran.evidence(&id("workload"));
    assert_eq!(lost.all("s3", "GetBucketLocation")[0]["error"]["code"], "NoSuchBucket");
    assert!(ran.said().contains("(closed) is left out: "), "{}", ran.said());
    assert!(!ran.out.join(format!("{}.json", id("closed"))).exists());
    // Each role is assumed once, whatever is asked with it.
    let roles = proxy.asked().iter().filter(|asked| asked.is("sts", "AssumeRole")).count();
    assert_eq!(roles, 2);
    assert!(!management.all("organizations", "DescribePolicy").is_empty());
    assert!(archive.all("organizations", "DescribePolicy").is_empty());
}

#[test]
fn accounts_are_chosen_by_unit_and_name() {
    let accounts = &moto::shared().accounts;
    let id = |name: &str| format!("{}.json", accounts[name].as_str().unwrap());
    let walk = ["--region", "eu-west-1", "--organization", "--role-name", "audit"];
    for (limit, name, chosen, left) in
        [("--ou", "Root/Security", "log-archive", "workload"), ("--account", "workload", "workload", "log-archive")]
    {
        let proxy = Proxy::new(|_, _| None);
        let ran = collect(&proxy, &room(&format!("chosen{limit}")), &[&walk[..], &[limit, name]].concat());
        assert_eq!(ran.code(), Some(0), "{}", ran.said());
        assert!(ran.out.join(id(chosen)).exists() && !ran.out.join(id(left)).exists(), "{limit}: {}", ran.said());
        // The facts of the organization are the asker's, who is not asked for anything else.
        let management = ran.evidence(ACCOUNT);
        assert!(!management.all("organizations", "ListRoots").is_empty());
        assert!(management.all("cloudtrail", "DescribeTrails").is_empty());
    }
}

const WALK: [&str; 7] = ["--region", "eu-west-1", "--organization", "--role-name", "audit", "--account", "workload"];

fn workload() -> &'static str {
    moto::shared().accounts["workload"].as_str().unwrap()
}

#[test]
fn a_role_that_nobody_may_assume_leaves_its_account_unknown_and_no_other() {
    let proxy = Proxy::new(|asked, _| {
        let fault = Fault::Error(403, "AccessDenied", "not authorized to perform: sts:AssumeRole");
        (asked.is("sts", "AssumeRole") && asked.input.contains(workload())).then_some(fault)
    });
    let ran = collect(&proxy, &room("role-denied"), &WALK[..5]);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    let evidence = ran.evidence(workload());
    assert_eq!(evidence.0["complete"], false);
    assert_eq!(evidence.calls().len(), 1);
    assert_eq!(evidence.all("sts", "AssumeRole")[0]["error"]["permission"], "sts:AssumeRole");
    let said = ran.said();
    // A role refuses for reasons of its own: AWS's words, and the usual three.
    for words in ["not authorized to perform: sts:AssumeRole", "--role-name", "--external-id", "--source-identity"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // It was asked once, and is asked for nothing more, not even whose bucket is whose.
    assert_eq!(proxy.asked().iter().filter(|asked| asked.input.contains(workload())).count(), 1);
    assert!(!said.contains("Error {"), "{said}");
    let archive = moto::shared().accounts["log-archive"].as_str().unwrap();
    assert!(!ran.evidence(archive).all("cloudtrail", "DescribeTrails").is_empty());
}

#[test]
fn a_session_that_ends_is_renewed_and_a_chained_one_lasts_an_hour() {
    let ended = AtomicBool::new(false);
    let proxy = Proxy::new(move |asked, _| {
        if asked.is("sts", "AssumeRole") && asked.input.contains("DurationSeconds=7200") {
            let said =
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining";
            return Some(Fault::Error(400, "ValidationError", said));
        }
        let expired =
            Fault::Error(400, "ExpiredTokenException", "The security token included in the request is expired");
        let is_first = asked.is("cloudtrail", "ListChannels") && !ended.swap(true, Ordering::Relaxed);
        is_first.then_some(expired)
    });
    let arguments = [&WALK[..], &["--session-duration", "7200"]].concat();
    let ran = collect(&proxy, &room("role-chained"), &arguments);
    let evidence = ran.evidence(workload());
    assert!(evidence.all("cloudtrail", "ListChannels")[0].get("output").is_some(), "{}", ran.said());
    let log = proxy.asked();
    let seconds =
        |wanted: &str| log.iter().filter(|it| it.is("sts", "AssumeRole") && it.input.contains(wanted)).count();
    // Once to enter and once more when the session ended; each is refused for two hours and given for one.
    assert_eq!((seconds("DurationSeconds=7200"), seconds("DurationSeconds=3600")), (2, 2));
}

/// What a member sees of the trail of its organization, and may ask about it.
fn organization_trail() -> Proxy {
    let trail = format!("arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit");
    Proxy::new(move |asked, _| {
        let body = match asked.operation.as_str() {
            _ if asked.key == "AKIDCALLER" => return None,
            "DescribeTrails" => json!({"trailList": [{
                "Name": "audit", "TrailARN": trail, "HomeRegion": "eu-west-1", "S3BucketName": "trail-logs",
                "IsMultiRegionTrail": true, "IsOrganizationTrail": true, "LogFileValidationEnabled": true,
            }]}),
            "GetTrailStatus" => json!({"IsLogging": true}),
            "GetEventSelectors" => {
                json!({"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": true}]})
            }
            _ => return None,
        };
        Some(Fault::Answer(Response::new(200, "application/x-amz-json-1.1", body.to_string())))
    })
}

#[test]
fn who_is_left_out_and_owns_the_trail_is_asked_what_may_be_asked_and_named() {
    let scan = |arguments: &[&str], out: &str| {
        let out = room(out);
        let proxy = organization_trail();
        let output = asking("scan", &proxy, &out, arguments).args(["--format", "json"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let of_member = |asked: &&Asked| asked.key != "AKIDCALLER" && asked.operation == "GetTrailStatus";
        (report, proxy.asked().iter().filter(of_member).count(), Ran { out, output })
    };
    let (report, asked, ran) = scan(&WALK, "owner-left-out");
    // A member may ask whether the trail records, and is asked; so that is known.
    assert_eq!(asked, 1, "{}", ran.said());
    let said = |check: &str| -> Vec<(String, String)> {
        let results = report["results"].as_array().unwrap().iter().filter(|result| result["check"] == check);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        results.map(|result| (text(&result["subject"]["address"]), text(&result["verdict"]))).collect()
    };
    let trail = format!("arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/audit");
    assert_eq!(said("trail_stopped"), [(trail, "pass".to_owned())]);
    // Its owner was asked about the organization alone: it is named, and not judged.
    let unseen = &report["coverage"]["not_seen"];
    assert_eq!((&unseen[0]["what"], &unseen[0]["name"]), (&json!("account"), &json!(ACCOUNT)), "{unseen}");
    assert!(unseen[0]["why"].as_str().unwrap().contains("is its trail"), "{unseen}");
    let owners: Vec<String> = said("account_without_trail").into_iter().map(|(account, _)| account).collect();
    assert!(!owners.contains(&ACCOUNT.to_owned()) && !owners.is_empty(), "{owners:?}");
    // Where the owner is asked itself, the members need not be.
    let (report, asked, ran) = scan(&WALK[..5], "owner-asked");
    assert_eq!(asked, 0, "{}", ran.said());
    assert_eq!(report["coverage"]["not_seen"], json!([]));
}

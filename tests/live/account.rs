//! One account, with nothing wrong.

use super::proxy::Proxy;
use super::{ACCOUNT, collect, room};
use serde_json::json;
use std::collections::BTreeSet;
use trailproof::read::account::{CALLS, Call};

#[test]
fn an_account_is_written_down() {
    let proxy = Proxy::new(|_, _| None);
    let ran = collect(&proxy, &room("account"), &[]);
    assert_eq!(ran.code(), Some(0), "{}", ran.said());
    let evidence = ran.evidence(ACCOUNT);
    assert_eq!(evidence.0["schema"], "trailproof.evidence/1");
    assert_eq!(evidence.0["complete"], true, "{}", ran.said());
    assert_eq!(evidence.0["regions"], json!(["eu-south-1", "eu-west-1", "us-east-1"]));
    assert_eq!(evidence.0["disabled"], json!(["me-south-1"]));
    // The shadow of a trail in other Regions is listed there, and asked about at home only.
    assert_eq!(evidence.all("cloudtrail", "DescribeTrails").len(), 3);
    assert_eq!(evidence.all("cloudtrail", "GetTrailStatus").len(), 2);
    assert_eq!(
        evidence.all("cloudtrail", "LookupEvents").len(),
        4 * 3,
        "what every deployment changes is not asked for"
    );
    assert_eq!(evidence.only("s3", "GetBucketVersioning"), &json!({"Status": "Enabled"}));
    let rule = json!({"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "AWSLogs/"}, "Expiration": {"Days": 400}});
    assert_eq!(evidence.only("s3", "GetBucketLifecycleConfiguration"), &json!({"Rules": [rule]}));
    // Whose tags these are is nobody's business here: no stack has made them.
    assert_eq!(evidence.only("s3", "GetBucketTagging"), &json!({"TagSet": []}));
    assert_eq!(evidence.only("sns", "ListTagsForResource"), &json!({"Tags": []}));
    assert_eq!(evidence.only("logs", "ListTagsForResource"), &json!({"tags": {}}));
    assert!(evidence.all("kms", "ListResourceTags").iter().all(|call| call["output"] == json!({"Tags": []})));
    assert_eq!(evidence.all("s3", "GetBucketEncryption").len(), 2, "the bucket's, and its access logs'");
    assert_eq!(evidence.all("kms", "DescribeKey").len(), 2, "the trail's key, and the topic's by its alias");
    let roles = evidence.only("iam", "GetAccountAuthorizationDetails")["RoleDetailList"].as_array().unwrap();
    let role = roles.iter().find(|role| role["RoleName"] == "delivery").unwrap();
    assert_eq!(role["RolePolicyList"][0]["PolicyDocument"]["Version"], "2012-10-17");
    assert_eq!(evidence.only("cloudtrail", "GetChannel")["Destinations"][0]["Type"], "EVENT_DATA_STORE");
    assert!(!evidence.all("organizations", "ListTargetsForPolicy").is_empty());
}

#[test]
fn the_history_is_asked_for_changes_where_somebody_wants_to_know() {
    let proxy = Proxy::new(|_, _| None);
    let ran = collect(&proxy, &room("changes"), &["--region", "eu-west-1", "--changes"]);
    let evidence = ran.evidence(ACCOUNT);
    let lookups = evidence.all("cloudtrail", "LookupEvents");
    let names = lookups.iter().map(|call| call["input"]["LookupAttributes"][0]["AttributeValue"].as_str().unwrap());
    let names: BTreeSet<&str> = names.collect();
    assert_eq!(names.len(), 8, "{names:?}");
    assert!(names.contains("StopLogging") && names.contains("UpdateTrail"));
}

#[test]
fn evidence_is_for_its_owner_and_holds_no_secrets() {
    let proxy = Proxy::new(|_, _| None);
    let out = room("secrets");
    let ran = collect(&proxy, &out, &["--region", "eu-west-1"]);
    let path = out.join(format!("{ACCOUNT}.json"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{error}: {}", ran.said()));
    for secret in ["AKIDSECRET", "AKIDCALLER", "secret", "@example.com"] {
        assert!(!text.contains(secret), "{secret} is in the evidence");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&out)), (0o600, 0o700));
    }
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1, "nothing is left beside the evidence");
}

#[test]
fn nothing_is_asked_but_what_the_table_names_and_nothing_twice() {
    let proxy = Proxy::new(|_, _| None);
    let ran = collect(&proxy, &room("table"), &[]);
    let log = proxy.asked();
    assert!(log.len() > 60, "{}: {}", log.len(), ran.said());
    for asked in &log {
        let call = Call::find(&asked.service, &asked.operation);
        assert!(call.is_some(), "{asked:?} is not in the table");
    }
    let once: BTreeSet<_> = log.iter().collect();
    assert_eq!(once.len(), log.len(), "something was asked twice");
    let evidence = ran.evidence(ACCOUNT);
    let said = ran.said();
    let line = format!("{} calls in {} requests", evidence.calls().len(), log.len());
    assert!(said.contains(&line), "{line}: {said}");
}

#[test]
fn the_table_only_reads() {
    let reading = ["Get", "List", "Describe", "Lookup"];
    for call in CALLS.iter().filter(|call| call.operation != "AssumeRole") {
        assert!(reading.iter().any(|verb| call.operation.starts_with(verb)), "{}", call.operation);
    }
    let all: BTreeSet<_> = CALLS.iter().map(|call| (call.service, call.operation)).collect();
    assert_eq!(all.len(), CALLS.len());
}

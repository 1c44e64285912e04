//! Evidence as files: what is read of them, what an error or a call that was never made means, and how several accounts of
//! one run are told apart and put together.
#![allow(clippy::disallowed_methods, reason = "tests read the repository")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

#[path = "evidence/anchors.rs"]
mod anchors;
#[path = "evidence/names.rs"]
mod names;
#[path = "evidence/who.rs"]
mod who;

use serde_json::{Value, json};
use trailproof::judge::{Answer, Outcome};
use trailproof::report::Report;
use trailproof::value::WhyKind;
use trailproof::{Options, check_texts};

const ACCOUNT: &str = "111122223333";
const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit";

fn options() -> Options {
    Options { checks: trailproof::checks::ALL.iter().collect(), ..Options::default() }
}

fn call(service: &str, operation: &str, region: &str, input: Value, answer: Value) -> Value {
    let mut call = json!({"service": service, "operation": operation, "region": region, "input": input});
    let is_error = answer.get("code").is_some();
    call[if is_error { "error" } else { "output" }] = answer;
    call
}

fn file(account: &str, calls: &[Value]) -> String {
    json!({"schema": "trailproof.evidence/1", "account": account, "calls": calls}).to_string()
}

fn run(calls: &[Value]) -> Report {
    run_files(&[("account.json", &file(ACCOUNT, calls))])
}

fn run_files(files: &[(&str, &str)]) -> Report {
    let report = check_texts(files, &options());
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

fn trails(region: &str, trails: Value) -> Value {
    call("cloudtrail", "DescribeTrails", region, json!({}), json!({"trailList": trails}))
}

fn trail() -> Value {
    json!({
        "Name": "audit", "TrailARN": TRAIL, "HomeRegion": "eu-west-1", "S3BucketName": "audit-logs",
        "IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": true
    })
}

fn status(logging: bool) -> Value {
    call("cloudtrail", "GetTrailStatus", "eu-west-1", json!({"Name": TRAIL}), json!({"IsLogging": logging}))
}

fn denied() -> Value {
    json!({"code": "AccessDenied", "message": "no identity-based policy allows it"})
}

/// What a check says of the one subject that it judges.
fn one<'r>(report: &'r Report, check: &str) -> &'r Outcome {
    let found: Vec<&Outcome> = report.outcomes.iter().filter(|outcome| outcome.check.id == check).collect();
    assert_eq!(found.len(), 1, "{check}: {found:#?}");
    found[0]
}

fn answer(report: &Report, check: &str) -> Answer {
    one(report, check).answer
}

fn reason(report: &Report, check: &str) -> (WhyKind, String, String) {
    let outcome = one(report, check);
    assert_eq!(outcome.answer, Answer::Unknown, "{check}: {}", outcome.message());
    let why = &outcome.reasons[0];
    (why.kind, why.name.to_string(), why.text.to_string())
}

fn underlined<'r>(report: &'r Report, outcome: &Outcome) -> &'r str {
    report.sources.get(outcome.span.file).unwrap().cut(outcome.span)
}

#[test]
fn a_header_that_says_too_little_is_told() {
    for (text, expected) in [
        (r#"{"schema": "trailproof.evidence/2"}"#, "this evidence is of another schema"),
        (r#"{"note": "trailproof.evidence/1"}"#, "evidence names its `schema`"),
        (r#"{"schema": "trailproof.evidence/1"}"#, "evidence names its `account`"),
        (r#"{"schema": "trailproof.evidence/1", "account": 111122223333}"#, "has a list of `calls`"),
        (r#"{"schema": "trailproof.evidence/1", "account": "12"}"#, "twelve digits"),
        (r#"{"schema": "trailproof.evidence/1", "account": "111122223333", "calls": [{}]}"#, "`output` or an `error`"),
        (
            r#"{"schema": "trailproof.evidence/1", "account": "111122223333", "calls": [{"output": {}}]}"#,
            "names its `service`",
        ),
        (r#"{"schema": "trailproof.evidence/1", "account": "#, "the file ends"),
    ] {
        let report = check_texts(&[("account.json", text)], &options());
        let messages: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
        assert!(matches!(messages.as_slice(), [only] if only.contains(expected)), "{text}: {messages:?}");
    }
}

#[test]
fn an_answer_is_a_mapping_or_an_error() {
    let told = |answer: &str| {
        let text = format!(
            "{{\"schema\": \"trailproof.evidence/1\", \"account\": \"{ACCOUNT}\", \"calls\": [\
             {{\"service\": \"cloudtrail\", \"operation\": \"DescribeTrails\", \"region\": \"eu-west-1\", {answer}}}]}}"
        );
        let report = check_texts(&[("account.json", &text)], &options());
        report.problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(told("\"output\": {\"trailList\": []}"), "");
    assert!(told("\"output\": null").contains("an `output` is a mapping"), "{}", told("\"output\": null"));
    assert!(told("\"output\": {}, \"error\": {\"code\": \"AccessDenied\"}").contains("never both"));
    // Whoever has no trails is told so with an empty list.
    let report = run(&[call("cloudtrail", "DescribeTrails", "eu-west-1", json!({}), json!({"traillist": []}))]);
    assert_eq!(answer(&report, "account_without_trail"), Answer::Unknown);
}

#[test]
fn a_partition_is_told_by_its_regions() {
    let arn = "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/audit";
    let trail = json!([{"Name": "audit", "TrailARN": arn, "HomeRegion": "cn-north-1", "S3BucketName": "audit-logs"}]);
    let buckets = json!({"Buckets": [{"Name": "audit-logs", "BucketRegion": "cn-north-1"}]});
    let report = run(&[trails("cn-north-1", trail), call("s3", "ListBuckets", "cn-north-1", json!({}), buckets)]);
    let bucket = report.outcomes.iter().find(|it| it.subject.kind == "bucket").unwrap();
    assert_eq!(&*bucket.subject.address, "arn:aws-cn:s3:::audit-logs");
}

#[test]
fn the_status_of_a_trail_is_that_of_its_home() {
    let mut elsewhere = status(false);
    elsewhere["region"] = json!("us-east-1");
    let report = run(&[trails("eu-west-1", json!([trail()])), elsewhere, status(true)]);
    assert_eq!(answer(&report, "trail_stopped"), Answer::Pass);
}

#[test]
fn a_status_that_nobody_knows_is_none() {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/11111111-2222-3333-4444-555555555555";
    for (status, expected) in
        [("ENABLED", Answer::Pass), ("STOPPING_INGESTION", Answer::Fail), ("RESTING", Answer::Unknown)]
    {
        let store = json!({"EventDataStoreArn": arn, "Name": "all", "Status": status});
        let calls = [call("cloudtrail", "GetEventDataStore", "eu-west-1", json!({"EventDataStore": arn}), store)];
        assert_eq!(answer(&run(&calls), "store_ingestion_stopped"), expected, "{status}");
    }
}

#[test]
fn times_may_be_seconds() {
    for (latest, expected) in [("1795255200.123", Answer::Pass), ("1794650400", Answer::Fail)] {
        let mut told = status(true);
        told["output"]["LatestDeliveryTime"] = json!(latest.parse::<f64>().unwrap());
        told["output"]["StartLoggingTime"] = json!(1_700_000_000);
        told["at"] = json!("2026-11-21T10:00:00Z");
        assert_eq!(answer(&run(&[trails("eu-west-1", json!([trail()])), told]), "trail_delivery_stale"), expected);
    }
}

#[test]
fn one_account_has_one_file() {
    let text = file(ACCOUNT, &[trails("eu-west-1", json!([trail()])), status(true)]);
    let report = check_texts(&[("new.json", &text), ("old.json", &text)], &options());
    let messages: Vec<&str> = report.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(messages, ["evidence of account 111122223333, as is new.json: name one of them"]);
    assert_eq!(answer(&report, "trail_stopped"), Answer::Pass, "the trail is told once");
}

#[test]
fn a_trail_that_every_region_lists_is_one() {
    let mut elsewhere = trail();
    elsewhere["LogFileValidationEnabled"] = json!(false);
    let mut home = trail();
    home["LogFileValidationEnabled"] = json!(true);
    let report = run(&[
        trails("us-east-1", json!([elsewhere])),
        trails("eu-west-1", json!([home])),
        trails("eu-central-1", json!([elsewhere])),
        status(true),
    ]);
    assert_eq!(answer(&report, "trail_without_log_validation"), Answer::Pass, "its home knows best");
    let subject = &one(&report, "trail_stopped").subject;
    assert_eq!((&*subject.address, subject.region.as_deref()), (TRAIL, Some("eu-west-1")));
    assert_eq!(subject.account.as_deref(), Some(ACCOUNT));
}

#[test]
fn a_name_is_one_of_a_kind_in_its_region_only() {
    let stopped = |region: &str, logging: bool| {
        call("cloudtrail", "GetTrailStatus", region, json!({"Name": "audit"}), json!({"IsLogging": logging}))
    };
    let list = trails("eu-west-1", json!([trail()]));
    let report = run(&[list.clone(), stopped("us-east-1", false), stopped("eu-west-1", true)]);
    assert_eq!(answer(&report, "trail_stopped"), Answer::Pass);
    let report = run(&[list, stopped("us-east-1", false)]);
    assert_eq!(reason(&report, "trail_stopped").0, WhyKind::NotVisible);
}

#[test]
fn what_was_not_asked_is_not_visible_and_nothing_in_examples() {
    let calls = [trails("eu-west-1", json!([trail()]))];
    let report = run(&calls);
    let (kind, name, _) = reason(&report, "trail_stopped");
    assert_eq!((kind, name.as_str()), (WhyKind::NotVisible, "GetTrailStatus"));
    assert_eq!(reason(&report, "trail_not_organization").0, WhyKind::NotVisible);
    let examples = Options { unasked: trailproof::read::account::Unasked::Nothing, ..options() };
    let report = check_texts(&[("account.json", &file(ACCOUNT, &calls))], &examples);
    assert_eq!(answer(&report, "trail_stopped"), Answer::Pass);
    assert_eq!(answer(&report, "trail_not_organization"), Answer::NotApplicable);
}

#[test]
fn what_the_history_was_not_asked_for_is_not_known() {
    let lookup = |region: &str, name: &str| {
        let input = json!({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]});
        call("cloudtrail", "LookupEvents", region, input, json!({"Events": []}))
    };
    let ask = |names: &[&str]| {
        let each = names.iter().flat_map(|name| ["eu-west-1", "us-east-1"].map(|region| lookup(region, name)));
        each.chain([trails("eu-west-1", json!([])), trails("us-east-1", json!([]))]).collect::<Vec<Value>>()
    };
    let run = |calls: &[Value]| {
        let header = "{\"regions\":[\"eu-west-1\",\"us-east-1\"],";
        run_files(&[("account.json", &file(ACCOUNT, calls).replacen('{', header, 1))])
    };
    let silencing = ["StopLogging", "DeleteTrail", "DeleteEventDataStore", "StopEventDataStoreIngestion"];
    let changing = ["UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "UpdateEventDataStore"];
    let few = run(&ask(&silencing));
    assert_eq!(answer(&few, "account_trail_tampering_seen"), Answer::Pass);
    let text = "the event history was not asked for `UpdateTrail` everywhere; `collect --changes` asks for all";
    assert_eq!(reason(&few, "account_trail_changes_seen").2, text);
    let all = [silencing, changing].concat();
    assert_eq!(answer(&run(&ask(&all)), "account_trail_changes_seen"), Answer::Pass);
    // Who asks for everything of CloudTrail asks for these; who asks for something else does not.
    let everything = |key: &str, value: &str, more: Value| {
        let mut input = json!({"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]});
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let ask = |region| call("cloudtrail", "LookupEvents", region, input.clone(), json!({"Events": []}));
        let calls: Vec<Value> =
            ["eu-west-1", "us-east-1"].into_iter().flat_map(|it| [trails(it, json!([])), ask(it)]).collect();
        answer(&run(&calls), "account_trail_changes_seen")
    };
    assert_eq!(everything("EventSource", "cloudtrail.amazonaws.com", json!({})), Answer::Pass);
    assert_eq!(everything("Username", "somebody", json!({})), Answer::Unknown);
    let late = json!({"StartTime": "2026-11-20T00:00:00Z"});
    assert_eq!(everything("EventSource", "cloudtrail.amazonaws.com", late), Answer::Unknown);
    // A name counts where every Region was asked for it.
    let mut part = ask(&all);
    part.retain(|call| call["region"] != "us-east-1" || *call != lookup("us-east-1", "UpdateTrail"));
    assert_eq!(reason(&run(&part), "account_trail_changes_seen").2, text);
}

#[test]
fn an_error_says_what_kept_the_answer() {
    let with = |error: Value| {
        let status = call("cloudtrail", "GetTrailStatus", "eu-west-1", json!({"Name": TRAIL}), error);
        reason(&run(&[trails("eu-west-1", json!([trail()])), status]), "trail_stopped")
    };
    let (kind, name, text) = with(denied());
    assert_eq!((kind, name.as_str()), (WhyKind::Denied, "cloudtrail:GetTrailStatus"));
    assert_eq!(text, "`cloudtrail:GetTrailStatus` was denied");
    let message = "not authorized, with an explicit deny in a service control policy";
    let (_, _, text) = with(json!({"code": "AccessDeniedException", "message": message}));
    assert_eq!(text, "a service control policy denies `cloudtrail:GetTrailStatus`");
    let (kind, _, text) = with(json!({"code": "ThrottlingException", "message": "Rate exceeded"}));
    assert_eq!((kind, text.as_str()), (WhyKind::Denied, "`GetTrailStatus` failed: ThrottlingException: Rate exceeded"));
}

#[test]
fn an_error_that_means_none_is_an_answer() {
    let insights = |answer: Value| {
        let name = json!({"TrailName": TRAIL});
        let insights = call("cloudtrail", "GetInsightSelectors", "eu-west-1", name, answer);
        run(&[trails("eu-west-1", json!([trail()])), status(true), insights])
    };
    let report = insights(json!({"code": "InsightNotEnabledException"}));
    let outcome = one(&report, "trail_without_insights");
    assert_eq!((outcome.answer, underlined(&report, outcome)), (Answer::Fail, "\"InsightNotEnabledException\""));
    assert_eq!(reason(&insights(denied()), "trail_without_insights").1, "cloudtrail:GetInsightSelectors");
}

fn bucket(answers: &[(&str, Value)]) -> Vec<Value> {
    let mut calls = vec![trails("eu-west-1", json!([trail()])), status(true)];
    let own = json!({"Buckets": [{"Name": "audit-logs", "BucketRegion": "eu-west-1"}]});
    calls.push(call("s3", "ListBuckets", "us-east-1", json!({}), own));
    let of_bucket = |(operation, answer): &(&str, Value)| {
        call("s3", operation, "eu-west-1", json!({"Bucket": "audit-logs"}), answer.clone())
    };
    calls.extend(answers.iter().map(of_bucket));
    calls
}

#[test]
fn the_account_blocks_public_access_for_its_buckets() {
    let blocks = |on: bool| {
        let all = json!({"BlockPublicAcls": on, "IgnorePublicAcls": on, "BlockPublicPolicy": on,
            "RestrictPublicBuckets": on});
        json!({"PublicAccessBlockConfiguration": all})
    };
    let of_account = |answer: Value| call("s3control", "GetPublicAccessBlock", "us-east-1", json!({}), answer);
    let check = "bucket_public_access_not_blocked";
    let off = bucket(&[("GetPublicAccessBlock", blocks(false))]);
    let run_with = |account: Value| run(&[off.clone(), vec![of_account(account)]].concat());
    // The account may be stricter, where it was not asked.
    assert_eq!(reason(&run(&off), check).0, WhyKind::NotVisible);
    assert_eq!(answer(&run_with(blocks(true)), check), Answer::Pass);
    assert_eq!(reason(&run_with(denied()), check).1, "s3:GetAccountPublicAccessBlock");
    let none = json!({"code": "NoSuchPublicAccessBlockConfiguration"});
    assert!(run_with(none).outcomes.iter().any(|it| it.check.id == check && it.answer == Answer::Fail));
}

#[test]
fn an_account_does_not_say_how_its_bucket_is_destroyed() {
    assert_eq!(answer(&run(&bucket(&[])), "bucket_destroyable"), Answer::NotApplicable);
}

#[test]
fn a_refused_policy_is_neither_there_nor_missing() {
    let missing = "bucket_policy_missing";
    let report = |answer: Value| run(&bucket(&[("GetBucketPolicy", answer)]));
    assert_eq!(answer(&report(json!({"code": "NoSuchBucketPolicy"})), missing), Answer::Fail);
    assert_eq!(reason(&report(denied()), missing).1, "s3:GetBucketPolicy");
    assert_eq!(reason(&report(denied()), "bucket_policy_blocks_delivery").1, "s3:GetBucketPolicy");
    assert_eq!(answer(&report(denied()), "bucket_policy_without_source_guard"), Answer::Unknown);
    assert_eq!(reason(&run(&bucket(&[])), missing).0, WhyKind::NotVisible);
}

#[test]
fn a_bucket_is_unknown_where_buckets_cannot_be_listed() {
    let prefix = json!({"Prefix": "audit-logs"});
    let list = call("s3", "ListBuckets", "us-east-1", prefix, denied());
    let report = run(&[trails("eu-west-1", json!([trail()])), status(true), list]);
    for check in ["bucket_without_versioning", "bucket_policy_missing", "bucket_acls_enabled"] {
        assert_eq!(reason(&report, check).1, "s3:ListAllMyBuckets", "{check}");
    }
}

#[test]
fn the_policy_of_one_log_group_counts() {
    let mut trail = trail();
    let group = "arn:aws:logs:eu-west-1:111122223333:log-group:audit";
    trail["CloudWatchLogsLogGroupArn"] = json!(format!("{group}:*"));
    let groups = json!({"logGroups": [{"logGroupName": "audit", "arn": format!("{group}:*")}]});
    let everyone = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "logs:GetLogEvents", "Resource": format!("{group}:*")}]});
    let policies = |answer: Value| {
        let input = json!({"policyScope": "RESOURCE", "resourceArn": group});
        let calls = [
            trails("eu-west-1", json!([trail])),
            status(true),
            call("logs", "DescribeLogGroups", "eu-west-1", json!({"logGroupNamePrefix": "audit"}), groups.clone()),
            call("logs", "DescribeResourcePolicies", "eu-west-1", input, answer),
        ];
        run(&calls)
    };
    let policy = json!([{"resourceArn": group, "policyScope": "RESOURCE", "policyDocument": everyone.to_string()}]);
    assert_eq!(answer(&policies(json!({"resourcePolicies": policy})), "log_group_open"), Answer::Fail);
    assert_eq!(answer(&policies(json!({"resourcePolicies": []})), "log_group_open"), Answer::Pass);
    assert_eq!(reason(&policies(denied()), "log_group_open").1, "logs:DescribeResourcePolicies");
}

#[test]
fn an_organization_of_many_accounts_is_put_together() {
    // Every account has the same roles, and only two of them share a bucket.
    let roles: Vec<Value> = (0..40)
        .map(
            |n| json!({"Arn": format!("arn:aws:iam::111122223333:role/common-{n}"), "RoleName": format!("common-{n}")}),
        )
        .collect();
    let mut files: Vec<(String, String)> = (0..120)
        .map(|n| {
            let id = format!("{:012}", 200_000_000_000_u64 + n);
            let own = serde_json::to_string(&roles).unwrap().replace(ACCOUNT, &id);
            let list = json!({"RoleDetailList": serde_json::from_str::<Value>(&own).unwrap()});
            let mut local = trail();
            local["Name"] = json!("local");
            local["TrailARN"] = json!(format!("arn:aws:cloudtrail:eu-west-1:{id}:trail/local"));
            local["CloudWatchLogsLogGroupArn"] =
                json!(format!("arn:aws:logs:eu-west-1:{id}:log-group:a-common-name:*"));
            local["S3BucketName"] = json!(format!("logs-{id}"));
            let details = call("iam", "GetAccountAuthorizationDetails", "us-east-1", json!({}), list);
            (format!("{id}.json"), file(&id, &[trails("eu-west-1", json!([local])), details]))
        })
        .collect();
    let mut shared = trail();
    shared["CloudWatchLogsLogGroupArn"] = json!(format!("arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:a-common-name:*"));
    shared["KmsKeyId"] = json!(format!("arn:aws:kms:eu-central-1:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"));
    files.push(("owner.json".to_owned(), file(ACCOUNT, &[trails("eu-west-1", json!([shared])), status(true)])));
    let own = json!({"Buckets": [{"Name": "audit-logs", "BucketRegion": "eu-west-1"}]});
    let list = call("s3", "ListBuckets", "us-east-1", json!({}), own);
    let versioning = call("s3", "GetBucketVersioning", "eu-west-1", json!({"Bucket": "audit-logs"}), json!({}));
    let none = json!({"code": "ObjectLockConfigurationNotFoundError"});
    let lock = call("s3", "GetObjectLockConfiguration", "eu-west-1", json!({"Bucket": "audit-logs"}), none);
    files.push(("archive.json".to_owned(), file("444455556666", &[list, versioning, lock])));
    let report = run_files(&files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>());
    assert_eq!(answer(&report, "bucket_without_versioning"), Answer::Fail);
    let region =
        report.outcomes.iter().find(|it| it.check.id == "key_in_other_region" && &*it.subject.address == TRAIL);
    assert_eq!(region.map(|outcome| outcome.answer), Some(Answer::Fail), "the trail's account sees the bucket's");
}

#[test]
fn mfa_delete_is_seen() {
    let no_policy = ("GetBucketPolicy", json!({"code": "NoSuchBucketPolicy"}));
    let no_lock = ("GetObjectLockConfiguration", json!({"code": "ObjectLockConfigurationNotFoundError"}));
    let report = |answer: Value| run(&bucket(&[("GetBucketVersioning", answer), no_policy.clone(), no_lock.clone()]));
    assert_eq!(answer(&report(json!({"Status": "Enabled"})), "bucket_without_mfa_delete"), Answer::Fail);
    let on = json!({"Status": "Enabled", "MFADelete": "Enabled"});
    assert_eq!(answer(&report(on), "bucket_without_mfa_delete"), Answer::Pass);
}

#[test]
fn the_role_of_a_trail_is_unknown_where_roles_cannot_be_read() {
    let mut trail = trail();
    trail["CloudWatchLogsLogGroupArn"] = json!("arn:aws:logs:eu-west-1:111122223333:log-group:audit:*");
    trail["CloudWatchLogsRoleArn"] = json!("arn:aws:iam::111122223333:role/audit/deliver");
    let details = call("iam", "GetAccountAuthorizationDetails", "us-east-1", json!({}), denied());
    let groups = call("logs", "DescribeLogGroups", "eu-west-1", json!({"logGroupNamePrefix": "audit"}), denied());
    let report = run(&[trails("eu-west-1", json!([trail])), status(true), details, groups]);
    assert_eq!(reason(&report, "role_cannot_deliver").1, "iam:GetAccountAuthorizationDetails");
    assert_eq!(reason(&report, "log_group_retention_short").1, "logs:DescribeLogGroups");
    let unanswered: Vec<&str> = report.coverage.calls_unanswered.iter().map(|call| &*call.permission).collect();
    assert_eq!(unanswered, ["iam:GetAccountAuthorizationDetails", "logs:DescribeLogGroups"]);
    assert!(report.is_complete(), "what was refused was asked");
}

#[test]
fn evidence_that_is_not_whole_makes_a_run_that_is_not() {
    let mut evidence: Value = serde_json::from_str(&file(ACCOUNT, &[status(true)])).unwrap();
    evidence["complete"] = json!(false);
    let report = run_files(&[("account.json", &evidence.to_string())]);
    assert!(!report.is_complete());
    let json: Value = serde_json::from_str(&trailproof::report::json::render(&report)).unwrap();
    assert_eq!(json["complete"], false);
    assert_eq!(json["coverage"]["evidence_incomplete"], json!(["account.json"]));
}

/// The example of an organization: its trail lives in the first account, its bucket and key in the second; the third is a
/// member with a trail of its own.
fn organization(accounts: &[&str]) -> Report {
    changed_organization(accounts, "", "")
}

/// The same with a text replaced by another.
fn changed_organization(accounts: &[&str], from: &str, to: &str) -> Report {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/account/organization");
    let texts: Vec<(String, String)> = accounts
        .iter()
        .map(|id| (format!("{id}.json"), std::fs::read_to_string(root.join(format!("{id}.json"))).unwrap()))
        .map(|(name, text)| (name, if from.is_empty() { text } else { text.replace(from, to) }))
        .collect();
    run_files(&texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

const ALL: [&str; 3] = ["111122223333", "444455556666", "777788889999"];

/// The addresses that a check judges, each with the file that tells it.
fn judged<'r>(report: &'r Report, check: &str) -> Vec<(&'r str, &'r str)> {
    let of = report.outcomes.iter().filter(|outcome| outcome.check.id == check);
    of.map(|it| (&*it.subject.address, &*report.sources.get(it.span.file).unwrap().name)).collect()
}

#[test]
fn what_several_accounts_see_is_told_where_it_lives() {
    let organization_trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/organization";
    let team = "arn:aws:cloudtrail:eu-west-1:777788889999:trail/team";
    let key = "arn:aws:kms:eu-west-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    for order in [ALL, [ALL[2], ALL[1], ALL[0]]] {
        let report = organization(&order);
        let mut stopped = judged(&report, "trail_stopped");
        stopped.sort_unstable();
        assert_eq!(stopped, [(organization_trail, "111122223333.json"), (team, "777788889999.json")]);
        assert_eq!(judged(&report, "key_open"), [(key, "444455556666.json")]);
        assert_eq!(answer(&report, "key_open"), Answer::Pass);
        assert_eq!(answer(&report, "bucket_without_versioning"), Answer::Fail);
        assert_eq!(judged(&report, "scp_exempts_broadly"), [("p-examplepolicy", "111122223333.json")]);
    }
}

#[test]
fn the_trail_of_the_organization_covers_its_members() {
    let of_team = |report: &Report| {
        let is_team =
            |it: &&Outcome| it.subject.address.ends_with("trail/team") && it.check.id == "trail_single_region";
        report.outcomes.iter().find(is_team).map(|outcome| outcome.answer)
    };
    assert_eq!(of_team(&organization(&ALL)), Some(Answer::Pass));
    // Without the owner's evidence, the member's own list still shows the trail, and its status is denied.
    let alone = organization(&ALL[2..]);
    assert_eq!(of_team(&alone), Some(Answer::Unknown));
    let stopped = alone
        .outcomes
        .iter()
        .find(|it| it.check.id == "trail_stopped" && it.subject.address.ends_with("trail/organization"));
    assert_eq!(stopped.map(|it| &*it.reasons[0].name), Some("cloudtrail:GetTrailStatus"));
}

/// An organization whose members each own a trail and its bucket; none of its policies keeps them from either.
fn members(management: u64, members: &[u64]) -> Report {
    let evidence = |id: u64| {
        let (id, mut calls) = (id.to_string(), Vec::new());
        let arn = |account: &str| format!("arn:aws:cloudtrail:eu-west-1:{account}:trail/audit");
        let trail = |account: &str| {
            json!({"Name": "audit", "TrailARN": arn(account), "HomeRegion": "eu-west-1",
                   "S3BucketName": format!("logs-{account}")})
        };
        calls.push(trails("eu-west-1", json!([trail(&id)])));
        let bucket = json!([{"Name": format!("logs-{id}"), "BucketRegion": "eu-west-1"}]);
        calls.push(call("s3", "ListBuckets", "eu-west-1", json!({}), json!({"Buckets": bucket})));
        if id == management.to_string() {
            let accounts: Vec<Value> = members.iter().map(|id| json!({"Id": id.to_string()})).collect();
            for (operation, input, output) in [
                ("DescribeOrganization", json!({}), json!({"Organization": {"Id": "o-1", "MasterAccountId": id}})),
                ("ListRoots", json!({}), json!({"Roots": [{"Id": "r-1"}]})),
                ("ListAccountsForParent", json!({"ParentId": "r-1"}), json!({"Accounts": accounts})),
                ("ListPolicies", json!({"Filter": "SERVICE_CONTROL_POLICY"}), json!({"Policies": []})),
            ] {
                calls.push(call("organizations", operation, "us-east-1", input, output));
            }
        }
        (format!("{id}.json"), file(&id, &calls))
    };
    let files: Vec<(String, String)> = members.iter().chain([&management]).map(|id| evidence(*id)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    run_files(&files)
}

#[test]
fn an_organization_is_seen_whole_however_large_it_is() {
    let ids: Vec<u64> = (500_000_000_000..500_000_000_150).collect();
    // Whether its management account comes first or last.
    for management in [100_000_000_000, 900_000_000_000] {
        let report = members(management, &ids);
        let all: Vec<_> = report.outcomes.iter().filter(|it| it.check.id == "organization_trail_unprotected").collect();
        assert_eq!(all.len(), ids.len());
        for outcome in all {
            assert_eq!(outcome.answer, Answer::Fail, "{management}: {}: {}", outcome.subject.address, outcome.label);
            assert!(outcome.label.contains("s3:DeleteObject"), "{}", outcome.label);
        }
    }
}

#[test]
fn the_organization_is_known_by_its_id() {
    let check = "bucket_policy_blocks_delivery";
    assert_eq!(answer(&organization(&ALL), check), Answer::Pass);
    let elsewhere = changed_organization(&ALL, "AWSLogs/o-exampleorgid", "AWSLogs/o-otherorgid");
    assert_eq!(answer(&elsewhere, check), Answer::Fail, "the members' logs go below the organization's own id");
    let foreign = changed_organization(&ALL, "AWSLogs/111122223333", "AWSLogs/999988887777");
    assert_eq!(answer(&foreign, check), Answer::Pass, "the folder of one account is not an organization trail's");
}

/// The policy that SNS gives to a topic of which nobody says anything.
#[test]
fn the_default_policy_of_a_topic_is_one_like_any_other() {
    let arn = "arn:aws:sns:eu-west-1:111122223333:audit";
    let mut trail = trail();
    trail["SnsTopicARN"] = json!(arn);
    let policy = json!({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [{
        "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": {"AWS": "*"},
        "Action": ["SNS:GetTopicAttributes", "SNS:SetTopicAttributes", "SNS:Publish", "SNS:Subscribe"],
        "Resource": arn, "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}]});
    let attributes = json!({"Attributes": {"TopicArn": arn, "Policy": policy.to_string()}});
    let topic = call("sns", "GetTopicAttributes", "eu-west-1", json!({"TopicArn": arn}), attributes);
    let report = run(&[trails("eu-west-1", json!([trail])), status(true), topic]);
    assert_eq!(answer(&report, "topic_open"), Answer::Pass);
    assert_eq!(answer(&report, "topic_blocks_cloudtrail"), Answer::Fail);
    let topic = call("sns", "GetTopicAttributes", "eu-west-1", json!({"TopicArn": arn}), denied());
    let report = run(&[trails("eu-west-1", json!([trail])), status(true), topic]);
    assert_eq!(reason(&report, "topic_blocks_cloudtrail").1, "sns:GetTopicAttributes");
}

#[test]
fn a_resource_of_another_account_is_unknown_without_its_owner() {
    let report = organization(&ALL[..1]);
    let (kind, name, _) = reason(&report, "key_open");
    assert_eq!((kind, name.as_str()), (WhyKind::Denied, "kms:GetKeyPolicy"));
    assert_eq!(reason(&report, "bucket_policy_missing").1, "s3:GetBucketPolicy");
}

#[test]
fn documents_in_strings_are_underlined_inside() {
    let report = organization(&ALL);
    let outcome = one(&report, "scp_exempts_broadly");
    assert_eq!(underlined(&report, outcome), r#"\"arn:aws:iam::*:role/*Admin*\""#);
}

#[test]
fn evidence_without_its_regions_says_so() {
    let report = run(&[trails("eu-west-1", json!([]))]);
    let without = one(&report, "account_without_trail");
    assert_eq!(without.answer, Answer::Unknown);
    assert!(without.message().contains("`regions` is missing in the evidence"), "{}", without.message());
}

//! What runs say of plans: with the sources the findings stand there, and what the plan knows is decided.

use super::*;
use std::collections::BTreeMap;
use trailproof::judge::{Answer, Outcome};
use trailproof::report::{Report, Show, human, json, sarif};
use trailproof::{Options, check_texts, checks};

fn options() -> Options {
    Options { checks: checks::ALL.iter().filter(|check| check.page.default_on).collect(), ..Options::default() }
}

fn run(files: &[&str]) -> Report {
    let texts: Vec<(&str, String)> = files.iter().map(|name| (*name, text(name))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let report = check_texts(&files, &options());
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    report
}

fn sources(case: &str) -> Vec<String> {
    let mut all = vec![format!("{case}/main.tf"), format!("{case}/provider.tf")];
    if case == "modules" {
        all.push("modules/trail/main.tf".to_owned());
    }
    all
}

/// The answer of a check for an address, with the text that it underlines and the file.
fn answer(report: &Report, check: &str, address: &str) -> (Answer, String, String) {
    let own = |outcome: &&Outcome| outcome.check.id == check && &*outcome.subject.address == address;
    let found: Vec<&Outcome> = report.outcomes.iter().filter(own).collect();
    let all: Vec<&str> = report.outcomes.iter().map(|outcome| &*outcome.subject.address).collect();
    let [outcome] = found.as_slice() else { panic!("{} of {check} for {address} in {all:?}", found.len()) };
    let file = report.sources.get(outcome.span.file).unwrap();
    (outcome.answer, file.cut(outcome.span).to_owned(), file.name.clone())
}

#[test]
fn findings_stand_in_the_sources() {
    // What is removed or forgotten is in no source.
    for case in CASES.into_iter().filter(|case| !["removed", "forgotten"].contains(case)) {
        let plan = format!("{case}/plan.json");
        let files = sources(case);
        let mut names: Vec<&str> = files.iter().map(String::as_str).collect();
        names.push(&plan);
        let report = run(&names);
        assert!(report.failures().count() > 0, "{case}");
        for outcome in &report.outcomes {
            let file = report.sources.get(outcome.span.file).unwrap();
            assert!(file.name.ends_with(".tf"), "{case}: {} {:?}", outcome.check.id, outcome.label);
        }
    }
}

#[test]
fn what_the_plan_knows_is_decided() {
    let mut files = sources("modules");
    files.push("modules/plan.json".to_owned());
    let report = run(&files.iter().map(String::as_str).collect::<Vec<_>>());
    let validation =
        |stage: &str| answer(&report, "trail_without_log_validation", &format!("module.{stage}.aws_cloudtrail.this"));
    assert_eq!(validation("trail[\"live\"]").0, Answer::Pass);
    assert_eq!(validation("abroad[0]").0, Answer::Pass);
    let (answer_of, text, file) = validation("trail[\"test\"]");
    assert_eq!((answer_of, text.as_str(), file.as_str()), (Answer::Fail, "var.validate", "modules/trail/main.tf"));
    for module in ["trail[\"live\"]", "trail[\"test\"]", "abroad[0]"] {
        let bucket = format!("module.{module}.aws_s3_bucket.logs[0]");
        assert_eq!(answer(&report, "bucket_without_versioning", &bucket).0, Answer::Pass);
    }
}

/// The answers of a report, by check and address.
fn answers(report: &Report) -> BTreeMap<(String, String), Answer> {
    let one = |outcome: &Outcome| ((outcome.check.id.to_owned(), outcome.subject.address.to_string()), outcome.answer);
    report.outcomes.iter().map(one).collect()
}

#[test]
fn a_plan_never_says_the_opposite_of_its_sources() {
    // What is removed or forgotten is in no source.
    for case in CASES.into_iter().filter(|case| !["removed", "forgotten"].contains(case)) {
        let files = sources(case);
        let names: Vec<&str> = files.iter().map(String::as_str).collect();
        let plan = format!("{case}/plan.json");
        let source = answers(&run(&names));
        let alone = answers(&run(&[&plan]));
        let both = answers(&run(&[names.as_slice(), &[&plan]].concat()));
        let decided = |answer: &Answer| matches!(answer, Answer::Pass | Answer::Fail);
        // What was made races no more, which the sources do not know.
        let compared = |(check, _): &(String, String)| check != "trail_before_bucket_policy";
        for (key, answer) in source.iter().filter(|(key, answer)| decided(answer) && compared(key)) {
            for (form, other) in [("alone", &alone), ("with its sources", &both)] {
                let other = other.get(key);
                let opposite = other.is_some_and(|other| decided(other) && other != answer);
                assert!(!opposite, "{case}, {form}: {key:?} {answer:?} {other:?}");
            }
            assert!(both.contains_key(key), "{case}: {key:?}");
        }
    }
}

#[test]
fn nothing_sensitive_is_written() {
    let mut files = sources("sensitive");
    files.push("sensitive/plan.json".to_owned());
    let with_sources: Vec<&str> = files.iter().map(String::as_str).collect();
    for files in [&["sensitive/plan.json"][..], &with_sources] {
        let report = run(files);
        let show = Show { unknown: true, pass: true, not_applicable: true, suppressed: true };
        let style = human::Style { colour: false, width: 100 };
        for written in [human::render(&report, show, style), json::render(&report), sarif::render(&report, show)] {
            assert!(written.contains("aws_cloudtrail.audit"), "{written}");
            assert!(!written.contains("hunter2"), "{written}");
        }
    }
}

/// The findings of the checks on plans: check, address, underlined text, file.
fn changes(files: &[&str]) -> Vec<[String; 4]> {
    let report = run(files);
    let own = report.failures().filter(|outcome| outcome.check.id.ends_with("_by_plan"));
    let line = |outcome: &Outcome| {
        let file = report.sources.get(outcome.span.file).unwrap();
        let place = file.cut(outcome.span).to_owned();
        [outcome.check.id.to_owned(), outcome.subject.address.to_string(), place, file.name.clone()]
    };
    own.map(line).collect()
}

fn found(case: &str, with_sources: bool) -> Vec<[String; 4]> {
    let mut files = if with_sources { sources(case) } else { Vec::new() };
    files.push(format!("{case}/plan.json"));
    changes(&files.iter().map(String::as_str).collect::<Vec<_>>())
}

fn lines(all: &[[&str; 4]]) -> Vec<[String; 4]> {
    all.iter().map(|line| line.map(str::to_owned)).collect()
}

#[test]
fn what_a_plan_destroys_is_told_where_it_is_declared_or_else_in_the_plan() {
    let gone = |address, place| ["trail_removed_by_plan", address, place, "removed/plan.json"];
    // The trail that is only forgotten stays, and what the other one made up for is lost with that one.
    let left = ["trail_weakened_by_plan", "aws_cloudtrail.handed_over", "false", "removed/plan.json"];
    let removed = lines(&[
        gone("aws_cloudtrail.audit", "\"aws_cloudtrail.audit\""),
        left,
        left,
        gone("aws_kms_key.logs", "\"aws_kms_key.logs\""),
    ]);
    assert_eq!(found("removed", false), removed);
    assert_eq!(found("removed", true), removed);
    let place = |text, file| lines(&[["trail_removed_by_plan", "aws_s3_bucket.logs", text, file]]);
    assert_eq!(found("replaced", false), place("\"aws_s3_bucket.logs\"", "replaced/plan.json"));
    // What forces it to be made anew is the thing to take back.
    assert_eq!(found("replaced", true), place("\"audit-logs-new\"", "replaced/main.tf"));
    assert_eq!(found("moved", true), lines(&[]));
}

#[test]
fn what_a_plan_weakens_is_told_where_it_is_written() {
    let weakened = found("weakened", true);
    let at = |address, place| ["trail_weakened_by_plan", address, place, "weakened/main.tf"];
    // Every Region, global events, validation; then the bucket's versions.
    let trail = at("aws_cloudtrail.audit", "false");
    assert_eq!(weakened, lines(&[trail, trail, trail, at("aws_s3_bucket.logs", "\"Suspended\"")]));
    let alone: Vec<String> =
        found("weakened", false).into_iter().map(|[check, address, ..]| check + &address).collect();
    let both: Vec<String> = weakened.into_iter().map(|[check, address, ..]| check + &address).collect();
    assert_eq!(alone, both);
}

#[test]
fn what_is_forgotten_stays_as_it_is() {
    for with_sources in [false, true] {
        assert_eq!(found("forgotten", with_sources), lines(&[]));
    }
    let report = run(&["forgotten/plan.json"]);
    let said = |check: &str| answer(&report, check, "aws_s3_bucket.logs").0;
    let kept = ["bucket_policy_missing", "bucket_without_versioning", "bucket_public_access_not_blocked"];
    assert_eq!(kept.map(said), [Answer::Pass; 3]);
    // The account of the path is that of the trail's ARN: it is known, though nobody wrote it.
    assert_eq!(said("bucket_policy_blocks_delivery"), Answer::Pass);
    // What was made races no more.
    assert_eq!(answer(&report, "trail_before_bucket_policy", "aws_cloudtrail.audit").0, Answer::Pass);
}

#[test]
fn what_a_plan_brings_may_weaken_what_is_there() {
    for with_sources in [false, true] {
        let brought = found("brought", with_sources);
        let mut subjects: Vec<&str> = brought.iter().map(|[_, address, ..]| address.as_str()).collect();
        subjects.sort_unstable();
        let wanted = [
            "aws_cloudtrail_organization_delegated_admin_account.security",
            "aws_iam_policy.operators",
            "aws_organizations_policy.perimeter",
        ];
        assert_eq!(subjects, wanted, "{brought:?}");
    }
    // Where nothing exists yet, nothing is weakened.
    let plan = text("brought/plan.json").replace("\"actions\":[\"no-op\"]", "\"actions\":[\"create\"]");
    let cut = from_nothing(&plan);
    let report = check_texts(&[("plan.json", &cut)], &options());
    assert!(report.failures().any(|outcome| outcome.check.id == "rcp_blocks_delivery"));
    assert!(!report.failures().any(|outcome| outcome.check.id == "trail_weakened_by_plan"));
}

/// A plan in which nothing is there before.
fn from_nothing(plan: &str) -> String {
    let mut plan: serde_json::Value = serde_json::from_str(plan).unwrap();
    for change in plan["resource_changes"].as_array_mut().unwrap() {
        change["change"]["before"] = serde_json::Value::Null;
    }
    plan.to_string()
}

#[test]
fn operators_that_the_provider_computes_are_not_written() {
    let report = run(&["brought/plan.json"]);
    for store in ["lake", "objects"] {
        let address = format!("aws_cloudtrail_event_data_store.{store}");
        assert_eq!(answer(&report, "store_management_events_partial", &address).0, Answer::Pass, "{address}");
    }
}

/// A trail's operators are not computed: one whose value is not known yet is written, and says what the trail leaves out.
#[test]
fn operators_of_a_trail_that_are_not_known_yet_are_written() {
    let report = run(&["excluded/plan.json"]);
    for check in ["trail_event_sources_excluded", "trail_management_events_narrowed"] {
        assert_eq!(answer(&report, check, "aws_cloudtrail.adv").0, Answer::Unknown, "{check}");
    }
}

#[test]
fn a_state_is_what_exists() {
    let report = run(&["state/state.json"]);
    let said = |check: &str, address: &str| answer(&report, check, address);
    let bucket = "module.archive[\"live\"].aws_s3_bucket.logs";
    assert_eq!(said("bucket_without_versioning", bucket).0, Answer::Pass);
    assert_eq!(said("bucket_policy_missing", bucket).0, Answer::Fail);
    let (validation, text, file) = said("trail_without_log_validation", "aws_cloudtrail.audit[0]");
    assert_eq!((validation, text.as_str(), file.as_str()), (Answer::Fail, "false", "state/state.json"));
    assert_eq!(said("trail_single_region", "aws_cloudtrail.audit[0]").0, Answer::Pass);
    assert_eq!(said("trail_without_kms_key", "aws_cloudtrail.audit[0]").0, Answer::Pass);
    assert_eq!(said("key_policy_blocks_cloudtrail", "aws_kms_key.logs").0, Answer::Fail);
    // There is no plan, so nothing is about to happen; and a state has no sources to name.
    assert!(!report.outcomes.iter().any(|outcome| outcome.check.id.ends_with("_by_plan")));
    assert!(report.coverage.plans_without_source.is_empty());
}

#[test]
fn a_plan_that_ended_in_an_error_or_leaves_something_out_says_so() {
    let plan = text("weakened/plan.json");
    let with = |from: &str, to: &str| {
        assert!(plan.contains(from), "{from}");
        check_texts(&[("plan.json", &plan.replace(from, to))], &options())
    };
    let failed = with("\"errored\":false", "\"errored\":true");
    assert_eq!(failed.problems.len(), 1);
    assert!(failed.problems[0].message.starts_with("planning ended in an error"), "{}", failed.problems[0].message);
    assert!(failed.failures().count() > 0, "what is there is judged all the same");
    let partial = with("\"complete\":true", "\"complete\":false");
    assert_eq!(partial.coverage.plans_partial, ["plan.json"]);
    assert!(partial.problems.is_empty());
    let style = human::Style { colour: false, width: 100 };
    assert!(human::render(&partial, Show::default(), style).contains("partial    plan.json"));
}

/// Derived from a plan of a public module: which of two resources a companion is for is written as a condition, of which a
/// plan tells the references alone. The one that is not made cannot be meant.
#[test]
fn a_choice_between_resources_is_the_one_that_is_made() {
    let change = |kind: &str, name: &str, after: &str, unknown: &str| {
        format!(
            "{{\"address\": \"{kind}.{name}\", \"mode\": \"managed\", \"type\": \"{kind}\", \"name\": \"{name}\", \"change\": \
             {{\"actions\": [\"create\"], \"before\": null, \"after\": {after}, \"after_unknown\": {unknown}}}}}"
        )
    };
    let block = "aws_s3_bucket_public_access_block";
    let off = "{\"block_public_acls\": false, \"ignore_public_acls\": false, \"block_public_policy\": false, \
               \"restrict_public_buckets\": false}";
    let changes = [
        change("aws_s3_bucket", "logs", "{\"bucket\": null}", "{\"bucket\": true, \"id\": true, \"arn\": true}"),
        change(block, "logs", off, "{\"bucket\": true, \"id\": true}"),
    ];
    let resource = |kind: &str, name: &str, expressions: &str| {
        format!(
            "{{\"address\": \"{kind}.{name}\", \"mode\": \"managed\", \"type\": \"{kind}\", \"name\": \"{name}\", \
             \"expressions\": {expressions}}}"
        )
    };
    let references = "{\"bucket\": {\"references\": [\"local.attach\", \"aws_s3_bucket_policy.logs[0].id\", \
                      \"aws_s3_bucket_policy.logs[0]\", \"aws_s3_bucket_policy.logs\", \"aws_s3_bucket.logs.id\", \
                      \"aws_s3_bucket.logs\"]}}";
    let counted = resource("aws_s3_bucket_policy", "logs", "{}").replace(
        "\"expressions\": {}",
        "\"expressions\": {}, \"count_expression\": {\"references\": [\"local.attach\"]}",
    );
    let resources = [resource("aws_s3_bucket", "logs", "{}"), resource(block, "logs", references), counted];
    let plan = format!(
        "{{\"format_version\": \"1.2\", \"terraform_version\": \"1.11.4\", \"resource_changes\": [{}], \"configuration\": \
         {{\"root_module\": {{\"resources\": [{}]}}}}}}",
        changes.join(", "),
        resources.join(", ")
    );
    let mut options = options();
    options.settings.log_buckets.push("*".to_owned());
    let report = check_texts(&[("plan.json", &plan)], &options);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    let own = |outcome: &&Outcome| outcome.check.id == "bucket_public_access_not_blocked";
    let said: Vec<_> = report.outcomes.iter().filter(own).map(|outcome| outcome.answer).collect();
    assert_eq!(said, [Answer::Fail; 4]);
    assert_eq!(report.outcomes[0].subject.includes, ["aws_s3_bucket_public_access_block.logs".into()]);
}

/// The plan of `forgotten`, in which the bucket's block of public access is destroyed and `change` is made to the plan.
fn unblocked(change: impl Fn(&mut Vec<serde_json::Value>)) -> Report {
    let mut plan: serde_json::Value = serde_json::from_str(&text("forgotten/plan.json")).unwrap();
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    let block = changes.iter_mut().find(|it| it["type"] == "aws_s3_bucket_public_access_block").unwrap();
    block["change"]["actions"] = serde_json::json!(["delete"]);
    change(changes);
    check_texts(&[("plan.json", &plan.to_string())], &options())
}

#[test]
fn a_bucket_whose_block_is_destroyed_has_none() {
    let failed = |report: &Report| {
        let mut all: Vec<&str> = report.failures().map(|outcome| outcome.check.id).collect();
        all.retain(|id| id.starts_with("bucket_public") || id.ends_with("_by_plan"));
        all.dedup();
        all.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(failed(&unblocked(|_| {})), ["bucket_public_access_not_blocked", "trail_weakened_by_plan"]);
    // Another block of the same bucket takes its place.
    let another = unblocked(|changes| {
        let old = changes.iter().find(|it| it["type"] == "aws_s3_bucket_public_access_block").unwrap().clone();
        let mut new = old.clone();
        new["address"] = "aws_s3_bucket_public_access_block.new".into();
        new["name"] = "new".into();
        new["change"] = serde_json::json!({"actions": ["create"], "before": null, "after": old["change"]["before"]});
        changes.push(new);
    });
    assert_eq!(failed(&another), Vec::<String>::new());
    // It is made anew.
    let replaced = unblocked(|changes| {
        let block = changes.iter_mut().find(|it| it["type"] == "aws_s3_bucket_public_access_block").unwrap();
        block["change"]["actions"] = serde_json::json!(["delete", "create"]);
        block["change"]["after"] = block["change"]["before"].clone();
    });
    assert_eq!(failed(&replaced), Vec::<String>::new());
    // The bucket is destroyed too.
    let gone = unblocked(|changes| {
        let bucket = changes.iter_mut().find(|it| it["address"] == "aws_s3_bucket.logs").unwrap();
        bucket["change"]["actions"] = serde_json::json!(["delete"]);
        bucket["change"]["after"] = serde_json::Value::Null;
    });
    assert!(!failed(&gone).iter().any(|id| id == "bucket_public_access_not_blocked"), "{:?}", failed(&gone));
}

#[test]
fn a_trail_that_a_plan_leaves_data_events_alone_is_weakened() {
    let mut plan: serde_json::Value = serde_json::from_str(&text("weakened/plan.json")).unwrap();
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    let trail = changes.iter_mut().find(|it| it["type"] == "aws_cloudtrail").unwrap();
    let selector = serde_json::json!([{
        "include_management_events": false, "read_write_type": "All", "exclude_management_event_sources": [],
        "data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}],
    }]);
    let before = trail["change"]["before"].clone();
    trail["change"]["after"] = before;
    trail["change"]["after"]["event_selector"] = selector.clone();
    trail["change"]["after_unknown"] = serde_json::json!({});
    let judged = |plan: &serde_json::Value| {
        let mut plan = plan.clone();
        // What is written in the configuration says the same as the values.
        plan.as_object_mut().unwrap().remove("configuration");
        let report = check_texts(&[("plan.json", &plan.to_string())], &options());
        let own = |outcome: &&Outcome| {
            outcome.check.id.ends_with("_by_plan") && outcome.subject.address.starts_with("aws_cloudtrail.")
        };
        let told = report.outcomes.iter().filter(own).filter(|it| it.answer == Answer::Fail).count();
        (answer(&report, "trail_without_management_events", "aws_cloudtrail.audit").0, told)
    };
    assert_eq!(judged(&plan), (Answer::Unknown, 1));
    // It was so before.
    let changes = plan["resource_changes"].as_array_mut().unwrap();
    let trail = changes.iter_mut().find(|it| it["type"] == "aws_cloudtrail").unwrap();
    trail["change"]["before"]["event_selector"] = selector;
    trail["change"]["before"]["enable_log_file_validation"] = false.into();
    trail["change"]["after"]["enable_log_file_validation"] = true.into();
    assert_eq!(judged(&plan), (Answer::Unknown, 0));
}

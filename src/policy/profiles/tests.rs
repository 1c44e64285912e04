//! What the shipped profiles hold, and that the reader tells mistakes.

use super::*;
use crate::source::FileId;
use std::collections::BTreeSet;

/// Checks that profiles name and that are still to be built. Each leaves this list when it is there.
const NOT_YET_BUILT: [&str; 25] = [
    "alarm_cannot_reach_topic",
    "alarm_watches_nothing",
    "alarm_without_action",
    "filter_narrowed",
    "filter_without_alarm",
    "no_alarm_for_bucket_policy_changes",
    "no_alarm_for_config_changes",
    "no_alarm_for_failed_sign_ins",
    "no_alarm_for_gateway_changes",
    "no_alarm_for_iam_changes",
    "no_alarm_for_key_deletion",
    "no_alarm_for_network_acl_changes",
    "no_alarm_for_organization_changes",
    "no_alarm_for_root_use",
    "no_alarm_for_route_table_changes",
    "no_alarm_for_security_group_changes",
    "no_alarm_for_sign_in_without_mfa",
    "no_alarm_for_trail_changes",
    "no_alarm_for_unauthorized_calls",
    "no_alarm_for_vpc_changes",
    "no_rule_for_evidence_tampering",
    "no_rule_for_tampering",
    "rule_misses_tampering",
    "topic_without_subscribers",
    "trail_alarm_incomplete",
];

/// Checks that no framework asks for.
const IN_NO_PROFILE: [(&str, &str); 24] = [
    ("account_trail_quota", "a limit of the service"),
    ("bucket_acl_grant_without_source_guard", "how a grant is pinned; frameworks ask who has access"),
    ("bucket_lock_bypassable", "frameworks ask for a lock, in either mode"),
    ("bucket_policy_without_source_guard", "how a grant is pinned; frameworks ask who has access"),
    ("log_group_key_blocks_logs", "a mistake that stops the log group"),
    ("organization_leavable", "frameworks ask for guardrails, not for this one"),
    ("store_ingestion_stopped", "frameworks ask for trails, not for stores"),
    ("store_key_blocks_ingestion", "frameworks ask for trails, not for stores"),
    ("store_management_events_partial", "frameworks ask for trails, not for stores"),
    ("store_not_organization", "frameworks ask for trails, not for stores"),
    ("store_without_required_tags", "Security Hub asks for tags of trails alone"),
    ("topic_blocks_cloudtrail", "a mistake that stops announcements, which no framework asks for"),
    ("topic_without_source_guard", "how a grant is pinned; frameworks ask who has access"),
    ("trail_before_bucket_policy", "a mistake that stops a deployment"),
    ("trail_data_event_types_missing", "which types matter is for the team to say"),
    ("trail_duplicate_management_events", "a matter of cost"),
    ("trail_dynamodb_events_missing", "frameworks ask for events of S3 objects alone"),
    ("trail_lambda_events_missing", "frameworks ask for events of S3 objects alone"),
    ("trail_log_group_arn_incomplete", "a mistake that stops a deployment"),
    ("trail_log_group_without_role", "a mistake that stops a deployment"),
    ("trail_logs_its_own_bucket", "a matter of cost"),
    ("trail_network_activity_missing", "which services matter is for the team to say"),
    ("trail_without_insights", "no framework asks for Insights"),
    ("trail_without_sns_topic", "no framework asks for announcements"),
];

fn faults(text: &str) -> Vec<String> {
    let file = crate::source::SourceFile::new("own.yaml", text);
    let told = |fault: &Fault| {
        let at = file.position(fault.span.start);
        format!("{}:{} {}", at.line, at.column, fault.message)
    };
    read(FileId(0), text).1.iter().map(told).collect()
}

#[test]
fn every_shipped_profile_is_read_and_named_by_its_file() {
    for (id, text) in SHIPPED {
        let (profile, faults) = read(FileId(0), text);
        let wrong: Vec<&Fault> = faults.iter().filter(|fault| !fault.is_unknown_check).collect();
        assert!(wrong.is_empty(), "{id}: {wrong:?}");
        assert_eq!(profile.expect("a profile").id, *id);
    }
    assert!(SHIPPED.iter().map(|(id, _)| id).is_sorted());
}

#[test]
fn every_check_that_profiles_name_is_there() {
    let mut missing = BTreeSet::new();
    for profile in all_shipped() {
        missing.extend(profile.controls.into_iter().flat_map(|control| control.missing));
    }
    missing.extend(known().into_iter().flat_map(|meant| meant.missing));
    let listed: BTreeSet<String> = NOT_YET_BUILT.map(str::to_owned).into();
    assert_eq!(missing, listed, "what is built leaves the list, and what is misspelt is mended");
}

#[test]
fn every_check_is_in_a_profile_or_says_why_not() {
    let named: BTreeSet<&str> = all_shipped().flat_map(|profile| profile.checks()).map(|check| check.id).collect();
    let left: BTreeSet<&str> =
        crate::checks::ALL.iter().map(|check| check.id).filter(|id| !named.contains(id)).collect();
    assert_eq!(left, IN_NO_PROFILE.map(|(id, _)| id).into());
}

#[test]
fn every_profile_of_the_directory_is_shipped() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/profiles");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    files.sort();
    let shipped: Vec<String> = SHIPPED.iter().map(|(id, _)| format!("{id}.yaml")).collect();
    assert_eq!(files, shipped);
}

#[test]
fn mistakes_are_told_with_their_places() {
    let text = "id: house\ntitle: House\ncontrol:\n  - x\ncontrols:\n  - id: a\n    title: A\n    checks: [trail_stoped]\n  \
                - id: a\n    title: B\n    manual: look\n    level: high\n  - id: c\n    title: C\nparameters:\n  \
                required_days: year\n  log_archive: 12\n";
    assert_eq!(
        faults(text),
        [
            "3:1 there is no key `control` here; did you mean `controls`?",
            "8:14 there is no check `trail_stoped`; did you mean `trail_stopped`?",
            "9:9 there is a control `a` already",
            "12:12 `level` is a whole number",
            "13:5 a control has `checks` that decide it, or `manual`: what people must look at, and why",
            "16:18 `required_days` is a whole number",
            "17:16 `log_archive` is an account's id of twelve digits",
        ]
    );
    for text in ["", "[]", "id: A b\ntitle: x\ncontrols: []", "id: [", "id: a\ntitle: ~\ncontrols:\n  - 1"] {
        assert!(!faults(text).is_empty(), "{text}");
    }
}

#[test]
fn ids_of_others_find_checks() {
    let ids = |name: &str| -> Vec<&str> {
        meant(name).first().map(|meant| meant.checks.iter().map(|check| check.id).collect()).unwrap_or_default()
    };
    for name in [
        "CKV_AWS_36",
        "ckv_aws_36",
        "AVD-AWS-0016",
        "CloudTrail.4",
        "CIS 3.2",
        "cis  3.0  3.2",
        "cis_aws_foundations_1_4 3.2",
    ] {
        assert_eq!(ids(name), ["trail_without_log_validation"], "{name}");
    }
    assert_eq!(ids("CIS 1.2 2.2"), ["trail_without_log_validation"]);
    assert!(ids("CloudTrail.1").len() > 1);
    assert!(meant("CKV_AWS_70").iter().all(|meant| meant.is_near));
    // A bare number says nothing of its framework.
    assert!(meant("3.2").is_empty() && meant("").is_empty());
}

#[test]
fn every_known_id_is_told_once_for_each_tool() {
    let mut seen = BTreeSet::new();
    for meant in known() {
        assert!(!meant.checks.is_empty() || !meant.missing.is_empty(), "{}", meant.name);
        assert!(seen.insert((meant.by.clone(), meant.name.to_lowercase())), "{} of {}", meant.name, meant.by);
    }
    assert!(seen.len() > 250);
}

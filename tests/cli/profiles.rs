//! Profiles as users give them, and ids of other tools.

use super::{FAULTY, Room};
use serde_json::Value;
use trailproof::Options;
use trailproof::policy::profiles::{Profile, read};
use trailproof::report::controls::{Said, Table, csv, markdown};
use trailproof::source::FileId;

const HOUSE: &str = "id: house\ntitle: House rules\nlabel: House\nparameters:\n  required_days: 30\ncontrols:\n  \
                     - {id: '1', title: It logs, checks: [trail_stopped]}\n  \
                     - {id: '2', title: It announces deliveries, checks: [trail_without_sns_topic]}\n  \
                     - {id: '3', title: Somebody looks, manual: ask who}\n";

#[test]
fn a_profile_runs_its_checks_and_adds_a_table() {
    let room = Room::new("profile-table");
    room.file("a.yaml", FAULTY).file("house.yaml", HOUSE);
    let (code, report, _) = room.run(&["check", "a.yaml", "--profile", "house.yaml"]);
    assert_eq!(code, 1);
    for line in
        ["House rules  (house)", "  fail     1  It logs: trail_stopped", "  fail     2  It announces", "  manual   3  "]
    {
        assert!(report.contains(line), "{line}\n{report}");
    }
    assert!(report.contains("0 pass · 2 fail · 0 unknown · 1 manual"), "{report}");
    let (_, report, _) = room.run(&["check", "a.yaml", "--profile", "house.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let controls = report["profiles"][0]["controls"].as_array().unwrap();
    let verdicts: Vec<&str> = controls.iter().map(|it| it["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["fail", "fail", "manual"]);
    let result =
        |check: &str| report["results"].as_array().unwrap().iter().find(|it| it["check"] == check).unwrap().clone();
    assert_eq!(result("trail_stopped")["controls"][0]["control"], "1");
    assert_eq!(result("trail_stopped")["controls"][0]["profile"], "house");
    assert!(result("trail_without_kms_key").get("controls").is_none());
    let (_, sarif, _) = room.run(&["check", "a.yaml", "--profile", "house.yaml", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let rules = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    let stopped = rules.iter().find(|rule| rule["id"] == "trail_stopped").unwrap();
    assert!(stopped["properties"]["tags"].as_array().unwrap().contains(&"house/1".into()));
    assert!(rules.iter().all(|rule| rule["properties"]["tags"].as_array().unwrap().len() <= 20));
    let (_, table, _) = room.run(&["check", "a.yaml", "--profile", "house.yaml", "--format", "controls-csv"]);
    assert!(table.contains("house,2,It announces deliveries,,,fail,trail_without_sns_topic,"), "{table}");
    let (_, table, _) = room.run(&["check", "a.yaml", "--profile", "house.yaml", "--format", "controls-markdown"]);
    assert!(table.contains("| 3 | Somebody looks | manual |  | ask who |"), "{table}");
}

#[test]
fn several_profiles_answer_beside_one_another() {
    let room = Room::new("profile-several");
    room.file("a.yaml", FAULTY);
    let profiles = ["cis_aws_foundations_3_0", "aws_security_hub", "mitre_attack"];
    let flags = profiles.iter().flat_map(|id| ["--profile", id]);
    let arguments: Vec<&str> = ["check", "a.yaml", "--format", "json"].into_iter().chain(flags).collect();
    let (_, report, _) = room.run(&arguments);
    let report: Value = serde_json::from_str(&report).unwrap();
    let ids: Vec<&str> = report["profiles"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, profiles);
    let (code, _, error) = room.run(&["check", "a.yaml", "--profile", "soc2", "--profile", "soc2"]);
    assert_eq!((code, error.contains("`soc2` is given twice")), (2, true), "{error}");
}

#[test]
fn parameters_of_profiles_count_where_no_flag_does() {
    let room = Room::new("profile-parameters");
    let locked = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      ObjectLockEnabled: true\n      \
                  ObjectLockConfiguration:\n        ObjectLockEnabled: Enabled\n        Rule:\n          \
                  DefaultRetention: {Mode: COMPLIANCE, Days: 60}\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    \
                  Properties: {IsLogging: true, S3BucketName: !Ref Bucket}\n";
    room.file("a.yaml", locked)
        .file("house.yaml", HOUSE)
        .file("strict.yaml", HOUSE.replace("house", "strict").replace("30", "90"));
    let short = |flags: &[&str]| {
        let arguments: Vec<&str> = ["check", "a.yaml"].iter().chain(flags).copied().collect();
        room.run(&arguments).1.contains("bucket_retention_short")
    };
    assert!(short(&[]));
    assert!(!short(&["--profile", "house.yaml"]));
    assert!(short(&["--profile", "house.yaml", "--profile", "strict.yaml"]));
    assert!(!short(&["--profile", "strict.yaml", "--required-days", "10"]));
}

#[test]
fn mistakes_in_profiles_are_told_with_their_places() {
    let room = Room::new("profile-mistakes");
    room.file("a.yaml", FAULTY)
        .file("house.yaml", HOUSE.replace("trail_stopped", "trail_stoped").replace("manual:", "manul:"));
    let (code, _, error) = room.run(&["profile", "check", "house.yaml"]);
    assert_eq!(code, 2);
    assert!(error.contains("house.yaml:7:") && error.contains("did you mean `trail_stopped`?"), "{error}");
    assert!(error.contains("house.yaml:9:") && error.contains("`manul`"), "{error}");
    let (code, _, error) = room.run(&["check", "a.yaml", "--profile", "house.yaml"]);
    assert_eq!((code, error.contains("house.yaml:7:")), (2, true), "{error}");
    let (code, _, error) = room.run(&["check", "a.yaml", "--profile", "cis_aws_foundation_3_0"]);
    assert_eq!((code, error.contains("cis_aws_foundations_3_0")), (2, true), "{error}");
    let (code, _, error) = room.run(&["check", "a.yaml", "--format", "controls-csv"]);
    assert_eq!((code, error.contains("--profile")), (2, true), "{error}");
    room.file("house.yaml", HOUSE);
    assert_eq!(room.run(&["profile", "check", "house.yaml"]), (0, "house: no mistakes\n".to_owned(), String::new()));
}

#[test]
fn profiles_are_listed_and_printed() {
    let room = Room::new("profile-show");
    let (code, list, _) = room.run(&["profile", "list"]);
    assert_eq!((code, list.lines().count()), (0, 27), "{list}");
    for (format, part) in [
        ("text", "3.2  "),
        ("markdown", "| 3.2 | Log file validation is enabled | 2 | trail\\_without\\_log\\_validation |"),
        ("csv", "3.2,Log file validation is enabled,2,automated,trail_without_log_validation,,,"),
        ("json", "\"trail_without_log_validation\""),
    ] {
        let (code, shown, _) = room.run(&["profile", "show", "cis_aws_foundations_3_0", "--format", format]);
        assert!(code == 0 && shown.contains(part), "{format}\n{shown}");
    }
    let (_, list, _) = room.run(&["list", "--profile", "nist_csf_1_1"]);
    assert!(
        list.contains("trail_without_log_validation")
            && list.contains("[PR.DS-6, RS.AN-3]")
            && !list.contains("trail_quota")
    );
    let (_, list, _) = room.run(&["list", "--format", "json"]);
    let list: Value = serde_json::from_str(&list).unwrap();
    let check = list.as_array().unwrap().iter().find(|it| it["id"] == "trail_without_log_validation").unwrap();
    assert!(check["known_as"].as_array().unwrap().iter().any(|it| it["id"] == "CKV_AWS_36" && it["same"] == true));
    assert!(check["controls"].as_array().unwrap().iter().any(|it| it["control"] == "CloudTrail.4"));
}

#[test]
fn ids_of_others_lead_to_pages() {
    let room = Room::new("profile-explain");
    for name in ["CKV_AWS_36", "CloudTrail.4", "CIS 3.2", "CIS 3.0 3.2"] {
        let (code, page, note) = room.run(&["explain", name]);
        assert!(code == 0 && page.contains("Log files can be changed without a trace"), "{name}: {page}");
        assert!(note.contains("`trail_without_log_validation`"), "{name}: {note}");
    }
    // What other versions call so is told.
    assert!(room.run(&["explain", "CIS 3.2"]).2.contains("CIS AWS Foundations Benchmark 1.2"));
    let (code, list, _) = room.run(&["explain", "CloudTrail.1"]);
    assert!(code == 0 && list.contains("several checks") && list.contains("trail_single_region"), "{list}");
    let (code, _, error) = room.run(&["explain", "nothing_like_it"]);
    assert_eq!((code, error.contains("trailproof list")), (2, true), "{error}");
    // A typo suggests a few names, and not all.
    let (code, _, error) = room.run(&["check", "a.yaml", "--check", "trail_stoped"]);
    assert!(code == 2 && error.contains("`trail_stopped`") && !error.contains("bucket_public"), "{error}");
}

const TRAIL: &str = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: true\n      \
                     S3BucketName: logs\n      EnableLogFileValidation: VALIDATION\n";

fn profile(controls: &str) -> Profile {
    let (profile, faults) = read(FileId(0), &format!("id: house\ntitle: House rules\ncontrols:\n{controls}"));
    assert!(faults.iter().all(|fault| fault.is_unknown_check), "{faults:?}");
    profile.expect("a profile")
}

fn table(profile: &Profile, validation: &str) -> Table {
    let template = TRAIL.replace("VALIDATION", validation);
    let options = Options { checks: profile.checks(), profiles: vec![profile.clone()], ..Options::default() };
    let template = template.replace("Resources:", "Parameters:\n  P:\n    Type: String\nResources:");
    let report = trailproof::check_text("a.yaml", &template, &options);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
    assert!(csv(&report).lines().count() == profile.controls.len() + 1);
    assert!(markdown(&report).contains("House rules"));
    report.controls.into_iter().next().expect("a table")
}

fn said(controls: &str, validation: &str) -> Said {
    table(&profile(controls), validation).rows.first().expect("a row").said
}

#[test]
fn a_control_is_what_its_checks_say() {
    let one = "  - {id: a, title: A, checks: [trail_without_log_validation]}\n";
    assert_eq!(said(one, "true"), Said::Pass);
    assert_eq!(said(one, "false"), Said::Fail);
    assert_eq!(said(one, "!Ref P"), Said::Unknown);
    // One that fails decides, whatever the others say.
    let two = "  - {id: a, title: A, checks: [trail_stopped, trail_without_log_validation, not_there]}\n";
    assert_eq!(said(two, "false"), Said::Fail);
    assert_eq!(said(two, "true"), Said::Unknown);
}

#[test]
fn what_people_must_look_at_never_passes() {
    let rest = "  - {id: a, title: A, checks: [trail_without_log_validation], manual: the rest}\n";
    assert_eq!(said(rest, "true"), Said::Manual);
    assert_eq!(said(rest, "false"), Said::Fail);
    assert_eq!(
        said("  - {id: a, title: A, manual: all of it}\n  - {id: b, title: B, checks: [trail_stopped]}\n", "true"),
        Said::Manual
    );
}

#[test]
fn what_is_out_of_sight_is_no_pass() {
    let stores = "  - {id: a, title: A, checks: [store_unprotected]}\n";
    assert_eq!(said(stores, "true"), Said::Unknown);
}

#[test]
fn tables_take_no_markup_and_no_formula_from_profiles() {
    let profile = profile(
        "  - {id: '=1+1', title: 'a | b <script> [x](y) @me', manual: \"a\\\"b\\u001b[31m\"}\n  - {id: b, title: B, checks: [trail_stopped]}\n",
    );
    let options = Options { checks: profile.checks(), profiles: vec![profile], ..Options::default() };
    let report = trailproof::check_text("a.yaml", &TRAIL.replace("VALIDATION", "true"), &options);
    let table = markdown(&report);
    assert!(table.contains("a \\| b &lt;script> \\[x\\](y) &#64;me"), "{table}");
    let values = csv(&report);
    assert!(values.contains("\"'=1+1\"") && values.contains("a\"\"b\\u{1b}[31m"), "{values}");
}

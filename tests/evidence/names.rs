//! Every output says in which account something is: its name, its id, its place in the organization, and the Region.

use super::{ALL, organization};
use serde_json::Value;
use std::collections::BTreeSet;
use trailproof::report::{Report, Show, human, json, sarif};

const EVERYTHING: Show = Show { unknown: true, pass: true, not_applicable: true, suppressed: true };

fn text(report: &Report, show: Show) -> String {
    human::render(report, show, human::Style { colour: false, width: 120 })
}

/// The bucket's ARN says neither account nor Region; the trail's says both.
#[test]
fn people_read_where_it_is() {
    let text = text(&organization(&ALL), EVERYTHING);
    let of = |start: &str, address: &str| -> BTreeSet<String> {
        let lines = text.lines().filter(|line| line.starts_with(start));
        lines.filter_map(|line| line.split_once(address)).map(|(_, rest)| rest.to_owned()).collect()
    };
    let bucket = "arn:aws:s3:::example-organization-audit-logs";
    let place = "   log-archive · 444455556666 · Root/Security · eu-west-1";
    assert_eq!(of("medium", bucket), BTreeSet::from([place.to_owned()]));
    let trail = "arn:aws:cloudtrail:eu-west-1:777788889999:trail/team";
    assert_eq!(of("medium", trail), BTreeSet::from(["   production · Root/Workloads".to_owned()]));
    for start in ["low", "unknown", "pass", "n/a"] {
        let lines = of(start, trail);
        assert!(
            !lines.is_empty() && lines.iter().all(|line| line.starts_with("   production · Root/Workloads")),
            "{start}"
        );
    }
    assert!(text.contains("`kms:GetKeyRotationStatus` was denied (1 call in log-archive)"), "{text}");
    // Where most is wrong comes first.
    let accounts: Vec<&str> = text.lines().filter(|line| line.starts_with("account ")).collect();
    assert_eq!(accounts[0], "account  444455556666  log-archive  Root/Security  1 high · 3 medium · 3 low");
}

#[test]
fn of_one_account_the_name_is_said_once() {
    let text = text(&organization(&ALL[1..2]), Show::default());
    assert_eq!(text.matches("log-archive").count(), 1, "{text}");
    assert!(text.contains("arn:aws:s3:::example-organization-audit-logs   eu-west-1\n"), "{text}");
}

/// The name of a bucket may hold any account and Region: it says neither.
#[test]
fn only_the_arn_says_where_it_is() {
    let bucket = "logs-444455556666-eu-west-1";
    let report = super::changed_organization(&ALL, "example-organization-audit-logs", bucket);
    let line = format!("arn:aws:s3:::{bucket}   log-archive · 444455556666 · Root/Security · eu-west-1");
    assert!(text(&report, Show::default()).contains(&line));
}

#[test]
fn programs_read_where_it_is() {
    let report = organization(&ALL);
    let document: Value = serde_json::from_str(&json::render(&report)).unwrap();
    let log: Value = serde_json::from_str(&sarif::render(&report, EVERYTHING)).unwrap();
    let known = [
        ("111122223333", "management", "Root"),
        ("444455556666", "log-archive", "Root/Security"),
        ("777788889999", "production", "Root/Workloads"),
    ];
    let is_alert = |result: &&Value| result["verdict"] == "fail" || result["verdict"] == "unknown";
    let results: Vec<&Value> = document["results"].as_array().unwrap().iter().filter(is_alert).collect();
    let alerts = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), alerts.len());
    for (result, alert) in results.iter().zip(alerts) {
        let subject = &result["subject"];
        let (_, name, path) = known.iter().find(|(id, ..)| subject["account"] == *id).unwrap();
        assert_eq!((&subject["account_name"], &subject["account_path"]), (&Value::from(*name), &Value::from(*path)));
        let properties = &alert["properties"];
        assert_eq!(
            (&properties["account"], &properties["accountName"]),
            (&subject["account"], &subject["account_name"])
        );
        assert_eq!(properties["accountPath"], subject["account_path"]);
        assert_eq!(properties.get("region"), subject.get("region").filter(|region| !region.is_null()));
        let message = alert["message"]["text"].as_str().unwrap();
        assert!(message.contains(&format!("({name} · ")) && message.contains(path), "{message}");
        assert_eq!(alert["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], subject["address"]);
    }
    let calls = document["coverage"]["calls_unanswered"].as_array().unwrap();
    let asked: Vec<&str> = calls.iter().map(|call| call["account"].as_str().unwrap()).collect();
    assert_eq!(asked, ["111122223333", "444455556666"]);
    let notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(notes.contains("was denied in log-archive"), "{notes}");
}

/// A name is what somebody called the account: it may hold anything.
#[test]
fn names_are_text() {
    let odd = "a\\u001b[31m[x](y)\\u202e";
    let report = super::changed_organization(&ALL, "log-archive", odd);
    let texts = [text(&report, EVERYTHING), sarif::render(&report, EVERYTHING)];
    for text in texts {
        assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text}");
        assert!(text.contains("31m"), "{text}");
    }
    let log: Value = serde_json::from_str(&sarif::render(&report, Show::default())).unwrap();
    let messages = log["runs"][0]["results"].as_array().unwrap().iter().map(|it| it["message"]["text"].to_string());
    assert!(messages.into_iter().all(|message| !message.contains("31m[x]")), "brackets make links");
}

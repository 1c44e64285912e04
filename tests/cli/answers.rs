//! Which of its answers a check gives, where pages cannot tell them apart: both a pass and a question that does not arise
//! are silent there.

use super::Room;
use serde_json::Value;

/// What each of some checks answers about a resource of a file.
fn answers(name: &str, file: &str, text: &str, address: &str, checks: &[&str]) -> Vec<String> {
    let room = Room::new(name);
    room.file(file, text);
    let (_, out, err) = room.run(&["check", file, "--all-checks", "--format", "json", "--show", "all"]);
    let report: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let results = report["results"].as_array().unwrap();
    let of = |check: &&str| {
        let found = results.iter().find(|it| it["check"] == **check && it["subject"]["address"] == address);
        found.map_or("silent", |it| it["verdict"].as_str().unwrap()).to_owned()
    };
    checks.iter().map(of).collect()
}

const ABOUT_TRAILS: [&str; 4] =
    ["organization_leavable", "scp_exempts_broadly", "scp_ineffective", "scp_misses_actions"];

fn policy(statement: &str) -> String {
    let head = "Resources:\n  Policy:\n    Type: AWS::Organizations::Policy\n    Properties:\n      Name: p\n      \
        Type: SERVICE_CONTROL_POLICY\n      TargetIds: [r-a1b2]\n      Content:\n        Version: \"2012-10-17\"\n        \
        Statement:\n          - ";
    [head, statement, "\n"].concat()
}

#[test]
fn policies_about_other_things_are_not_judged() {
    for (n, other) in [
        "{Effect: Deny, Action: \"ec2:RunInstances\", Resource: \"*\", Condition: {\"Null\": {\"aws:RequestTag/team\": \"true\"}}}",
        "{Effect: Deny, NotAction: [\"iam:*\", \"sts:*\"], Resource: \"*\", Condition: {StringNotEquals: {\"aws:RequestedRegion\": eu-west-1}}}",
        "{Effect: Deny, Action: \"*\", Resource: \"*\", Condition: {StringLike: {\"aws:PrincipalArn\": \"arn:aws:iam::*:root\"}}}",
        "{Effect: Deny, Action: \"cloudtrail:LookupEvents\", Resource: \"*\"}",
        "{Effect: Allow, Action: \"*\", Resource: \"*\"}",
    ]
    .iter()
    .enumerate()
    {
        let given = answers(&format!("about-other-things-{n}"), "t.yaml", &policy(other), "Policy", &ABOUT_TRAILS);
        assert_eq!(given, ["not_applicable"; 4], "{other}");
    }
    let trails = "{Effect: Deny, Action: \"cloudtrail:*\", Resource: \"*\"}";
    let given = answers("about-trails", "t.yaml", &policy(trails), "Policy", &ABOUT_TRAILS);
    assert_eq!(given, ["not_applicable", "pass", "pass", "pass"]);
    let leaving = "{Effect: Deny, Action: \"organizations:LeaveOrganization\", Resource: \"*\"}";
    let given = answers("about-leaving", "t.yaml", &policy(leaving), "Policy", &ABOUT_TRAILS);
    assert_eq!(given, ["pass", "not_applicable", "not_applicable", "not_applicable"]);
}

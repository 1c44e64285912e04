//! The documents of `policies/` and the command that fills them: complete, valid in every language, within quotas.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]
#![allow(clippy::disallowed_methods, reason = "tests read the repository and run the program")]

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use trailproof::policies::{self, Document, Form, Values};
use trailproof::read::account::CALLS;
use trailproof::source::FileId;
use trailproof::syntax::{Kind, Node, yaml};

/// Characters that a service control policy may have.
const QUOTA: usize = 10_240;

const VALUES: [(&str, &str); 14] = [
    ("trail-arn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"),
    ("bucket", "audit-logs"),
    ("prefix", "estate/one"),
    ("access-log-bucket", "access-logs"),
    ("org-id", "o-a1b2c3d4e5"),
    ("account", "111122223333"),
    ("key-arn", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("log-group-arn", "arn:aws:logs:eu-west-1:111122223333:log-group:audit:*"),
    ("topic-arn", "arn:aws:sns:eu-west-1:111122223333:audit"),
    ("rule-arn", "arn:aws:events:eu-west-1:111122223333:rule/tampering"),
    ("alarm-arn", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:audit-*"),
    ("exempt-role", "arn:aws:iam::*:role/break-glass"),
    ("target", "r-a1b2"),
    ("external-id", "audit/2026"),
];

fn render(name: &str, values: &[(&str, &str)], form: Form) -> String {
    let values = Values::new(values).unwrap();
    policies::find(name).unwrap().render(&values, form).unwrap_or_else(|missing| panic!("{name}: {missing:?}"))
}

fn json(name: &str, values: &[(&str, &str)]) -> Value {
    serde_json::from_str(&render(name, values, Form::Json)).unwrap()
}

/// The values without one of them.
fn without(flag: &str) -> Vec<(&'static str, &'static str)> {
    VALUES.into_iter().filter(|(name, _)| *name != flag).collect()
}

fn with(flag: &'static str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    without(flag).into_iter().chain([(flag, value)]).collect()
}

#[test]
fn every_file_is_in_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut files = BTreeSet::new();
    let folders = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    for folder in folders {
        for file in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            let is_json = file.extension().is_some_and(|ending| ending == "json");
            let kind = folder.file_name().unwrap().to_str().unwrap();
            files.extend(is_json.then(|| format!("{kind}/{}", file.file_stem().unwrap().to_str().unwrap())));
        }
    }
    // It rolls out the document of `role/scan`.
    files.insert("role/scan_stack_set".to_owned());
    assert!(policies::ALL.iter().map(|policy| policy.name).eq(files.iter().map(String::as_str)), "{files:?}");
}

#[test]
fn every_document_is_filled_in_every_form() {
    for policy in &policies::ALL {
        for form in [Form::Json, Form::CloudFormation, Form::Terraform] {
            let text = render(policy.name, &VALUES, form);
            assert!(!text.contains("${") && !text.contains("\"\""), "{} {form:?}:\n{text}", policy.name);
        }
    }
}

#[test]
fn the_languages_say_the_same() {
    for policy in &policies::ALL {
        let document = json(policy.name, &VALUES);
        let template = value(&yaml::parse(FileId(0), &render(policy.name, &VALUES, Form::CloudFormation)).unwrap());
        let resources = template["Resources"].as_object().unwrap();
        let rolled_out = resources.get("ScanRoles").map(|set| {
            let body = yaml::parse(FileId(0), set["Properties"]["TemplateBody"].as_str().unwrap()).unwrap();
            value(&body)["Resources"]["ScanRole"]["Properties"].clone()
        });
        assert_eq!(resources.len(), 1 + usize::from(rolled_out.is_some()), "{}", policy.name);
        assert!(rolled_out.is_none_or(|role| role == document), "{}", policy.name);
        let properties = &resources.values().next().unwrap()["Properties"];
        let inside = ["PolicyDocument", "KeyPolicy", "Content"].iter().find_map(|name| properties.get(name));
        assert_eq!(inside.unwrap_or(properties), &document, "{}: CloudFormation", policy.name);
        let terraform = render(policy.name, &VALUES, Form::Terraform);
        let mut written = expressions(&terraform).into_iter();
        match policy.name {
            "bucket/log_archive" => {
                for text in leaves(&document).iter().filter(|text| !["audit-logs", "Enabled"].contains(&text.as_str()))
                {
                    assert!(terraform.contains(text.as_str()), "{text} is not in the Terraform resources");
                }
            }
            "event_rule/tampering" => assert_eq!(written.next().as_ref(), Some(&document["EventPattern"])),
            name if name.starts_with("role/") && name != "role/scan_caller" => {
                assert_eq!(written.next().as_ref(), Some(&document["AssumeRolePolicyDocument"]));
                assert_eq!(written.next().as_ref(), Some(&document["Policies"][0]["PolicyDocument"]));
                if name == "role/scan_stack_set" {
                    let role = &written.next().unwrap()["Resources"]["ScanRole"];
                    assert_eq!((&role["Type"], &role["Properties"]), (&"AWS::IAM::Role".into(), &document));
                }
            }
            name => assert_eq!(written.next().as_ref(), Some(&document), "{name}: Terraform"),
        }
        assert_eq!(written.next(), None, "{}", policy.name);
    }
}

/// What other tools took (cfn-lint, `terraform validate`, `terraform fmt`): `policies/make-printed` asks them anew.
#[test]
fn what_is_printed_is_what_other_tools_took() {
    let flags: String = VALUES.iter().map(|(flag, value)| format!("--{flag}={value}\n")).collect();
    assert_eq!(flags, include_str!("policies/values.txt"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies/printed");
    for policy in &policies::ALL {
        for (form, ending) in [(Form::CloudFormation, "yaml"), (Form::Terraform, "tf")] {
            let path = folder.join(format!("{}.{ending}", policy.name.replace('/', ".")));
            let taken = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(taken == render(policy.name, &VALUES, form), "{path:?}: run tests/policies/make-printed");
        }
    }
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2 * policies::ALL.len());
}

/// A tree as JSON; plain scalars by JSON's rules.
fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => items.iter().map(value).collect(),
        Kind::Map(entries) => {
            entries.iter().map(|(key, it)| (key.text.to_string(), value(it))).collect::<Map<_, _>>().into()
        }
        Kind::Scalar { text, plain: true } => serde_json::from_str(text).unwrap_or_else(|_| text.to_string().into()),
        Kind::Scalar { text, .. } => text.to_string().into(),
    }
}

/// The scalars of a value, as text.
fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(leaves).collect(),
        Value::Object(members) => members.values().flat_map(leaves).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// What stands in each `jsonencode(…)`, read back: objects of HCL differ from JSON's in how members are written.
fn expressions(terraform: &str) -> Vec<Value> {
    let bodies =
        terraform.split("jsonencode(").skip(1).map(|rest| rest.split("\n  })").next().unwrap().to_owned() + "\n}");
    bodies
        .map(|body| {
            let lines: Vec<String> = body.lines().map(member).collect();
            let mut text = String::new();
            for (at, line) in lines.iter().enumerate() {
                let last = lines.get(at + 1).is_none_or(|next| next.trim_start().starts_with(['}', ']']));
                let open = line.ends_with(['{', '[', ',']);
                text.push_str(&format!("{line}{}\n", if last || open { "" } else { "," }));
            }
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
        })
        .collect()
}

/// `Key = …` as `"Key": …`.
fn member(line: &str) -> String {
    match line.split_once(" = ") {
        Some((key, rest)) => format!("\"{}\": {rest}", key.trim().trim_matches('"')),
        None => line.to_owned(),
    }
}

/// Who may more than a scan asks may too much; who may less leaves things unknown. The organization is asked by the caller
/// alone, the rest in every account.
#[test]
fn the_policies_of_a_scan_allow_what_the_table_of_calls_asks_and_no_more() {
    let allowed = |document: &Value| -> Vec<String> {
        let statements = document["Statement"].as_array().unwrap().clone();
        let actions = statements.into_iter().flat_map(|statement| statement["Action"].as_array().unwrap().clone());
        actions.map(|action| action.as_str().unwrap().to_owned()).collect()
    };
    let asked = |but: &[&str]| -> BTreeSet<String> {
        let asked = CALLS.iter().filter(|call| !but.contains(&call.service) && call.operation != "GetCallerIdentity");
        asked.map(|call| call.permission.to_owned()).collect()
    };
    let role = allowed(&json("role/scan", &VALUES)["Policies"][0]["PolicyDocument"]);
    let each: BTreeSet<String> = role.iter().cloned().collect();
    assert_eq!((role.len(), &each), (each.len(), &asked(&["sts", "organizations"])));
    let caller = allowed(&json("role/scan_caller", &VALUES));
    let each: BTreeSet<String> = caller.iter().cloned().collect();
    let names_itself = ["sts:SetSourceIdentity".to_owned()];
    assert_eq!((caller.len(), each), (caller.len(), asked(&[]).into_iter().chain(names_itself).collect()));
}

#[test]
fn organization_policies_stay_within_the_quota() {
    let name = |length: usize| "n".repeat(length);
    let long = [
        ("bucket", name(63)),
        ("key-arn", format!("arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-{}", name(32))),
        ("log-group-arn", format!("arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:{}", name(512))),
        ("topic-arn", format!("arn:aws-us-gov:sns:us-gov-west-1:111122223333:{}", name(256))),
        ("rule-arn", format!("arn:aws-us-gov:events:us-gov-west-1:111122223333:rule/{}", name(64))),
        ("alarm-arn", format!("arn:aws-us-gov:cloudwatch:us-gov-west-1:111122223333:alarm:{}", name(255))),
        ("exempt-role", format!("arn:aws-us-gov:iam::111122223333:role/{}/{}", name(100), name(64))),
    ];
    let long: Vec<(&str, &str)> = long.iter().map(|(flag, value)| (*flag, value.as_str())).collect();
    for policy in policies::ALL.iter().filter(|policy| policy.name.starts_with("organization/")) {
        let text = render(policy.name, &long, Form::Json);
        assert!(text.chars().count() < QUOTA, "{}: {} characters, spaces counted", policy.name, text.chars().count());
    }
}

#[test]
fn the_exemption_is_one_role_or_none() {
    for name in ["organization/trails", "organization/audit_trail"] {
        let strict = render(name, &without("exempt-role"), Form::Json);
        assert!(!strict.contains("Condition"), "{strict}");
        let document = json(name, &VALUES);
        let statements = document["Statement"].as_array().unwrap();
        let conditions: BTreeSet<String> =
            statements.iter().filter_map(|statement| statement.get("Condition")).map(Value::to_string).collect();
        let only = r#"{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/break-glass"}}"#;
        assert_eq!(conditions.iter().collect::<Vec<_>>(), [only], "{name}");
    }
}

#[test]
fn prefixes_and_partitions_are_followed() {
    let delivery = |values: &[(&str, &str)]| json("bucket/account_trail", values)["Statement"][1]["Resource"].clone();
    assert_eq!(delivery(&without("prefix")), "arn:aws:s3:::audit-logs/AWSLogs/111122223333/*");
    assert_eq!(delivery(&with("prefix", "estate/one/")), "arn:aws:s3:::audit-logs/estate/one/AWSLogs/111122223333/*");
    let china = [("trail-arn", "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/audit"), ("bucket", "logs")];
    assert_eq!(delivery(&china), "arn:aws-cn:s3:::logs/AWSLogs/111122223333/*");
    let store = |partition| json("key/event_data_store", &[("account", "111122223333"), ("partition", partition)]);
    assert_eq!(store("aws-us-gov")["Statement"][0]["Principal"]["AWS"], "arn:aws-us-gov:iam::111122223333:root");
    let role =
        json("role/organization_trail", &with("log-group-arn", "arn:aws:logs:eu-west-1:444455556666:log-group:a/b"));
    let streams = &role["Policies"][0]["PolicyDocument"]["Statement"][0]["Resource"];
    let group = "arn:aws:logs:eu-west-1:444455556666:log-group:a/b";
    assert_eq!(streams[0], format!("{group}:log-stream:444455556666_CloudTrail_eu-west-1*"));
    assert_eq!(streams[1], format!("{group}:log-stream:o-a1b2c3d4e5_*"));
}

#[test]
fn members_and_items_can_be_reached() {
    let document = policies::find("role/account_trail").unwrap().document(&Values::new(&VALUES).unwrap()).unwrap();
    let action = ["Policies", "0", "PolicyDocument", "Statement", "0", "Action", "1"];
    let found = action.iter().try_fold(&document, |at, name| at.part(name));
    assert_eq!(found, Some(&Document::Text("logs:PutLogEvents".to_owned())));
    assert_eq!(document.part("Policies").unwrap().part("1"), None);
}

/// Exit code, standard output, standard error.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_trailproof")).arg("policy").args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_lists_and_prints() {
    let (code, list, _) = run(&[]);
    assert_eq!((code, list.lines().count()), (0, policies::ALL.len()), "{list}");
    let flags: Vec<String> = VALUES.iter().map(|(flag, value)| format!("--{flag}={value}")).collect();
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    for (format, form) in
        [("json", Form::Json), ("cloudformation", Form::CloudFormation), ("terraform", Form::Terraform)]
    {
        for policy in &policies::ALL {
            let (code, out, err) = run(&[&[policy.name, "--format", format], &flags[..]].concat());
            assert_eq!((code, out), (0, render(policy.name, &VALUES, form)), "{}", policy.name);
            assert!(err.starts_with("note: ") && err.contains("has no place for"), "{}: {err}", policy.name);
        }
    }
    let (_, _, err) = run(&["topic/trail", "--topic-arn", VALUES[8].1, "--trail-arn", VALUES[0].1]);
    assert!(err.is_empty(), "{err}");
}

#[test]
fn what_is_missing_is_named_and_nothing_printed() {
    for policy in &policies::ALL {
        for (form, format) in
            [(Form::Json, "json"), (Form::CloudFormation, "cloudformation"), (Form::Terraform, "terraform")]
        {
            let needed = policy.render(&Values::default(), form).err().unwrap_or_default();
            let (code, out, err) = run(&[policy.name, "--format", format]);
            assert_eq!(code, if needed.is_empty() { 0 } else { 2 }, "{}", policy.name);
            assert_eq!(out.is_empty(), !needed.is_empty(), "{}", policy.name);
            for flag in needed {
                assert!(err.contains(&format!("`--{}`", flag.name)), "{}: {err}", policy.name);
                // With all but this one it still refuses, and names no other.
                let values: Vec<String> =
                    without(flag.name).iter().map(|(name, it)| format!("--{name}={it}")).collect();
                let arguments = [policy.name, "--format", format].into_iter().chain(values.iter().map(String::as_str));
                let (code, out, err) = run(&arguments.collect::<Vec<_>>());
                assert_eq!((code, out.as_str()), (2, ""), "{} without --{}", policy.name, flag.name);
                assert_eq!(err, format!("error: the policy `{}` needs `--{}`\n", policy.name, flag.name));
            }
        }
    }
}

#[test]
fn values_of_the_wrong_shape_are_refused() {
    for (flag, value) in [
        ("trail-arn", "audit"),
        ("trail-arn", "arn:aws:cloudtrail:eu-west-1:1111:trail/audit"),
        ("trail-arn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/"),
        ("trail-arn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/*"),
        ("trail-arn", "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a"),
        ("trail-arn", "arn:aws:cloudtrail::111122223333:trail/audit"),
        ("trail-arn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/\"}"),
        ("trail-arn", "arn:aws:cloudtrail:eu-west-1:111122223333:trail/${Bucket}"),
        ("trail-arn", "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/audit"),
        ("bucket", "arn:aws:s3:::audit-logs"),
        ("bucket", "Audit"),
        ("bucket", "a*b"),
        ("bucket", "ab"),
        ("prefix", "/"),
        ("prefix", "a b"),
        ("prefix", "*"),
        ("org-id", "o-short"),
        ("org-id", "a1b2c3d4e5f6"),
        ("account", "11112222333"),
        ("account", "1111-2222-3333"),
        ("account", "*"),
        ("key-arn", "alias/audit"),
        ("key-arn", "arn:aws:kms:eu-west-1:111122223333:alias/audit"),
        ("topic-arn", "arn:aws:sqs:eu-west-1:111122223333:audit"),
        ("exempt-role", "arn:aws:iam::*:role/*"),
        ("exempt-role", "arn:aws:iam::111122223333:role/Admin*"),
        ("exempt-role", "arn:aws:iam::111122223333:root"),
        ("exempt-role", "arn:aws:sts::111122223333:assumed-role/a/b"),
        ("external-id", "a"),
        ("external-id", "a\"b"),
        ("external-id", "${Bucket}"),
        ("target", "root"),
        ("target", "ou-a1b2"),
        ("partition", "azure"),
        ("partition", "aws-cn"),
    ] {
        let others: Vec<String> = without(flag).iter().map(|(name, it)| format!("--{name}={it}")).collect();
        let wrong = format!("--{flag}={value}");
        let arguments = ["organization/audit_trail", &wrong].into_iter().chain(others.iter().map(String::as_str));
        let (code, out, err) = run(&arguments.collect::<Vec<_>>());
        assert_eq!((code, out.as_str()), (2, ""), "{wrong}");
        assert!(err.contains(&format!("--{flag}")), "{wrong}: {err}");
    }
    assert_eq!(run(&["organization/trial"]).0, 2);
}

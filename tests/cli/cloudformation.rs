//! Templates of a run: nested stacks, and what templates name and do not show.

use super::Room;
use serde_json::Value;

const TRAIL: &str =
    "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: false, S3BucketName: logs}\n";

fn json(room: &Room, arguments: &[&str]) -> (i32, Value) {
    let (code, out, _) = room.run(&[&["check", ".", "--format", "json"], arguments].concat());
    (code, serde_json::from_str(&out).unwrap())
}

/// What was not seen: what it is, by what name, and whether a trail may be there.
fn unseen(report: &Value) -> Vec<(String, String, bool)> {
    let each = report["coverage"]["not_seen"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    each.map(|one| (text(&one["what"]), text(&one["name"]), one["may_hold_trail"].as_bool().unwrap())).collect()
}

fn verdict<'r>(report: &'r Value, check: &str, address: &str) -> Option<&'r Value> {
    let is_it = |result: &&Value| result["check"] == check && result["subject"]["address"] == address;
    report["results"].as_array().unwrap().iter().find(is_it)
}

#[test]
fn nested_stacks_of_the_cdk_are_followed() {
    let room = Room::new("cdk-nested");
    let parent = r#"{"Resources": {"Storage": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL":
        {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}, ".amazonaws.com/assets/0a1b.json"]]}},
        "Metadata": {"aws:asset:path": "Storage.nested.template.json", "aws:asset:property": "TemplateURL"}}}}"#;
    room.file("out/Parent.template.json", parent);
    room.file(
        "out/Storage.nested.template.json",
        r#"{"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail",
        "Properties": {"IsLogging": false, "S3BucketName": "logs"}}}}"#,
    );
    let (code, report) = json(&room, &[]);
    assert_eq!((code, &report["complete"]), (1, &Value::Bool(true)));
    assert_eq!(verdict(&report, "trail_stopped", "Storage/Trail").unwrap()["verdict"], "fail");
}

#[test]
fn templates_that_are_not_there_are_named() {
    let room = Room::new("unseen-templates");
    let resource =
        |kind: &str, properties: &str| format!("Resources:\n  It:\n    Type: {kind}\n    Properties: {properties}\n");
    for (name, text, what, called, trail) in [
        ("url", resource("AWS::CloudFormation::Stack", "{TemplateURL: ./gone.yaml}"), "template", "./gone.yaml", true),
        ("parameter", resource("AWS::CloudFormation::Stack", "{TemplateURL: !Ref Url}"), "template", "It", true),
        ("sam", resource("AWS::Serverless::Application", "{Location: ./gone.yaml}"), "template", "./gone.yaml", true),
        ("set", resource("AWS::CloudFormation::StackSet", "{TemplateURL: 'https://x/y.yaml'}"), "template", "https://x/y.yaml", true),
        ("body", resource("AWS::CloudFormation::StackSet", "{TemplateBody: 'Resources: {T: {Type: AWS::CloudTrail::Trail}}'}"), "body", "It", true),
        ("role", resource("AWS::CloudFormation::StackSet", "{TemplateBody: 'Resources: {R: {Type: AWS::IAM::Role}}'}"), "body", "It", false),
        ("pack", resource("AWS::Config::ConformancePack", "{TemplateBody: !Sub 'Resources: {T: {Type: AWS::CloudTrail::Trail, Name: ${X}}}'}"), "body", "It", true),
        ("product", resource("AWS::ServiceCatalog::CloudFormationProduct", "{Name: x}"), "template", "It", true),
        ("module", resource("My::Audit::Trail::MODULE", "{}"), "template", "It", true),
        ("include", "Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/x.yaml'}}\nResources:\n  L: {Type: AWS::Logs::LogGroup}\n".to_owned(), "template", "s3://b/x.yaml", true),
        ("within", "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/x.yaml'}}\n".to_owned(), "template", "s3://b/x.yaml", true),
        ("macro", "Transform: Ours\nResources:\n  L: {Type: AWS::Logs::LogGroup}\n".to_owned(), "template", "Ours", true),
    ] {
        let room = Room::new(&format!("unseen-templates-{name}"));
        room.file("t.yaml", text);
        let (code, report) = json(&room, &["--strict"]);
        assert_eq!(unseen(&report), [(what.to_owned(), called.to_owned(), trail)], "{name}");
        assert_eq!((code, report["complete"].as_bool()), (if trail { 3 } else { 0 }, Some(!trail)), "{name}");
    }
    // What is in the run is seen; transforms of AWS's own add nothing; what a condition rules out is not made.
    room.file("member.yaml", TRAIL.replace("false", "true"))
        .file("set.yaml", resource("AWS::CloudFormation::StackSet", "{TemplateURL: ./member.yaml}"));
    room.file("network.yaml", "Resources:\n  V: {Type: AWS::EC2::VPC}\n");
    room.file("vpc.yaml", resource("AWS::CloudFormation::Stack", "{TemplateURL: !Sub 'https://${B}/x/network.yaml'}"));
    room.file("sam.yaml", "Transform: [AWS::Serverless-2016-10-31, AWS::LanguageExtensions]\nResources:\n  L: {Type: AWS::Logs::LogGroup}\n");
    room.file("never.yaml", "Conditions: {No: !Equals [a, b]}\nResources:\n  S: {Type: AWS::CloudFormation::Stack, Condition: No, Properties: {TemplateURL: gone.yaml}}\n");
    let (_, report) = json(&room, &[]);
    assert_eq!((unseen(&report), &report["complete"]), (Vec::new(), &Value::Bool(true)));
}

#[test]
fn templates_inside_resources_of_terraform_are_named() {
    let room = Room::new("unseen-bodies");
    room.file("t.yaml", TRAIL);
    room.file(
        "main.tf",
        r#"
        resource "aws_cloudformation_stack_set" "trail" {
          template_body = file("${path.module}/t.yaml")
        }
        resource "aws_cloudformation_stack" "role" {
          template_body = jsonencode({ Resources = { R = { Type = "AWS::IAM::Role" } } })
        }
        resource "aws_config_conformance_pack" "pack" {
          template_s3_uri = "s3://packs/trail.yaml"
        }
        resource "aws_cloudformation_stack" "none" {
          count        = 0
          template_url = "https://x/y.yaml"
        }
        "#,
    );
    let (code, out, _) = room.run(&["check", "main.tf", "--format", "json", "--strict"]);
    let report: Value = serde_json::from_str(&out).unwrap();
    let mut found = unseen(&report);
    found.sort();
    let expected = [
        ("body", "aws_cloudformation_stack.role", false),
        ("body", "aws_cloudformation_stack_set.trail", true),
        ("template", "aws_config_conformance_pack.pack", true),
    ];
    assert_eq!(found, expected.map(|(what, name, trail)| (what.to_owned(), name.to_owned(), trail)));
    assert_eq!(code, 3);
}

/// A chain of nested stacks that pass a condition on; the last one has a trail that logs where it holds.
fn chain(room: &Room, levels: usize, first: &str) {
    for level in 0..=levels {
        let parameter = if level == 0 { first } else { "{Type: String}" };
        let resource = match level == levels {
            true => "  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {S3BucketName: logs, IsLogging: !If [On, true, false]}\n".to_owned(),
            false => format!("  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: l{}.yaml\n      Parameters: {{P: !If [On, 'true', 'false'], Q: !If [On, a, b]}}\n", level + 1),
        };
        let text = format!(
            "Parameters:\n  P: {parameter}\n  Q: {{Type: String, Default: a}}\nConditions:\n  On: !Equals [!Ref P, 'true']\nResources:\n{resource}"
        );
        room.file(&format!("l{level}.yaml"), text);
    }
}

#[test]
fn a_condition_goes_through_chains_of_nested_stacks() {
    let room = Room::new("nested-chain");
    let address = format!("{}Trail", "S/".repeat(20));
    chain(&room, 20, "{Type: String}");
    let stopped = |arguments: &[&str]| {
        let report = json(&room, arguments).1;
        let found = verdict(&report, "trail_stopped", &address).unwrap().clone();
        (found["verdict"].as_str().unwrap().to_owned(), found["assumed"].clone())
    };
    assert_eq!(stopped(&[]).0, "unknown");
    assert_eq!(stopped(&["--parameter", "P=true"]).0, "pass");
    assert_eq!(stopped(&["--parameter", "P=no"]).0, "fail");
    chain(&room, 20, "{Type: String, Default: 'false'}");
    assert_eq!(stopped(&[]), ("fail".to_owned(), serde_json::json!(["P"])));
}

#[test]
fn what_refers_to_itself_through_nested_stacks_says_so() {
    let room = Room::new("nested-circles");
    room.file("k.yaml", "Parameters: {P: {Type: String}}\nResources:\n  L: {Type: AWS::SNS::Topic}\nOutputs: {O: {Value: !Sub 'x${P}'}}\n");
    room.file("p.yaml", "Resources:\n  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: k.yaml, Parameters: {P: !GetAtt B.Outputs.O}}}\n  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: k.yaml, Parameters: {P: !GetAtt A.Outputs.O}}}\n  T: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: b, IsLogging: !GetAtt A.Outputs.O}}\n");
    room.file("c.yaml", "Conditions: {C: !Equals [!GetAtt S.Outputs.O, x]}\nResources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: k.yaml, Parameters: {P: !If [C, a, b]}}}\n  U: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: b, IsLogging: !If [C, true, false]}}\n");
    let report = json(&room, &[]).1;
    for address in ["T", "U"] {
        let found = verdict(&report, "trail_stopped", address).unwrap();
        assert_eq!(found["verdict"], "unknown");
        let words = found["reasons"][0]["text"].as_str().unwrap();
        assert!(words.ends_with("refers to itself"), "{words}");
    }
}

#[test]
fn texts_that_double_end_somewhere() {
    let room = Room::new("doubling");
    let mut text = "Resources:\n  T: {Type: AWS::CloudTrail::Trail, Properties: {S3BucketName: b, IsLogging: true, CloudWatchLogsLogGroupArn: g, CloudWatchLogsRoleArn: !GetAtt R0.Arn}}\n".to_owned();
    let trust =
        "{Statement: [{Effect: Allow, Principal: {Service: cloudtrail.amazonaws.com}, Action: 'sts:AssumeRole'}]}";
    for role in 0..40 {
        let path = format!("{{Fn::ToJsonString: !GetAtt R{}.Arn}}", role + 1);
        text += &format!(
            "  R{role}: {{Type: AWS::IAM::Role, Properties: {{Path: {path}, AssumeRolePolicyDocument: {trust}}}}}\n"
        );
    }
    text += &format!(
        "  R40: {{Type: AWS::IAM::Role, Properties: {{Path: !Sub '/${{R40.Arn}}${{R40.Arn}}/', AssumeRolePolicyDocument: {trust}}}}}\n"
    );
    room.file("t.yaml", text);
    assert!(json(&room, &[]).0 <= 1);
}

#[test]
fn bounds_of_nested_stacks_are_told() {
    let room = Room::new("nested-bounds");
    for level in 0..70 {
        room.file(&format!("l{level}.yaml"), format!("Resources:\n  S: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: l{}.yaml}}}}\n  T: {{Type: AWS::SNS::Topic}}\n", level + 1));
    }
    room.file("l70.yaml", TRAIL);
    let (code, report) = json(&room, &[]);
    assert_eq!((code, &report["complete"]), (2, &Value::Bool(false)));
    let message = report["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("nested deeper than 64 levels"), "{message}");
    // What is nested in itself is judged once.
    let room = Room::new("nested-in-itself");
    room.file(
        "t.yaml",
        TRAIL.to_owned() + "  Again: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: t.yaml}}\n",
    );
    let (code, report) = json(&room, &[]);
    assert_eq!((code, &report["complete"]), (1, &Value::Bool(true)));
    assert_eq!(unseen(&report), [("template".to_owned(), "t.yaml".to_owned(), false)]);
}

#[test]
fn a_region_that_is_given_is_that_of_every_template() {
    let room = Room::new("given-region");
    room.file(
        "archive.yaml",
        "Resources:\n  Logs: {Type: AWS::S3::Bucket}\nOutputs:\n  Name: {Value: !Ref Logs, Export: {Name: logs}}\n",
    );
    room.file("trail.yaml", "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {IsLogging: true, S3BucketName: !ImportValue logs, KMSKeyId: 'arn:aws:kms:us-east-1:111122223333:key/1'}\n");
    let answer = |region: &[&str]| {
        let report = json(&room, region).1;
        verdict(&report, "key_in_other_region", "Trail").unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(answer(&["--parameter", "AWS::Region=eu-west-1"]), "fail");
    assert_eq!(answer(&["--parameter", "AWS::Region=us-east-1"]), "pass");
    assert_eq!(answer(&[]), "unknown");
}

#[test]
fn a_byte_order_mark_is_no_column() {
    let template = "{\"Resources\": {\"Trail\": {\"Type\": \"AWS::CloudTrail::Trail\", \"Properties\": {\"IsLogging\": false, \"S3BucketName\": \"logs\"}}}}";
    let texts = [
        ("t.json", template.to_owned()),
        (
            "t.yaml",
            "Resources: {Trail: {Type: 'AWS::CloudTrail::Trail', Properties: {IsLogging: false, S3BucketName: logs}}}\n".to_owned(),
        ),
        ("main.tf", "resource \"aws_cloudtrail\" \"t\" { enable_logging = false }\n".to_owned()),
        ("main.tf.json", "{\"resource\": {\"aws_cloudtrail\": {\"t\": {\"enable_logging\": false}}}}".to_owned()),
    ];
    for (name, text) in texts {
        let room = Room::new("byte-order-mark");
        let columns = |text: &str| {
            room.file(name, text);
            let report = json(&room, &["--check", "trail_stopped"]).1;
            report["results"][0]["location"]["column"].as_u64().unwrap()
        };
        assert_eq!(columns(&format!("\u{feff}{text}")), columns(&text), "{name}");
    }
}

#[test]
fn a_quote_that_is_not_closed_is_told_where_it_was() {
    let room = Room::new("unclosed-quote");
    room.file("t.yaml", format!("Description: 'never closed\n{TRAIL}"));
    let (code, out, err) = room.run(&["check", "t.yaml"]);
    assert_eq!(code, 2);
    assert!((out + &err).contains("t.yaml:2:1"));
}

#[test]
fn conditions_that_refer_to_themselves_are_told() {
    let trail = |value: &str| {
        format!(
            "Resources:\n  T: {{Type: AWS::CloudTrail::Trail, Properties: {{S3BucketName: b, IsLogging: {value}}}}}\n"
        )
    };
    let role = "  R: {Type: AWS::IAM::Role, Properties: {RoleName: R, Path: !If [C, /a/, /b/], AssumeRolePolicyDocument: {}}}\n";
    for (name, text) in [
        ("itself", "Conditions: {C: !Equals [a, !If [C, a, b]]}\n".to_owned() + &trail("!If [C, true, false]")),
        ("mutual", "Conditions: {C: !Equals [a, !If [D, a, b]], D: !Equals [a, !If [C, a, b]]}\n".to_owned() + &trail("!If [C, true, false]")),
        ("plain", "Conditions: {C: !Not [!Condition C]}\n".to_owned() + &trail("!If [C, true, false]")),
        ("unused", "Conditions: {C: !And [!Condition C, !Condition C]}\n".to_owned() + &trail("true")),
        ("attribute", format!("Conditions: {{C: !Equals ['arn:aws:iam::111122223333:role/a/R', !GetAtt R.Arn]}}\n{}{role}", trail("!If [C, true, false]"))),
        ("within", format!("Conditions: {{C: !Equals ['arn:aws:iam::111122223333:role/a/R', !Sub '${{R.Arn}}']}}\n{}{role}", trail("!If [C, true, false]"))),
        ("loop", "Transform: AWS::LanguageExtensions\nConditions:\n  Fn::ForEach::L: [X, [A, C], {'${X}': !Equals [a, !If ['${X}', a, b]]}]\n".to_owned() + &trail("!If [C, true, false]")),
    ] {
        let room = Room::new(&format!("circle-{name}"));
        room.file("t.yaml", text);
        let (code, report) = json(&room, &[]);
        assert_eq!((code, &report["complete"]), (2, &Value::Bool(false)), "{name}");
        let told = report["errors"].as_array().unwrap().iter().map(|error| error["message"].as_str().unwrap());
        assert!(told.clone().any(|message| message == "condition `C` refers to itself"), "{name}");
        if name != "unused" {
            let stopped = verdict(&report, "trail_stopped", "T").unwrap();
            assert_eq!(stopped["reasons"][0]["text"], "condition `C` refers to itself", "{name}");
        }
    }
}

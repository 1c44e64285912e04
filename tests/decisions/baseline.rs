//! What was there before is held back, and what is new stands out, with why.

use super::{Room, TRAIL};
use std::collections::BTreeSet;

const TERRAFORM: &str = "resource \"aws_cloudtrail\" \"t\" {\n  name           = \"t\"\n  s3_bucket_name = aws_s3_bucket.b.id\n  \
                         enable_logging = false\n}\n\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n";

/// What is open in a file whose findings were written down before it was edited: each with why it is new.
fn new(name: &str, file: &str, before: &str, edits: &[(&str, &str)]) -> BTreeSet<String> {
    let room = Room::new(name);
    room.file(file, before);
    assert_eq!(room.run(&["baseline", "write", "."]).0, 0);
    assert_eq!(room.run(&["check", ".", "--baseline", "trailproof-baseline.json"]).0, 0, "nothing is new at first");
    for (name, text) in edits {
        match text.is_empty() {
            true => std::fs::remove_file(room.0.join(name)).unwrap(),
            false => drop(room.file(name, text)),
        }
    }
    let report = room.json(&[".", "--baseline", "trailproof-baseline.json"]);
    let open =
        report["results"].as_array().unwrap().iter().filter(|it| it["verdict"] == "fail" && it["suppressed"].is_null());
    let word = |it: &serde_json::Value, key: &str| it[key].as_str().unwrap_or("none").to_owned();
    open.map(|it| format!("{} {} {}", word(it, "new"), word(it, "check"), it["subject"]["address"].as_str().unwrap()))
        .collect()
}

fn none() -> BTreeSet<String> {
    BTreeSet::new()
}

#[test]
fn what_only_moves_is_not_new() {
    let lines = format!("# a\n\n{}", TERRAFORM.replace("\n  enable", "\n\n  # more\n  enable"));
    assert_eq!(new("lines", "main.tf", TERRAFORM, &[("main.tf", &lines)]), none());
    let (trail, bucket) = TERRAFORM.split_once("\n\n").unwrap();
    assert_eq!(new("order", "main.tf", TERRAFORM, &[("main.tf", &format!("{bucket}\n{trail}\n"))]), none());
    let style = TERRAFORM.replace(" = ", "=").replace("enable_logging=false", "enable_logging =   false");
    assert_eq!(new("style", "main.tf", TERRAFORM, &[("main.tf", &style)]), none());
    // A file with another name, the old one gone.
    assert_eq!(new("file", "main.tf", TERRAFORM, &[("main.tf", ""), ("trail.tf", TERRAFORM)]), none());
    assert_eq!(new("template", "a.yaml", TRAIL, &[("a.yaml", ""), ("b.yaml", TRAIL)]), none());
    let renamed = TERRAFORM.replace("\"aws_cloudtrail\" \"t\"", "\"aws_cloudtrail\" \"main\"");
    let moved = format!("{renamed}\nmoved {{\n  from = aws_cloudtrail.t\n  to   = aws_cloudtrail.main\n}}\n");
    assert_eq!(new("moved", "main.tf", TERRAFORM, &[("main.tf", &moved)]), none());
}

#[test]
fn what_is_new_says_why() {
    let renamed = TERRAFORM.replace("\"aws_cloudtrail\" \"t\"", "\"aws_cloudtrail\" \"main\"");
    let open = new("renamed", "main.tf", TERRAFORM, &[("main.tf", &renamed)]);
    assert!(open.contains("finding trail_stopped aws_cloudtrail.main"), "{open:?}");
    assert!(open.iter().all(|it| it.ends_with("aws_cloudtrail.main")), "{open:?}");
    let template =
        TRAIL.to_owned() + "  Group:\n    Type: AWS::Logs::LogGroup\n    Properties: {RetentionInDays: 30}\n";
    let template = template
        .replace("S3BucketName: logs", "S3BucketName: logs\n      CloudWatchLogsLogGroupArn: !GetAtt Group.Arn");
    let shorter = template.replace("RetentionInDays: 30", "RetentionInDays: 7");
    assert_eq!(
        new("value", "t.yaml", &template, &[("t.yaml", &shorter)]),
        BTreeSet::from(["value log_group_retention_short Group".to_owned()])
    );
    let sibling = TRAIL.to_owned() + &TRAIL.replace("Resources:\n", "").replace("  Trail:", "  Second:");
    let open = new("sibling", "t.yaml", TRAIL, &[("t.yaml", &sibling)]);
    assert!(open.contains("finding trail_stopped Second") && !open.iter().any(|it| it.ends_with(" Trail")), "{open:?}");
    // A copy in another file is new, since the first is still there.
    let open = new("copy", "a.yaml", TRAIL, &[("b.yaml", TRAIL)]);
    assert!(open.contains("finding trail_stopped Trail"), "{open:?}");
}

#[test]
fn a_fault_of_a_statement_is_known_by_its_part() {
    let policy = |statements: &str| {
        format!(
            "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties: {{S3BucketName: !Ref B, IsLogging: true}}\n  \
             B: {{Type: AWS::S3::Bucket}}\n  P:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref B\n      \
             PolicyDocument:\n        Statement:\n{statements}"
        )
    };
    let public = |sid: &str| {
        format!(
            "          - {{Sid: {sid}, Effect: Allow, Principal: \"*\", Action: \"s3:GetObject\", Resource: !Sub \"${{B.Arn}}/*\"}}\n"
        )
    };
    let (one, two) = (policy(&public("A")), policy(&(public("C") + &public("A"))));
    let mut open = new("part", "t.yaml", &one, &[("t.yaml", &two)]);
    open.retain(|it| it.contains("bucket_public "));
    assert_eq!(open, BTreeSet::from(["finding bucket_public B".to_owned()]));
}

#[test]
fn the_file_grows_and_shrinks_when_it_is_asked_to() {
    let room = Room::new("grows");
    room.file("a/t.yaml", TRAIL).file("b/t.yaml", TRAIL.replace("  Trail:", "  Other:"));
    assert_eq!(room.run(&["baseline", "write", "a"]).0, 0);
    let first = room.read("trailproof-baseline.json");
    let (code, _, err) = room.run(&["baseline", "write", "."]);
    assert!(code == 2 && err.contains("--add"), "{err}");
    assert_eq!(room.read("trailproof-baseline.json"), first);
    room.file("trailproof.yaml", "baseline: trailproof-baseline.json\n");
    assert_eq!(room.run(&["check", "a"]).0, 0);
    assert_eq!(room.run(&["check", "."]).0, 1);
    assert_eq!(room.run(&["baseline", "write", ".", "--add"]).0, 0);
    let whole = room.read("trailproof-baseline.json");
    assert!(whole.len() > first.len() && first.lines().skip(1).all(|line| whole.contains(line.trim_end_matches(','))));
    assert_eq!(room.run(&["check", "."]).0, 0);
    let (_, out, _) = room.run(&["check", "."]);
    assert!(out.contains("held back (") && out.contains(" by baseline"), "{out}");
    // What is mended is told, and taken out when that is asked for.
    room.file("a/t.yaml", TRAIL.replace("IsLogging: false", "IsLogging: true"));
    assert_eq!(room.states(&["."]), ["baseline_stale trail_stopped"]);
    assert_eq!(room.states(&["b"]), Vec::<String>::new(), "what was not read is not gone");
    assert_eq!(room.states(&[".", "--skip", "trail_stopped"]), Vec::<String>::new());
    assert_eq!(room.run(&["check", ".", "--fail-on-exceptions"]).0, 1);
    assert_eq!(room.run(&["baseline", "prune", "b"]).0, 0);
    assert_eq!(room.read("trailproof-baseline.json"), whole);
    assert_eq!(room.run(&["baseline", "prune", "."]).0, 0);
    assert_eq!(room.read("trailproof-baseline.json").lines().count(), whole.lines().count() - 1);
    // A run that is not whole takes nothing out.
    room.file("broken.yaml", "Resources:\n  A: {Type: AWS::S3::Bucket\n").file("b/t.yaml", "a: 1\n");
    let before = room.read("trailproof-baseline.json");
    assert_eq!(room.run(&["baseline", "prune", "."]).0, 2);
    assert_eq!(room.run(&["baseline", "write", "."]).0, 2);
    assert_eq!(room.read("trailproof-baseline.json"), before);
}

#[test]
fn it_is_the_same_wherever_it_is_written() {
    let room = Room::new("same");
    room.file("a/t.yaml", TRAIL).file("a/x/main.tf", TERRAFORM);
    assert_eq!(room.run(&["baseline", "write", ".", "--baseline", "one.json"]).0, 0);
    assert_eq!(room.run(&["baseline", "write", "a/x", "a/t.yaml", "--baseline", "two.json"]).0, 0);
    assert_eq!(room.read("one.json"), room.read("two.json"));
    let text = room.read("one.json");
    let entries: Vec<&str> = text.lines().filter(|line| line.starts_with("{\"check\"")).collect();
    assert!(entries.len() > 5 && text.contains("\"path\": \"a/x/main.tf\""), "{text}");
    assert!(!text.contains("\"line\"") && !text.contains("severity"), "{text}");
}

#[test]
fn a_broken_baseline_is_told() {
    let room = Room::new("broken");
    room.file("t.yaml", TRAIL);
    for (text, words) in [
        ("{", "one.json"),
        ("{\"schema\": \"other\"}", "no baseline"),
        ("{\"schema\": \"trailproof.baseline/1\", \"entries\": [{\"check\": \"a\"}]}", "an entry without `address`"),
        ("{\"schema\": \"trailproof.baseline/1\", \"entries\": [{\"chek\": \"a\"}]}", "`chek` is no field"),
    ] {
        room.file("one.json", text);
        let (code, _, err) = room.run(&["check", "t.yaml", "--baseline", "one.json"]);
        assert!(code == 2 && err.contains(words), "{text}: {err}");
    }
    let (code, _, err) = room.run(&["check", "t.yaml", "--baseline", "none.json"]);
    assert!(code == 2 && err.contains("none.json"), "a file that is named is there: {err}");
}

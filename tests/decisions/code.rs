//! Exceptions through modules, copies, plans, companions and nested stacks.

use jiff::civil::date;
use trailproof::policy::{Decisions, settle};
use trailproof::report::{Report, State};
use trailproof::{Options, check_texts, checks};

fn run(files: &[(&str, &str)]) -> Report {
    let options = Options { checks: checks::ALL.iter().collect(), ..Options::default() };
    let mut report = check_texts(files, &options);
    settle(&mut report, &Decisions::new(date(2026, 12, 1)));
    report
}

/// The addresses of what is held back by check, and the states of exceptions.
fn held(files: &[(&str, &str)]) -> (Vec<String>, Vec<State>) {
    let report = run(files);
    let mut held: Vec<String> =
        report.suppressed().map(|(outcome, _)| format!("{} {}", outcome.check.id, outcome.subject.address)).collect();
    held.sort();
    (held, report.exceptions.iter().map(|exception| exception.state).collect())
}

const MODULE: &str = "variable \"logging\" {}\nresource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = \"b\"\n  \
                      enable_logging = var.logging\n}\n";

#[test]
fn a_call_covers_what_its_module_holds() {
    let root = "# trailproof: allow trail_stopped -- it is on in the other account\nmodule \"a\" {\n  source = \"./m\"\n  \
                logging = false\n}\nmodule \"b\" {\n  source = \"./m\"\n  logging = false\n}\n";
    let files = [("main.tf", root), ("m/main.tf", MODULE)];
    assert_eq!(held(&files), (vec!["trail_stopped module.a.aws_cloudtrail.t".to_owned()], vec![]));
    let below =
        root.replace("source = \"./m\"\n  logging = false\n}\nmodule \"b\"", "source = \"./n\"\n}\nmodule \"b\"");
    let between = "module \"inner\" {\n  source = \"../m\"\n  logging = false\n}\n";
    let files = [("main.tf", below.as_str()), ("n/main.tf", between), ("m/main.tf", MODULE)];
    assert_eq!(held(&files), (vec!["trail_stopped module.a.module.inner.aws_cloudtrail.t".to_owned()], vec![]));
}

#[test]
fn every_copy_is_covered() {
    for meta in ["count = 2", "for_each = toset([\"x\", \"y\"])"] {
        let text = format!(
            "# trailproof: allow trail_stopped -- it is on in the other account\nresource \"aws_cloudtrail\" \"t\" {{\n  {meta}\n  \
             name = \"t\"\n  s3_bucket_name = \"b\"\n  enable_logging = false\n}}\n"
        );
        let (held, states) = held(&[("main.tf", &text)]);
        assert!(held.len() == 2 && states.is_empty(), "{held:?} {states:?}");
    }
}

#[test]
fn a_companion_speaks_for_its_bucket() {
    let text = "resource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = aws_s3_bucket.b.id\n}\n\
                resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"b\"\n}\n\
                # trailproof: allow bucket_without_versioning -- logs are copied hourly\n\
                resource \"aws_s3_bucket_versioning\" \"b\" {\n  bucket = aws_s3_bucket.b.id\n  \
                versioning_configuration {\n    status = \"Suspended\"\n  }\n}\n";
    assert_eq!(held(&[("main.tf", text)]), (vec!["bucket_without_versioning aws_s3_bucket.b".to_owned()], vec![]));
    let at_bucket = text
        .replace("# trailproof: allow bucket_without_versioning -- logs are copied hourly\n", "")
        .replace("resource \"aws_s3_bucket\" \"b\" {", "resource \"aws_s3_bucket\" \"b\" { # trailproof: allow bucket_without_versioning -- logs are copied hourly");
    assert_eq!(held(&[("main.tf", &at_bucket)]).0, ["bucket_without_versioning aws_s3_bucket.b"]);
}

#[test]
fn a_file_may_allow_at_its_head_alone() {
    let trail =
        "resource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n  s3_bucket_name = \"b\"\n  enable_logging = false\n}\n";
    let words = "# trailproof: allow-file trail_stopped -- this file is an example\n";
    assert_eq!(
        held(&[("main.tf", &format!("{words}\n{trail}"))]),
        (vec!["trail_stopped aws_cloudtrail.t".to_owned()], vec![])
    );
    assert_eq!(held(&[("main.tf", &format!("{trail}{words}"))]), (vec![], vec![State::Malformed]));
}

#[test]
fn comments_of_downloaded_modules_do_not_count() {
    let root = "module \"a\" {\n  source = \"example/m/aws\"\n  logging = false\n}\n";
    let inside = MODULE.replace("  enable", "  # trailproof: allow trail_stopped -- it says so of itself\n  enable");
    let list =
        r#"{"Modules":[{"Key":"a","Source":"registry.terraform.io/example/m/aws","Dir":".terraform/modules/a"}]}"#;
    let files =
        [("main.tf", root), (".terraform/modules/modules.json", list), (".terraform/modules/a/main.tf", &inside)];
    let report = run(&files);
    assert!(report.failures().any(|outcome| outcome.check.id == "trail_stopped"), "{:?}", report.outcomes);
    assert!(report.suppressed().next().is_none() && report.exceptions.is_empty());
}

const ALLOW: &str = "Metadata: {trailproof: {allow: [{check: trail_stopped, reason: on in the other account}]}}";

#[test]
fn metadata_is_about_its_resource_or_template() {
    let trail = |id: &str, metadata: &str| {
        format!(
            "  {id}:\n    Type: AWS::CloudTrail::Trail\n{metadata}    Properties: {{S3BucketName: b, IsLogging: false}}\n"
        )
    };
    let text = format!("Resources:\n{}{}", trail("A", &format!("    {ALLOW}\n")), trail("B", ""));
    assert_eq!(held(&[("t.yaml", &text)]), (vec!["trail_stopped A".to_owned()], vec![]));
    let text = format!("{ALLOW}\nResources:\n{}{}", trail("A", ""), trail("B", ""));
    assert_eq!(held(&[("t.yaml", &text)]).0, ["trail_stopped A", "trail_stopped B"]);
    for wrong in [
        "allow: {check: a}",
        "alow: []",
        "allow: [{check: trail_stopped, reasn: x}]",
        "allow: [text]",
        "allow: [{reason: on in the other account}]",
    ] {
        let text = format!("Metadata: {{trailproof: {{{wrong}}}}}\nResources:\n{}", trail("A", ""));
        assert_eq!(held(&[("t.yaml", &text)]), (vec![], vec![State::Malformed]), "{wrong}");
    }
}

#[test]
fn a_nested_stack_covers_what_it_holds() {
    let parent = format!(
        "Resources:\n  Inner:\n    Type: AWS::CloudFormation::Stack\n    {ALLOW}\n    Properties: {{TemplateURL: ./child.yaml}}\n  \
         Other:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: ./child.yaml}}\n"
    );
    let child =
        "Resources:\n  T:\n    Type: AWS::CloudTrail::Trail\n    Properties: {S3BucketName: b, IsLogging: false}\n";
    let files = [("parent.yaml", parent.as_str()), ("child.yaml", child)];
    assert_eq!(held(&files), (vec!["trail_stopped Inner/T".to_owned()], vec![]));
}

#[test]
fn json_of_terraform_has_its_comments() {
    let text = r#"{"resource": {"aws_cloudtrail": {"t": {
        "//": "trailproof: allow trail_stopped -- it is on in the other account",
        "name": "t", "s3_bucket_name": "b", "enable_logging": false}}}}"#;
    assert_eq!(held(&[("main.tf.json", text)]), (vec!["trail_stopped aws_cloudtrail.t".to_owned()], vec![]));
}

#[test]
fn hostile_marks_cost_little_and_are_told() {
    let trail =
        "Resources:\n  T:\n    Type: AWS::CloudTrail::Trail\n    Properties: {S3BucketName: b, IsLogging: false}\n";
    let text = format!("{}{trail}", "# trailproof: allow trail_stopped -- on in the other account\n".repeat(5_000));
    let report = run(&[("t.yaml", &text)]);
    assert_eq!(report.problems.len(), 1, "what is not read is told");
    assert_eq!(report.suppressed().count(), 1);
}

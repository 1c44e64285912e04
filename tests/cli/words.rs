//! What verdicts say: why a question does not arise, what a pass rests on, and conditions in the user's own words.

use trailproof::Options;
use trailproof::judge::{Answer, Outcome};
use trailproof::report::Report;

fn judged(name: &str, text: &str) -> Report {
    let options = Options { checks: trailproof::checks::ALL.iter().collect(), ..Options::default() };
    trailproof::check_text(name, text, &options)
}

fn said<'r>(report: &'r Report, check: &str, address: &str) -> &'r Outcome {
    let is_it = |outcome: &&Outcome| outcome.check.id == check && &*outcome.subject.address == address;
    report.outcomes.iter().find(is_it).unwrap()
}

#[test]
fn what_does_not_arise_is_no_pass() {
    let text = "Resources:
  Trail: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: logs, EnableLogFileValidation: true}}
  Store: {Type: AWS::CloudTrail::EventDataStore, Properties: {TerminationProtectionEnabled: true}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: trail}}
  Key:
    Type: AWS::KMS::Key
    Properties:
      KeyPolicy:
        Statement: [{Effect: Allow, Principal: {AWS: !Sub \"arn:aws:iam::${AWS::AccountId}:root\"}, Action: 'kms:*', Resource: '*'}]
  Other: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: logs, KMSKeyId: !Ref Key, SnsTopicName: !Ref Topic}}
";
    let report = judged("t.yaml", text);
    for (check, address, reason) in [
        ("key_in_other_region", "Trail", "the trail has no key"),
        ("trail_log_group_without_role", "Trail", "it sends its events to no log group"),
        ("store_key_blocks_ingestion", "Store", "the event data store has no key of its own"),
        ("key_policy_without_source_guard", "Key", "no statement lets CloudTrail in"),
        ("topic_without_source_guard", "Topic", "no statement lets CloudTrail in"),
        ("trail_selector_matches_nothing", "Trail", "the trail selects no data events"),
    ] {
        let outcome = said(&report, check, address);
        assert_eq!((outcome.answer, outcome.message().as_str()), (Answer::NotApplicable, reason), "{check}");
    }
    let validated = said(&report, "trail_without_log_validation", "Trail");
    assert_eq!((validated.answer, &*validated.message()), (Answer::Pass, "`EnableLogFileValidation` says so"));
    let alone = "Resources: {Trail: {Type: AWS::CloudTrail::Trail, Properties: {IsLogging: true, S3BucketName: logs}}}";
    let report = judged("t.yaml", alone);
    let twice = said(&report, "trail_duplicate_management_events", "Trail");
    assert_eq!(twice.message(), "no other trail is declared beside it");
    let partial = said(&report, "trail_management_events_partial", "Trail");
    assert_eq!(partial.message(), "`EventSelectors` is left out, and the default is right");
}

#[test]
fn an_exclusion_of_nothing_is_told_and_fails_nothing() {
    let text = r#"
resource "aws_cloudtrail" "trail" {
  name                  = "audit"
  s3_bucket_name        = "audit-logs"
  is_multi_region_trail = true
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }
    field_selector {
      field      = "resources.ARN"
      not_equals = ["arn:aws:s3:::audit-logs/*", "arn:aws:s3:::control-tower-*/*"]
    }
  }
}
"#;
    let report = judged("main.tf", text);
    let selector = said(&report, "trail_selector_matches_nothing", "aws_cloudtrail.trail");
    assert_eq!(selector.answer, Answer::Pass);
    assert!(selector.message().contains("not_equals[0]` leaves nothing out"), "{}", selector.message());
    assert_eq!(said(&report, "trail_s3_write_events_missing", "aws_cloudtrail.trail").answer, Answer::Pass);
}

#[test]
fn conditions_are_told_as_they_are_written_and_only_those_that_matter() {
    let text = r#"
variable "dry_run" {
  type    = string
  default = "false"
}
variable "share" { type = bool }
variable "accounts" {
  type    = list(string)
  default = []
}
data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["s3:GetBucketAcl", "s3:PutObject"]
    resources = ["arn:aws:s3:::audit-logs", "arn:aws:s3:::audit-logs/*"]
    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }
  }
  dynamic "statement" {
    for_each = var.share ? [1] : []
    content {
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::audit-logs/*"]
      principals {
        type        = "AWS"
        identifiers = ["*"]
      }
    }
  }
  dynamic "statement" {
    for_each = length(var.accounts) > 0 ? [1] : []
    content {
      actions   = ["s3:GetObject"]
      resources = ["arn:aws:s3:::audit-logs/*"]
      principals {
        type        = "AWS"
        identifiers = [for id in var.accounts : "arn:aws:iam::${id}:root"]
      }
    }
  }
}
resource "aws_s3_bucket" "logs" {
  bucket = "audit-logs"
}
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = data.aws_iam_policy_document.logs.json
}
resource "aws_cloudtrail" "audit" {
  name           = "audit"
  s3_bucket_name = aws_s3_bucket.logs.id
  enable_logging = var.dry_run == "false" ? true : false
}
"#;
    let report = judged("main.tf", text);
    let public = said(&report, "bucket_public", "aws_s3_bucket.logs");
    assert_eq!(public.fails_when.as_deref(), Some("var.share is true"));
    let names: Vec<&str> = public.reasons.iter().map(|why| &*why.name).collect();
    assert_eq!(names, ["var.share"]);
    let stopped = said(&report, "trail_stopped", "aws_cloudtrail.audit");
    assert_eq!(stopped.fails_when.as_deref(), Some("var.dry_run == \"false\" is false"));
}

/// A bucket whose access logs go where a lock refuses them: the lock is there by a default, in several words.
#[test]
fn a_default_by_which_a_companion_is_there_is_said() {
    let bucket = |written: &str| {
        format!(
            r#"
resource "aws_s3_bucket" "access" {{
  bucket = "audit-access"
}}
resource "aws_s3_bucket_object_lock_configuration" "access" {{
  {written}
  bucket = aws_s3_bucket.access.id
  rule {{
    default_retention {{
      mode = "GOVERNANCE"
      days = 366
    }}
  }}
}}
resource "aws_s3_bucket" "logs" {{
  bucket = "audit-logs"
}}
resource "aws_s3_bucket_logging" "logs" {{
  bucket        = aws_s3_bucket.logs.id
  target_bucket = aws_s3_bucket.access.id
  target_prefix = "s3/"
}}
resource "aws_cloudtrail" "audit" {{
  name           = "audit"
  s3_bucket_name = aws_s3_bucket.logs.id
}}
"#
        )
    };
    for (variable, written) in [
        ("variable \"x\" { default = { on = \"yes\" } }", "for_each = var.x"),
        ("variable \"x\" { default = [\"on\"] }", "for_each = toset(var.x)"),
        ("variable \"x\" { default = [\"on\"] }", "for_each = { for name in var.x : name => true }"),
        ("variable \"x\" { default = 1 }", "count = var.x"),
        ("variable \"x\" { default = \"prod\" }", "count = { prod = 1, test = 0 }[var.x]"),
        ("variable \"x\" { default = \"prod\" }", "count = lookup({ prod = 1 }, var.x, 0)"),
        ("variable \"x\" { default = [1, 2] }", "count = length(var.x)"),
    ] {
        let report = judged("main.tf", &format!("{variable}\n{}", bucket(written)));
        let refused = said(&report, "bucket_logs_to_itself", "aws_s3_bucket.logs");
        let told = (refused.answer, refused.assumed.join(" "));
        assert!(matches!(told.0, Answer::Fail | Answer::Unknown) && told.1 == "var.x", "{written}: {told:?}");
    }
}

#[test]
fn the_reason_names_what_decides_and_how_to_say_it() {
    let template = |arn: &str| {
        format!(
            "Resources:
  B: {{Type: AWS::S3::Bucket}}
  P:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref B
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - {{Effect: Allow, Principal: {{Service: cloudtrail.amazonaws.com}}, Action: s3:GetBucketAcl, Resource: !GetAtt B.Arn}}
          - Effect: Allow
            Principal: {{Service: cloudtrail.amazonaws.com}}
            Action: s3:PutObject
            Resource: !Sub '${{B.Arn}}/AWSLogs/${{AWS::AccountId}}/*'
            Condition: {{StringEquals: {{'aws:SourceArn': !Sub 'arn:aws:cloudtrail:{arn}:trail/audit'}}}}
  T: {{Type: AWS::CloudTrail::Trail, Properties: {{TrailName: audit, IsLogging: true, S3BucketName: !Ref B}}}}
"
        )
    };
    for (arn, reason) in [
        (
            "us-east-1:${AWS::AccountId}",
            "the Region is known only once it is deployed; `--parameter AWS::Region=` says it",
        ),
        (
            "${AWS::Region}:111122223333",
            "the account id is known only once it is deployed; `--parameter AWS::AccountId=` says it",
        ),
    ] {
        let report = judged("t.yaml", &template(arn));
        let delivers = said(&report, "bucket_policy_blocks_delivery", "B");
        let reasons: Vec<&str> = delivers.reasons.iter().map(|why| &*why.text).collect();
        assert_eq!((delivers.answer, reasons), (Answer::Unknown, vec![reason]), "{arn}");
    }
}

/// The value of such a condition looks right; what is wrong is the key.
#[test]
fn keys_that_services_do_not_send_are_named() {
    let text = r#"
Resources:
  Logs:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Logs
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          Effect: Allow
          Principal: { Service: cloudtrail.amazonaws.com }
          Action: [s3:GetBucketAcl, s3:PutObject]
          Resource: "*"
          Condition: { StringEquals: { "aws:PrincipalOrgID": o-a1b2c3d4e5 } }
"#;
    let report = judged("t.yaml", text);
    let label = &said(&report, "bucket_policy_blocks_delivery", "Logs").label;
    assert_eq!(label, "no request of an AWS service carries `aws:PrincipalOrgID`");
}

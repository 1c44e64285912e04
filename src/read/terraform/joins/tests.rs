//! Companions and their owners, on records as the evaluator hands them over.

use crate::read::{Content, Datum, Dialect, Home, Property, Record, embedded};
use crate::source::{FileId, Span};
use crate::value::{Condition, Hole, Instance, Of, Piece, Text, What, Why};

const SPAN: Span = Span { file: FileId(0), start: 0, end: 1 };

fn records(resources: Vec<Record>) -> Vec<Record> {
    super::records(resources, &|_| None)
}

fn condition(name: &str) -> Condition {
    Condition { instance: Instance(0), name: name.into() }
}

/// A resource from its body as JSON, in which `<address attribute>` is a reference and `<name>` a variable without value.
fn resource(address: &str, body: &str) -> Record {
    let kind = address.rsplit('.').nth(1).unwrap_or_default();
    let mut text = Text::default();
    for part in body.split_inclusive('>') {
        let (literal, name) = part.strip_suffix('>').and_then(|part| part.split_once('<')).unwrap_or((part, ""));
        text.push(Piece::Literal(literal.into()));
        if !name.is_empty() {
            let of = match name.split_once(' ') {
                Some((address, attribute)) => Of::Resource { address: address.into(), attribute: attribute.into() },
                None => Of::Parameter { name: name.into(), filled: true, plain: true },
            };
            text.push(Piece::Hole(Hole { instance: Instance(0), of }));
        }
    }
    Record {
        dialect: Dialect::Terraform,
        kind: kind.into(),
        address: address.into(),
        span: SPAN,
        instance: Instance(0),
        home: Home { partition: "aws".into(), region: "eu-west-1".into(), account: "123456789012".into() },
        conditions: Vec::new(),
        undecided: None,
        properties: embedded::document(&text, SPAN, None).unwrap(),
        after: std::collections::BTreeSet::new(),
        joined: Vec::new(),
    }
}

fn under(name: &str, record: Record) -> Record {
    Record { conditions: vec![condition(name)], undecided: Some(condition(name)), ..record }
}

/// What the record of an address says at a path: a word, `none`, `unknown`, or two of them with their condition.
fn says(all: &[Record], address: &str, path: &'static str) -> String {
    fn told(what: &What<Option<Text>>) -> String {
        match what {
            What::Known(None) => "none".to_owned(),
            What::Known(Some(text)) => text.literal().unwrap_or("hole").to_owned(),
            What::Either(condition, yes, no) => {
                format!("{}: {} / {}", condition.name, told(&yes.what), told(&no.what))
            }
            What::OneOf(..) | What::Unknown(_) => "unknown".to_owned(),
        }
    }
    let record = all.iter().find(|record| &*record.address == address).unwrap();
    told(&record.block().text(&Property::beyond_cloudformation(path)).what)
}

const STATUS: &str = "aws_s3_bucket_versioning.versioning_configuration.status";

fn versioning(name: &str, bucket: &str, status: &str) -> Record {
    let body = format!(r#"{{"bucket": "{bucket}", "versioning_configuration": [{{"status": "{status}"}}]}}"#);
    resource(&format!("aws_s3_bucket_versioning.{name}"), &body)
}

fn bucket() -> Record {
    resource("aws_s3_bucket.logs", r#"{"bucket": "my-logs"}"#)
}

#[test]
fn a_companion_belongs_to_what_it_refers_to_and_else_to_what_has_its_name() {
    for name in ["<aws_s3_bucket.logs id>", "my-logs"] {
        let all = records(vec![bucket(), versioning("v", name, "Enabled")]);
        assert_eq!(all.len(), 1, "{name}");
        assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "Enabled");
        assert_eq!(
            all[0].joined.iter().map(|(address, _)| &**address).collect::<Vec<_>>(),
            ["aws_s3_bucket_versioning.v"]
        );
        assert_eq!(&*all[0].kind, "AWS::S3::Bucket");
    }
    for name in ["<aws_s3_bucket.other id>", "their-logs"] {
        let all = records(vec![bucket(), versioning("v", name, "Enabled")]);
        assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "none", "{name}");
    }
}

#[test]
fn repeated_resources_meet_whatever_their_number() {
    let each = |index: &str| resource(&format!("aws_s3_bucket.logs[{index}]"), "{}");
    let v = |to: &str| versioning("v[*]", &format!("<aws_s3_bucket.logs[{to}] id>"), "Enabled");
    for (one, other) in [("*", "*"), ("*", "0"), ("0", "*"), ("\"a]\"", "*")] {
        let all = records(vec![each(one), v(&other.replace('"', "\\\""))]);
        assert_eq!(says(&all, &format!("aws_s3_bucket.logs[{one}]"), STATUS), "Enabled", "{one} {other}");
    }
    let all = records(vec![each("0"), each("1"), v("1")]);
    assert_eq!(says(&all, "aws_s3_bucket.logs[0]", STATUS), "none");
    assert_eq!(says(&all, "aws_s3_bucket.logs[1]", STATUS), "Enabled");
}

#[test]
fn a_companion_under_a_condition_of_its_own_is_one_side_of_it() {
    let v = || versioning("v", "my-logs", "Enabled");
    let all = records(vec![bucket(), under("C", v())]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "C: Enabled / none");
    let all = records(vec![under("C", bucket()), under("C", v())]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "Enabled");
    let one_or_other = vec![bucket(), under("C", v()), under("D", versioning("w", "my-logs", "Suspended"))];
    let all = records(one_or_other);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "D: Suspended / C: Enabled / none");
}

#[test]
fn a_companion_may_choose_its_bucket_by_a_condition() {
    let mut v = versioning("v", "my-logs", "Enabled");
    let (mine, other) = (Box::new(Datum::text("my-logs", SPAN)), Box::new(Datum::text("other", SPAN)));
    let aim = Datum::new(Content::Either(condition("C"), mine, other), SPAN);
    super::set(&mut v.properties, "bucket", SPAN, aim);
    let all = records(vec![bucket(), v]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "C: Enabled / none");
}

#[test]
fn what_may_be_for_a_bucket_leaves_it_unsure() {
    let all = records(vec![bucket(), versioning("v", "<name>", "Enabled")]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "unknown");
    let made_up = resource("aws_s3_bucket.logs", "{}");
    let all = records(vec![made_up.clone(), versioning("v", "<name>", "Enabled")]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "unknown");
    let all = records(vec![made_up, versioning("v", "their-logs", "Enabled")]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "none");
    // A bucket has one such configuration: where one surely is its own, another is another's.
    let both = vec![bucket(), versioning("v", "<name>", "Suspended"), versioning("w", "my-logs", "Enabled")];
    assert_eq!(says(&records(both), "aws_s3_bucket.logs", STATUS), "Enabled");
    let named = resource("aws_s3_bucket.logs", r#"{"bucket": "<name>"}"#);
    let all = records(vec![named.clone(), versioning("v", "<name>", "Enabled")]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "Enabled");
    let all = records(vec![named, versioning("v", "my-logs", "Enabled")]);
    assert_eq!(says(&all, "aws_s3_bucket.logs", STATUS), "unknown");
}

#[test]
fn companions_tell_of_a_bucket_that_is_declared_elsewhere() {
    for companions in
        [vec![versioning("v", "<name>", "Enabled"), block_of("<name>")], vec![versioning("v", "<name>", "Enabled")]]
    {
        let all = records(companions.clone());
        assert_eq!(all.len(), 1);
        assert_eq!(&*all[0].kind, "AWS::S3::BucketSettings");
        assert_eq!(all[0].joined.len(), companions.len() - 1, "its own address is no companion of it");
        assert_eq!(says(&all, "aws_s3_bucket_versioning.v", STATUS), "Enabled");
        assert_eq!(says(&all, "aws_s3_bucket_versioning.v", "bucket"), "hole");
        assert_eq!(says(&all, "aws_s3_bucket_versioning.v", "aws_s3_bucket_acl.acl"), "unknown");
    }
    // Two names are two buckets; the one that a bucket may have is that bucket's.
    assert_eq!(records(vec![versioning("v", "my-logs", "Enabled"), versioning("w", "other", "Enabled")]).len(), 2);
    assert_eq!(records(vec![bucket(), versioning("v", "<name>", "Enabled")]).len(), 1);
    // Where the companion is not there, something else may be: it cannot be seen.
    let all = records(vec![versioning("v", "my-logs", "Suspended"), under("C", block_of("my-logs"))]);
    let setting = "aws_s3_bucket_public_access_block.block_public_acls";
    assert_eq!(says(&all, "aws_s3_bucket_versioning.v", setting), "C: true / unknown");
    let all = records(vec![under("C", block_of("my-logs"))]);
    assert_eq!(says(&all, "aws_s3_bucket_public_access_block.b", setting), "true");
    assert_eq!(all[0].conditions, [condition("C")]);
}

fn block_of(bucket: &str) -> Record {
    let body = format!(r#"{{"bucket": "{bucket}", "block_public_acls": true}}"#);
    resource("aws_s3_bucket_public_access_block.b", &body)
}

#[test]
fn several_companions_of_one_kind_must_agree() {
    let two = |other: &str| vec![bucket(), versioning("v", "my-logs", "Enabled"), versioning("w", "my-logs", other)];
    assert_eq!(says(&records(two("Enabled")), "aws_s3_bucket.logs", STATUS), "Enabled");
    assert_eq!(says(&records(two("Suspended")), "aws_s3_bucket.logs", STATUS), "unknown");
}

#[test]
fn what_is_written_in_the_bucket_has_the_shape_of_companions() {
    let body = r#"{"versioning": [{"enabled": true, "mfa_delete": false}], "acl": "public-read-write", "grant": [],
        "request_payer": "Requester", "logging": [], "lifecycle_rule": [{"enabled": true, "prefix": "AWSLogs/",
        "tags": {}, "expiration": [{"days": 30}], "noncurrent_version_expiration": [{"days": 7}]}],
        "object_lock_configuration": [{"rule": [{"default_retention": [{"mode": "COMPLIANCE", "days": 0, "years": 2}]}]}]}"#;
    let all = records(vec![resource("aws_s3_bucket.logs", body)]);
    let says = |path| says(&all, "aws_s3_bucket.logs", path);
    assert_eq!(says(STATUS), "Enabled");
    assert_eq!(says("aws_s3_bucket_versioning.versioning_configuration.mfa_delete"), "Disabled");
    assert_eq!(says("aws_s3_bucket_acl.acl"), "PublicReadWrite");
    assert_eq!(says("aws_s3_bucket_request_payment_configuration.payer"), "Requester");
    assert_eq!(says("aws_s3_bucket_logging"), "none");
    assert_eq!(says("aws_s3_bucket_lifecycle_configuration.rule.status"), "Enabled");
    assert_eq!(says("aws_s3_bucket_lifecycle_configuration.rule.filter.prefix"), "AWSLogs/");
    assert_eq!(says("aws_s3_bucket_lifecycle_configuration.rule.filter.tag"), "none");
    assert_eq!(says("aws_s3_bucket_lifecycle_configuration.rule.expiration.days"), "30");
    assert_eq!(says("aws_s3_bucket_lifecycle_configuration.rule.noncurrent_version_expiration.noncurrent_days"), "7");
    assert_eq!(says("aws_s3_bucket_object_lock_configuration.object_lock_enabled"), "Enabled");
    assert_eq!(says("aws_s3_bucket_object_lock_configuration.rule.default_retention.days"), "none");
    assert_eq!(says("aws_s3_bucket_object_lock_configuration.rule.default_retention.years"), "2");
    let body = r#"{"versioning": [{"enabled": true}]}"#;
    let all =
        records(vec![resource("aws_s3_bucket.logs", body), versioning("v", "<aws_s3_bucket.logs id>", "Suspended")]);
    assert_eq!(super::tests::says(&all, "aws_s3_bucket.logs", STATUS), "Suspended");
}

#[test]
fn a_filter_says_in_one_place_what_it_may_say_in_three() {
    let prefix = |rule: &str| {
        let body = format!(r#"{{"bucket": "my-logs", "rule": [{rule}]}}"#);
        let all = records(vec![bucket(), resource("aws_s3_bucket_lifecycle_configuration.l", &body)]);
        says(&all, "aws_s3_bucket.logs", "aws_s3_bucket_lifecycle_configuration.rule.filter.prefix")
    };
    assert_eq!(prefix(r#"{"filter": [{"prefix": "a/"}]}"#), "a/");
    assert_eq!(prefix(r#"{"filter": [{"and": [{"prefix": "b/", "tags": {"x": "y"}}], "prefix": ""}]}"#), "b/");
    assert_eq!(prefix(r#"{"prefix": "c/", "filter": []}"#), "c/");
    assert_eq!(prefix(r#"{"filter": [{}]}"#), "none");
    assert_eq!(prefix("{}"), "none");
}

#[test]
fn grants_are_the_canned_acl_that_lets_in_the_same_groups() {
    let acl = |grants: &str| {
        let body = format!(r#"{{"bucket": "my-logs", "access_control_policy": [{{"grant": [{grants}]}}]}}"#);
        says(
            &records(vec![bucket(), resource("aws_s3_bucket_acl.a", &body)]),
            "aws_s3_bucket.logs",
            "aws_s3_bucket_acl.acl",
        )
    };
    let group = |name: &str, permission: &str| {
        let uri = format!("http://acs.amazonaws.com/groups/{name}");
        format!(r#"{{"grantee": [{{"type": "Group", "uri": "{uri}"}}], "permission": "{permission}"}}"#)
    };
    assert_eq!(acl(&group("global/AllUsers", "READ")), "PublicRead");
    assert_eq!(acl(&group("global/AllUsers", "FULL_CONTROL")), "PublicReadWrite");
    assert_eq!(acl(&group("global/AuthenticatedUsers", "READ")), "AuthenticatedRead");
    assert_eq!(acl(&group("s3/LogDelivery", "WRITE")), "LogDeliveryWrite");
    assert_eq!(acl(&group("s3/LogDelivery", "READ_ACP")), "Private");
    assert_eq!(acl(r#"{"grantee": [{"type": "Group", "uri": "<uri>"}], "permission": "READ"}"#), "unknown");
    let several = |one: &str, other: &str| {
        let unsure = r#"{"grantee": [{"type": "Group", "uri": "<uri>"}], "permission": "READ"}"#;
        acl(&[unsure, &group(one, "WRITE"), &group(other, "READ")].join(","))
    };
    // What is not known stands behind what is.
    assert_eq!(several("global/AllUsers", "global/AuthenticatedUsers"), "hole");
    assert_eq!(several("s3/LogDelivery", "global/AllUsers"), "PublicRead, LogDeliveryWrite");
    assert_eq!(several("s3/LogDelivery", "s3/LogDelivery"), "unknown");
    assert_eq!(acl(r#"{"grantee": [{"type": "CanonicalUser", "id": "1"}], "permission": "READ"}"#), "Private");
}

#[test]
fn what_the_companion_of_public_access_leaves_out_is_off() {
    let block = resource("aws_s3_bucket_public_access_block.b", r#"{"bucket": "my-logs", "block_public_acls": true}"#);
    let all = records(vec![bucket(), block]);
    let says = |path| says(&all, "aws_s3_bucket.logs", path);
    assert_eq!(says("aws_s3_bucket_public_access_block.block_public_acls"), "true");
    assert_eq!(says("aws_s3_bucket_public_access_block.restrict_public_buckets"), "false");
    assert_eq!(
        super::tests::says(&records(vec![bucket()]), "aws_s3_bucket.logs", "aws_s3_bucket_public_access_block"),
        "none"
    );
}

#[test]
fn policies_that_are_text_are_read_and_those_of_a_bucket_or_topic_are_records() {
    let policy = r#"{\"Version\": \"2012-10-17\", \"Statement\": []}"#;
    let holder = |address: &str| resource(address, &format!(r#"{{"policy": "{policy}"}}"#));
    let all = records(vec![holder("aws_s3_bucket.logs"), holder("aws_sns_topic.news")]);
    let kinds: Vec<&str> = all.iter().map(|record| &*record.kind).collect();
    assert_eq!(kinds, ["AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"]);
    let version = all[2].block().text(&Property::beyond_cloudformation("policy.Version"));
    assert_eq!(version.get().and_then(|text| text.as_ref()?.literal()), Some("2012-10-17"));
    let topics = all[3].block().text(&Property::beyond_cloudformation("arn"));
    let name = Of::Resource { address: "aws_sns_topic.news".into(), attribute: "TopicName".into() };
    let name = Text::from(Hole { instance: Instance(0), of: name });
    let arn = Text::concat([&"arn:aws:sns:eu-west-1:123456789012:".into(), &name]);
    assert_eq!(topics.get(), Some(&Some(arn)));
    // The policy of a resource of its own takes the place of the one that was read back.
    let own = resource(
        "aws_s3_bucket_policy.p",
        &format!(r#"{{"bucket": "<aws_s3_bucket.logs id>", "policy": "{policy}"}}"#),
    );
    let all = records(vec![holder("aws_s3_bucket.logs"), own]);
    assert_eq!(all.iter().filter(|record| &*record.kind == "AWS::S3::BucketPolicy").count(), 1);
}

#[test]
fn a_key_has_the_policy_that_is_declared_for_it() {
    let key = || resource("aws_kms_key.k", r#"{"policy": {"Version": "old"}}"#);
    let policy = |key: &str| {
        let body = format!(r#"{{"key_id": "{key}", "policy": {{"Version": "new"}}}}"#);
        resource("aws_kms_key_policy.p", &body)
    };
    for name in ["<aws_kms_key.k id>", "arn:aws:kms:eu-west-1:123456789012:key/<aws_kms_key.k id>"] {
        assert_eq!(says(&records(vec![key(), policy(name)]), "aws_kms_key.k", "policy.Version"), "new", "{name}");
    }
    let all = records(vec![key(), under("C", policy("<aws_kms_key.k id>"))]);
    assert_eq!(says(&all, "aws_kms_key.k", "policy.Version"), "C: new / old");
    assert_eq!(says(&records(vec![key(), policy("1234")]), "aws_kms_key.k", "policy.Version"), "old");
}

fn list(all: &[Record], address: &str, path: &'static str) -> Vec<String> {
    let record = all.iter().find(|record| &*record.address == address).unwrap();
    let found = record.block().texts(&Property::beyond_cloudformation(path));
    let Some(Some(texts)) = found.get() else {
        return found.why().map(|why: Why| why.name.to_string()).into_iter().collect();
    };
    texts
        .iter()
        .map(|text| text.get().map_or("unknown".to_owned(), |text| text.literal().unwrap_or("hole").to_owned()))
        .collect()
}

#[test]
fn attachments_are_on_both_ends() {
    let role =
        resource("aws_iam_role.r", r#"{"name": "deliver", "managed_policy_arns": ["arn:aws:iam::aws:policy/A"]}"#);
    let policy = resource("aws_iam_policy.p", "{}");
    let attach = |name: &str, role: &str, arn: &str| {
        let body = format!(r#"{{"role": "{role}", "policy_arn": "{arn}"}}"#);
        resource(&format!("aws_iam_role_policy_attachment.{name}"), &body)
    };
    let own = "<aws_iam_policy.p PolicyArn>";
    let all = records(vec![
        role.clone(),
        policy.clone(),
        attach("a", "<aws_iam_role.r id>", own),
        attach("b", "deliver", "arn:aws:iam::aws:policy/A"),
    ]);
    assert_eq!(list(&all, "aws_iam_role.r", "managed_policy_arns"), ["arn:aws:iam::aws:policy/A", "hole"]);
    assert_eq!(all[0].joined.len(), 2);
    let all = records(vec![role.clone(), policy.clone(), attach("a", "elsewhere", own)]);
    assert_eq!(list(&all, "aws_iam_policy.p", "roles"), ["elsewhere"]);
    let all = records(vec![role.clone(), under("C", attach("a", "deliver", "arn:aws:iam::aws:policy/B"))]);
    assert_eq!(list(&all, "aws_iam_role.r", "managed_policy_arns"), ["C"]);
    let body = format!(r#"{{"name": "x", "roles": ["deliver", "other"], "policy_arn": "{own}"}}"#);
    let all = records(vec![role, policy, resource("aws_iam_policy_attachment.all", &body)]);
    assert_eq!(list(&all, "aws_iam_role.r", "managed_policy_arns"), ["arn:aws:iam::aws:policy/A", "hole"]);
    assert_eq!(list(&all, "aws_iam_policy.p", "roles"), ["other"]);
}

#[test]
fn organization_policies_have_their_targets() {
    let policy = resource("aws_organizations_policy.scp", r#"{"content": "{}"}"#);
    let body = r#"{"policy_id": "<aws_organizations_policy.scp id>", "target_id": "ou-1"}"#;
    let all = records(vec![policy, resource("aws_organizations_policy_attachment.a", body)]);
    assert_eq!(list(&all, "aws_organizations_policy.scp", "target_ids"), ["ou-1"]);
    assert_eq!(&*all[0].kind, "AWS::Organizations::Policy");
}

#[test]
fn nought_days_are_for_ever_and_tags_are_pairs() {
    let group = resource("aws_cloudwatch_log_group.g", r#"{"retention_in_days": 0}"#);
    assert_eq!(says(&records(vec![group]), "aws_cloudwatch_log_group.g", "retention_in_days"), "none");
    let trail = resource("aws_cloudtrail.t", r#"{"tags": {"Owner": "audit"}, "enable_logging": true}"#);
    let all = records(vec![trail]);
    assert_eq!(says(&all, "aws_cloudtrail.t", "tags.key"), "Owner");
}

#[test]
fn types_of_the_other_provider_are_those_of_cloudformation() {
    let trail = resource("awscc_cloudtrail_trail.t", r#"{"is_logging": true, "kms_key_id": "alias/x"}"#);
    let all = records(vec![trail]);
    assert_eq!((&*all[0].kind, all[0].dialect), ("AWS::CloudTrail::Trail", Dialect::Awscc));
    let key = all[0].block().text(&Property::spelled("KMSKeyId", "nothing"));
    assert_eq!(key.get().and_then(|text| text.as_ref()?.literal()), Some("alias/x"));
    assert_eq!(&*key.origin.property, "kms_key_id");
    assert_eq!(all[0].block().bool(&Property::optional("IsLogging")).get(), Some(&true));
}

//! What is in the plans that Terraform wrote.

use super::*;
use trailproof::read::terraform::plan::{Actions, Key};
use trailproof::syntax::hcl::{Block, ExprKind};

fn addresses(plan: &Plan) -> Vec<(&str, Actions)> {
    plan.resources.values().map(|known| (&*known.address, known.actions)).collect()
}

const NOTHING: Actions = Actions { create: false, read: false, update: false, delete: false, forget: false };
const CREATE: Actions = Actions { create: true, ..NOTHING };

#[test]
fn what_is_known_only_after_apply_is_not_missing() {
    let (_, plan) = case("modules");
    let trail = plan.after("module.trail[\"live\"].aws_cloudtrail.this").unwrap();
    assert_eq!(part(trail, "name"), "\"audit-live\"");
    assert_eq!(part(trail, "enable_log_file_validation"), "true");
    assert_eq!(part(trail, "s3_bucket_name"), "AfterApply");
    assert_eq!(part(trail, "kms_key_id"), "null");
    assert_eq!(part(trail, "event_selector.0.data_resource.0.values"), "[\"arn:aws:s3\"]");
    let versioning = plan.after("module.abroad[0].aws_s3_bucket_versioning.logs").unwrap();
    assert_eq!(part(versioning, "versioning_configuration.0.status"), "\"Enabled\"");
    assert_eq!(part(versioning, "versioning_configuration.0.mfa_delete"), "AfterApply");
}

#[test]
fn instances_have_their_keys() {
    let (_, plan) = case("modules");
    let keys = |address: &str| plan.module_keys(address).into_iter().collect::<Vec<_>>();
    let text = |key: &str| Some(Key::Text(key.into()));
    assert_eq!(keys("module.trail"), [text("live"), text("test")]);
    assert_eq!(keys("module.abroad"), [Some(Key::Number(0))]);
    assert_eq!(keys("module.elsewhere"), []);
    let instances = |address: &str| {
        let each = plan.instances(address);
        each.into_iter().map(|known| (known.address.to_string(), known.key.clone())).collect::<Vec<_>>()
    };
    let bucket = "module.trail[\"test\"].aws_s3_bucket.logs";
    assert_eq!(instances(bucket), [(format!("{bucket}[0]"), Some(Key::Number(0)))]);
    let block = "module.abroad[0].aws_s3_bucket_public_access_block.logs";
    assert_eq!(instances(block), [(format!("{block}[\"all\"]"), text("all"))]);
    // A bucket's versioning is none of its instances, though its address begins alike.
    assert_eq!(instances("module.trail[\"test\"].aws_s3_bucket").len(), 0);
    let partition = plan.after("module.abroad[0].data.aws_partition.current").unwrap();
    assert_eq!(part(partition, "partition"), "\"aws\"");
}

#[test]
fn documents_that_wait_keep_what_is_known_of_them() {
    let (_, plan) = case("deferred");
    let document = plan.after("data.aws_iam_policy_document.logs").unwrap();
    assert!(plan.resources["data.aws_iam_policy_document.logs"].actions.read);
    assert_eq!(part(document, "json"), "AfterApply");
    assert_eq!(part(document, "statement.0.sid"), "\"Write\"");
    assert_eq!(part(document, "statement.0.principals.0.identifiers"), "[\"cloudtrail.amazonaws.com\"]");
    assert_eq!(part(document, "statement.0.resources"), "[AfterApply]");
    let (_, plan) = case("read");
    let policy = plan.after("aws_s3_bucket_policy.logs").unwrap();
    assert_eq!(part(policy, "policy.Statement.0.Principal"), "\"*\"");
    assert_eq!(part(plan.after("data.aws_region.current").unwrap(), "name"), "\"eu-west-1\"");
}

#[test]
fn documents_in_strings_keep_their_places() {
    let (file, plan) = case("read");
    let policy = plan.after("aws_s3_bucket_policy.logs").unwrap();
    let Content::Map { members, .. } = &policy.content else { panic!("{policy:?}") };
    let document = &members.iter().find(|member| &*member.key == "policy").unwrap().value;
    let Content::Map { members, .. } = &document.content else { panic!("{document:?}") };
    assert_eq!(file.cut(members[0].span), "\\\"Statement\\\"");
    let position = file.position(members[0].span.start);
    let whole = text("read/plan.json");
    let before: usize = whole.lines().take(position.line as usize - 1).map(|line| line.len() + 1).sum();
    assert!(whole[before + position.column as usize - 1..].starts_with("\\\"Statement\\\""), "{position:?}");
}

#[test]
fn changes_are_told_apart() {
    let (_, plan) = case("removed");
    let delete = Actions { delete: true, ..NOTHING };
    let forget = Actions { forget: true, ..NOTHING };
    let expected = [
        ("aws_cloudtrail.audit", delete),
        ("aws_cloudtrail.handed_over", forget),
        ("aws_kms_key.logs", delete),
        ("aws_s3_bucket.logs", NOTHING),
    ];
    assert_eq!(addresses(&plan), expected);
    let trail = &plan.resources["aws_cloudtrail.audit"];
    assert!(trail.after.is_none());
    assert_eq!(part(trail.before.as_ref().unwrap(), "is_multi_region_trail"), "true");

    let (_, plan) = case("replaced");
    let bucket = &plan.resources["aws_s3_bucket.logs"];
    assert!(bucket.actions.replaces());
    assert_eq!(part(bucket.before.as_ref().unwrap(), "bucket"), "\"audit-logs-old\"");
    assert_eq!(part(bucket.after.as_ref().unwrap(), "bucket"), "\"audit-logs-new\"");

    let (_, plan) = case("moved");
    let trail = &plan.resources["aws_cloudtrail.audit[\"live\"]"];
    assert_eq!(trail.previous.as_deref(), Some("aws_cloudtrail.old"));
    assert!(trail.actions.is_no_op());
    assert_eq!(trail.before, trail.after);

    let (_, plan) = case("weakened");
    let trail = &plan.resources["aws_cloudtrail.audit"];
    assert_eq!(part(trail.before.as_ref().unwrap(), "enable_log_file_validation"), "true");
    assert_eq!(part(trail.after.as_ref().unwrap(), "enable_log_file_validation"), "false");
    assert_eq!(addresses(&case("read").1).iter().filter(|(_, actions)| *actions == CREATE).count(), 3);
}

#[test]
fn what_is_sensitive_is_there_and_not_seen() {
    let (file, plan) = case("sensitive");
    let trail = plan.after("aws_cloudtrail.audit").unwrap();
    assert_eq!(part(trail, "name"), "\"audit\"");
    assert_eq!(part(trail, "sns_topic_name"), "Some(NotVisible)");
    let bucket = plan.after("aws_s3_bucket.logs").unwrap();
    assert_eq!(part(bucket, "tags.Team"), "\"audit\"");
    assert_eq!(part(bucket, "tags.Token"), "Some(NotVisible)");
    // The source has it in clear, in three places of the configuration too.
    assert!(text("sensitive/plan.json").matches("hunter2").count() > 8);
    assert!(!file.text.contains("hunter2"), "{}", file.text);
    assert!(!format!("{plan:?}").contains("hunter2"));
    // Everything else is still where it was.
    let whole = text("sensitive/plan.json");
    let span = plan.resources["aws_cloudtrail.audit"].span;
    assert_eq!(file.cut(span), "\"aws_cloudtrail.audit\"");
    let column = file.position(span.start).column as usize;
    assert!(whole[column - 1..].starts_with("\"aws_cloudtrail.audit\""));
}

fn resource<'p>(plan: &'p Plan, folder: usize, name: &str) -> &'p Block {
    let blocks = &plan.folders[folder].files[0].2.blocks;
    let own = |block: &&Block| block.labels.iter().map(|label| &*label.text).collect::<Vec<_>>().join(".") == name;
    blocks.iter().find(own).unwrap_or_else(|| panic!("no {name} in {blocks:?}"))
}

#[test]
fn the_configuration_is_the_modules_that_it_was() {
    let (_, plan) = case("modules");
    let paths: Vec<&str> = plan.folders.iter().map(|folder| folder.path.as_str()).collect();
    assert_eq!(paths, ["plan.json", "plan.json/abroad", "plan.json/trail"]);
    assert!(plan.folders[0].named && !plan.folders[1].named);
    assert_eq!(plan.folders[0].installed["trail"], "plan.json/trail");
    let trail = &resource(&plan, 1, "aws_cloudtrail.this").body;
    assert!(matches!(trail.get("s3_bucket_name").unwrap().kind, ExprKind::Attribute(..)));
    assert!(matches!(trail.get("is_multi_region_trail").unwrap().kind, ExprKind::Bool(true)));
    // It is `"${var.name}-"`, and the plan does not tell that from `var.name`.
    let bucket = &resource(&plan, 1, "aws_s3_bucket.logs").body;
    assert!(matches!(&bucket.get("bucket_prefix").unwrap().kind, ExprKind::Opaque(all) if all.len() == 1));
    assert!(matches!(&bucket.get("count").unwrap().kind, ExprKind::Number(one) if &**one == "1"));
    let policy = resource(&plan, 1, "aws_s3_bucket_policy.logs").body.get("policy").unwrap();
    assert!(matches!(&policy.kind, ExprKind::Opaque(all) if all.len() == 1));
    let regions = plan.folders[0].files[0].2.blocks("provider").filter(|block| block.body.get("region").is_some());
    assert_eq!(regions.count(), 2);

    let (_, plan) = case("deferred");
    let policy = resource(&plan, 0, "aws_s3_bucket_policy.logs").body.get("policy").unwrap();
    assert!(matches!(policy.kind, ExprKind::Attribute(..)));
    let document = &resource(&plan, 0, "aws_iam_policy_document.logs").body;
    let statement = document.blocks("statement").next().unwrap();
    assert!(matches!(statement.body.get("resources").unwrap().kind, ExprKind::Opaque(_)));
    assert_eq!(statement.body.get("sid").unwrap().literal(), Some("Write"));
}

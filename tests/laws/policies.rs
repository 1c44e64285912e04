//! Law 7: the documents of `policies/` are clean under our checks and minimal. Each question says what a document is for;
//! with the document the answer is as wanted, and without any one of its statements some answer is not.

use crate::common::none;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use trailproof::Options;
use trailproof::judge::Answer;
use trailproof::model::iam::{Caller, Context, Known, Policy, Request, weigh};
use trailproof::model::{CLOUDTRAIL, Scope, Settings};
use trailproof::policies::{self, Form, Values};
use trailproof::read::account::CALLS;
use trailproof::read::cloudformation::{Given, Template, stacks};
use trailproof::read::{Unit, World};
use trailproof::source::FileId;
use trailproof::value::WhyKind;

const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const GROUP: &str = "arn:aws:logs:eu-west-1:111122223333:log-group:audit";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:audit";
const RULE: &str = "arn:aws:events:eu-west-1:111122223333:rule/tampering";
const ALARM: &str = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:audit-stopped";
const STORE: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/a";
const LOG: &str = "arn:aws:s3:::audit-logs/AWSLogs/111122223333/CloudTrail/eu-west-1/a.json.gz";
const ORGANIZATION_LOG: &str =
    "arn:aws:s3:::audit-logs/AWSLogs/o-a1b2c3d4e5/444455556666/CloudTrail/eu-west-1/a.json.gz";

fn values(exempt: bool) -> Values {
    let mut given = vec![
        ("trail-arn", TRAIL),
        ("bucket", "audit-logs"),
        ("access-log-bucket", "access-logs"),
        ("org-id", "o-a1b2c3d4e5"),
        ("account", "111122223333"),
        ("key-arn", KEY),
        ("log-group-arn", GROUP),
        ("topic-arn", TOPIC),
        ("rule-arn", RULE),
        ("alarm-arn", "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:audit-*"),
        ("target", "r-a1b2"),
    ];
    given.extend(exempt.then_some(("exempt-role", "arn:aws:iam::*:role/break-glass")));
    Values::new(&given).unwrap()
}

/// Somebody who is allowed, or denied explicitly, to do something.
struct Question {
    wanted: bool,
    caller: Caller,
    action: &'static str,
    resource: &'static str,
    context: Context,
}

/// A member of the organization is denied.
fn denied(action: &'static str, resource: &'static str) -> Question {
    let context = Context::of(Known::Absent)
        .with("aws:PrincipalArn", Known::One("arn:aws:iam::111122223333:role/developer".into()))
        .with("aws:SecureTransport", Known::One("true".into()));
    Question { wanted: false, caller: Caller::Member, action, resource, context }
}

/// A service is allowed, on behalf of the trail or rule.
fn allowed(service: &'static str, action: &'static str, resource: &'static str) -> Question {
    let source = if service == CLOUDTRAIL { TRAIL } else { RULE };
    let context = Context::of_service(service, source.into(), "111122223333".into())
        .with("s3:x-amz-acl", Known::One("bucket-owner-full-control".into()))
        .with("kms:EncryptionContext:aws:cloudtrail:arn", Known::One(TRAIL.into()));
    Question { wanted: true, caller: Caller::Service(service.into()), action, resource, context }
}

/// What each document is for: the rows of the table of tampering, and delivery.
fn questions(name: &str) -> Vec<Question> {
    let all = |actions: &[&'static str], resource| actions.iter().map(|it| denied(it, resource)).collect::<Vec<_>>();
    let core = ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"];
    let core = core.map(|call| match call {
        "StopLogging" => "cloudtrail:StopLogging",
        "DeleteTrail" => "cloudtrail:DeleteTrail",
        "UpdateTrail" => "cloudtrail:UpdateTrail",
        _ => "cloudtrail:PutEventSelectors",
    });
    let by_account = || Question {
        wanted: true,
        caller: Caller::Named("arn:aws:iam::111122223333:role/keys".into()),
        action: "kms:PutKeyPolicy",
        resource: KEY,
        context: Context::of(Known::Absent),
    };
    match name {
        "organization/trails" => all(&core, TRAIL),
        "organization/audit_trail" => [
            all(&core, TRAIL),
            all(&["cloudtrail:PutInsightSelectors", "cloudtrail:PutEventConfiguration"], TRAIL),
            all(&["cloudtrail:DeleteEventDataStore", "cloudtrail:StopEventDataStoreIngestion"], STORE),
            all(&["cloudtrail:UpdateEventDataStore", "cloudtrail:PutResourcePolicy"], STORE),
            all(&["organizations:LeaveOrganization"], "*"),
            all(&["s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:DeleteBucket"], "arn:aws:s3:::audit-logs"),
            all(&["s3:PutLifecycleConfiguration", "s3:PutBucketVersioning"], "arn:aws:s3:::audit-logs"),
            all(&["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:PutObject"], LOG),
            all(&["kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"], KEY),
            all(&["logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:DeleteMetricFilter"], GROUP),
            all(&["events:DisableRule", "events:DeleteRule", "events:RemoveTargets"], RULE),
            all(&["sns:DeleteTopic", "sns:SetTopicAttributes"], TOPIC),
            all(&["cloudwatch:DeleteAlarms", "cloudwatch:DisableAlarmActions"], ALARM),
        ]
        .into_iter()
        .flatten()
        .collect(),
        "bucket/account_trail" | "bucket/organization_trail" => {
            let plain = denied("s3:GetObject", LOG);
            let plain =
                Question { context: plain.context.with("aws:SecureTransport", Known::One("false".into())), ..plain };
            let mut all = vec![
                allowed(CLOUDTRAIL, "s3:GetBucketAcl", "arn:aws:s3:::audit-logs"),
                allowed(CLOUDTRAIL, "s3:PutObject", LOG),
                denied("s3:DeleteObject", LOG),
                denied("s3:DeleteObjectVersion", LOG),
                plain,
            ];
            if name == "bucket/organization_trail" {
                all.push(allowed(CLOUDTRAIL, "s3:PutObject", ORGANIZATION_LOG));
            }
            all
        }
        "key/trail" => vec![
            by_account(),
            allowed(CLOUDTRAIL, "kms:GenerateDataKey", KEY),
            allowed(CLOUDTRAIL, "kms:DescribeKey", KEY),
        ],
        "key/event_data_store" => {
            vec![by_account(), allowed(CLOUDTRAIL, "kms:GenerateDataKey", KEY), allowed(CLOUDTRAIL, "kms:Decrypt", KEY)]
        }
        "topic/trail" => vec![allowed(CLOUDTRAIL, "sns:Publish", TOPIC)],
        "topic/event_rule" => vec![allowed("events.amazonaws.com", "sns:Publish", TOPIC)],
        "role/account_trail" | "role/organization_trail" => {
            let own =
                "arn:aws:logs:eu-west-1:111122223333:log-group:audit:log-stream:111122223333_CloudTrail_eu-west-1";
            let member = "arn:aws:logs:eu-west-1:111122223333:log-group:audit:log-stream:o-a1b2c3d4e5_444455556666_CloudTrail_eu-west-1";
            let write = |stream| {
                ["logs:CreateLogStream", "logs:PutLogEvents"]
                    .map(|call| Question { caller: Caller::Member, ..allowed(CLOUDTRAIL, call, stream) })
            };
            let mut all = vec![allowed(CLOUDTRAIL, "sts:AssumeRole", "*")];
            all.extend(write(own));
            if name == "role/organization_trail" {
                all.extend(write(member));
            }
            all
        }
        "role/scan" | "role/scan_stack_set" => {
            let enter = ["sts:AssumeRole", "sts:SetSourceIdentity"].map(|action| Question {
                caller: Caller::Named("arn:aws:iam::111122223333:role/scanner".into()),
                context: Context::of(Known::Absent).with("sts:SourceIdentity", Known::One("auditor".into())),
                ..allowed(CLOUDTRAIL, action, "*")
            });
            // Who scans is known to itself, assumes the role and asks the organization; none of it is the role's to allow.
            enter.into_iter().chain(scanning(&["sts", "organizations"])).collect()
        }
        "role/scan_caller" => {
            let enter = ["sts:AssumeRole", "sts:SetSourceIdentity"].map(|action| Question {
                caller: Caller::Member,
                ..allowed(CLOUDTRAIL, action, "arn:aws:iam::444455556666:role/trailproof-scan")
            });
            enter.into_iter().chain(scanning(&["sts"])).collect()
        }
        other => panic!("what is `{other}` for?"),
    }
}

/// Every call of a scan but those of some services.
fn scanning(but: &'static [&'static str]) -> impl Iterator<Item = Question> {
    let asked = CALLS.iter().filter(move |call| !but.contains(&call.service)).map(|call| call.permission);
    asked.map(|action| Question { caller: Caller::Member, ..allowed(CLOUDTRAIL, action, "*") })
}

/// Documents that hold no statements.
const SETTINGS: [&str; 2] = ["bucket/log_archive", "event_rule/tampering"];

/// The resource that carries a document, as the template of its form has it, with its properties.
fn resource(name: &str, document: &Value) -> Value {
    let kind = name.split('/').next().unwrap();
    let (kind, properties) = match kind {
        "organization" => {
            ("AWS::Organizations::Policy", json!({"Type": "SERVICE_CONTROL_POLICY", "Content": document}))
        }
        "bucket" => ("AWS::S3::BucketPolicy", json!({"Bucket": "audit-logs", "PolicyDocument": document})),
        "key" => ("AWS::KMS::Key", json!({"KeyPolicy": document})),
        "topic" => ("AWS::SNS::TopicPolicy", json!({"Topics": [TOPIC], "PolicyDocument": document})),
        "role" if name == "role/scan_caller" => ("AWS::IAM::ManagedPolicy", json!({"PolicyDocument": document})),
        "role" => ("AWS::IAM::Role", document.clone()),
        other => panic!("{other}: no such kind"),
    };
    json!({"Resources": {"It": {"Type": kind, "Properties": properties}}})
}

fn scope(template: &Value) -> Scope {
    let text = template.to_string();
    let root = trailproof::syntax::json::parse(FileId(0), &text).unwrap();
    let template = Template::new(FileId(0), "template.json", text.into(), root).unwrap();
    let stacks = stacks(vec![template], &[], Given::default());
    Scope::lower(&stacks[0].records(&World::default(), &|_| true))
}

/// The policies of the resource: of a role with a trust policy, this for who may assume it, and the others for the rest.
fn documents<'s>(scope: &'s Scope, action: &str) -> Vec<&'s Policy> {
    let identities = scope.identities.iter().flat_map(|role| match action {
        "sts:AssumeRole" | "sts:SetSourceIdentity" if role.kind == "role" => {
            role.trust.get().unwrap().iter().collect::<Vec<_>>()
        }
        _ => role.documents.get().unwrap().iter().filter_map(|it| it.get().unwrap().as_ref()).collect(),
    });
    let buckets = scope.bucket_policies.iter().filter_map(|it| it.document.get().unwrap().as_ref());
    let topics = scope.topic_policies.iter().filter_map(|it| it.document.get().unwrap().as_ref());
    let keys = scope.keys.iter().filter_map(|it| it.policy.get().unwrap().as_ref());
    let organization = scope.organization_policies.iter().filter_map(|it| it.document.get().unwrap().as_ref());
    identities.chain(buckets).chain(topics).chain(keys).chain(organization).collect()
}

/// The questions that a document does not answer as wanted.
fn unanswered(name: &str, document: &Value) -> Vec<String> {
    let scope = scope(&resource(name, document));
    let wrong = questions(name).into_iter().filter(|question| {
        let request = Request {
            caller: question.caller.clone(),
            action: question.action,
            resource: question.resource.into(),
            context: question.context.clone(),
            names: &scope.names,
        };
        let decision = weigh(documents(&scope, question.action), &request);
        let holds = if question.wanted { decision.allowed() } else { decision.denies().all };
        !holds.is_true()
    });
    wrong.map(|question| format!("{} on {}", question.action, question.resource)).collect()
}

/// The document without each of its statements in turn, wherever they stand.
fn without_one(document: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                let replaced = |value: Value| {
                    let mut members = members.clone();
                    members.insert(key.clone(), value);
                    Value::Object(members)
                };
                match value {
                    Value::Array(statements) if key == "Statement" => all.extend((0..statements.len()).map(|n| {
                        let mut rest = statements.clone();
                        let gone = rest.remove(n);
                        (gone["Sid"].to_string(), replaced(rest.into()))
                    })),
                    _ => all.extend(without_one(value).into_iter().map(|(gone, value)| (gone, replaced(value)))),
                }
            }
        }
        Value::Array(items) => {
            for n in 0..items.len() {
                for (gone, value) in without_one(&items[n]) {
                    let mut items = items.clone();
                    items[n] = value;
                    all.push((gone, items.into()));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn reference_policies_do_what_they_are_for_and_no_statement_is_idle() {
    let mut complaints = Vec::new();
    let mut deleted = 0;
    for policy in policies::ALL.iter().filter(|policy| !SETTINGS.contains(&policy.name)) {
        for exempt in [false, true] {
            let document: Value = serde_json::from_str(&policy.render(&values(exempt), Form::Json).unwrap()).unwrap();
            complaints
                .extend(unanswered(policy.name, &document).into_iter().map(|it| format!("{}: {it}", policy.name)));
            for (gone, rest) in without_one(&document) {
                deleted += 1;
                if unanswered(policy.name, &rest).is_empty() {
                    complaints.push(format!("{}: nothing misses {gone}", policy.name));
                }
            }
        }
    }
    assert!(deleted > 40, "only {deleted} statements were left out");
    none("law 7", complaints);
}

/// The policy that goes with the settings of a log bucket.
const ARCHIVE_POLICY: &str = "bucket/organization_trail";

/// Every document in a run, with every check on and everything taken for a part of the audit trail.
#[test]
fn reference_policies_are_clean() {
    let all = || vec!["*".to_owned()];
    let settings =
        Settings { log_buckets: all(), log_keys: all(), log_groups: all(), trail_topics: all(), ..Settings::default() };
    // A copy of the logs is another bucket, which no document makes for its reader.
    let checks = trailproof::checks::ALL.iter().filter(|check| check.id != "bucket_not_replicated").collect();
    let parameters =
        Given::from(std::collections::BTreeMap::from([("AWS::AccountId".to_owned(), "111122223333".to_owned())]));
    let options = Options { checks, settings, parameters, ..Options::default() };
    let mut complaints = Vec::new();
    let mut judged = BTreeMap::new();
    for policy in &policies::ALL {
        for exempt in [false, true] {
            let text = policy.render(&values(exempt), Form::CloudFormation).unwrap();
            // The log bucket's settings are deployed with a policy for it.
            let beside =
                policies::ALL.iter().find(|it| policy.name == "bucket/log_archive" && it.name == ARCHIVE_POLICY);
            let texts =
                [text].into_iter().chain(beside.map(|it| it.render(&values(exempt), Form::CloudFormation).unwrap()));
            let load = |(n, text): (usize, String)| {
                trailproof::input::load(FileId(n as u32), &format!("{n}.yaml"), text.into_bytes(), true)
            };
            let report = trailproof::check(texts.enumerate().map(load).collect(), &options);
            for outcome in &report.outcomes {
                let out_of_sight = outcome.reasons.iter().all(|why| why.kind == WhyKind::NotVisible);
                *judged.entry(policy.name).or_insert(0) += usize::from(outcome.answer == Answer::Pass);
                match outcome.answer {
                    Answer::Fail => complaints.push(format!("{}: {}", policy.name, outcome.message())),
                    Answer::Unknown if !out_of_sight => {
                        complaints.push(format!("{}: {}", policy.name, outcome.message()))
                    }
                    _ => {}
                }
            }
        }
    }
    assert!(judged["organization/trails"] > 0 && judged["bucket/log_archive"] > 0, "{judged:?}");
    none("law 7", complaints);
}

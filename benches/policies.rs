//! What policies cost: ten thousand of them, read and asked.
//!
//! `cargo bench --bench policies` makes bucket policies as a trail's buckets have them, half of them with references in
//! their texts, reads them, and puts the questions of the checks to each: may CloudTrail deliver, may strangers read or
//! delete. It prints figures for a thousand, ten thousand and, with a pattern of a thousand wildcards in each, a hundred,
//! and asserts nothing. Every check on top is run on five hundred of them at most: that takes minutes otherwise.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark prints, and stops at the first surprise"
)]

use serde_json::{Value, json};
use std::hint::black_box;
use std::time::{Duration, Instant};
use trailproof::model::Scope;
use trailproof::model::iam::{Caller, Context, Policy, Request, weigh};
use trailproof::read::cloudformation::{Template, stacks};
use trailproof::read::{Unit, World};
use trailproof::source::FileId;
use trailproof::value::{Of, Text};
use trailproof::{Options, check_text, checks};

/// Policies in one template: CloudFormation takes 500 resources.
const IN_ONE: usize = 100;

fn main() {
    measure("a thousand", 1_000, &usual);
    measure("ten thousand", 10_000, &usual);
    measure("a hundred with a thousand wildcards each", 100, &|_| hostile());
}

fn measure(name: &str, count: usize, policy: &dyn Fn(usize) -> Value) {
    let numbers: Vec<usize> = (0..count).collect();
    let templates: Vec<String> = numbers.chunks(IN_ONE).map(|part| template(part, policy)).collect();
    let bytes: usize = templates.iter().map(String::len).sum();
    let (scopes, reading) = timed(|| templates.iter().map(|text| scope(text)).collect::<Vec<_>>());
    let (answers, asking) = timed(|| scopes.iter().map(ask).sum::<usize>());
    let some = &templates[..templates.len().min(5)];
    let (outcomes, judging) = timed(|| some.iter().map(|text| judge(text)).sum::<usize>());
    let judged = count.min(some.len() * IN_ONE);
    let line = |what: &str, time: Duration, count: usize, more: &str| {
        println!("  {what:<34} {:>9.1} ms {:>9.1} µs each{more}", ms(time), ms(time) * 1e3 / count as f64);
    };
    println!("\n{name}: {count} policies, {:.1} MB", bytes as f64 / 1e6);
    line("read", reading, count, "");
    line("four questions put to each", asking, count, &format!(", {answers} decided"));
    line("read and judged, by every check", judging, judged, &format!(", {judged} of them, {outcomes} outcomes"));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = black_box(work());
    (result, start.elapsed())
}

fn template(numbers: &[usize], policy: &dyn Fn(usize) -> Value) -> String {
    let each = numbers.iter().flat_map(|n| {
        let properties = json!({"Bucket": {"Ref": format!("Bucket{n}")}, "PolicyDocument": policy(*n)});
        [
            (
                format!("Bucket{n}"),
                json!({"Type": "AWS::S3::Bucket", "Properties": {"BucketName": format!("logs-{n}")}}),
            ),
            (format!("Policy{n}"), json!({"Type": "AWS::S3::BucketPolicy", "Properties": properties})),
        ]
    });
    json!({"Parameters": {"Trail": {"Type": "String"}}, "Resources": each.collect::<serde_json::Map<_, _>>()})
        .to_string()
}

/// The policy of a trail's bucket: delivery, no plain HTTP, readers, nobody from outside, nobody who deletes.
fn usual(n: usize) -> Value {
    let arn = |rest: &str| match n % 2 {
        0 => json!(format!("arn:aws:s3:::logs-{n}{rest}")),
        _ => json!({"Fn::Sub": format!("arn:${{AWS::Partition}}:s3:::${{Bucket{n}}}{rest}")}),
    };
    let trail = match n % 2 {
        0 => json!("arn:aws:cloudtrail:eu-west-1:111111111111:trail/main"),
        _ => json!({"Fn::Sub": "arn:${AWS::Partition}:cloudtrail:${AWS::Region}:${AWS::AccountId}:trail/${Trail}"}),
    };
    let cloudtrail = json!({"Service": "cloudtrail.amazonaws.com"});
    let readers: Vec<String> = (0..5).map(|reader| format!("arn:aws:iam::22222222222{reader}:role/Reader")).collect();
    json!({"Version": "2012-10-17", "Statement": [
        {"Sid": "Acl", "Effect": "Allow", "Principal": cloudtrail, "Action": "s3:GetBucketAcl", "Resource": arn(""),
            "Condition": {"StringEquals": {"aws:SourceArn": trail}}},
        {"Sid": "Write", "Effect": "Allow", "Principal": cloudtrail, "Action": "s3:PutObject",
            "Resource": arn("/AWSLogs/111111111111/*"),
            "Condition": {"StringEquals": {"aws:SourceArn": trail, "s3:x-amz-acl": "bucket-owner-full-control"}}},
        {"Sid": "Read", "Effect": "Allow", "Principal": {"AWS": readers}, "Action": ["s3:Get*", "s3:List*"],
            "Resource": [arn(""), arn("/*")]},
        {"Sid": "Tls", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": [arn(""), arn("/*")],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Sid": "Outside", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": arn("/*"),
            "Condition": {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-abcdefghij"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}},
        {"Sid": "Keep", "Effect": "Deny", "Principal": "*", "Action": ["s3:DeleteObject*", "s3:PutLifecycleConfiguration"],
            "Resource": [arn(""), arn("/*")], "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/Admin"}}},
    ]})
}

fn hostile() -> Value {
    let resource = format!("arn:aws:s3:::logs/{}", "*a?".repeat(1000));
    json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": resource}})
}

fn scope(text: &str) -> Scope {
    let root = trailproof::syntax::json::parse(FileId(0), text).unwrap_or_else(|error| panic!("{}", error.message));
    let template = Template::new(FileId(0), "policies.json", text.into(), root);
    let stacks = stacks(template.into_iter().collect(), &[], Default::default());
    Scope::lower(&stacks[0].records(&World::default(), &|_| true))
}

/// Puts the questions to every policy of a template; gives how many are decided.
fn ask(scope: &Scope) -> usize {
    let cloudtrail = "cloudtrail.amazonaws.com";
    let delivery = || {
        Context::of_service(
            cloudtrail,
            "arn:aws:cloudtrail:eu-west-1:111111111111:trail/main".into(),
            "111111111111".into(),
        )
    };
    let policies = scope.bucket_policies.iter().filter_map(|policy| policy.document.get()?.as_ref());
    policies
        .map(|policy: &Policy| {
            let object = || Text::concat([&"arn:aws:s3:::logs-1/AWSLogs/111111111111/".into(), &Text::from(Of::any())]);
            let questions = [
                (Caller::Service(cloudtrail.into()), "s3:GetBucketAcl", "arn:aws:s3:::logs-1".into(), delivery()),
                (Caller::Service(cloudtrail.into()), "s3:PutObject", object(), delivery()),
                (Caller::Stranger, "s3:GetObject", object(), Context::of_stranger()),
                (Caller::Anonymous, "s3:DeleteObject", object(), Context::of_stranger()),
            ];
            let decided = questions.into_iter().filter(|(caller, action, resource, context)| {
                let request = Request {
                    caller: caller.clone(),
                    action,
                    resource: resource.clone(),
                    context: context.clone(),
                    names: &scope.names,
                };
                let allowed = weigh([policy], &request).allowed();
                allowed.is_true() || allowed.is_false()
            });
            decided.count()
        })
        .sum()
}

fn judge(text: &str) -> usize {
    let options = Options { checks: checks::ALL.iter().collect(), ..Options::default() };
    check_text("policies.json", text, &options).outcomes.len()
}

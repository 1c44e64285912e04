//! Buckets with their settings, each as an answer of its own, and their policies.

use super::Unasked;
use super::acl;
use super::evidence::{Answer, Call};
use super::reader::{Operation, Reader, nothing};
use crate::read::{Content, Datum, Home, Member, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use crate::value::{Text, Why};
use std::collections::BTreeMap;

const LIST: Operation = ("s3", "ListBuckets");
const POLICY: Operation = ("s3", "GetBucketPolicy");
const OWNERSHIP: Operation = ("s3", "GetBucketOwnershipControls");
const PUBLIC_ACCESS: Operation = ("s3", "GetPublicAccessBlock");
const PUBLIC_ACCESS_OF_ACCOUNT: Operation = ("s3control", "GetPublicAccessBlock");

/// The settings that are taken as they are answered.
const SETTINGS: [Operation; 7] = [
    ("s3", "GetBucketVersioning"),
    ("s3", "GetObjectLockConfiguration"),
    ("s3", "GetBucketLifecycleConfiguration"),
    ("s3", "GetBucketEncryption"),
    ("s3", "GetBucketLogging"),
    ("s3", "GetBucketReplication"),
    ("s3", "GetBucketRequestPayment"),
];

/// The four settings of Block Public Access.
const BLOCKS: [&str; 4] = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

/// Where a bucket is named, and what the list of buckets says of it.
struct Named<'a> {
    span: Span,
    listed: Option<&'a Node>,
    /// Why the list could not be read: then nothing was asked about the bucket.
    refused: Option<Datum>,
}

/// The buckets that were asked about.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let mut buckets: BTreeMap<&str, Named> = BTreeMap::new();
    for (_, bucket) in reader.listed(LIST, "Buckets") {
        if let Some((name, node)) = bucket.get("Name").and_then(|node| Some((node.text()?, node))) {
            buckets.insert(name, Named { span: node.span, listed: Some(bucket), refused: None });
        }
    }
    for call in reader.calls.all.iter().filter(|call| call.service == "s3") {
        if let Some((name, node)) = call.text("Bucket") {
            buckets.entry(name).or_insert(Named { span: node.span, listed: None, refused: None });
        }
    }
    for call in reader.calls(LIST) {
        let refused = reader.failure(call).filter(|refused| matches!(refused.content, Content::Unknown(_)));
        if let (Some((name, node)), Some(_)) = (call.text("Prefix"), &refused) {
            buckets.entry(name).or_insert(Named { span: node.span, listed: None, refused });
        }
    }
    let all = buckets.into_iter();
    all.flat_map(|(name, named)| gone(reader, name, &named).unwrap_or_else(|| bucket(reader, name, &named))).collect()
}

/// What stands for a bucket of which AWS says that it is not there.
fn gone(reader: &Reader, name: &str, named: &Named) -> Option<Vec<Record>> {
    let mut about = reader.calls.all.iter().filter(|call| call.service == "s3" && call.is_about("Bucket", &[name]));
    let is_gone = about.any(|call| {
        matches!(&call.answer, Answer::Failure { code, .. } if matches!(code.as_str(), "NoSuchBucket" | "NotFound" | "404"))
    });
    let answers = vec![("Name", Datum::text(name, named.span))];
    let home = reader.home(None, None);
    is_gone.then(|| vec![reader.record("Trailproof::NoBucket", name, named.span, home, answers)])
}

fn bucket(reader: &Reader, name: &str, named: &Named) -> Vec<Record> {
    let span = named.span;
    let call = |operation: Operation| reader.call(operation, "Bucket", &[name]);
    let answer = |operation: Operation| match (call(operation), &named.refused) {
        (None, Some(refused)) => refused.clone(),
        (call, _) => reader.answer(operation, call, span),
    };
    let mut answers = vec![("Name", Datum::text(name, span))];
    answers.extend(SETTINGS.map(|operation| (operation.1, answer(operation))));
    answers.push(("GetBucketOwnershipControls", ownership(answer(OWNERSHIP), call(OWNERSHIP).is_some())));
    let is_own = named.listed.is_some() || reader.unasked == Unasked::Nothing;
    answers.push(("GetPublicAccessBlock", public_access(reader, answer(PUBLIC_ACCESS), is_own, span)));
    answers.push(("GetBucketAcl", acl::canned(answer(("s3", "GetBucketAcl")))));
    let arn = format!("arn:{}:s3:::{name}", reader.evidence.partition);
    let home = home(reader, name, named);
    let policy = answer(POLICY);
    let is_there = shape::member(&policy, "Policy").is_some() || matches!(policy.content, Content::Unknown(_));
    let policy = is_there.then(|| {
        let answers = vec![("Bucket", Datum::text(name, span)), ("GetBucketPolicy", policy)];
        reader.record("AWS::S3::BucketPolicy", &arn, span, home.clone(), answers)
    });
    let bucket = reader.record("AWS::S3::Bucket", &arn, span, home.clone(), answers);
    [bucket].into_iter().chain(policy).collect()
}

/// The Region that the location of a bucket means: the oldest has no name there, and the first in Europe one of its own (S3
/// API Reference, `GetBucketLocation`).
pub fn region_of_location(location: Option<&str>) -> &str {
    match location {
        Some("EU") => "eu-west-1",
        Some(region) => region,
        None => "us-east-1",
    }
}

/// Where a bucket is: its ARN does not say.
fn home(reader: &Reader, name: &str, named: &Named) -> Home {
    let listed = named.listed.and_then(|bucket| bucket.get("BucketRegion")?.text());
    let located = reader.call(("s3", "GetBucketLocation"), "Bucket", &[name]).and_then(Call::output);
    let located = located.and_then(|output| output.get("LocationConstraint"));
    let located = located.map(|node| region_of_location(node.text().filter(|_| !node.is_null())));
    let asked = reader.call(("s3", "GetBucketVersioning"), "Bucket", &[name]).map(|call| call.region.as_str());
    let home = reader.home(None, listed.or(located).or(asked));
    if named.listed.is_some() || reader.unasked == Unasked::Nothing {
        return home;
    }
    let text = "whose bucket this is cannot be seen: the account's list of buckets does not name it";
    Home { account: Text::unknown(Why::not_visible("account", text)), ..home }
}

/// Without ownership controls, whoever writes an object owns it; buckets since April 2023 have some from the start.
fn ownership(answer: Datum, was_asked: bool) -> Datum {
    let is_none = was_asked && matches!(&answer.content, Content::Map { members, .. } if members.is_empty());
    if !is_none {
        return answer;
    }
    let rule = shape::mapping("ObjectOwnership", Datum::text("ObjectWriter", answer.span));
    let rules = Datum::new(Content::List(vec![rule]), answer.span);
    shape::mapping("OwnershipControls", shape::mapping("Rules", rules))
}

/// A bucket's settings of Block Public Access and those of its account: the stricter counts. Those of the account that was
/// asked are not those of another that has the bucket.
fn public_access(reader: &Reader, own: Datum, is_own: bool, span: Span) -> Datum {
    let call = reader.calls(PUBLIC_ACCESS_OF_ACCOUNT).next().filter(|_| is_own);
    let account = reader.answer(PUBLIC_ACCESS_OF_ACCOUNT, call, span);
    let setting = |of: &Datum, name: &str| match &of.content {
        Content::Map { .. } => shape::member(of, "PublicAccessBlockConfiguration")
            .and_then(|all| shape::member(all, name))
            .cloned()
            .unwrap_or_else(|| Datum::new(Content::Absent, of.span)),
        _ => of.clone(),
    };
    let is_on = |value: &Datum| value.as_text().literal() == Some("true");
    let members = BLOCKS.map(|name| {
        let (own, account) = (setting(&own, name), setting(&account, name));
        let value = match (is_on(&own), is_on(&account), &account.content) {
            (true, ..) => own,
            (_, true, _) | (_, _, Content::Unknown(_)) => account,
            _ => own,
        };
        Member { key: name.into(), span: value.span, value }
    });
    let mut all = nothing(own.span);
    let is_silent = members.iter().all(|member| member.value.content == Content::Absent);
    if !is_silent {
        let content = Content::Map { members: members.into(), rest: None };
        shape::set(&mut all, "PublicAccessBlockConfiguration", own.span, Datum::new(content, own.span));
    }
    all
}

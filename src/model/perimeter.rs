//! What resource control policies do to the delivery of logs: they bind services too (AWS Organizations User Guide,
//! "Resource control policies"; facts §9.6, §4.1).

use super::arn::bucket_arn;
use super::iam::{Context, Effect, Kind, Known, Meeting, Statement};
use super::{Cx, OrganizationPolicy, Trail, anything};
use crate::value::{Of, Text, Truth};

/// A call by which CloudTrail delivers.
struct Delivery {
    action: &'static str,
    resource: Text,
    context: Context,
    /// Whether the resource is the one that is used, or stands for whichever it is.
    is_known: bool,
}

/// How the objects of a delivery are encrypted: logs by the trail's key, digests and the object by which CloudTrail tries
/// the bucket also without it.
const ENCRYPTIONS: [&str; 2] = ["aws:kms", "AES256"];

impl<'a> Cx<'a> {
    /// Whether a statement of a resource control policy denies a call by which logs are delivered.
    pub fn denies_delivery(&self, policy: &OrganizationPolicy, statement: &Statement) -> Truth {
        let each: Vec<(&str, Truth)> = self
            .deliveries(policy)
            .into_iter()
            .map(|delivery| {
                let is_known = delivery.is_known;
                let request = self.by_cloudtrail(delivery.action, &delivery.resource, delivery.context);
                let meeting = statement.meets(&request, Kind::ResourceControl, true);
                (delivery.action, denied(statement, &meeting, is_known))
            })
            .collect();
        let mut calls: Vec<&str> = each.iter().filter(|(_, truth)| truth.is_true()).map(|(call, _)| *call).collect();
        calls.dedup();
        // One call that is denied is the finding; the others are denied for the same reason.
        match each.iter().find(|(_, truth)| truth.is_true()) {
            Some((_, truth)) => truth.clone().labelled(format!("denies CloudTrail's {}", calls.join(", "))),
            None => Truth::any(each.into_iter().map(|(_, truth)| truth)),
        }
    }

    fn deliveries(&self, policy: &OrganizationPolicy) -> Vec<Delivery> {
        let trails = &self.scope.trails;
        let known = trails.iter().flat_map(|trail| {
            let context = || self.context_of(trail);
            let name = trail.bucket.get().and_then(Option::as_ref).filter(|name| !name.is_empty().is_true());
            calls(name.map(|name| self.names().resolve(name)), prefix(trail), key(trail), context)
        });
        let known: Vec<Delivery> = known.collect();
        if !known.is_empty() {
            return known;
        }
        let context = self.context_of_any_trail(&policy.at);
        calls(None, Text::default(), None, || context.clone())
    }
}

/// The calls to a bucket and a key, or to whichever there are.
fn calls(bucket: Option<Text>, prefix: Text, key: Option<Text>, context: impl Fn() -> Context) -> Vec<Delivery> {
    let is_known = bucket.is_some();
    let arn = bucket_arn(Of::partition().into(), &bucket.unwrap_or_else(anything));
    let objects = Text::concat([&arn, &"/".into(), &prefix, &"AWSLogs/".into(), &anything()]);
    let with = |action, resource: &Text, context: Context, is_known| Delivery {
        action,
        resource: resource.clone(),
        context: context.with("s3:TlsVersion", Known::One("1.3".into())).without(ABSENT),
        is_known,
    };
    let encrypted =
        |encryption: &&str| context().with("s3:x-amz-server-side-encryption", Known::One((*encryption).into()));
    // Who reads an ACL sends none along.
    let reading = context().with("s3:x-amz-acl", Known::Absent);
    let mut all = vec![with("s3:GetBucketAcl", &arn, reading, is_known)];
    all.extend(ENCRYPTIONS.iter().map(|it| with("s3:PutObject", &objects, encrypted(it), is_known)));
    let is_known = key.is_some();
    let key = key.unwrap_or_else(anything);
    all.extend(["kms:GenerateDataKey", "kms:DescribeKey"].map(|call| with(call, &key, context(), is_known)));
    all
}

fn prefix(trail: &Trail) -> Text {
    match trail.prefix.get().and_then(Option::as_ref) {
        Some(prefix) if !prefix.pieces().is_empty() => Text::concat([prefix, &"/".into()]),
        _ => Text::default(),
    }
}

/// The key's ARN, where the trail names it so.
fn key(trail: &Trail) -> Option<Text> {
    let key = trail.key.get().and_then(Option::as_ref)?;
    key.after(":key/").map(|_| key.clone())
}

/// What CloudTrail's requests lack beside what those of other services lack: they come from no endpoint, and bring along
/// no key of their own.
const ABSENT: [&str; 8] = [
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
    "aws:SourceVpcArn",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "s3:x-amz-server-side-encryption-customer-algorithm",
];

/// Whether a statement denies a call; the place is the condition that decides, else the effect.
fn denied(statement: &Statement, meeting: &Meeting, is_known: bool) -> Truth {
    let resource = if is_known { &meeting.resource.some } else { &meeting.resource.all };
    let elements = [&meeting.principal.some, &meeting.action.some, resource, &meeting.sound.some];
    let effect = statement.does(Effect::Deny);
    let speaks = elements.into_iter().cloned().fold(effect.clone(), Truth::and);
    match (speaks.and(meeting.conditions.some.clone()), &meeting.conditions.some) {
        (Truth::True(_), Truth::True(ground)) if !ground.facts.is_empty() => meeting.conditions.some.clone(),
        (Truth::True(_), _) => effect,
        (other, _) => other,
    }
}

//! Calls that a policy of an organization may be meant to deny, and which statements name them.

use super::arn::{anything, anywhere_in, arn, global_arn};
use super::iam::{Context, Effect, Known, Statement};
use crate::value::{Case, Hole, Instance, Match, Of, Pattern, Text, Truth, Value, bare};

/// Calls that a policy may be meant to deny.
#[derive(Clone, Copy, Debug)]
pub struct Aim {
    /// Actions that begin so are about the same thing.
    service: &'static str,
    /// The calls.
    pub actions: &'static [&'static str],
    /// A call of the same service that does no harm.
    harmless: &'static str,
    /// How the resources of the calls begin, in ARNs with a Region; none where they are of no Region.
    pub(super) resource: Option<&'static str>,
}

/// The calls that stop, delete, redirect or narrow a trail.
pub const TRAILS: Aim = Aim {
    service: "cloudtrail:*",
    actions: &[
        "cloudtrail:StopLogging",
        "cloudtrail:DeleteTrail",
        "cloudtrail:UpdateTrail",
        "cloudtrail:PutEventSelectors",
    ],
    harmless: "cloudtrail:GetTrail",
    resource: Some("trail/"),
};

/// The call by which a member leaves.
pub const MEMBERSHIP: Aim = Aim {
    service: "organizations:*",
    actions: &["organizations:LeaveOrganization"],
    harmless: "organizations:DescribeOrganization",
    resource: None,
};

/// The calls that stop or delete an event data store, or change what it records.
pub(super) const STORES: Aim = Aim {
    service: "cloudtrail:*",
    actions: &[
        "cloudtrail:StopEventDataStoreIngestion",
        "cloudtrail:DeleteEventDataStore",
        "cloudtrail:UpdateEventDataStore",
    ],
    harmless: "cloudtrail:GetEventDataStore",
    resource: Some("eventdatastore/"),
};

/// The calls that open or empty the bucket of the logs, or take it away.
pub(super) const EVIDENCE_BUCKETS: Aim = Aim {
    service: "s3:*",
    actions: &["s3:DeleteBucket", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy", "s3:PutLifecycleConfiguration"],
    harmless: "s3:GetBucketPolicy",
    resource: None,
};

/// The calls that delete the logs in it.
pub(super) const EVIDENCE_OBJECTS: Aim = Aim {
    service: "s3:*",
    actions: &["s3:DeleteObject", "s3:DeleteObjectVersion"],
    harmless: "s3:GetObject",
    resource: None,
};

/// The calls that take the key of the logs from those who read them.
pub(super) const EVIDENCE_KEYS: Aim = Aim {
    service: "kms:*",
    actions: &["kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy"],
    harmless: "kms:DescribeKey",
    resource: Some("key/"),
};

/// The calls that empty the log group of the trail.
pub(super) const EVIDENCE_LOG_GROUPS: Aim = Aim {
    service: "logs:*",
    actions: &["logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:PutRetentionPolicy"],
    harmless: "logs:DescribeLogGroups",
    resource: Some("log-group:"),
};

/// The values of one side of an element.
type Side = Value<Option<Vec<Value<Text>>>>;

fn matches(pattern: &Text, subject: &Text) -> Truth {
    Pattern::new(pattern, Match::Wild, Case::Ignored).fits(&Pattern::subject(subject, Case::Ignored)).all
}

impl Aim {
    /// Whether an action is one of the service's.
    fn is_near(&self, action: &Text) -> Truth {
        matches(&self.service.into(), action)
    }

    /// Whether a list names one of the calls by the service's own actions.
    fn is_named(&self, side: &Side, call: &str) -> Truth {
        side.ask(&|values, _| {
            let each = values.iter().flatten();
            Truth::any(each.map(|value| value.ask(&|text, _| self.is_near(text).and(matches(text, &call.into())))))
        })
    }

    /// Whether a statement denies a call and names it.
    pub fn denies(&self, statement: &Statement, call: &str) -> Truth {
        bare(statement.does(Effect::Deny)).and(bare(self.is_named(&statement.actions.these, call)))
    }

    /// Those of the calls that some statement may deny by name.
    pub(super) fn denied(&self, statements: &[Statement]) -> Vec<(&'static str, Truth)> {
        let each =
            self.actions.iter().map(|call| (*call, Truth::any(statements.iter().map(|it| self.denies(it, call)))));
        each.filter(|(_, truth)| !truth.is_false()).collect()
    }

    /// Whether a statement denies one of the calls and names it.
    pub fn means(&self, statement: &Statement) -> Truth {
        Truth::any(self.actions.iter().map(|call| self.denies(statement, call)))
    }

    /// Whether every action of a list is the service's, and the list is about the calls alone.
    pub(super) fn is_only(&self, side: &Side, harmless: bool) -> Truth {
        side.ask(&|values, _| match values {
            None => Truth::no(),
            Some(values) => {
                let near = |value: &Value<Text>| {
                    value.ask(&|text, _| {
                        let calls = Truth::any(self.actions.iter().map(|call| matches(text, &(*call).into())));
                        let more = if harmless { Truth::no() } else { matches(text, &self.harmless.into()) };
                        self.is_near(text).and(calls).and(more.not())
                    })
                };
                if values.is_empty() { Truth::no() } else { Truth::all(values.iter().map(near)) }
            }
        })
    }

    /// The resources that the calls are made to.
    pub(super) fn resource(&self) -> Text {
        self.named_resource(&anything())
    }

    /// A resource of this name, in any Region and account.
    pub(super) fn named_resource(&self, name: &Text) -> Text {
        let service = self.service.trim_end_matches(":*");
        let kind = self.resource.unwrap_or_default();
        let make = if self.resource.is_some() { arn } else { global_arn };
        make(&anywhere_in(anything()), service, kind, name)
    }

    /// What a member's call carries, as far as a condition asks for it.
    pub(super) fn context(&self, key: &str) -> Context {
        let organization = Hole { instance: Instance(u32::MAX), of: Of::Organization };
        let arn = global_arn(&anywhere_in(anything()), "iam", "", &anything());
        let context = own_call()
            .with("aws:PrincipalArn", Known::One(arn))
            .with("aws:PrincipalOrgID", Known::One(organization.into()));
        // Keys of other services are not in the request; CloudTrail defines none of its own.
        let is_global = key.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("aws:"));
        if is_global { context } else { context.with(key, Known::Absent) }
    }
}

/// What a call carries that somebody makes with credentials of his own, no service for him.
pub(super) fn own_call() -> Context {
    Context::of(Known::Free)
        .with("aws:PrincipalIsAWSService", Known::One("false".into()))
        .with("aws:SecureTransport", Known::One("true".into()))
        .without([
            "aws:PrincipalServiceName",
            "aws:PrincipalServiceNamesList",
            "aws:SourceArn",
            "aws:SourceAccount",
            "aws:SourceOwner",
            "aws:SourceOrgID",
            "aws:SourceOrgPaths",
        ])
}

//! Buckets and their policies; what a policy means is for the policy language.

use super::iam::{Kind, Policy};
use super::lifecycle::{self, LifecycleRule};
use super::link::alias_name;
use super::replication::{self, ReplicationRule};
use super::trail::required_text;
use super::{Declared, properties as p};
use crate::read::{Block, Datum, Property, Record};
use crate::source::Span;
use crate::value::{Of, Origin, Sure, Text, Truth, Value, Why, WhyKind};

/// The four settings of Block Public Access, in the order of the console.
const PUBLIC_ACCESS: [Property; 4] =
    [p::BLOCK_PUBLIC_ACLS, p::IGNORE_PUBLIC_ACLS, p::BLOCK_PUBLIC_POLICY, p::RESTRICT_PUBLIC_BUCKETS];

/// A bucket as declared.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// The canned ACL; private where none is given.
    pub acl: Value<Option<Text>>,
    /// `Enabled` where deleting a version takes a second factor.
    pub mfa_delete: Value<Text>,
    /// Who pays for requests.
    pub payer: Value<Text>,
    /// Whether what it holds is deleted with it.
    pub force_destroy: Value<bool>,
    /// `Enabled` or `Suspended`; none where versioning was never turned on.
    pub versioning: Value<Option<Text>>,
    /// Object Lock.
    pub lock: Lock,
    /// The four settings of Block Public Access, in the order of the console: ACLs refused and ignored, policies refused, public
    /// access restricted.
    pub public_access: Vec<Value<Option<bool>>>,
    /// Whether server access logging is configured.
    pub access_logging: Value<bool>,
    /// Where the access logs go; left out, into the bucket itself.
    pub access_log_bucket: Value<Option<Text>>,
    /// What the keys of the access logs begin with.
    pub access_log_prefix: Value<Option<Text>>,
    /// Who owns objects that others write; none where the service's default counts.
    pub ownership: Value<Vec<Value<Option<Text>>>>,
    /// The algorithms of default encryption.
    pub encryption: Value<Vec<Value<Option<Text>>>>,
    /// Lifecycle rules.
    pub lifecycle: Value<Vec<LifecycleRule>>,
    /// What copies its objects to another bucket.
    pub replication: Value<Vec<ReplicationRule>>,
    /// Whether all that is known of it is that a policy is for it.
    pub is_of_policy: bool,
}

/// Object Lock with its default retention.
#[derive(Clone, Debug)]
pub struct Lock {
    enabled: Value<Option<bool>>,
    configured: Value<Option<Text>>,
    given: [Value<bool>; 2],
    /// `GOVERNANCE`, which those with the right for it get around, or `COMPLIANCE`.
    mode: Value<Option<Text>>,
    /// Default retention in days.
    pub days: Value<Option<f64>>,
    /// Default retention in years.
    pub years: Value<Option<f64>>,
}

impl Lock {
    /// Whether the lock is on. S3 takes a lock configuration on a bucket that was made without (since November 2023).
    pub fn is_on(&self) -> Truth {
        self.enabled.ask(&|enabled, origin| match enabled {
            Some(enabled) => Truth::of(*enabled, origin),
            None => is_text(&self.configured, "Enabled"),
        })
    }

    /// The place of the switch.
    pub fn origin(&self) -> &Origin {
        if self.enabled.origin.written || !self.configured.origin.written {
            &self.enabled.origin
        } else {
            &self.configured.origin
        }
    }

    /// The place of the default retention.
    pub fn retention_origin(&self) -> &Origin {
        if self.years.origin.written { &self.years.origin } else { &self.days.origin }
    }

    /// Whether objects are locked without anybody asking for it when they are written, as CloudTrail does not.
    pub fn has_retention(&self) -> Truth {
        let [days, years] = &self.given;
        self.is_on().and(days.is(true).or(years.is(true)))
    }

    /// Whether those with the right to `s3:BypassGovernanceRetention` get around the default retention.
    pub fn is_governance(&self) -> Truth {
        self.has_retention().and(is_text(&self.mode, "GOVERNANCE")).located(&self.mode.origin)
    }

    /// The place of the mode.
    pub fn mode_origin(&self) -> &Origin {
        &self.mode.origin
    }

    /// Whether the default retention is at least so many days; false where there is none.
    pub fn retains(&self, required: f64) -> Truth {
        let years = self.years.test(|years| years.is_some_and(|years| years * 365.0 >= required));
        self.days.ask(&|days, origin| match days {
            Some(days) => Truth::of(*days >= required, origin),
            None => years.clone(),
        })
    }
}

impl Bucket {
    pub(super) fn lower(record: &Record) -> Bucket {
        let block = record.block();
        let each = |list: &Property, inner: &Property| {
            block.blocks(list).map(&|blocks: &Vec<Block>| blocks.iter().map(|block| block.word(inner)).collect())
        };
        Bucket {
            at: Declared::new(record),
            name: block.text(&p::BUCKET_NAME),
            acl: block.word(&p::BUCKET_ACL),
            mfa_delete: block.word_or(&p::MFA_DELETE),
            payer: block.word_or(&p::PAYER),
            force_destroy: block.bool(&p::FORCE_DESTROY),
            versioning: block.word(&p::VERSIONING_STATUS),
            lock: Lock {
                enabled: block.optional_bool(&p::OBJECT_LOCK_ENABLED),
                configured: block.word(&p::LOCK_CONFIGURATION_ENABLED),
                mode: block.word(&p::LOCK_MODE),
                given: [block.given(&p::LOCK_DAYS), block.given(&p::LOCK_YEARS)],
                days: block.number(&p::LOCK_DAYS),
                years: block.number(&p::LOCK_YEARS),
            },
            public_access: PUBLIC_ACCESS.iter().map(|setting| block.optional_bool(setting)).collect(),
            access_logging: block.given(&p::LOGGING),
            access_log_bucket: block.text(&p::LOGGING_DESTINATION),
            access_log_prefix: block.text(&p::LOGGING_PREFIX),
            ownership: each(&p::OWNERSHIP_RULES, &p::OBJECT_OWNERSHIP),
            encryption: each(&p::ENCRYPTION_RULES, &p::SSE_ALGORITHM),
            lifecycle: block.blocks(&p::LIFECYCLE_RULES).map(&|rules| rules.iter().map(lifecycle::lower).collect()),
            replication: block
                .blocks(&p::REPLICATION_RULES)
                .map(&|rules| rules.iter().map(replication::lower).collect()),
            is_of_policy: false,
        }
    }

    /// Whether old versions of objects are kept. A lock turns versioning on.
    pub fn is_versioned(&self) -> Truth {
        let enabled = is_text(&self.versioning, "Enabled");
        enabled.or(self.lock.is_on().and(self.versioning.is_set().not()))
    }

    /// Whether deleting a version takes a second factor.
    pub fn asks_for_second_factor(&self) -> Truth {
        self.mfa_delete.ask(&|status, origin| status.same(&"Enabled".into()).located(origin))
    }

    /// Whether whoever asks pays: an AWS service does not.
    pub fn is_paid_by_requester(&self) -> Truth {
        self.payer.ask(&|payer, origin| payer.same(&"Requester".into()).located(origin))
    }

    /// Whether default encryption uses KMS.
    pub fn is_kms_encrypted(&self) -> Truth {
        let kms = |value: &Value<Option<Text>>| is_text(value, "aws:kms").or(is_text(value, "aws:kms:dsse"));
        self.encryption.ask(&|rules, origin| match rules.as_slice() {
            [] => Truth::of(false, origin),
            rules => Truth::any(rules.iter().map(kms)),
        })
    }
}

/// Whether anything is given: the empty text is as good as nothing.
pub fn is_filled(value: &Value<Option<Text>>) -> Truth {
    value.ask(&|text, origin| match text {
        None => Truth::of(false, origin),
        Some(text) => match text.is_empty() {
            Truth::True(_) => Truth::of(false, origin),
            Truth::False(_) => Truth::of(true, origin),
            unknown => unknown,
        },
    })
}

/// Whether a key is given, and not one that AWS manages: those have `alias/aws/` names.
pub fn is_customer_key(value: &Value<Option<Text>>) -> Truth {
    let own = value.ask(&|key, origin| {
        let Some(key) = key else { return Truth::of(false, origin) };
        // References, imports and their like give keys of one's own; a name that AWS manages is written out or passed in.
        let may_be_any = |of: &Of| match of {
            Of::Unseen { sure, .. } => *sure != Sure::Thing,
            of => matches!(of, Of::Parameter { .. } | Of::Expression(_) | Of::Made(..)),
        };
        if key.hole().is_some_and(|hole| !may_be_any(&hole.of)) {
            return Truth::of(true, origin);
        }
        match alias_name(key).starts_with("alias/aws/") {
            Truth::True(_) => Truth::of(false, origin),
            Truth::False(_) => Truth::of(true, origin),
            unknown => unknown,
        }
    });
    is_filled(value).and(own)
}

/// Whether a text is exactly this one.
pub(super) fn is_text(value: &Value<Option<Text>>, wanted: &str) -> Truth {
    value.ask(&|text, origin| match text {
        None => Truth::of(false, origin),
        Some(text) => match text.same(&wanted.into()) {
            Truth::True(_) => Truth::of(true, origin),
            Truth::False(_) => Truth::of(false, origin),
            unknown => unknown,
        },
    })
}

/// Whether an access control list is a canned one, or lets the same in: grants are written as the canned lists that they
/// are together, what is not known of them last.
pub(super) fn grants(acl: &Value<Option<Text>>, canned: &str) -> Truth {
    acl.ask(&|text, origin| {
        let Some(text) = text else { return Truth::of(false, origin) };
        match text.literal() {
            Some(all) => Truth::of(all.split(", ").any(|one| one == canned), origin),
            None if text.starts_with(&format!("{canned}, ")).is_true() => Truth::of(true, origin),
            None => text.why().map_or_else(Truth::no, Truth::unknown),
        }
    })
}

/// A bucket policy.
#[derive(Clone, Debug)]
pub struct BucketPolicy {
    /// Address, place, conditions.
    pub at: Declared,
    /// The bucket's name.
    pub bucket: Value<Text>,
    /// What it says.
    pub document: Value<Option<Policy>>,
}

impl BucketPolicy {
    pub(super) fn lower(record: &Record) -> BucketPolicy {
        let block = record.block();
        BucketPolicy {
            at: Declared::new(record),
            bucket: required_text(&block, &p::POLICY_BUCKET),
            document: Policy::lower(&block, &p::POLICY_DOCUMENT, Kind::Resource),
        }
    }

    /// Whether there is one: an answer that was refused does not show it.
    pub fn is_there(&self) -> Truth {
        match self.document.why() {
            Some(why) if matches!(why.kind, WhyKind::Denied | WhyKind::NotVisible) => Truth::unknown(why),
            _ => self.at.exists(),
        }
    }

    /// The bucket that it is for, where nothing declares it: all that is known of it is its name, and that it has this
    /// policy.
    pub(super) fn undeclared_bucket(&self) -> Bucket {
        let nothing = Record { properties: not_visible(self.at.span), ..self.at.record("AWS::S3::Bucket") };
        let name = self.bucket.map(&|name| Some(name.clone()));
        Bucket { name, is_of_policy: true, ..Bucket::lower(&nothing) }
    }
}

fn not_visible(span: Span) -> Datum {
    Datum::unknown(Why::not_visible("bucket", "the bucket is not declared in this run"), span)
}

/// A custom resource that empties a bucket when it is deleted: the AWS CDK's `autoDeleteObjects`.
#[derive(Clone, Debug)]
pub struct AutoDelete {
    /// Address, place, conditions.
    pub at: Declared,
    /// The bucket's name.
    pub bucket: Value<Text>,
}

impl AutoDelete {
    pub(super) fn lower(record: &Record) -> AutoDelete {
        AutoDelete { at: Declared::new(record), bucket: required_text(&record.block(), &p::AUTO_DELETE_BUCKET) }
    }
}

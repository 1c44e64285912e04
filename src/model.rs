//! The typed estate, and what things in it mean.
//!
//! Records are lowered once for each resource type; what links them (a trail to its bucket, an alias to its key) and what
//! they mean together (which events the trails of a scope record) is asked of the [`Estate`] through [`Cx`]. Nothing here
//! knows a dialect, beyond the table of properties.

mod access_logs;
mod account;
mod aim;
mod arn;
mod bucket;
mod ceiling;
mod cloudtrail;
mod copies;
mod coverage;
mod cx;
mod data_events;
mod dead;
mod delivery;
mod denial;
mod deputy;
mod documents;
mod events;
mod exemption;
mod exposure;
mod grants;
mod guard;
pub mod iam;
mod identity;
mod key;
mod lifecycle;
mod link;
mod listed;
mod live;
mod log_group;
mod log_key;
mod lowering;
mod membership;
mod mentions;
mod organization;
mod others;
mod perimeter;
mod places;
mod planned;
mod properties;
mod protection;
mod purpose;
mod recursion;
mod replication;
mod role;
mod selector_rules;
pub mod selectors;
mod service;
mod service_accounts;
mod session;
mod status;
mod store;
mod tampering;
mod topic;
mod trail;

pub use crate::read::account::{CHANGING, CLOUDTRAIL, SILENCING};
pub use account::{Account, Unit};
pub use aim::{Aim, MEMBERSHIP, TRAILS};
pub use arn::anything;
pub use bucket::{AutoDelete, Bucket, BucketPolicy, Lock, is_customer_key, is_filled};
pub use cloudtrail::context_of_store;
pub use coverage::{EXCLUDABLE, Management, Reading, Union};
pub use cx::{Cx, Settings};
pub use dead::Part;
pub use documents::{cannot_tell, documents, no_statement, opaque_statements};
pub use guard::Guard;
pub use identity::Identity;
pub use key::{Alias, Key};
pub use lifecycle::{LifecycleRule, Loss};
pub use link::{Link, Route};
pub use listed::{Listed, Listing};
pub use live::{Count, Gone, Happened, Live};
pub use log_group::{LogGroup, LogPolicy};
pub use lowering::Spot;
pub use membership::Membership;
pub use organization::{DelegatedAdministrator, Organization, OrganizationPolicy};
pub use others::Granted;
pub use places::InsightKind;
pub use planned::{Fate, Lost, Planned};
pub use role::{Attached, WellKnown};
pub use status::{Delivery, Status};
pub use store::{Channel, Store, StorePolicy};
pub use topic::{Topic, TopicPolicy};
pub use trail::{Insight, Trail};

use crate::read::{Dialect, Home, Record};
use crate::source::Span;
use crate::value::{Condition, GENERATED, Hole, Instance, Of, Text, Truth, Verdict, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};

/// What every declared resource has.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its address as reports show it.
    pub address: Arc<str>,
    /// Where its name stands: what is underlined for a property that is left out.
    pub span: Span,
    /// The instance that declares it.
    pub instance: Instance,
    /// Where it is deployed to.
    pub home: Home,
    /// The conditions under which it exists.
    pub conditions: Vec<Condition>,
    /// The first of them that may go either way in this world.
    pub undecided: Option<Condition>,
    /// The addresses of what exists before it.
    pub after: BTreeSet<Arc<str>>,
    /// The resources that were joined into it: their addresses, and where their names stand.
    pub joined: Vec<(Arc<str>, Span)>,
    dialect: Dialect,
}

impl Declared {
    fn new(record: &Record) -> Declared {
        Declared {
            address: record.address.clone(),
            span: record.span,
            instance: record.instance,
            home: record.home.clone(),
            conditions: record.conditions.clone(),
            undecided: record.undecided.clone(),
            after: record.after.clone(),
            joined: record.joined.clone(),
            dialect: record.dialect,
        }
    }

    /// A record of it without properties.
    fn record(&self, kind: &str) -> Record {
        Record {
            dialect: self.dialect,
            kind: kind.into(),
            address: self.address.clone(),
            span: self.span,
            instance: self.instance,
            home: self.home.clone(),
            conditions: self.conditions.clone(),
            undecided: self.undecided.clone(),
            properties: crate::read::Datum::text("", self.span),
            after: self.after.clone(),
            joined: Vec::new(),
        }
    }

    /// What a reference to it gives where its template gives it no name, and the name that CloudFormation makes up:
    /// `STACK-LOGICALID-RANDOM` (CloudFormation Template Reference, "Name type"). Of long logical ids it may keep a part.
    fn generated_name(&self) -> Option<(Hole, Text)> {
        const LONGEST: usize = 40;
        let id = self.address.rsplit('/').next()?;
        let is_kept = id.len() <= LONGEST && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if self.dialect != Dialect::CloudFormation || !is_kept {
            return None;
        }
        let hole = |of| Hole { instance: self.instance, of };
        let own = |attribute: &str| Of::Resource { address: self.address.clone(), attribute: attribute.into() };
        let stack = Text::from(hole(Of::Expression("AWS::StackName".into())));
        let middle = Text::from(format!("-{id}-").as_str());
        Some((hole(own("id")), Text::concat([&stack, &middle, &hole(own(GENERATED)).into()])))
    }

    /// Its ARN, where that is its address: of what exists.
    pub(super) fn arn(&self) -> Option<&str> {
        Some(&*self.address).filter(|address| address.starts_with("arn:"))
    }

    /// Whether it was seen in an account, and is not only to be.
    pub fn is_live(&self) -> bool {
        self.arn().is_some()
    }

    /// Whether it is AWS's own, which every account sees and nobody can change.
    pub fn is_of_aws(&self) -> bool {
        self.home.account.literal() == Some("aws")
    }

    /// Whether it exists in this world.
    pub fn exists(&self) -> Truth {
        match &self.undecided {
            None => Truth::yes(),
            Some(condition) => Truth::unknown(Why::condition(condition.clone())),
        }
    }

    /// Whether it is deployed after another resource, or after the nested stack that holds that one.
    pub fn is_after(&self, other: &Declared) -> bool {
        let nested =
            |address: &Arc<str>| other.address.strip_prefix(&**address).is_some_and(|rest| rest.starts_with('/'));
        self.after.contains(&other.address) || self.after.iter().any(nested)
    }
}

/// One account, one Terraform root module, or one stack with its nested stacks, in one world.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Trails.
    pub trails: Listed<Trail>,
    /// Trails that record this account too, and are another's.
    pub shadows: Vec<Trail>,
    /// The account, where its evidence is read.
    pub live: Option<Live>,
    /// What its trails name and AWS says is not there.
    pub gone: Vec<Gone>,
    /// Event data stores.
    pub stores: Listed<Store>,
    /// Buckets.
    pub buckets: Listed<Bucket>,
    /// Bucket policies.
    pub bucket_policies: Listed<BucketPolicy>,
    /// The buckets that are not declared in this scope, but their policies or settings are.
    pub policy_buckets: Listed<Bucket>,
    /// What empties a bucket when the stack is deleted.
    pub auto_deletes: Listed<AutoDelete>,
    /// KMS keys.
    pub keys: Listed<Key>,
    /// Aliases of keys.
    pub aliases: Listed<Alias>,
    /// Log groups.
    pub log_groups: Listed<LogGroup>,
    /// Policies of CloudWatch Logs.
    pub log_policies: Listed<LogPolicy>,
    /// Topics.
    pub topics: Listed<Topic>,
    /// Their policies.
    pub topic_policies: Listed<TopicPolicy>,
    /// Channels into event data stores.
    pub channels: Listed<Channel>,
    /// Policies of stores and channels.
    pub store_policies: Listed<StorePolicy>,
    /// Roles, users, groups and their policies.
    pub identities: Listed<Identity>,
    /// Service control policies and their like.
    pub organization_policies: Listed<OrganizationPolicy>,
    /// Accounts that administer a service for the organization.
    pub administrators: Listed<DelegatedAdministrator>,
    /// Member accounts.
    pub accounts: Listed<Account>,
    /// Organizational units.
    pub units: Listed<Unit>,
    /// What references to resources of this scope stand for.
    pub names: iam::Names,
    /// Organizations that are declared here.
    pub organizations: Listed<Organization>,
    shared: Shared,
    /// How many of `policy_buckets` are declared by their settings; the others follow from policies.
    settings: usize,
}

/// What all trails of a scope have in common, worked out once: what coverage checks say, and the widest trail.
#[derive(Debug, Default)]
struct Shared {
    verdicts: Mutex<BTreeMap<&'static str, Verdict>>,
    widest: OnceLock<Option<Arc<str>>>,
}

impl Clone for Shared {
    fn clone(&self) -> Shared {
        Shared::default()
    }
}

/// The resource types that the model reads, as CloudFormation names them.
pub const TYPES: [&str; 39] = [
    "Trailproof::KnownOrganization",
    "Trailproof::UnlistedIdentities",
    "Trailproof::NoBucket",
    "Trailproof::NoLogGroup",
    "Trailproof::Account",
    "AWS::CloudTrail::Trail",
    "AWS::CloudTrail::ShadowTrail",
    "AWS::CloudTrail::EventDataStore",
    "AWS::CloudTrail::Channel",
    "AWS::CloudTrail::DelegatedAdministrator",
    "AWS::CloudTrail::ResourcePolicy",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::S3::BucketSettings",
    "Custom::S3AutoDeleteObjects",
    "AWS::KMS::Key",
    "AWS::KMS::ReplicaKey",
    "AWS::KMS::Alias",
    "AWS::Logs::LogGroup",
    "AWS::Logs::ResourcePolicy",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SNS::TopicInlinePolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    "AWS::Serverless::Function",
    "AWS::Serverless::StateMachine",
    "AWS::SSO::PermissionSet",
    "AWS::SSO::PermissionSetInlinePolicy",
    "AWS::Organizations::Organization",
    "AWS::Organizations::Policy",
    "AWS::Organizations::Account",
    "AWS::Organizations::OrganizationalUnit",
];

impl Scope {
    /// Its trails, and those of other accounts that it sees.
    pub fn all_trails(&self) -> impl Iterator<Item = &Trail> {
        self.trails.iter().chain(&self.shadows)
    }
}

/// Everything that a run knows: its scopes.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// The scopes, in the order of their first files.
    pub scopes: Vec<Arc<Scope>>,
}

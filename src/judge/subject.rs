//! What is judged, and why: the kinds of subjects, and what makes a bucket or key one of the audit trail's.

use super::Judge;
use crate::checks::{Check, Run};
use crate::model::{Bucket, Cx, Declared, Route, Scope};
use crate::source::Span;
use crate::value::{Related, Text, Value};
use std::sync::Arc;

/// The kinds of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Trail,
    /// A trail of an account whose evidence is read.
    LiveTrail,
    /// Such an account.
    Live,
    Store,
    Bucket,
    /// The bucket of a policy that is declared without it.
    PolicyBucket,
    /// The bucket of settings that are declared without it.
    BucketSettings,
    Key,
    LogGroup,
    Topic,
    /// An identity as the role of a trail.
    Role,
    /// An identity as what it is.
    Identity(&'static str),
    OrganizationPolicy,
    /// A member account, as the organization lists it.
    Account,
    DelegatedAdministrator,
    Organization,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Trail | Kind::LiveTrail => "trail",
            Kind::Store => "event data store",
            Kind::Bucket | Kind::BucketSettings => "bucket",
            Kind::PolicyBucket => "bucket policy",
            Kind::Key => "key",
            Kind::LogGroup => "log group",
            Kind::Topic => "topic",
            Kind::Role => "role",
            Kind::Identity(kind) => kind,
            Kind::OrganizationPolicy => "organization policy",
            Kind::Account | Kind::Live => "account",
            Kind::DelegatedAdministrator => "delegated administrator",
            Kind::Organization => "organization",
        }
    }

    pub(super) fn is_judged_by(self, check: &Check) -> bool {
        match check.run {
            Run::Trail(_) => self == Kind::Trail,
            Run::LiveTrail(_) => self == Kind::LiveTrail,
            Run::Live(_) => self == Kind::Live,
            Run::Store(_) => self == Kind::Store,
            Run::Bucket(_) => matches!(self, Kind::Bucket | Kind::BucketSettings),
            Run::BucketPolicy(_) => matches!(self, Kind::Bucket | Kind::PolicyBucket | Kind::BucketSettings),
            Run::Key(_) => self == Kind::Key,
            Run::LogGroup(_) => self == Kind::LogGroup,
            Run::Topic(_) => self == Kind::Topic,
            Run::Role(_) => self == Kind::Role,
            Run::Identity(_) => matches!(self, Kind::Identity(_)),
            Run::OrganizationPolicy(_) => self == Kind::OrganizationPolicy,
            Run::Membership(_) => matches!(self, Kind::Organization | Kind::OrganizationPolicy),
            Run::Account(_) => self == Kind::Account,
            Run::DelegatedAdministrator(_) => self == Kind::DelegatedAdministrator,
            Run::Organization(_) => self == Kind::Organization,
            Run::Removal(_) => matches!(
                self,
                Kind::Trail | Kind::Store | Kind::Bucket | Kind::Key | Kind::LogGroup | Kind::OrganizationPolicy
            ),
            // A role is there twice: as what it is, too.
            Run::Weakening(_) => !matches!(self, Kind::Role | Kind::Live | Kind::LiveTrail),
        }
    }
}

pub(super) fn subjects(scope: &Scope) -> Vec<(Kind, &Declared)> {
    let mut all: Vec<(Kind, &Declared)> = Vec::new();
    if let Some(live) = &scope.live {
        all.extend(live.asked_itself.is(true).is_true().then_some((Kind::Live, &live.at)));
        all.extend(scope.trails.iter().map(|it| (Kind::LiveTrail, &it.at)));
    }
    all.extend(scope.trails.iter().map(|it| (Kind::Trail, &it.at)));
    all.extend(scope.stores.iter().map(|it| (Kind::Store, &it.at)));
    all.extend(scope.buckets.iter().map(|it| (Kind::Bucket, &it.at)));
    let undeclared = |it: &Bucket| if it.is_of_policy { Kind::PolicyBucket } else { Kind::BucketSettings };
    all.extend(scope.policy_buckets.iter().map(|it| (undeclared(it), &it.at)));
    all.extend(scope.keys.iter().map(|it| (Kind::Key, &it.at)));
    all.extend(scope.log_groups.iter().map(|it| (Kind::LogGroup, &it.at)));
    all.extend(scope.topics.iter().map(|it| (Kind::Topic, &it.at)));
    all.extend(scope.identities.iter().filter(|it| it.kind == "role").map(|it| (Kind::Role, &it.at)));
    // The managed policies of AWS are nobody's to change.
    let own = scope.identities.iter().filter(|it| !it.at.is_of_aws());
    all.extend(own.map(|it| (Kind::Identity(it.kind), &it.at)));
    let own = scope.organization_policies.iter().filter(|it| !it.is_of_aws());
    all.extend(own.map(|it| (Kind::OrganizationPolicy, &it.at)));
    all.extend(scope.accounts.iter().map(|it| (Kind::Account, &it.at)));
    all.extend(scope.administrators.iter().map(|it| (Kind::DelegatedAdministrator, &it.at)));
    let told = scope.organizations.iter().filter(|it| it.is_told);
    all.extend(told.map(|it| (Kind::Organization, &it.at)));
    all
}

impl Judge<'_> {
    pub(super) fn bucket<'s>(&self, scope: &'s Scope) -> Option<&'s Bucket> {
        let all = match self.kind {
            Kind::PolicyBucket | Kind::BucketSettings => &scope.policy_buckets,
            _ => &scope.buckets,
        };
        all.of(self.at)
    }

    /// The companion resources that are judged with the subject: their addresses, and where their names stand.
    pub(super) fn includes(&self, cx: &Cx) -> Vec<(Arc<str>, Span)> {
        let scope = cx.scope;
        let companions: Vec<&Declared> = match self.kind {
            Kind::Bucket | Kind::BucketSettings => {
                let bucket = self.bucket(scope).into_iter();
                bucket.flat_map(|bucket| cx.policies_of(bucket)).map(|policy| &policy.at).collect()
            }
            Kind::Topic => {
                let topic = scope.topics.of(self.at).into_iter();
                topic.flat_map(|topic| cx.policies_of_topic(topic)).map(|policy| &policy.at).collect()
            }
            Kind::Role => {
                let role = scope.identities.of(self.at).into_iter();
                role.flat_map(|role| cx.policies_of_role(role)).map(|policy| &policy.at).collect()
            }
            Kind::Store => {
                let store = scope.stores.of(self.at).into_iter();
                store.flat_map(|store| cx.policies_of_store(store)).map(|policy| &policy.at).collect()
            }
            _ => Vec::new(),
        };
        let held = companions.into_iter().filter(|at| at.address != self.at.address);
        let held = held.map(|at| (at.address.clone(), at.span));
        self.at.joined.iter().cloned().chain(held).collect()
    }

    /// Why the subject is judged: as itself, for a trail that names it, or because it was named to the run; none where
    /// it has nothing to do with an audit trail.
    pub(super) fn serves<'e>(&self, cx: &Cx<'e>) -> Option<Option<(Related, Vec<Route<'e>>)>> {
        let settings = self.settings;
        let listed = |list: &[String], name: Option<&Value<Option<Text>>>, flag: &str| {
            let name = name.and_then(|name| name.get()?.as_ref()?.literal().map(str::to_owned));
            let related = Related { label: format!("named by `{flag}`").into(), span: self.at.span };
            cx.is_listed(list, self.at, name.as_deref()).then_some((related, Vec::new()))
        };
        let by_trail = |routes: Vec<Route<'e>>, label: &'static str| {
            let related = routes.first().map(|route| Related { label: label.into(), span: route.trail.at.span });
            related.map(|related| (related, routes))
        };
        let admits = |names: bool| {
            let related = Related { label: "its policy lets CloudTrail in".into(), span: self.at.span };
            names.then_some((related, Vec::new()))
        };
        let scope = cx.scope;
        let serves = match self.kind {
            Kind::Bucket | Kind::PolicyBucket | Kind::BucketSettings => {
                let bucket = self.bucket(scope)?;
                // What another template of the run declares is judged there.
                if self.kind != Kind::Bucket && cx.is_declared(bucket) {
                    return None;
                }
                by_trail(cx.trails_of_bucket(bucket), "delivers here")
                    .or_else(|| admits(cx.admits_cloudtrail(cx.policies_of(bucket).iter().map(|it| &it.document))))
                    .or_else(|| listed(&settings.log_buckets, Some(&bucket.name), "--log-bucket"))
            }
            Kind::Key => {
                let key = scope.keys.of(self.at)?;
                by_trail(cx.trails_of_key(key), "encrypts its logs with this key")
                    .or_else(|| admits(cx.admits_cloudtrail([&key.policy])))
                    .or_else(|| listed(&settings.log_keys, None, "--log-key"))
            }
            Kind::LogGroup => {
                let group = scope.log_groups.of(self.at)?;
                by_trail(cx.trails_of_log_group(group), "sends its events here")
                    .or_else(|| listed(&settings.log_groups, Some(&group.name), "--log-group"))
            }
            Kind::Topic => {
                let topic = scope.topics.of(self.at)?;
                by_trail(cx.trails_of_topic(topic), "announces its deliveries here")
                    .or_else(|| admits(cx.admits_cloudtrail(cx.policies_of_topic(topic).iter().map(|it| &it.document))))
                    .or_else(|| listed(&settings.trail_topics, Some(&topic.name), "--trail-topic"))
            }
            Kind::Role => {
                let role = scope.identities.of(self.at)?;
                by_trail(cx.trails_of_role(role), "writes to its log group by this role")
                    .or_else(|| admits(cx.admits_cloudtrail([&role.trust])))
            }
            // The others are judged for themselves.
            _ => return Some(None),
        };
        serves.map(Some)
    }
}

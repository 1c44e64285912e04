//! Links: which declared thing a text names.
//!
//! By reference first (a hole that is the resource's own), then by equal name: within the instance names compare with
//! their holes, across scopes only whole literals do.

use super::iam::Policy;
use super::listed::Handle;
use super::{
    Bucket, BucketPolicy, CLOUDTRAIL, Channel, Cx, Declared, Identity, Key, LogGroup, Scope, Store, StorePolicy, Topic,
    TopicPolicy, Trail,
};
use crate::value::{Condition, Instance, Of, Piece, Text, Truth, Value, What, Why};
use std::sync::Arc;

/// The thing that a text names.
#[derive(Clone, Copy, Debug)]
pub enum Link<'a, T> {
    /// This one.
    One(&'a T),
    /// None that this run declares.
    Elsewhere,
    /// One of several.
    Ambiguous,
}

impl<'a, T> Link<'a, T> {
    fn of(found: Vec<&'a T>) -> Link<'a, T> {
        match found.as_slice() {
            [] => Link::Elsewhere,
            [only] => Link::One(only),
            _ => Link::Ambiguous,
        }
    }

    /// The thing, where it is one.
    pub fn one(self) -> Option<&'a T> {
        match self {
            Link::One(found) => Some(found),
            _ => None,
        }
    }

    /// Why it is not one.
    pub fn why(&self, what: &str) -> Why {
        match self {
            Link::Ambiguous => Why::not_visible(what, format!("{what} is declared in several places of this run")),
            _ => Why::not_visible(what, format!("{what} is not declared in this run")),
        }
    }
}

/// The attributes by which a resource is named.
const NAMES: [&str; 6] = ["id", "Arn", "TopicName", "EventDataStoreArn", "ChannelArn", "PolicyArn"];

/// The declaration that a text refers to.
pub(super) fn reference(text: &Text) -> Option<(Instance, &Arc<str>)> {
    let hole = text.hole()?;
    match &hole.of {
        Of::Resource { address, attribute } if NAMES.contains(&&**attribute) => Some((hole.instance, address)),
        _ => None,
    }
}

pub(super) fn is_reference(text: &Text, to: &Declared) -> bool {
    reference(text).is_some_and(|(instance, address)| instance == to.instance && *address == to.address)
        || to.arn().is_some_and(|arn| text.literal() == Some(arn))
}

/// Whether an ARN may be in the account and Region of what is declared: a name alone is not one of a kind.
fn is_near(arn: &Text, to: &Declared) -> bool {
    let Some(mut parts) = arn.literal().filter(|arn| arn.starts_with("arn:")).map(|arn| arn.split(':').skip(3)) else {
        return true;
    };
    let fits = |part: Option<&str>, own: &Text| match (part, own.literal()) {
        (Some(part), Some(own)) => part.is_empty() || part == own,
        _ => true,
    };
    fits(parts.next(), &to.home.region) && fits(parts.next(), &to.home.account)
}

fn is_named(text: &Text, at: &Declared, name: &Value<Option<Text>>) -> bool {
    let equal = |name: &Text| name == text && !text.pieces().is_empty();
    is_reference(text, at) || name.candidates().into_iter().flatten().any(equal)
}

/// The alias in what names a key by one, `alias/` before it; other texts as they are.
pub(super) fn alias_name(text: &Text) -> Text {
    text.after(":alias/").map_or_else(|| text.clone(), |name| Text::concat([&"alias/".into(), &name]))
}

/// The name in a log group's ARN; other texts as they are.
pub(super) fn log_group_name(arn: &Text) -> Text {
    let name = arn.after("log-group:").unwrap_or_else(|| arn.clone());
    name.strip_suffix(":*").unwrap_or(name)
}

impl Scope {
    fn key_of(&self, text: &Text, depth: usize) -> Vec<&Key> {
        let id = text.after(":key/").unwrap_or_else(|| text.clone());
        // Keys of several Regions and accounts may have one id, and never one ARN.
        let whole = self.keys.named(text);
        let direct = if whole.is_empty() && id.literal().is_none() { self.keys.named(&id) } else { whole };
        if !direct.is_empty() || depth == 0 {
            return direct;
        }
        let aliases = self.aliases.named(&alias_name(text)).into_iter();
        let targets = aliases.flat_map(|alias| alias.target.candidates());
        targets.flat_map(|target| self.key_of(target, depth - 1)).collect()
    }
}

impl Scope {
    /// The buckets of policies whose bucket is declared nowhere in this scope.
    pub(super) fn undeclared_buckets(&self) -> Vec<Bucket> {
        let declared =
            |name: &Text| !self.buckets.named(name).is_empty() || !self.policy_buckets.named(name).is_empty();
        let orphans =
            self.bucket_policies.iter().filter(|policy| !policy.bucket.candidates().into_iter().any(declared));
        orphans.map(BucketPolicy::undeclared_bucket).collect()
    }
}

impl<'a> Cx<'a> {
    /// The bucket of this name.
    pub fn bucket_named(&self, name: &Text) -> Link<'a, Bucket> {
        let all = self.own_first(|scope| scope.buckets.named(name));
        let by_reference: Vec<&Bucket> = all.iter().copied().filter(|bucket| is_reference(name, &bucket.at)).collect();
        Link::of(if by_reference.is_empty() { all } else { by_reference })
    }

    /// The trails that deliver into a bucket.
    pub fn trails_of_bucket(&self, bucket: &Bucket) -> Vec<Route<'a>> {
        let means = |name: &Text, it: &Bucket| is_named(name, &it.at, &it.name) && !same(&it.at, &bucket.at);
        let declares = |scope: &Scope, name: &Text| scope.buckets.iter().any(|it| means(name, it));
        let named = |name: &Text| is_named(name, &bucket.at, &bucket.name);
        self.routes_beyond(|trail| &trail.bucket, &named, &declares)
    }

    /// Whether a bucket policy is for the declared bucket that a trail delivers into.
    pub fn is_policy_of(&self, policy: &BucketPolicy, trail: &Trail) -> Truth {
        let bucket = |name: &Text| self.scope.buckets.named(name).first().copied();
        trail.bucket.ask(&|wanted, _| match wanted.as_ref().and_then(bucket) {
            None => Truth::no(),
            Some(wanted) => wanted.at.exists().and(policy.bucket.ask(&|name, _| {
                if bucket(name).is_some_and(|named| same(&named.at, &wanted.at)) { Truth::yes() } else { Truth::no() }
            })),
        })
    }

    /// The policies of a bucket: those that refer to it; where none does, those that name it.
    pub fn policies_of(&self, bucket: &Bucket) -> Vec<&'a BucketPolicy> {
        let handles = Handle::of(&bucket.at, &bucket.name);
        self.own_first(|scope| {
            let referring = handles.get(..1).map(|own| scope.bucket_policies.with(own)).unwrap_or_default();
            if referring.is_empty() { scope.bucket_policies.with(&handles) } else { referring }
        })
    }

    /// What is found in this scope; where that is nothing, what the others hold. A name that this scope gives to a thing
    /// of its own means that one, whoever else gives it too.
    fn own_first<T>(&self, find: impl Fn(&'a Scope) -> Vec<&'a T>) -> Vec<&'a T> {
        let own = find(self.scope);
        if !own.is_empty() {
            return own;
        }
        let others = self.estate.scopes.iter().filter(|scope| !std::ptr::eq(&***scope, self.scope));
        others.flat_map(|scope| find(scope)).collect()
    }

    /// Whether a policy is for a bucket: by reference, by name, or, in the bucket's own scope, by a name that is not
    /// known.
    pub fn is_for(&self, policy: &BucketPolicy, bucket: &Bucket) -> Truth {
        let may_be_named = |name: &Text| match (bucket.name.get(), name.hole().map(|hole| &hole.of)) {
            (_, Some(Of::Resource { .. })) => Truth::no(),
            (Some(Some(own)), _) => own.same(name),
            // A made-up name is nobody's to write, but may be passed on.
            (Some(None), Some(_)) => name.why().map_or_else(Truth::no, Truth::unknown),
            (Some(None), None) if name.pieces().iter().any(|piece| matches!(piece, Piece::Unknown(_))) => {
                name.why().map_or_else(Truth::no, Truth::unknown)
            }
            (Some(None), None) => Truth::no(),
            (None, _) => bucket.name.why().map_or_else(Truth::no, Truth::unknown),
        };
        policy.bucket.ask(&|name, _| match is_named(name, &bucket.at, &bucket.name) {
            true => Truth::yes(),
            false if policy.at.instance == bucket.at.instance => may_be_named(name),
            false => Truth::no(),
        })
    }

    /// The trails whose logs a key encrypts.
    pub fn trails_of_key(&self, key: &Key) -> Vec<Route<'a>> {
        self.routes(|trail| &trail.key, &|text| {
            self.estate.scopes.iter().any(|scope| scope.key_of(text, 3).iter().any(|other| same(&other.at, &key.at)))
        })
    }

    /// The trails that send their events to a log group.
    pub fn trails_of_log_group(&self, group: &LogGroup) -> Vec<Route<'a>> {
        self.routes(|trail| &trail.log_group, &|arn| {
            is_near(arn, &group.at) && is_named(&log_group_name(arn), &group.at, &group.name)
        })
    }

    /// Whether all that is known of the bucket is what a policy or settings say that are declared without it.
    pub fn is_undeclared(&self, bucket: &Bucket) -> bool {
        self.scope.policy_buckets.iter().any(|other| std::ptr::eq(other, bucket))
    }

    /// Whether a template of the run declares the bucket.
    pub fn is_declared(&self, bucket: &Bucket) -> bool {
        let named = |name: &Text| !matches!(self.bucket_named(name), Link::Elsewhere);
        bucket.name.candidates().into_iter().flatten().any(named)
    }

    /// Whether a document names CloudTrail's service principal: then what it is for is an audit trail's.
    pub fn admits_cloudtrail<'p>(&self, documents: impl IntoIterator<Item = &'p Value<Option<Policy>>>) -> bool {
        let policies = documents.into_iter().flat_map(|document| document.candidates()).flatten();
        policies.into_iter().any(|policy| policy.names_service(CLOUDTRAIL))
    }

    /// The trails that announce their deliveries on a topic.
    pub fn trails_of_topic(&self, topic: &Topic) -> Vec<Route<'a>> {
        self.routes(|trail| &trail.topic, &|text| {
            is_near(text, &topic.at) && is_named(&topic_name(text), &topic.at, &topic.name)
        })
    }

    /// The policies of a topic.
    pub fn policies_of_topic(&self, topic: &Topic) -> Vec<&'a TopicPolicy> {
        let handles = Handle::of(&topic.at, &topic.name);
        let near = |policy: &&TopicPolicy| match (policy.at.arn(), topic.at.arn()) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        self.own_first(|scope| scope.topic_policies.with(&handles).into_iter().filter(near).collect())
    }

    /// The trails that write to their log group by a role.
    pub fn trails_of_role(&self, role: &Identity) -> Vec<Route<'a>> {
        self.routes(|trail| &trail.log_role, &|text| {
            is_near(text, &role.at) && is_named(&identity_name(text), &role.at, &role.name)
        })
    }

    /// What is attached to a role from outside: policies that name it, and managed policies of this run that it names.
    pub fn policies_of_role(&self, role: &Identity) -> Vec<&'a Identity> {
        let managed: Vec<&Text> =
            role.managed.candidates().into_iter().flatten().flatten().flat_map(Value::candidates).collect();
        let mut handles = Handle::of(&role.at, &role.name);
        handles.extend(managed.iter().copied().flat_map(policy_handle));
        let all = self.estate.scopes.iter().flat_map(|scope| scope.identities.with_or_named(&handles, &managed));
        all.filter(|policy| policy.kind == "policy").collect()
    }

    /// The managed policy that an ARN names: those of AWS are in the evidence of each account.
    pub fn policy_named(&self, arn: &Text) -> Link<'a, Identity> {
        let handles: Vec<Handle> = policy_handle(arn).into_iter().collect();
        let all = self.own_first(|scope| scope.identities.with_or_named(&handles, &[arn]));
        Link::of(all.into_iter().filter(|it| it.kind == "policy").collect())
    }

    /// The declared key that a text names: id, ARN or alias.
    pub fn key_named(&self, text: &Text) -> Link<'a, Key> {
        let mut found: Vec<&'a Key> = Vec::new();
        for key in self.estate.scopes.iter().flat_map(|scope| scope.key_of(text, 3)) {
            if !found.iter().any(|known| same(&known.at, &key.at)) {
                found.push(key);
            }
        }
        Link::of(found)
    }

    /// The policies of a store and of the channels that deliver into it.
    pub fn policies_of_store(&self, store: &Store) -> Vec<&'a StorePolicy> {
        let scopes = || self.estate.scopes.iter();
        let into = |channel: &&Channel| {
            let all = channel.destinations.candidates().into_iter().flatten();
            all.flat_map(Value::candidates).flatten().any(|text| is_reference(text, &store.at))
        };
        let channels: Vec<&Channel> = scopes().flat_map(|scope| &scope.channels).filter(into).collect();
        let of = |policy: &&StorePolicy| {
            let named = |at: &Declared| policy.resource.candidates().into_iter().any(|text| is_reference(text, at));
            named(&store.at) || channels.iter().any(|channel| named(&channel.at))
        };
        scopes().flat_map(|scope| &scope.store_policies).filter(of).collect()
    }

    fn routes(&self, property: fn(&Trail) -> &Value<Option<Text>>, hits: &dyn Fn(&Text) -> bool) -> Vec<Route<'a>> {
        self.routes_beyond(property, hits, &|_, _| false)
    }

    /// The trails whose property names the subject; those of other scopes not where their own declares another thing that
    /// they name.
    fn routes_beyond(
        &self,
        property: fn(&Trail) -> &Value<Option<Text>>,
        hits: &dyn Fn(&Text) -> bool,
        declares: &dyn Fn(&Scope, &Text) -> bool,
    ) -> Vec<Route<'a>> {
        let mut routes = Vec::new();
        for scope in &self.estate.scopes {
            let is_own = std::ptr::eq(&**scope, self.scope);
            for trail in &scope.trails {
                let mut found = Vec::new();
                let meant = |text: &Text| hits(text) && (is_own || !declares(scope, text));
                ways(property(trail), &meant, &mut Vec::new(), &mut found);
                routes.extend(found.into_iter().map(|conditions| Route { trail, conditions }));
            }
        }
        routes
    }
}

/// The name in a topic's ARN; other texts as they are.
pub(super) fn topic_name(text: &Text) -> Text {
    text.after_last(':').unwrap_or_else(|| text.clone())
}

/// By what a managed policy is found that the ARN names which its name and path give. A policy is attached in its own
/// account only, so that whose it is says nothing.
fn policy_handle(arn: &Text) -> Option<Handle> {
    arn_end(arn).map(Handle::Name)
}

/// What the ARN of a managed policy ends with, from `policy/` on; none for those of AWS.
fn arn_end(arn: &Text) -> Option<Text> {
    let is_aws = arn.after("iam::aws:policy/").is_some();
    arn.after(":policy/").filter(|_| !is_aws).map(|name| Text::concat([&"policy/".into(), &name]))
}

/// Whether a text names a managed policy: by reference, or by the ARN that its name gives.
pub(super) fn names_policy(arn: &Text, policy: &Identity) -> bool {
    is_reference(arn, &policy.at) || (policy.arn_end.is_some() && policy.arn_end == arn_end(arn))
}

/// The name in the ARN of a role, user or group; other texts as they are. What ends with the reference to a resource names
/// that one, whatever the path before it is.
pub(super) fn identity_name(text: &Text) -> Text {
    match text.pieces() {
        [.., Piece::Hole(hole)] if reference(&hole.clone().into()).is_some() => hole.clone().into(),
        _ => text.after_last('/').unwrap_or_else(|| text.clone()),
    }
}

/// A trail that names a resource, and the sides of conditions on which it does.
#[derive(Clone, Debug)]
pub struct Route<'a> {
    /// The trail.
    pub trail: &'a Trail,
    /// The conditions on the way to the name, and how they must be.
    pub conditions: Vec<(Condition, bool)>,
}

/// The ways through a value's conditions to a text that is meant.
fn ways(
    value: &Value<Option<Text>>,
    hits: &dyn Fn(&Text) -> bool,
    path: &mut Vec<(Condition, bool)>,
    found: &mut Vec<Vec<(Condition, bool)>>,
) {
    match &value.what {
        What::Known(Some(text)) if hits(text) => found.push(path.clone()),
        What::Either(condition, yes, no) => {
            for (side, holds) in [(yes, true), (no, false)] {
                path.push((condition.clone(), holds));
                ways(side, hits, path, found);
                path.pop();
            }
        }
        What::OneOf(_, values) => values.iter().for_each(|value| ways(value, hits, path, found)),
        _ => {}
    }
}

/// Whether two subjects are one declaration.
pub(super) fn same(one: &Declared, other: &Declared) -> bool {
    one.instance == other.instance && one.address == other.address
}

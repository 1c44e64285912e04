//! Links: which declared thing a text names.
//!
//! By reference first (a hole that is the resource's own), then by equal name: within the instance names compare with
//! their holes, across scopes only whole literals do.

use super::{Alias, Bucket, BucketPolicy, Cx, Declared, Key, LogGroup, Scope, Trail};
use crate::value::{Hole, Of, Text, Truth, Value, Why};

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

fn is_reference(text: &Text, to: &Declared) -> bool {
    let wanted = |hole: &Hole| match &hole.of {
        Of::Resource { address, attribute } => {
            hole.instance == to.instance && *address == to.address && matches!(&**attribute, "id" | "Arn")
        }
        _ => false,
    };
    text.hole().is_some_and(wanted)
}

fn is_named(text: &Text, at: &Declared, name: &Value<Option<Text>>) -> bool {
    let equal = |name: &Text| name == text && !text.pieces().is_empty();
    is_reference(text, at) || name.candidates().into_iter().flatten().any(equal)
}

impl Scope {
    fn key_of(&self, text: &Text, depth: usize) -> Vec<&Key> {
        let id = text.after(":key/").unwrap_or_else(|| text.clone());
        let direct: Vec<&Key> = self.keys.iter().filter(|key| is_reference(&id, &key.at)).collect();
        if !direct.is_empty() || depth == 0 {
            return direct;
        }
        let name = text.after(":alias/").map_or_else(|| text.clone(), |name| Text::concat([&"alias/".into(), &name]));
        let names = |alias: &&Alias| is_reference(&name, &alias.at) || alias.name.candidates().contains(&&name);
        let targets = self.aliases.iter().filter(names).flat_map(|alias| alias.target.candidates());
        targets.flat_map(|target| self.key_of(target, depth - 1)).collect()
    }
}

impl<'a> Cx<'a> {
    /// The buckets that a name may mean, on either side of a condition.
    pub fn buckets_named(&self, name: &Value<Option<Text>>) -> Vec<&'a Bucket> {
        let names: Vec<&Text> = name.candidates().into_iter().flatten().collect();
        let named = |bucket: &&Bucket| names.iter().any(|name| is_named(name, &bucket.at, &bucket.name));
        self.estate.scopes.iter().flat_map(|scope| &scope.buckets).filter(named).collect()
    }

    /// The bucket of this name.
    pub fn bucket_named(&self, name: &Text) -> Link<'a, Bucket> {
        let all = self.estate.scopes.iter().flat_map(|scope| &scope.buckets);
        let by_reference: Vec<&Bucket> = all.clone().filter(|bucket| is_reference(name, &bucket.at)).collect();
        if !by_reference.is_empty() {
            return Link::of(by_reference);
        }
        Link::of(all.filter(|bucket| is_named(name, &bucket.at, &bucket.name)).collect())
    }

    /// The trails that deliver into a bucket.
    pub fn trails_of_bucket(&self, bucket: &Bucket) -> Vec<&'a Trail> {
        let into = |trail: &&Trail| self.buckets_named(&trail.bucket).iter().any(|other| same(&other.at, &bucket.at));
        self.trails().filter(into).collect()
    }

    /// Whether a bucket policy is for the declared bucket that a trail delivers into.
    pub fn is_policy_of(&self, policy: &BucketPolicy, trail: &Trail) -> Truth {
        let bucket = |name: &Text| {
            let mine = self.scope.buckets.iter().filter(|bucket| is_named(name, &bucket.at, &bucket.name));
            mine.map(|bucket| bucket.at.address.clone()).next()
        };
        trail.bucket.ask(&|wanted, _| match wanted.as_ref().and_then(bucket) {
            None => Truth::no(),
            Some(wanted) => policy.bucket.ask(&|name, _| {
                if bucket(name) == Some(wanted.clone()) { Truth::yes() } else { Truth::no() }
            }),
        })
    }

    /// The addresses of the policies of a bucket.
    pub fn policies_of(&self, bucket: &Bucket) -> Vec<&'a BucketPolicy> {
        let names = |policy: &&BucketPolicy| policy.bucket.candidates().into_iter().any(|name| is_named(name, &bucket.at, &bucket.name));
        self.estate.scopes.iter().flat_map(|scope| &scope.bucket_policies).filter(names).collect()
    }

    /// The trails whose logs a key encrypts.
    pub fn trails_of_key(&self, key: &Key) -> Vec<&'a Trail> {
        let by = |trail: &&Trail| {
            let mut texts = trail.key.candidates().into_iter().flatten();
            texts.any(|text| {
                self.estate.scopes.iter().any(|scope| scope.key_of(text, 3).iter().any(|other| same(&other.at, &key.at)))
            })
        };
        self.trails().filter(by).collect()
    }

    /// The trails that send their events to a log group.
    pub fn trails_of_log_group(&self, group: &LogGroup) -> Vec<&'a Trail> {
        let to = |trail: &&Trail| {
            trail.log_group.candidates().into_iter().flatten().any(|arn| {
                let name = arn.after("log-group:").unwrap_or_else(|| arn.clone());
                let name = name.strip_suffix(":*").unwrap_or(name);
                is_named(&name, &group.at, &group.name)
            })
        };
        self.trails().filter(to).collect()
    }

    fn trails(&self) -> impl Iterator<Item = &'a Trail> {
        self.estate.scopes.iter().flat_map(|scope| &scope.trails)
    }
}

/// Whether two subjects are one declaration.
pub(super) fn same(one: &Declared, other: &Declared) -> bool {
    one.instance == other.instance && one.address == other.address
}

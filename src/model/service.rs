//! What policies let CloudTrail do, and for which trails.
//!
//! A key, topic or role may serve several trails, or one that no template of the run declares. What the requests of
//! such a trail carry has the form of a trail's ARN, and is not visible otherwise.

use super::bucket::is_filled;
use super::cloudtrail::{TRAIL_ARN, context_of_unseen_trail};
use super::iam::{Context, Known, Policy, weigh};
use super::link::{Link, alias_name, same};
use super::{Cx, Declared, Key, Route, Scope, Store, Topic, Trail, anything};
use crate::value::{Piece, Text, Truth, Value, Verdict, require};
use std::sync::Arc;

impl<'a> Cx<'a> {
    /// Whether something is declared in the stack that is looked at.
    pub fn is_here(&self, at: &Declared) -> bool {
        self.scope.buckets.of(at).is_some() || self.scope.keys.of(at).is_some()
    }

    /// Whether it can be told in which Region something is, against what is declared here: it is declared here too, it
    /// exists, or its Region was said.
    pub fn is_placed(&self, at: &Declared) -> bool {
        self.is_here(at) || at.is_live() || at.home.region.literal().is_some()
    }

    /// The event data stores that a key encrypts.
    pub fn stores_of_key(&self, key: &Key) -> Vec<&'a Store> {
        let stores = self.estate.scopes.iter().flat_map(|scope| &scope.stores);
        stores.filter(|store| self.names_key(&store.key, key)).collect()
    }

    /// The topics that a key encrypts.
    pub fn topics_of_key(&self, key: &Key) -> Vec<&'a Topic> {
        let topics = self.estate.scopes.iter().flat_map(|scope| &scope.topics);
        topics.filter(|topic| self.names_key(&topic.key, key)).collect()
    }

    fn names_key(&self, text: &Value<Option<Text>>, key: &Key) -> bool {
        let named = |text: &Text| self.key_named(text).one().is_some_and(|other| same(&other.at, &key.at));
        text.candidates().into_iter().flatten().any(named)
    }

    /// Whether the key of a topic, where it has one, lets CloudTrail publish.
    pub fn topic_key_may(&self, topic: &Topic, contexts: &[Context]) -> Truth {
        let arn = self.topic_arn(topic);
        let for_topic = |context: &Context| {
            let of_topic = ("kms:EncryptionContext:aws:sns:topicArn", Known::One(arn.clone()));
            let context = context.clone().without([TRAIL_ARN]);
            context.with(of_topic.0, of_topic.1)
        };
        self.key_lets(&topic.key, "the topic's key", &|policy, key| {
            let seen = contexts.iter().map(|context| imported(for_topic(context), &topic.key, &topic.at, &key.at));
            let contexts: Vec<Context> = seen.collect();
            let may = |action: &str| self.service_may(&[policy], action, &anything(), &contexts);
            may("kms:GenerateDataKey").and(may("kms:Decrypt"))
        })
    }

    /// Whether the key that something names, where it names one, has a policy that lets a service in: that of AWS's own
    /// keys lets none in but the one that it is for, and the one that KMS writes none at all.
    pub(super) fn key_lets(
        &self,
        named: &Value<Option<Text>>,
        what: &str,
        lets: &dyn Fn(&Policy, &Key) -> Truth,
    ) -> Truth {
        let may = named.ask(&|text, origin| {
            let Some(text) = text else { return Truth::yes() };
            if alias_name(text).starts_with("alias/aws/").is_true() {
                return Truth::of(false, origin);
            }
            let key = match self.key_named(text) {
                Link::One(key) => key,
                // What a parameter holds may be the key of AWS.
                link => return Truth::unknown(text.why().unwrap_or_else(|| link.why(what))),
            };
            key.policy.ask(&|policy, origin| match policy {
                None => Truth::of(false, origin),
                Some(policy) => lets(policy, key),
            })
        });
        may.or(is_filled(named).not())
    }

    /// What to say of a key that is not, or may not be, for trails: one that event data stores or topics of the run use,
    /// or one that no trail in sight uses and whose policy is what those need, `kms:Decrypt` and no `kms:DescribeKey`.
    pub fn unless_for_trails(&self, key: &Key, policies: &[&Policy]) -> Option<Verdict> {
        if !self.trails_of_key(key).is_empty() {
            return None;
        }
        let elsewhere = || Verdict::not_applicable("the key is for event data stores or topics, not for a trail");
        if !self.stores_of_key(key).is_empty() || !self.topics_of_key(key).is_empty() {
            return Some(elsewhere());
        }
        let plain = context_of_unseen_trail().without([TRAIL_ARN]);
        let describes = self.service_may(policies, "kms:DescribeKey", &anything(), &[plain]);
        let decrypts = self.service_may(policies, "kms:Decrypt", &anything(), &[context_of_unseen_trail()]);
        match describes.or(decrypts.not()) {
            Truth::True(_) => None,
            Truth::False(_) => Some(elsewhere()),
            unknown => Some(require(unknown)),
        }
    }

    /// What the requests of the trails carry that something serves, which they name by one of their properties; where none
    /// is in sight, of one that is not. The owner that SNS names in its default policy is there for an account's own
    /// principals, and not for CloudTrail (facts §8).
    pub fn contexts_of(
        &self,
        at: &Declared,
        routes: &[Route<'a>],
        by: fn(&Trail) -> &Value<Option<Text>>,
    ) -> Vec<Context> {
        let mut trails: Vec<&Trail> = Vec::new();
        for route in routes {
            if !trails.iter().any(|known| std::ptr::eq(*known, route.trail)) {
                trails.push(route.trail);
            }
        }
        let of_trail = |trail: &&Trail| {
            let holds = |scope: &&'a Arc<Scope>| scope.trails.iter().any(|other| std::ptr::eq(other, *trail));
            let scope = self.estate.scopes.iter().find(holds).map_or(self.scope, |scope| scope);
            let context = Cx { scope, ..*self }.context_of(trail);
            imported(context, by(trail), &trail.at, at)
        };
        let contexts =
            if trails.is_empty() { vec![context_of_unseen_trail()] } else { trails.iter().map(of_trail).collect() };
        contexts.into_iter().map(|context| context.without(["aws:SourceOwner"])).collect()
    }

    /// Whether CloudTrail may do an action in all of these circumstances.
    pub fn service_may(&self, policies: &[&Policy], action: &str, resource: &Text, contexts: &[Context]) -> Truth {
        Truth::all(contexts.iter().map(|context| {
            let request = self.by_cloudtrail(action, resource, context.clone());
            weigh(policies.iter().copied(), &request).allowed()
        }))
    }
}

/// What a request carries, as a stack sees it whose exports the other's stack imports: exports are of one account and one
/// Region (CloudFormation User Guide, "Fn::ImportValue").
pub(super) fn imported(context: Context, by: &Value<Option<Text>>, from: &Declared, to: &Declared) -> Context {
    let of_that_stack = |piece: &Piece| matches!(piece, Piece::Hole(hole) if hole.instance == to.instance);
    let imports = by.candidates().into_iter().flatten().any(|text| text.pieces().iter().any(of_that_stack));
    if from.instance == to.instance || !imports {
        return context;
    }
    let own = |text: &Text, piece: &Piece| text.pieces() == std::slice::from_ref(piece);
    context.map(&|text| {
        let mut moved = Text::default();
        for piece in text.pieces() {
            match piece {
                piece if own(&from.home.account, piece) => moved.append(&to.home.account),
                piece if own(&from.home.region, piece) => moved.append(&to.home.region),
                piece => moved.push(piece.clone()),
            }
        }
        moved
    })
}

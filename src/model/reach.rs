//! Whether what watches trails reaches someone: an alarm its topic, a rule what it should tell of; and what of it serves a
//! trail at all.

use super::detection::told;
use super::iam::{Caller, Context, Known, Policy, weigh};
use super::link::{is_named, log_group_name, same};
use super::{Alarm, Cx, Link, LogGroup, MetricFilter, Topic, Trail, anything};
use crate::patterns::{Subject, evidence_tampering, narrowing, trail_tampering};
use crate::value::{Origin, Text, Truth, Verdict, Why, require};

/// Who publishes for an alarm.
const CLOUDWATCH: &str = "cloudwatch.amazonaws.com";

impl<'a> Cx<'a> {
    /// The declared groups that a filter is on.
    pub fn groups_of_filter(&self, filter: &MetricFilter) -> Vec<&'a LogGroup> {
        let names: Vec<Text> = filter.group.candidates().into_iter().flatten().map(log_group_name).collect();
        let groups = self.scope.log_groups.iter();
        groups.filter(|group| names.iter().any(|name| is_named(name, &group.at, &group.name))).collect()
    }

    /// The first trail whose events a filter counts.
    pub fn trail_of_filter(&self, filter: &MetricFilter) -> Option<&'a Trail> {
        self.trails_of_filter(filter).into_iter().next()
    }

    /// The first trail whose events are counted by a filter that publishes what an alarm watches, or nearly.
    pub fn trail_of_alarm(&self, alarm: &Alarm) -> Option<&'a Trail> {
        let named = |filter: &&MetricFilter| self.names_metric(alarm, filter).is_true();
        self.filters_named_by(alarm).into_iter().filter(named).find_map(|filter| self.trail_of_filter(filter))
    }

    /// Whether the scope declares any alarm at all.
    pub fn declares_alarms(&self) -> bool {
        !self.scope.alarms.is_empty()
    }

    /// Whether an alarm may publish to a topic, which takes the topic's policy and that of its key.
    pub fn alarm_may_publish(&self, alarm: &Alarm, topic: &Topic, action: &Origin) -> Verdict {
        let [publishes, key] = self.publishes(alarm, topic);
        let publishes = require(publishes).or_at(topic.at.span).label("alarms are not allowed to publish");
        let key = require(key).label("alarms may not use the key that encrypts the topic");
        publishes.and(key).related("the alarm publishes here", action.span).because("the alarm may publish")
    }

    /// Whether the policy of a topic lets an alarm in, and that of its key.
    fn publishes(&self, alarm: &Alarm, topic: &Topic) -> [Truth; 2] {
        let is_own = match (alarm.at.home.account.literal(), topic.at.home.account.literal()) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        let policy = match self.documents_of_topic(topic) {
            Err(why) => Truth::unknown(why),
            // The policy that SNS writes lets the alarms of its own account in (facts §8).
            Ok(none) if none.is_empty() => is_own.into(),
            Ok(policies) => self.alarms_may(&policies, "sns:Publish", &self.topic_arn(topic), alarm),
        };
        let key = self.key_lets(&topic.key, "the topic's key", &|policy, _| {
            let may = |action: &str| self.alarms_may(&[policy], action, &anything(), alarm);
            may("kms:GenerateDataKey").and(may("kms:Decrypt"))
        });
        [policy, key]
    }

    /// Whether what an alarm does reaches anyone, as far as that is in sight.
    pub(super) fn reaches(&self, alarm: &'a Alarm) -> Truth {
        let topics = self.topics_of_alarm(alarm);
        let all = alarm.actions.candidates().into_iter().flatten().flatten().count();
        if topics.is_empty() || topics.len() < all {
            return Truth::yes();
        }
        Truth::any(topics.into_iter().map(|(topic, _)| {
            let [policy, key] = self.publishes(alarm, topic);
            topic.has_subscribers().and(policy).and(key)
        }))
    }

    /// Whether an alarm of the run publishes to a topic.
    pub fn alarm_of_topic(&self, topic: &Topic) -> Option<&'a Alarm> {
        let alarms = self.estate.scopes.iter().flat_map(|scope| &scope.alarms);
        let mut watching = alarms.filter(|alarm| self.trail_of_alarm(alarm).is_some());
        watching.find(|alarm| self.topics_of_alarm(alarm).iter().any(|(other, _)| same(&other.at, &topic.at)))
    }

    fn alarms_may(&self, policies: &[&Policy], action: &str, resource: &Text, alarm: &Alarm) -> Truth {
        let home = &alarm.at.home;
        let name = match alarm.name.get() {
            Some(Some(name)) => name.clone(),
            _ => anything(),
        };
        let arn = super::arn::arn(home, "cloudwatch", "alarm:", &name);
        let context = Context::of_service(CLOUDWATCH, arn, home.account.clone())
            .with("aws:SourceOwner", Known::One(home.account.clone()));
        let request = self.request(Caller::Service(CLOUDWATCH.into()), action, resource, context);
        weigh(policies.iter().copied(), &request).allowed()
    }

    /// Where someone is told of changes of trails: whether that holds of changes of what they record too.
    pub fn trail_alarm_is_complete(&self, trail: &'a Trail) -> Verdict {
        self.at_widest(trail, |union| {
            let changes = self.is_told(union.trails(), &Subject::TrailChanges.set(), false);
            let lake = !self.scope.stores.is_empty();
            match changes {
                Truth::True(_) => told(self.is_told(union.trails(), &narrowing(lake), true), trail, &narrowing(lake)),
                Truth::False(_) => Verdict::not_applicable(
                    "no alarm tells of all other changes of trails: `no_alarm_for_trail_changes` says what is missing",
                ),
                unknown => require(unknown).or_at(trail.at.span),
            }
        })
    }

    /// Whether a rule tells of tampering with a trail.
    pub fn has_rule_for_tampering(&self, trail: &'a Trail) -> Verdict {
        let set = trail_tampering(!self.scope.stores.is_empty());
        told(self.is_ruled(trail, &set), trail, &set)
    }

    /// Whether a rule tells of tampering with what a trail has written.
    pub fn has_rule_for_evidence(&self, trail: &'a Trail) -> Verdict {
        let is_own = |name: &Text| match self.bucket_named(name) {
            Link::One(bucket) => bucket.at.home.account == trail.at.home.account,
            _ => false,
        };
        let bucket = trail.bucket.get().and_then(Option::as_ref);
        match bucket.filter(|name| is_own(name)) {
            None => require(Truth::unknown(Why::not_visible(
                "rule",
                "the bucket is another account's, and what watches over it there cannot be seen",
            )))
            .or_at(trail.at.span),
            Some(bucket) => {
                let key = !super::is_filled(&trail.key).is_false();
                let set = evidence_tampering(Some(bucket), key);
                told(self.is_ruled(trail, &set), trail, &set)
            }
        }
    }
}

//! Everything of one account: trails first, then what they lead to.

use super::account::Account;
use super::places::account_of;
use super::refs::Refs;
use super::trails::Trail;
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};

impl Account {
    /// Asks for everything; what is another account's is handed back. The history takes its time beside the rest.
    pub(super) async fn whole(&self) -> Refs {
        let regions = self.find_regions().await;
        let history = join_all(regions.iter().map(|region| async move {
            if self.is_there(region).await {
                self.history_of(region).await;
            }
        }));
        let (foreign, _) = tokio::join!(Box::pin(self.estate(&regions)), history);
        foreign
    }

    /// Everything but the history.
    async fn estate(&self, regions: &[String]) -> Refs {
        let found = join_all(regions.iter().map(|region| Box::pin(self.in_region(region)))).await;
        let (mut trails, mut refs, mut has_stores) = (BTreeMap::new(), Refs::default(), false);
        for (more, stores) in found {
            trails.extend(more);
            has_stores |= stores.is_some();
            refs.extend(stores.unwrap_or_default());
        }
        // In an organization's run its trail is asked about where it lives, if anybody is asked there.
        let mine = |trail: &&Trail| account_of(&trail.arn) == self.id;
        let tells = |owner: &str| self.run.members.get().is_some_and(|members| members.contains(owner));
        let judged: Vec<&Trail> =
            trails.values().filter(|trail| mine(trail) || !tells(account_of(&trail.arn))).collect();
        join_all(judged.iter().map(|trail| self.details_of(trail))).await;
        let own: Vec<&Trail> = trails.values().filter(mine).collect();
        let mut homes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        own.iter().for_each(|trail| homes.entry(&trail.home).or_default().push(trail.arn.clone()));
        join_all(homes.iter().map(|(home, arns)| self.tags_of(home, arns))).await;
        judged.iter().for_each(|trail| refs.extend(trail.refs()));
        let named: BTreeSet<String> = own.iter().flat_map(|trail| trail.refs().buckets).collect();
        let mut foreign = Box::pin(self.follow(refs, has_stores || !own.is_empty())).await;
        // A bucket that a trail of this account names and that is not its own may not exist at all.
        let lost: Vec<&String> = foreign.buckets.iter().filter(|bucket| named.contains(*bucket)).collect();
        join_all(lost.into_iter().map(|bucket| self.location_of(bucket))).await;
        // What an organization's trail names is for the owner to tell; somebody has to look for the bucket's.
        if self.run.organization {
            trails.values().filter(|trail| !mine(trail)).for_each(|trail| foreign.extend(trail.refs()));
        }
        foreign
    }

    /// What a Region shows: its trails by ARN, what its event data stores refer to.
    async fn in_region(&self, region: &str) -> (BTreeMap<String, Trail>, Option<Refs>) {
        if !self.is_there(region).await {
            return Default::default();
        }
        tokio::join!(self.trails_of(region), self.stores_of(region))
    }

    /// Whether a Region knows the account, as far as its trails tell.
    async fn is_there(&self, region: &str) -> bool {
        self.trails_of(region).await;
        let unknown = |asked: &super::account::Asked| asked.answer.as_ref().is_err_and(|it| it.is_unknown_here());
        let is_out = self
            .answered()
            .iter()
            .any(|((_, operation, at, _), asked)| operation == "DescribeTrails" && at == region && unknown(asked));
        !(is_out && self.is_not_enabled(region))
    }

    /// Asks about what belongs to the account, and whatever that leads to; what does not is handed back. `is_recorder` says
    /// that the account has something else to tamper with: a trail, an event data store.
    pub(super) async fn follow(&self, refs: Refs, is_recorder: bool) -> Refs {
        let (own, mut foreign) = refs.split(&self.id);
        let buckets = join_all(own.buckets.iter().map(|bucket| async move {
            let region = self.region_of_own(bucket).await;
            if let Some(region) = &region {
                Box::pin(self.bucket(bucket, region)).await;
            }
            (bucket, region.is_some())
        }));
        let keys = join_all(own.keys.iter().map(|arn| self.key(arn)));
        let groups = join_all(own.groups.iter().map(|arn| self.log_group(arn)));
        let topics = join_all(own.topics.iter().map(|arn| self.topic(arn)));
        let tampering = async {
            if is_recorder || !own.keys.is_empty() || !own.groups.is_empty() {
                self.identities().await;
            }
        };
        let (buckets, _, groups, topics, ()) = tokio::join!(buckets, keys, groups, topics, tampering);
        let lost = buckets.iter().filter(|(_, is_own)| !is_own).map(|(bucket, _)| (*bucket).clone());
        foreign.buckets.extend(lost);
        let keys = groups.into_iter().chain(topics).flatten().collect();
        let (more, others) = Refs { keys, ..Refs::default() }.split(&self.id);
        foreign.extend(others);
        let keys = join_all(more.keys.iter().filter(|arn| !own.keys.contains(*arn)).map(|arn| self.key(arn)));
        tokio::join!(keys, async {
            if buckets.iter().any(|(_, is_own)| *is_own) {
                self.identities().await;
            }
        });
        foreign
    }
}

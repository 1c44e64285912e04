//! Everything of one account: trails first, then what they lead to.

use super::account::{Account, lock};
use super::places::{account_of, region_of};
use super::refs::Refs;
use super::trails::Trail;
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};

impl Account {
    /// Asks for everything; what is another account's is handed back.
    pub(super) async fn whole(&self) -> Refs {
        let regions = self.find_regions().await;
        let found = join_all(regions.iter().map(|region| Box::pin(self.in_region(region)))).await;
        let (mut trails, mut refs, mut has_stores) = (BTreeMap::new(), Refs::default(), false);
        for (more, stores) in found {
            trails.extend(more);
            has_stores |= stores.is_some();
            refs.extend(stores.unwrap_or_default());
        }
        // In an organization's run its trail is asked about where it lives.
        let mine = |trail: &&Trail| account_of(&trail.arn) == self.id;
        let judged: Vec<&Trail> = trails.values().filter(|trail| !self.run.organization || mine(trail)).collect();
        join_all(judged.iter().map(|trail| self.details_of(trail))).await;
        let own: Vec<&Trail> = trails.values().filter(mine).collect();
        let mut homes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        own.iter().for_each(|trail| homes.entry(&trail.home).or_default().push(trail.arn.clone()));
        join_all(homes.iter().map(|(home, arns)| self.tags_of(home, arns))).await;
        let watched: BTreeSet<String> = own.iter().map(|trail| trail.home.clone()).collect();
        judged.iter().for_each(|trail| refs.extend(trail.refs()));
        let named: BTreeSet<String> = own.iter().flat_map(|trail| trail.refs().buckets).collect();
        let mut foreign = Box::pin(self.follow(refs, watched, has_stores)).await;
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
        let trails = self.trails_of(region).await;
        let unknown = |asked: &super::account::Asked| asked.answer.as_ref().is_err_and(|it| it.is_unknown_here());
        let is_out = self
            .answered()
            .iter()
            .any(|((_, operation, at, _), asked)| operation == "DescribeTrails" && at == region && unknown(asked));
        if is_out && self.is_not_enabled(region) {
            return Default::default();
        }
        let (stores, ()) = tokio::join!(self.stores_of(region), self.history_of(region));
        (trails, stores)
    }

    /// Asks about what belongs to the account, and whatever that leads to; what does not is handed back. `watched` are
    /// the Regions in which somebody could tamper with what the account owns.
    pub(super) async fn follow(&self, refs: Refs, mut watched: BTreeSet<String>, has_stores: bool) -> Refs {
        let (own, mut foreign) = refs.split(&self.id);
        let buckets = join_all(own.buckets.iter().map(|bucket| async move {
            let region = self.region_of_own(bucket).await;
            if let Some(region) = &region {
                Box::pin(self.bucket(bucket, region)).await;
            }
            (bucket.clone(), region)
        }));
        let keys = join_all(own.keys.iter().map(|arn| self.key(arn)));
        let groups = join_all(own.groups.iter().map(|arn| self.log_group(arn)));
        let (buckets, _, groups) = tokio::join!(buckets, keys, groups);
        for (bucket, region) in buckets {
            match region {
                Some(region) => {
                    watched.insert(region);
                }
                None => {
                    foreign.buckets.insert(bucket);
                }
            }
        }
        watched.extend(own.keys.iter().chain(&own.groups).map(|arn| region_of(arn).to_owned()));
        let owns = has_stores || !watched.is_empty();
        if owns {
            // Root and most of IAM are recorded here.
            watched.insert(self.leader().to_owned());
        }
        let limits = lock(&self.regions).0.clone();
        let watched = watched.iter().filter(|region| limits.is_empty() || limits.contains(region));
        let rules = join_all(watched.map(|region| self.rules_of(region)));
        let (rules, ()) = tokio::join!(rules, async {
            if owns {
                self.identities().await;
            }
        });
        let mut further = Refs { topics: own.topics, ..Refs::default() };
        groups.into_iter().chain(rules).for_each(|arns| further.topics.extend(arns));
        let (further, more) = further.split(&self.id);
        foreign.extend(more);
        let keys = join_all(further.topics.iter().map(|arn| self.topic(arn))).await;
        let (keys, more) = Refs { keys: keys.into_iter().flatten().collect(), ..Refs::default() }.split(&self.id);
        foreign.extend(more);
        join_all(keys.keys.iter().filter(|arn| !own.keys.contains(*arn)).map(|arn| self.key(arn))).await;
        foreign
    }
}

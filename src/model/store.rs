//! Event data stores of CloudTrail Lake, which is closed to new customers since 2026-05-31: judged, never asked for.

use super::iam::{Kind, Policy};
use super::selectors::Selectors;
use super::{Declared, properties as p};
use crate::read::{Block, Record};
use crate::value::{Text, Truth, Value, Why};

/// An event data store as declared.
#[derive(Clone, Debug)]
pub struct Store {
    /// Address, place, conditions.
    pub at: Declared,
    /// The key that encrypts it.
    pub key: Value<Option<Text>>,
    /// Whether it cannot be deleted.
    pub protected: Value<bool>,
    retention: Value<Option<f64>>,
    billing: Value<Text>,
    /// Whether it records every Region.
    pub multi_region: Value<bool>,
    /// Whether it records every account of the organization.
    pub organization: Value<bool>,
    /// Whether it takes events in.
    pub ingestion: Value<bool>,
    /// Which events it takes in.
    pub selectors: Selectors,
    /// The keys of its tags.
    pub tags: Value<Vec<Value<Text>>>,
}

impl Store {
    pub(super) fn lower(record: &Record) -> Store {
        let block = record.block();
        Store {
            at: Declared::new(record),
            key: block.text(&p::STORE_KEY),
            protected: block.bool(&p::TERMINATION_PROTECTION),
            retention: block.number(&p::STORE_RETENTION),
            billing: block.word_or(&p::BILLING_MODE),
            multi_region: block.bool(&p::STORE_MULTI_REGION),
            organization: block.bool(&p::STORE_ORGANIZATION),
            ingestion: block.bool(&p::INGESTION_ENABLED),
            selectors: Selectors::lower(&block),
            tags: super::trail::tags(&block),
        }
    }

    /// Whether events are kept for so many days: 366 by default, 2557 under fixed pricing.
    pub fn retains(&self, required: f64) -> Truth {
        let default = self.billing.ask(&|mode, origin| match mode.literal() {
            Some("FIXED_RETENTION_PRICING") => Truth::of(2557.0 >= required, origin),
            Some(_) => Truth::of(366.0 >= required, origin),
            None if 366.0 >= required => Truth::yes(),
            None if 2557.0 < required => Truth::of(false, origin),
            None => Truth::unknown(mode.why().unwrap_or_else(|| Why::parameter(&self.billing.origin.property))),
        });
        self.retention.ask(&|days, origin| match days {
            Some(days) => Truth::of(*days >= required, origin),
            None => default.clone().located(origin),
        })
    }
}

/// A channel that brings events of other sources into stores.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Address, place, conditions.
    pub at: Declared,
    /// The stores that it delivers to, by ARN.
    pub destinations: Value<Vec<Value<Option<Text>>>>,
}

impl Channel {
    pub(super) fn lower(record: &Record) -> Channel {
        let block = record.block();
        let location = |all: &Vec<Block>| all.iter().map(|one| one.text(&p::CHANNEL_LOCATION)).collect();
        Channel { at: Declared::new(record), destinations: block.blocks(&p::CHANNEL_DESTINATIONS).map(&location) }
    }
}

/// The resource policy of a store or a channel.
#[derive(Clone, Debug)]
pub struct StorePolicy {
    /// Address, place, conditions.
    pub at: Declared,
    /// The ARN of what it is for.
    pub resource: Value<Text>,
    /// What it says.
    pub document: Value<Option<Policy>>,
}

impl StorePolicy {
    pub(super) fn lower(record: &Record) -> StorePolicy {
        let block = record.block();
        StorePolicy {
            at: Declared::new(record),
            resource: super::trail::required_text(&block, &p::STORE_POLICY_ARN),
            document: Policy::lower(&block, &p::STORE_POLICY, Kind::Resource),
        }
    }
}

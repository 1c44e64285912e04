//! CloudWatch log groups and the account's policies for them.

use super::iam::{Kind, Policy};
use super::{Declared, properties as p};
use crate::read::Record;
use crate::value::{Text, Value};

/// A log group as declared.
#[derive(Clone, Debug)]
pub struct LogGroup {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// Days that events are kept; none means for ever.
    pub retention: Value<Option<f64>>,
    /// The key that encrypts it.
    pub key: Value<Option<Text>>,
    /// Its own resource policy.
    pub policy: Value<Option<Policy>>,
}

impl LogGroup {
    pub(super) fn lower(record: &Record) -> LogGroup {
        let block = record.block();
        LogGroup {
            at: Declared::new(record),
            name: block.text(&p::LOG_GROUP_NAME),
            retention: block.number(&p::LOG_GROUP_RETENTION),
            key: block.text(&p::LOG_GROUP_KEY),
            policy: Policy::lower(&block, &p::LOG_GROUP_POLICY, Kind::Resource),
        }
    }
}

/// A resource policy of CloudWatch Logs: it counts for every log group that its resources name.
#[derive(Clone, Debug)]
pub struct LogPolicy {
    /// Address, place, conditions.
    pub at: Declared,
    /// What it says.
    pub document: Value<Option<Policy>>,
}

impl LogPolicy {
    /// Whether it may count for a group: it does in its own Region only.
    pub fn is_beside(&self, group: &LogGroup) -> bool {
        match (self.at.home.region.literal(), group.at.home.region.literal()) {
            (Some(own), Some(other)) => own == other,
            _ => true,
        }
    }

    pub(super) fn lower(record: &Record) -> LogPolicy {
        LogPolicy {
            at: Declared::new(record),
            document: Policy::lower(&record.block(), &p::POLICY_DOCUMENT, Kind::Resource),
        }
    }
}

//! Replication: what copies the logs to another bucket.

use super::bucket::{is_filled, is_text};
use super::lifecycle::Reach;
use super::{Bucket, Trail, properties as p};
use crate::read::Block;
use crate::value::{Origin, Text, Truth, Value};

/// A replication rule.
#[derive(Clone, Debug)]
pub struct ReplicationRule {
    origin: Origin,
    reach: Reach,
    /// `Enabled` where objects that KMS encrypts are copied, too.
    encrypted: Value<Option<Text>>,
}

pub(super) fn lower(block: &Block) -> ReplicationRule {
    ReplicationRule {
        origin: block.origin(),
        reach: Reach {
            status: block.word(&p::RULE_STATUS),
            prefix: block.text(&p::REPLICATED_PREFIX),
            tag_filters: block.blocks(&p::REPLICATED_TAGS).map(&|filters| !filters.is_empty()),
        },
        encrypted: block.word(&p::REPLICATED_KMS),
    }
}

impl Bucket {
    /// Whether any rule copies logs of the trails: one that is on, for their keys, and for what KMS encrypts if it encrypts
    /// them.
    pub fn is_replicated(&self, trails: &[&Trail]) -> Truth {
        let encrypted = Truth::any(trails.iter().map(|trail| is_filled(&trail.key)));
        self.replication.ask(&|rules, origin| {
            let copies = |rule: &ReplicationRule| {
                let takes = encrypted.clone().not().or(is_text(&rule.encrypted, "Enabled"));
                rule.reach.reaches(trails).and(takes).located(&rule.origin)
            };
            match rules.as_slice() {
                [] => Truth::of(false, origin),
                rules => Truth::any(rules.iter().map(copies)),
            }
        })
    }
}

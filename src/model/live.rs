//! What evidence says of an account itself: where *none* can be told from *not visible*.

use super::{Cx, Declared, properties as p};
use crate::read::Record;
use crate::value::{Value, Why};

/// An account whose evidence is read.
#[derive(Clone, Debug)]
pub struct Live {
    /// Address, place.
    pub at: Declared,
    /// Whether it belongs to an organization.
    pub in_organization: Value<bool>,
    /// Whether its trails were listed. A trail of every Region is listed in each, so one Region's list is enough.
    pub trails_listed: Value<bool>,
    /// Whether every policy of its organization was listed.
    pub policies_listed: Value<bool>,
}

impl Cx<'_> {
    /// Why there may be trails of the account that are not seen, where that is so.
    pub(super) fn unlisted_trails(&self) -> Option<Why> {
        self.scope.live.as_ref()?.trails_listed.why()
    }
}

impl Live {
    pub(super) fn lower(record: &Record) -> Live {
        let block = record.block();
        Live {
            at: Declared::new(record),
            in_organization: block.bool(&p::IN_ORGANIZATION),
            trails_listed: block.bool(&p::TRAILS_LISTED),
            policies_listed: block.bool(&p::POLICIES_LISTED),
        }
    }
}

//! CloudWatch log groups and the account's policies for them.

use super::iam::{Kind, Policy};
use super::{Cx, Declared, Trail, properties as p};
use crate::read::Record;
use crate::value::{Of, Piece, Text, Truth, Value, Why};

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

impl Cx<'_> {
    /// Whether the ARN by which a trail names its log group stands for all streams of it: it ends in `:*`.
    pub fn names_all_streams(&self, trail: &Trail) -> Truth {
        trail.log_group.ask(&|arn, origin| {
            let Some(arn) = arn.as_ref().filter(|arn| !arn.is_empty().is_true()) else { return Truth::yes() };
            if arn.strip_suffix(":*:*").is_some() {
                let text = "AWS does not say what it makes of a second `:*` behind the log group's ARN";
                return Truth::unknown(Why::not_visible("CloudWatchLogsLogGroupArn", text).at(origin.span));
            }
            if arn.strip_suffix(":*").is_some() {
                return Truth::of(true, origin);
            }
            match arn.pieces().last() {
                Some(Piece::Literal(text)) if arn.literal().is_some() || text.len() > 1 || !text.ends_with('*') => {
                    Truth::of(false, origin)
                }
                // A group's name has no colon.
                Some(Piece::Hole(hole)) if self.is_log_group_name(&hole.of) => Truth::of(false, origin),
                _ => arn.why().map_or_else(|| Truth::of(false, origin), Truth::unknown),
            }
        })
    }

    fn is_log_group_name(&self, of: &Of) -> bool {
        let Of::Resource { address, attribute } = of else { return false };
        let mut groups = self.estate.scopes.iter().flat_map(|scope| scope.log_groups.iter());
        &**attribute == "id" && groups.any(|group| group.at.address == *address)
    }
}

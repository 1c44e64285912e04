//! What a team demands of exceptions: which checks have none, and what each has to say.

use super::allow::Allow;
use super::glob::matches;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// The rules of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rules {
    /// Checks whose findings nothing holds back.
    pub(super) never: BTreeSet<Box<str>>,
    pub(super) needs_until: bool,
    pub(super) needs_owner: bool,
    /// How many days ahead an exception may hold.
    pub(super) max_days: Option<i64>,
    /// What a ticket looks like; with it, each exception names one.
    pub(super) ticket: Option<Box<str>>,
    /// Whether a comment for another tool needs a reason.
    pub(super) peers_need_reason: bool,
    /// Whether it counts for critical findings too.
    pub(super) peers_for_critical: bool,
}

impl Rules {
    /// Why an exception may not hold; none where it may.
    pub(super) fn refuse(&self, allow: &Allow, until: Option<Date>, today: Date) -> Option<String> {
        if self.never.contains(&allow.id) || allow.foreign.iter().flatten().any(|id| self.never.contains(*id)) {
            return Some(format!("`never_allow` lists `{}`: its findings cannot be held back", allow.id));
        }
        if (self.needs_until || self.max_days.is_some()) && until.is_none() {
            return Some("`allow_rules` wants `until`, the last day on which it holds".to_owned());
        }
        let ahead = until.and_then(|until| today.until(until).ok()).map(|span| i64::from(span.get_days()));
        if let (Some(most), Some(ahead)) = (self.max_days, ahead)
            && ahead > most
        {
            return Some(format!("it would hold for {ahead} days more, and `allow_rules` lets it for {most}"));
        }
        if self.needs_owner && allow.owner.is_none() {
            return Some("`allow_rules` wants `owner`: who answers for it".to_owned());
        }
        match (&self.ticket, allow.ticket.as_deref()) {
            (Some(pattern), None) => Some(format!("`allow_rules` wants `ticket`, like `{pattern}`")),
            (Some(pattern), Some(ticket)) if !matches(pattern, ticket) => {
                Some(format!("its ticket `{ticket}` is not like `{pattern}`"))
            }
            _ => None,
        }
    }

    /// What both demand together: the stricter of each.
    pub(super) fn tightened(self, other: &Rules) -> Rules {
        let least = [self.max_days, other.max_days].into_iter().flatten().min();
        Rules {
            never: self.never.union(&other.never).cloned().collect(),
            needs_until: self.needs_until || other.needs_until,
            needs_owner: self.needs_owner || other.needs_owner,
            max_days: least,
            ticket: other.ticket.clone().or(self.ticket),
            peers_need_reason: self.peers_need_reason || other.peers_need_reason,
            peers_for_critical: self.peers_for_critical,
        }
    }
}

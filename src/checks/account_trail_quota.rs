//! See `checks/account_trail_quota.md`.

use crate::model::{Cx, Live};
use crate::value::{Truth, Verdict, forbid};

/// Trails that one Region takes, those of other Regions and of the organization counted; it cannot be raised (CloudTrail
/// User Guide, "Quotas").
const QUOTA: usize = 5;

pub(super) fn run<'a>(_: &Cx<'a>, live: &'a Live) -> Verdict {
    let each = live.counts.iter().map(|count| {
        let full = if count.trails + 1 >= QUOTA { Truth::yes() } else { Truth::no() };
        let label = format!("{} of the {QUOTA} trails that {} takes are there", count.trails, count.region);
        forbid(full).or_at(count.span).part(&count.region).label(label)
    });
    each.fold(Verdict::not_applicable("its trails were not listed"), Verdict::and).and(live.lists_all_trails())
}

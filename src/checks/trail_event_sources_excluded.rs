//! See `checks/trail_event_sources_excluded.md`.

use crate::model::selectors::field;
use crate::model::{Cx, EXCLUDABLE, Trail};
use crate::value::{Verdict, forbid};

/// An exclusion in one selector takes nothing away from another.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let management = union.management();
        let place = trail.selectors.place_of(field::SOURCE);
        let [kms, rds] = EXCLUDABLE.map(|source| management.excludes(source));
        let label = match (kms.is_true(), rds.is_true()) {
            (true, true) => "events of KMS and of the RDS Data API are not recorded",
            (false, true) => "events of the RDS Data API are not recorded",
            _ => "events of KMS are not recorded",
        };
        forbid(kms.or(rds).located(&place)).label(label)
    })
}

//! See `checks/trail_delivery_stale.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, bare, forbid};

/// A trail that is stopped, or whose deliveries end in errors, is reported as that.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let logs = trail.logs();
    if logs.is_false() {
        return Verdict::not_applicable("it does not log");
    }
    if trail.status.logs.fails().is_true() {
        return Verdict::not_applicable("its deliveries end in an error, which is reported");
    }
    forbid(trail.status.is_stale(&trail.status.logs).and(bare(logs)))
        .label("it logs, and nothing was delivered in the day before it was asked")
}

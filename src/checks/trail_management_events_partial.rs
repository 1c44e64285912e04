//! See `checks/trail_management_events_partial.md`.

use crate::model::selectors::field;
use crate::model::{Cx, Reading, Trail};
use crate::value::{Verdict, require};

/// Reads and writes may come from different selectors and trails.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let management = union.management();
        let [reads, writes] = Reading::BOTH.map(|reading| management.any_of(reading));
        let label = if writes.is_false() { "writes are not recorded" } else { "reads are not recorded" };
        let both = reads.clone().and(writes.clone());
        let neither = reads.or(writes).not();
        require(both.or(neither).located(&trail.selectors.place_of(field::READ_ONLY))).label(label)
    })
}

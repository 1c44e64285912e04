//! See `checks/trail_log_group_delivery_failing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, bare, forbid};

/// What is a day old has ceased too: events come every few minutes.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.log_group.is_set().is_false() {
        return Verdict::not_applicable("it sends its events to no log group");
    }
    let events = &trail.status.log_group;
    let failing =
        forbid(events.fails()).label(format!("the latest delivery to the log group ended in {}", events.code()));
    let logs = trail.logs();
    if events.fails().is_true() || logs.is_false() {
        return failing;
    }
    failing.and(
        forbid(trail.status.is_stale(events).and(bare(logs)))
            .label("nothing reached the log group in the day before it was asked"),
    )
}

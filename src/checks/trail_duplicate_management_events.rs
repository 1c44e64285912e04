//! See `checks/trail_duplicate_management_events.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, forbid};

/// The first copy in each Region is free; each further one is charged (CloudTrail pricing).
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if cx.scope.live.is_none() && cx.scope.all_trails().count() < 2 {
        return Verdict::not_applicable("no other trail is declared beside it");
    }
    let (again, first) = cx.records_again(trail);
    let verdict =
        forbid(again).or_at(trail.at.span).label("management events are recorded a second time, which is charged");
    match first {
        Some(first) => verdict.related("records them already", first.at.span),
        None => verdict,
    }
}

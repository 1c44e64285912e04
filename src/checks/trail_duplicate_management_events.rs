//! See `checks/trail_duplicate_management_events.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, forbid};

/// The first copy in each Region is free; each further one is charged (CloudTrail pricing).
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let (again, first) = cx.records_again(trail);
    let verdict =
        forbid(again).or_at(trail.at.span).label("management events are recorded a second time, which is charged");
    match first {
        Some(first) => verdict.related("records them already", first.at.span),
        None => verdict,
    }
}

//! See `checks/trail_logs_its_own_bucket.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Each trail by itself: a log file of one is no news to another.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if !trail.selectors.known_rules().iter().any(|rule| rule.may_be("Data")) && trail.selectors.rules.get().is_some() {
        return Verdict::not_applicable("the trail selects no data events");
    }
    let itself = cx.records_itself(trail);
    let place = trail.selectors.place_of_data().span;
    require(itself.and(trail.recursive.is(true)).not())
        .or_at(place)
        .label("the trail records its own deliveries: each log file makes an event, and that event a log file")
}

//! See `checks/trail_selector_matches_nothing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Judged on every trail, selector by selector: a dead one is a mistake wherever it stands.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let none = Verdict::not_applicable("the trail selects no data events");
    let parts = trail.selectors.dead_parts(trail).into_iter();
    let verdict = parts.fold(none, |all, part| all.and(require(part.alive).part(&part.name)));
    match trail.selectors.idle_exclusion(trail) {
        Some(idle) => verdict.because(format!("each data selector can match events, but {idle}")),
        None => verdict.because("each data selector can match events"),
    }
}

//! See `checks/trail_selector_matches_nothing.md`.

use crate::model::{Cx, Trail, cannot_tell};
use crate::value::{Verdict, What, require};

/// Judged on every trail, selector by selector: a dead one is a mistake wherever it stands.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    if let What::Unknown(why) = &trail.selectors.rules.what {
        return cannot_tell(why.clone().at(trail.selectors.rules.origin.span));
    }
    let dead = trail.selectors.dead_parts(trail);
    dead.into_iter().fold(Verdict::not_applicable("the trail selects no data events"), |all, part| {
        all.and(require(part.alive.labelled(part.why)).part(&part.name))
    })
}

//! See `checks/trail_management_events_narrowed.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, forbid};

/// Filters on other fields hide events that look recorded.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        forbid(union.management().narrowed().located(&trail.selectors.place_of_filter()))
            .label("management events that this leaves out are not recorded")
    })
}

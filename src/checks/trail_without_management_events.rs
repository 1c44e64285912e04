//! See `checks/trail_without_management_events.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Selectors replace the default, which is all management events.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let place = trail.selectors.place_of_missing_management();
        require(union.management().any().located(&place))
            .label("sign-ins, changes of IAM and of this trail itself go unrecorded")
    })
}

//! See `checks/trail_without_global_events.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// CloudFormation's effective default is false, and a multi-Region trail without them is refused.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let label = match trail.multi_region.is(true).is_true() && trail.global_events.is_set().is_false() {
            true => "a multi-Region trail must include global service events: the trail does not deploy",
            false => "events of IAM, STS and CloudFront are not recorded",
        };
        require(union.records_global_events().located(&trail.global_events.origin))
            .label(label)
            .because("a logging trail includes global service events")
    })
}

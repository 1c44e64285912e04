//! See `checks/trail_without_global_events.md`.

use crate::model::{Cx, Live, Trail};
use crate::value::{Truth, Verdict, require};

/// CloudFormation's effective default is false, and a multi-Region trail without them is refused. Elsewhere than in the
/// Region that leads its partition, a single-Region trail receives none, whatever it asks for.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let asks = trail.global_events.test(|included| *included == Some(true)).is_true();
        let place = if asks { &trail.multi_region.origin } else { &trail.global_events.origin };
        let label = match trail.multi_region.is(true).is_true() && trail.global_events.is_set().is_false() {
            true => "a multi-Region trail must include global service events: the trail does not deploy",
            false if asks => {
                "a single-Region trail receives events of IAM, STS and CloudFront in one Region, which is not this one"
            }
            false => "events of IAM, STS and CloudFront are not recorded",
        };
        // A trail of a Region that was not listed may be the one that has them.
        let unlisted = cx.scope.live.as_ref().map_or_else(Truth::no, Live::unlisted);
        require(union.records_global_events().or(unlisted).located(place))
            .label(label)
            .because("a logging trail includes global service events")
    })
}

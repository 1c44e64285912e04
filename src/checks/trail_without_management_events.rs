//! See `checks/trail_without_management_events.md`.

use crate::model::selectors::OTHER_CATEGORIES;
use crate::model::{Cx, Trail, cannot_tell};
use crate::value::{Verdict, Why, require};

/// Selectors replace the default, which is all management events.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let place = trail.selectors.place_of_missing_management();
        let any = union.management().any();
        if any.is_false() && !cx.settings.each_trail && is_beside_another(cx, trail) {
            let text =
                "this trail is for other events: whether another one records management events is not visible here";
            return cannot_tell(Why::not_visible("management events", text).at(place.span));
        }
        require(any.located(&place)).label("sign-ins, changes of IAM and of this trail itself go unrecorded")
    })
}

/// Whether a trail may be one of several, of which a source declares no other: it was made for data events. What exists in an
/// account is all in sight.
fn is_beside_another(cx: &Cx, trail: &Trail) -> bool {
    let rules = trail.selectors.known_rules();
    let is_for_others = || rules.iter().any(|rule| OTHER_CATEGORIES.iter().any(|category| rule.may_be(category)));
    !trail.at.is_live() && cx.scope.all_trails().nth(1).is_none() && is_for_others()
}

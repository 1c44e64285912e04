//! See `checks/trail_network_activity_missing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Which services matter is for the run to say: these events are charged, and few have endpoints to all.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let sources = &cx.settings.network_activity;
    let none = Verdict::not_applicable("`--network-activity` names no service");
    if sources.is_empty() {
        return none;
    }
    cx.at_widest(trail, |union| {
        let missing = sources.iter().map(|source| {
            require(union.network_activity(source).located(&trail.selectors.place_of_data()))
                .label(format!("calls to `{source}` through VPC endpoints are not recorded"))
                .part(source)
        });
        missing
            .fold(none.clone(), Verdict::and)
            .because("network activity of each service that is asked for is recorded")
    })
}

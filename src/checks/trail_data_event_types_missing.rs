//! See `checks/trail_data_event_types_missing.md`.

use crate::model::{Cx, Reading, Trail};
use crate::value::{Truth, Verdict, require};

/// Which types matter is for the run to say.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let kinds = &cx.settings.data_events;
    let none = Verdict::not_applicable("`--data-events` names no type of resources");
    if kinds.is_empty() {
        return none;
    }
    cx.at_widest(trail, |union| {
        let missing = kinds.iter().map(|kind| {
            let all = Truth::all(Reading::BOTH.map(|reading| union.all_of_type(kind, reading)));
            require(all.located(&trail.selectors.place_of_data()))
                .label(format!("data events of `{kind}` are not recorded for every resource"))
                .part(kind)
        });
        missing.fold(none.clone(), Verdict::and).because("the data events of each type that is asked for are recorded")
    })
}

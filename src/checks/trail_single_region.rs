//! See `checks/trail_single_region.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// The service's default is one Region, so silence fails too.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        require(union.records_every_region().located(&trail.multi_region.origin))
            .label("only events of the home Region are recorded")
            .because("a logging trail records every Region")
    })
}

//! See `checks/account_logging_gap.md`.

use crate::model::{Cx, Live};
use crate::value::{Verdict, forbid};

/// Only as far back as the record must reach. Trails of other accounts have their gap there.
pub(super) fn run<'a>(cx: &Cx<'a>, live: &'a Live) -> Verdict {
    let each = cx.scope.trails.iter().map(|trail| {
        let gap = trail.status.had_gap(cx.settings.required_days);
        let label = format!("nothing was recorded {}: the trail was stopped and started again", trail.status.gap());
        forbid(gap).or_at(live.at.span).part(&trail.at.address).label(label)
    });
    each.fold(Verdict::not_applicable("it has no trail"), Verdict::and).and(live.lists_all_trails())
}

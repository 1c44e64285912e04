//! See `checks/account_logging_gap.md`.

use crate::model::{Cx, Live};
use crate::value::{Text, Value, Verdict, forbid};

/// Only as far back as the record must reach. Trails of other accounts have their gap there.
pub(super) fn run<'a>(cx: &Cx<'a>, live: &'a Live) -> Verdict {
    let each = cx.scope.trails.iter().map(|trail| {
        let gap = trail.status.had_gap(cx.settings.required_days);
        let time = |text: &'a Value<Option<Text>>| {
            text.get().and_then(|text| text.as_ref()?.literal()).unwrap_or("an unknown time")
        };
        let label = format!(
            "nothing was recorded from {} to {}: the trail was stopped and started again",
            time(&trail.status.stopped),
            time(&trail.status.started)
        );
        forbid(gap).or_at(live.at.span).part(&trail.at.address).label(label)
    });
    each.fold(Verdict::not_applicable("it has no trail"), Verdict::and)
}

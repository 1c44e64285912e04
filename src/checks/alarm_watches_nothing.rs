//! See `checks/alarm_watches_nothing.md`.

use crate::model::{Alarm, Cx};
use crate::value::{Truth, Verdict, require};

/// Judged where a filter publishes a metric of that name: what publishes another may be out of sight.
pub(super) fn run<'a>(cx: &Cx<'a>, alarm: &'a Alarm) -> Verdict {
    let filters = cx.filters_named_by(alarm);
    let mut verdict = require(Truth::any(filters.iter().map(|filter| cx.watches(alarm, filter))))
        .or_at(alarm.at.span)
        .label("no filter publishes the metric that this alarm watches")
        .because("a filter publishes what it watches");
    if let Some(filter) = filters.first() {
        verdict = verdict.related("this filter publishes a metric of that name", filter.metrics.origin.span);
    }
    verdict
}

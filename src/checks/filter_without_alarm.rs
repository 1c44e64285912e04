//! See `checks/filter_without_alarm.md`.

use crate::model::{Cx, MetricFilter};
use crate::value::{Truth, Verdict, require};

/// An alarm that names the metric and watches another one all the same is the matter of `alarm_watches_nothing`.
pub(super) fn run<'a>(cx: &Cx<'a>, filter: &'a MetricFilter) -> Verdict {
    let alarms = cx.alarms_naming(filter);
    let watched = Truth::any(alarms.iter().map(|alarm| cx.watches(alarm, filter).and(alarm.at.exists())));
    match watched {
        Truth::False(_) if !alarms.is_empty() => {
            Verdict::not_applicable("an alarm names its metric and watches another: `alarm_watches_nothing` says so")
        }
        Truth::False(_) if cx.declares_alarms() => {
            require(Truth::no()).or_at(filter.metrics.origin.span).label("no alarm watches what this filter counts")
        }
        Truth::False(_) => require(cx.no_alarm(filter)).label("no alarm watches what this filter counts"),
        truth => require(truth).because("an alarm watches what it counts"),
    }
}

//! See `checks/filter_narrowed.md`.

use crate::model::{Cx, MetricFilter};
use crate::value::{Verdict, require};

/// What a filter names is what it was meant for; what it leaves out of that, another filter of the group may have.
pub(super) fn run<'a>(cx: &Cx<'a>, filter: &'a MetricFilter) -> Verdict {
    require(cx.is_whole(filter)).because("it matches all events that it names")
}

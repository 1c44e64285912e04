//! See `checks/log_group_retention_short.md`.

use crate::model::{Cx, LogGroup};
use crate::value::{Verdict, require};

/// Never expiring is the default, and fine.
pub(super) fn run<'a>(cx: &Cx<'a>, group: &'a LogGroup) -> Verdict {
    let required = cx.settings.required_days;
    require(group.retention.test(|days| days.is_none_or(|days| days >= required)))
        .label(format!("events are kept for less than {required} days"))
}

//! See `checks/alarm_without_action.md`.

use crate::model::{Alarm, Cx};
use crate::value::{Verdict, require};

/// An alarm that another one watches may leave the telling to that one.
pub(super) fn run<'a>(cx: &Cx<'a>, alarm: &'a Alarm) -> Verdict {
    require(cx.is_heard(alarm))
        .or_at(alarm.at.span)
        .label("this alarm tells no one")
        .because("it does something once it fires")
}

//! See `checks/trail_alarm_incomplete.md`.

use crate::model::{Cx, Trail};
use crate::value::Verdict;

/// Asked where someone is told of the changes that the benchmark names.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.trail_alarm_is_complete(trail)
}

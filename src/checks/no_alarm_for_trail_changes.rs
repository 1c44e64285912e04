//! See `checks/no_alarm_for_trail_changes.md`.

use crate::model::{Cx, Subject, Trail};
use crate::value::Verdict;

/// Filters of all trails of the scope count together, and rules of EventBridge beside them.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.has_alarm_for(trail, Subject::TrailChanges)
}

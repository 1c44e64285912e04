//! See `checks/trail_log_group_arn_incomplete.md`.

use crate::model::{Cx, Trail, is_filled};
use crate::value::{Verdict, require};

/// A trail that is there was accepted.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.at.is_live() {
        return Verdict::not_applicable("the trail was made");
    }
    if is_filled(&trail.log_group).is_false() {
        return Verdict::not_applicable("it sends its events to no log group");
    }
    require(cx.names_all_streams(trail))
        .label("CloudTrail asks for the log group's ARN with `:*` at its end: the trail does not deploy")
}

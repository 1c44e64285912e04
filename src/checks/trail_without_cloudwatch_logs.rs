//! See `checks/trail_without_cloudwatch_logs.md`.

use crate::model::{Cx, Trail};
use crate::model::is_filled;
use crate::value::{Verdict, require};

/// Where the role is given without the group, `trail_log_group_without_role` speaks.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    if is_filled(&trail.log_role).is_true() && is_filled(&trail.log_group).is_false() {
        return Verdict::not_applicable("the trail does not deploy: it has a role without a log group");
    }
    require(is_filled(&trail.log_group)).label("events reach the bucket only: no alarm can watch them")
}

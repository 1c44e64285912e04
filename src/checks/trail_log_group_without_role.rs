//! See `checks/trail_log_group_without_role.md`.

use crate::model::is_filled;
use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// CloudTrail refuses one without the other; the empty text counts as left out.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    let (group, role) = (is_filled(&trail.log_group), is_filled(&trail.log_role));
    if group.is_false() && role.is_false() {
        return Verdict::not_applicable("it sends its events to no log group");
    }
    let group_alone = group.clone().and(role.clone().not()).not().located(&trail.log_role.origin);
    let role_alone = role.and(group.not()).not().located(&trail.log_group.origin);
    require(group_alone.labelled("a log group without the role to write there: the trail does not deploy"))
        .and(require(role_alone.labelled("a role without the log group to write to: the trail does not deploy")))
}

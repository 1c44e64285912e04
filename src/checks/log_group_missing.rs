//! See `checks/log_group_missing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.log_group.is_set().is_false() {
        return Verdict::not_applicable("it sends its events to no log group");
    }
    require(cx.log_group_is_there(trail).located(&trail.log_group.origin))
        .label("this log group does not exist: no event arrives")
}

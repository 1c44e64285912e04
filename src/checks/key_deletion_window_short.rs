//! See `checks/key_deletion_window_short.md`.

use crate::model::{Cx, Key};
use crate::value::{Verdict, require};

/// 30 days by default, the longest there is.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let _ = cx;
    if key.is_replica {
        return Verdict::not_applicable("the waiting period of a replica is not judged");
    }
    if key.at.is_live() {
        return Verdict::not_applicable("the waiting period is chosen when the deletion is ordered");
    }
    require(key.pending_window.test(|days| *days >= 30.0))
        .label("a deletion can be noticed and cancelled for a shorter time only")
}

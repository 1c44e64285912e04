//! See `checks/account_without_trail.md`.

use crate::model::{Cx, Live};
use crate::value::{Verdict, require};

pub(super) fn run<'a>(cx: &Cx<'a>, live: &'a Live) -> Verdict {
    require(cx.has_trail(live))
        .or_at(live.at.span)
        .label("no Region of this account has a trail: what its event history forgets after 90 days is in no log file")
}

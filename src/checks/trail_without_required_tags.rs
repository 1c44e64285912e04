//! See `checks/trail_without_required_tags.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Without configured keys any tag will do.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    require(cx.is_tagged(&trail.tags)).label("required tags are missing")
}

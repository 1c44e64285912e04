//! See `checks/bucket_missing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    require(cx.bucket_is_there(trail).located(&trail.bucket.origin))
        .label("this bucket does not exist: nothing can be delivered")
}

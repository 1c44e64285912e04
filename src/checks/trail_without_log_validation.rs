//! See `checks/trail_without_log_validation.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Off by default.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    require(trail.log_file_validation.is(true)).label("nobody can show that the logs are unchanged")
}

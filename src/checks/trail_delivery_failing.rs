//! See `checks/trail_delivery_failing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, forbid};

/// The error stays until a delivery succeeds, so that it tells of now.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let logs = &trail.status.logs;
    forbid(logs.fails()).label(format!("the latest delivery to the bucket ended in {}: nothing arrives", logs.code()))
}

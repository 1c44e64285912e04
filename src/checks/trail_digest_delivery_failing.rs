//! See `checks/trail_digest_delivery_failing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, forbid};

/// Without validation there are no digests, and what an earlier one ended in says nothing.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.log_file_validation.is(true).is_false() {
        return Verdict::not_applicable("no digests are written");
    }
    let digests = &trail.status.digests;
    forbid(digests.fails())
        .label(format!("the latest digest ended in {}: the log files cannot be validated", digests.code()))
}

//! See `checks/trail_digest_delivery_failing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Truth, Verdict, bare, forbid};

/// Without validation there are no digests, and what an earlier one ended in says nothing. One is written every hour, whatever
/// happens: where log files do not arrive either, that is reported.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.log_file_validation.is(true).is_false() {
        return Verdict::not_applicable("no digests are written");
    }
    let (status, digests) = (&trail.status, &trail.status.digests);
    let failing = forbid(digests.fails())
        .label(format!("the latest digest ended in {}: the log files cannot be validated", digests.code()));
    let is_told = status.logs.fails().or(status.is_stale(&status.logs));
    let stale = status.is_stale(digests).and(bare(trail.logs())).and(bare(trail.log_file_validation.is(true)));
    match digests.fails() {
        Truth::True(_) => failing,
        _ => failing
            .and(forbid(stale.and(bare(is_told).not())).label(
                "it logs, and no digest came in the day before it was asked: the log files cannot be validated",
            )),
    }
}

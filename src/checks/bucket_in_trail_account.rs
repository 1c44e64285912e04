//! See `checks/bucket_in_trail_account.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Which account keeps the logs is for the run to say.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let Some(archive) = &cx.settings.log_archive else {
        return Verdict::not_applicable("`--log-archive` names no account that keeps the logs");
    };
    require(cx.bucket_is_in(trail, archive).located(&trail.bucket.origin))
        .label(format!("this bucket is not in account {archive}, which keeps the logs"))
}

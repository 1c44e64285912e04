//! See `checks/bucket_retention_short.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, require};

/// Without a lock `bucket_without_object_lock` speaks.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let days = cx.settings.required_days;
    match bucket.lock.has_retention() {
        Truth::False(_) => Verdict::not_applicable("the bucket has no lock with a default retention"),
        locked => {
            let retains = bucket.lock.retains(days);
            require(if locked.is_true() { retains } else { locked.not().or(retains) })
                .label(format!("logs are locked for less than {days} days"))
        }
    }
}

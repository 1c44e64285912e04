//! See `checks/bucket_without_object_lock.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, require};

/// A lock without default retention locks nothing that CloudTrail writes.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    let on = bucket.lock.is_on().located(bucket.lock.origin()).labelled("logs can be deleted and overwritten");
    let retains = bucket.lock.has_retention().located(bucket.lock.retention_origin());
    require(on.and(retains.labelled("without a default retention the lock protects nothing that CloudTrail writes")))
}

//! See `checks/bucket_not_replicated.md`.

use crate::model::{Bucket, Cx, Trail};
use crate::value::{Verdict, require};

/// A rule for other objects copies no log.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let trails: Vec<&Trail> = cx.trails_of_bucket(bucket).into_iter().map(|route| route.trail).collect();
    require(bucket.is_replicated(&trails)).label("no replication rule copies the logs to another bucket")
}

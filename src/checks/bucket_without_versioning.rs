//! See `checks/bucket_without_versioning.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, require};

/// Off by default. A lock turns it on.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    require(bucket.is_versioned().located(&bucket.versioning.origin)).label("a deleted or overwritten log is gone")
}

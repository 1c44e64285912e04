//! See `checks/bucket_without_access_logging.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, require};

/// Nobody can say who read or deleted the logs.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    require(bucket.access_logging.is(true)).label("requests for the logs leave no trace")
}

//! See `checks/bucket_requester_pays.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, forbid};

/// The owner pays where nothing is said.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    forbid(bucket.is_paid_by_requester()).label("CloudTrail does not deliver where the requester pays")
}

//! See `checks/bucket_policy_missing.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, require};

/// Services get in by a bucket policy only.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    require(cx.has_policy(bucket)).or_at(bucket.at.span).label("the bucket has no policy, so CloudTrail cannot deliver")
}

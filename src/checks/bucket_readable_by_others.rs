//! See `checks/bucket_readable_by_others.md`.

use crate::model::{Bucket, Cx};
use crate::value::Verdict;

/// What is open to all is `bucket_public`.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    cx.forbid_on_logs(
        bucket,
        &["s3:GetObject", "s3:GetObjectVersion"],
        |policies, action, object| {
            let told = cx.public_grants(policies, action, object);
            cx.foreign_grants_alone(&bucket.at, policies, action, object, &told)
        },
        "this lets others read the logs",
        "the policy names no other account that may read",
    )
}

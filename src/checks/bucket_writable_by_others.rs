//! See `checks/bucket_writable_by_others.md`.

use crate::model::{Bucket, Cx};
use crate::value::Verdict;

/// Whoever is given the right by the policy is another, of this account or not; its `root` leaves it to IAM.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    cx.forbid_on_logs(
        bucket,
        &["s3:PutObject", "s3:ReplicateObject"],
        |policies, action, object| {
            let mut grants = cx.identity_grants(policies, action, object);
            grants.extend(cx.foreign_grants(&bucket.at, policies, action, object));
            grants
        },
        "this lets others write among the logs",
        "only services may write among the logs",
    )
}

//! See `checks/bucket_without_mfa_delete.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, Why, require};

/// CloudFormation cannot set it; a lock stands in for it.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    match bucket.lock.has_retention() {
        Truth::True(_) => Verdict::pass("Object Lock with a default retention stands in for it"),
        _ => require(Truth::unknown(
            Why::not_visible(
                "MFA delete",
                "MFA delete cannot be set by CloudFormation, so whether it is on cannot be seen",
            )
            .at(bucket.at.span),
        )),
    }
}

//! See `checks/bucket_policy_missing.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, Why, require};

/// Services get in by a bucket policy only.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let policies = cx.estate.scopes.iter().flat_map(|scope| &scope.bucket_policies);
    let has = Truth::any(policies.map(|policy| policy.is_there().and(cx.is_for(policy, bucket))));
    let has = match has {
        Truth::False(_) if cx.is_undeclared(bucket) => Truth::unknown(Why::not_visible(
            "bucket policy",
            "neither the bucket nor a policy of it is declared in this run",
        )),
        has => has,
    };
    require(has).or_at(bucket.at.span).label("the bucket has no policy, so CloudTrail cannot deliver")
}

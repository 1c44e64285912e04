//! See `checks/bucket_acl_grant_without_source_guard.md`.

use crate::model::{Bucket, Cx, cannot_tell};
use crate::value::{Truth, Verdict};

/// A statement that lets others write as well is a finding of its own.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    match cx.documents_of_bucket(bucket) {
        Err(why) => cannot_tell(why),
        Ok(policies) => {
            let writes = cx.deputies_at(bucket, &policies, "s3:PutObject", &cx.objects_of(bucket));
            let mut asks = cx.deputies_at(bucket, &policies, "s3:GetBucketAcl", &cx.bucket_arn(bucket));
            for asks in &mut asks {
                let same = writes.iter().filter(|writes| writes.part == asks.part).map(|writes| writes.truth.clone());
                asks.truth = asks.truth.clone().and(Truth::any(same).not());
            }
            cx.forbid_each(
                asks,
                "this lets CloudTrail read the bucket's ACL for any account's trail",
                "no other account's trail may ask",
            )
        }
    }
}

//! See `checks/bucket_policy_without_source_guard.md`.

use crate::model::{Bucket, Cx, cannot_tell, no_statement};
use crate::value::Verdict;

/// Somebody else's trail may choose its prefix, so the whole bucket is asked for.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    match cx.documents_of_bucket(bucket) {
        Err(why) => cannot_tell(why),
        Ok(policies) => {
            let deputies = cx.deputies_at(bucket, &policies, "s3:PutObject", &cx.objects_of(bucket));
            if deputies.is_empty() {
                return no_statement(&policies, "no statement lets CloudTrail write here");
            }
            cx.forbid_each(
                deputies,
                "this lets CloudTrail write here for any account's trail",
                "no other account's trail may write here",
            )
        }
    }
}

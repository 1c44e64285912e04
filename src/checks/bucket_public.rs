//! See `checks/bucket_public.md`.

use crate::model::{Bucket, Cx, cannot_tell, opaque_statements};
use crate::value::Verdict;

/// What the template leaves out excuses nothing: with S3's defaults such a bucket does not deploy.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let by_policy = match cx.documents_of_bucket(bucket) {
        Err(why) => cannot_tell(why),
        Ok(policies) => {
            let restricted = cx.restricts_policies(bucket);
            if restricted.is_true() {
                return cx.public_acl(bucket).because("Block Public Access lets nobody in by a public policy");
            }
            let mut grants = cx.open_grants(bucket, &policies);
            if !restricted.is_false() {
                for granted in &mut grants {
                    granted.truth = granted.truth.clone().and(restricted.clone().not());
                }
            }
            let verdict = cx.forbid_each(grants, "anyone may do this", "the policy lets in nobody unknown");
            verdict.and(opaque_statements(&policies))
        }
    };
    by_policy.and(cx.public_acl(bucket))
}

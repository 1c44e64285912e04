//! See `checks/bucket_readable_by_others.md`.

use crate::model::{Bucket, Cx, cannot_tell, is_of_a_service, opaque_statements};
use crate::value::Verdict;

const READS: [&str; 2] = ["s3:GetObject", "s3:GetObjectVersion"];

/// What is open to all is `bucket_public`.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let policies = match cx.documents_of_bucket(bucket) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    let objects = match cx.log_objects(bucket, &policies) {
        Ok(objects) => objects,
        Err(why) => return cannot_tell(why),
    };
    let mut grants = Vec::new();
    for object in &objects {
        for action in READS {
            grants.extend(cx.foreign_grants_alone(&bucket.at, &policies, action, object));
        }
    }
    grants.retain(|granted| !is_of_a_service(&granted.principal));
    let verdict =
        cx.forbid_each(grants, "this lets others read the logs", "the policy names no other account that may read");
    verdict.and(opaque_statements(&policies))
}

//! See `checks/bucket_writable_by_others.md`.

use crate::model::{Bucket, Cx, cannot_tell, is_of_a_service, opaque_statements};
use crate::value::Verdict;

/// The ways in which an object comes into a bucket.
const WRITES: [&str; 2] = ["s3:PutObject", "s3:ReplicateObject"];

/// Whoever is given the right by the policy is another, of this account or not; its `root` leaves it to IAM.
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
        for action in WRITES {
            grants.extend(cx.identity_grants(&policies, action, object));
            grants.extend(cx.foreign_grants(&bucket.at, &policies, action, object));
        }
    }
    grants.retain(|granted| !is_of_a_service(&granted.principal));
    let verdict =
        cx.forbid_each(grants, "this lets others write among the logs", "only services may write among the logs");
    verdict.and(opaque_statements(&policies))
}

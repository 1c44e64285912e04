//! See `checks/bucket_policy_blocks_delivery.md`.

use crate::model::{Bucket, Cx, cannot_tell};
use crate::value::{Verdict, require};

/// What CloudTrail needs: to read the ACL, and to write each kind of file that the trail makes.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let policies = match cx.documents_of_bucket(bucket) {
        Ok(policies) if policies.is_empty() => return Verdict::not_applicable("the bucket has no policy"),
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    let routes = cx.trails_of_bucket(bucket);
    let each = match routes.is_empty() {
        // Whoever names the bucket to the run need not let CloudTrail in.
        true if !cx.names_cloudtrail(&policies) => return Verdict::not_applicable("no trail delivers here"),
        true => vec![cx.lets_a_trail_in(bucket, &policies)],
        false => routes.iter().map(|route| cx.delivers(bucket, &policies, route)).collect(),
    };
    let verdicts = each.into_iter().map(|[acl, write]| {
        let acl = cx.told(require(acl), &policies, bucket, "with this CloudTrail may not read the bucket's ACL");
        acl.and(cx.told(require(write), &policies, bucket, "with this CloudTrail may not write the trail's files"))
    });
    verdicts.fold(Verdict::pass("the policy lets CloudTrail deliver"), Verdict::and).once_each()
}

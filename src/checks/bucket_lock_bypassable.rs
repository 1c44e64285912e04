//! See `checks/bucket_lock_bypassable.md`.

use crate::model::iam::Statement;
use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, forbid};

/// A Deny of the right to get around the lock closes what governance mode leaves open.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    if bucket.lock.has_retention().is_false() {
        return Verdict::not_applicable("the bucket has no lock with a default retention");
    }
    let governed = bucket.lock.is_governance();
    if governed.is_false() {
        return forbid(governed).because("nothing gets around a lock in compliance mode");
    }
    let is_meant = |statement: &Statement| statement.mentions_action("bypassgovernance");
    let denied = match cx.documents_of_bucket(bucket) {
        Err(why) => Truth::unknown(why),
        Ok(policies) => {
            let actions = ["s3:BypassGovernanceRetention"];
            cx.is_denied_to_all(bucket, &policies, &actions, &cx.context_of_member(&bucket.at), &is_meant)
        }
    };
    forbid(governed.and(denied.not()).located(bucket.lock.mode_origin()))
        .label("in governance mode whoever may use `s3:BypassGovernanceRetention` deletes locked logs")
}

//! See `checks/bucket_logs_deletable.md`.

use crate::model::iam::Statement;
use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, require};

/// Without the second, old versions go.
const DELETIONS: [&str; 2] = ["s3:DeleteObject", "s3:DeleteObjectVersion"];

/// A lock or a Deny; rights by IAM are what an attacker has taken.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let is_meant = |statement: &Statement| statement.mentions_action("delete");
    let kept = match cx.documents_of_bucket(bucket) {
        Err(why) => Truth::unknown(why),
        Ok(policies) => {
            cx.is_denied_to_all(bucket, &policies, &DELETIONS, &cx.context_of_member(&bucket.at), &is_meant)
        }
    };
    let locked = bucket.lock.has_retention();
    if let (Truth::False(_), Truth::False(near)) = (&locked, &kept) {
        let place = near.facts.first().map_or(bucket.at.span, |fact| fact.span);
        return require(Truth::no()).or_at(place).label("neither Object Lock nor a Deny keeps the log files");
    }
    require(locked.or(kept))
}

//! See `checks/bucket_without_mfa_delete.md`.

use crate::model::iam::Known;
use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, require};

/// A lock stands in for it, and so does a Deny for all who come without MFA.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    if bucket.lock.has_retention().is_true() {
        return Verdict::pass("Object Lock with a default retention stands in for it");
    }
    // A session without MFA says so; long-term keys do not carry the key at all.
    let without = [Known::One("false".into()), Known::Absent].map(|present| {
        let context = cx.context_of_member(&bucket.at).with("aws:MultiFactorAuthPresent", present);
        context.with("aws:MultiFactorAuthAge", Known::Absent)
    });
    let denied = cx.documents_of_bucket(bucket).map_or_else(Truth::unknown, |policies| {
        let deny = |context| cx.is_denied_to_all(bucket, &policies, &["s3:DeleteObjectVersion"], context, &|_| false);
        Truth::all(without.iter().map(deny))
    });
    match denied {
        Truth::True(_) => Verdict::pass("a Deny stands in for it"),
        // A condition is looked at both ways.
        Truth::Unknown(whys, _) if whys.iter().any(|why| why.condition.is_some()) => {
            Verdict::Unknown(whys, Vec::new(), None)
        }
        denied => match bucket.asks_for_second_factor() {
            Truth::False(_) => {
                let stands_in = bucket.lock.has_retention().or(denied);
                let on = bucket.asks_for_second_factor().or(stands_in);
                require(on).label("versions can be deleted without a second factor")
            }
            on => require(on),
        },
    }
}

//! See `checks/bucket_allows_plain_http.md`.

use crate::model::iam::{Known, Statement};
use crate::model::{Bucket, Cx, cannot_tell};
use crate::value::{Verdict, require};

/// A sample of what is done to objects: whoever denies all of S3 denies these.
const ACTIONS: [&str; 5] =
    ["s3:GetObject", "s3:PutObject", "s3:GetObjectVersion", "s3:DeleteObject", "s3:GetObjectAcl"];

/// Only a Deny counts; an Allow that asks for TLS adds to what IAM allows without.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let policies = match cx.documents_of_bucket(bucket) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    if cx.has_policy(bucket).is_false() {
        return Verdict::not_applicable("the bucket has no policy at all, which is reported");
    }
    let context = cx
        .context_of_member(&bucket.at)
        .with("aws:SecureTransport", Known::One("false".into()))
        .with("s3:TlsVersion", Known::Absent);
    let is_meant = |statement: &Statement| statement.place_of_key(&["aws:SecureTransport", "s3:TlsVersion"]).is_some();
    let denied = cx.is_denied_to_all(bucket, &policies, &ACTIONS, &context, &is_meant);
    let place = policies.first().map_or(bucket.at.span, |policy| policy.origin.span);
    require(denied).or_at(place).label("no Deny keeps every request over plain HTTP out")
}

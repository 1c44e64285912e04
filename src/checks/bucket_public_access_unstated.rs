//! See `checks/bucket_public_access_unstated.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Origin, Truth, Verdict, What, WhyKind, require};

/// S3 blocks public access of new buckets by default, of old ones it does not. Of a bucket that exists it is known which.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let elsewhere = cx.is_undeclared(bucket);
    // A value that is written is a statement, whatever it becomes.
    let is_written = |kind| !elsewhere && matches!(kind, WhyKind::Parameter | WhyKind::AfterApply);
    let stated = Truth::all(bucket.public_access.iter().map(|setting| match setting.what {
        What::Unknown(ref why) if setting.origin.written && is_written(why.kind) => Truth::yes(),
        What::Unknown(ref why) => Truth::unknown(why.clone()),
        _ if bucket.at.is_live() => Truth::yes(),
        _ => setting.is_set(),
    }));
    if bucket.at.is_live() && stated.is_true() {
        return Verdict::not_applicable("the bucket exists: what is not set of it is off, which is another check's");
    }
    let all = bucket.public_access.first().and_then(|setting| setting.origin.property.rsplit_once('.'));
    let property = all.map_or_else(|| "".into(), |(all, _)| all.into());
    let place = Origin { span: bucket.at.span, property, written: false };
    require(stated.located(&place))
        .label("Block Public Access is left to the service's default")
        .because("each of the four settings is stated")
}

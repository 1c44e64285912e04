//! See `checks/bucket_public_access_unstated.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Origin, Truth, Verdict, What, require};

/// S3 blocks public access of new buckets by default, of old ones it does not.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let elsewhere = cx.is_undeclared(bucket);
    let stated = Truth::all(bucket.public_access.iter().map(|setting| match setting.what {
        What::Unknown(ref why) if elsewhere => Truth::unknown(why.clone()),
        What::Unknown(_) => Truth::yes(),
        _ => setting.is_set(),
    }));
    let all = bucket.public_access.first().and_then(|setting| setting.origin.property.rsplit_once('.'));
    let property = all.map_or_else(|| "".into(), |(all, _)| all.into());
    let place = Origin { span: bucket.at.span, property, written: false };
    require(stated.located(&place)).label("Block Public Access is left to the service's default")
}

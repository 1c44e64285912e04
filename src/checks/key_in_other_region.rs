//! See `checks/key_in_other_region.md`.

use crate::model::{Cx, Link, Trail};
use crate::value::{Text, Truth, Verdict, Why, require};

/// The trail is judged, since it is what names both. What is declared in one stack is in one Region.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let bucket = trail.bucket.ask(&|name, _| match name.as_ref().map(|name| cx.bucket_named(name)) {
        Some(Link::One(bucket)) if cx.is_here(&bucket.at) => Truth::yes(),
        _ => Truth::unknown(Why::not_visible("bucket", "the Region of the bucket is not visible in this run")),
    });
    if !trail.key.is_set().is_false() && matches!(bucket, Truth::Unknown(..)) {
        return require(bucket);
    }
    let key = trail.key.ask(&|key, origin| {
        let Some(key) = key else { return Truth::yes() };
        if let Link::One(key) = cx.key_named(key) {
            return match cx.is_here(&key.at) {
                true => Truth::yes(),
                false => Truth::unknown(Why::not_visible("key", "the Region of the key is not visible in this run")),
            };
        }
        match (region(key), key.why()) {
            (Some(region), _) => match region.same(&trail.at.home.region) {
                Truth::Unknown(whys, _) => Truth::Unknown(whys, Default::default()).placed(origin.span),
                truth => truth.located(origin),
            },
            // An id or an alias is looked up where the trail is.
            (None, None) => Truth::yes(),
            (None, Some(why)) => Truth::unknown(why),
        }
    });
    require(key).label("the bucket is in another Region, and S3 encrypts with keys of its own Region only")
}

/// The Region of a key's ARN.
fn region(arn: &Text) -> Option<Text> {
    let rest = arn.after_partition()?.strip_prefix("kms:")?;
    rest.before(':')
}

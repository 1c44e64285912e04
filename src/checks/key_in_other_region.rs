//! See `checks/key_in_other_region.md`.

use crate::model::{Cx, Link, Trail};
use crate::value::{Text, Truth, Verdict, Why, require};

/// The trail is judged, since it is what names both.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.key.is_set().is_false() {
        return Verdict::not_applicable("the trail has no key");
    }
    let together = trail.bucket.ask(&|name, _| match name.as_ref().map(|name| cx.bucket_named(name)) {
        Some(Link::One(bucket)) if cx.is_placed(&bucket.at) => is_key_in(cx, trail, &bucket.at.home.region),
        _ => Truth::unknown(Why::not_visible("bucket", "the Region of the bucket is not visible in this run")),
    });
    require(together).label("the bucket is in another Region, and S3 encrypts with keys of its own Region only")
}

/// Whether the key of a trail is in a Region.
fn is_key_in<'a>(cx: &Cx<'a>, trail: &'a Trail, bucket: &Text) -> Truth {
    trail.key.ask(&|key, origin| {
        let Some(key) = key else { return Truth::yes() };
        let same = |region: &Text| match region.same(bucket) {
            Truth::Unknown(whys, _) => Truth::Unknown(whys, Default::default()).placed(origin.span),
            truth => truth.located(origin),
        };
        if let Link::One(key) = cx.key_named(key) {
            return match cx.is_placed(&key.at) {
                true => same(&key.at.home.region),
                false => Truth::unknown(Why::not_visible("key", "the Region of the key is not visible in this run")),
            };
        }
        match (region(key), key.why()) {
            (Some(region), _) => same(&region),
            // An id or an alias is looked up where the trail is.
            (None, None) => Truth::yes(),
            (None, Some(why)) => Truth::unknown(why),
        }
    })
}

/// The Region of a key's ARN.
fn region(arn: &Text) -> Option<Text> {
    let rest = arn.after_partition()?.strip_prefix("kms:")?;
    rest.before(':')
}

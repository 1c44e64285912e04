//! See `checks/bucket_acls_enabled.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Text, Truth, Value, Verdict, require};

/// New buckets have ACLs off by default.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    let enforced = |value: &Value<Option<Text>>| {
        value.ask(&|text, origin| match text {
            None => Truth::yes(),
            Some(text) => match text.same(&"BucketOwnerEnforced".into()) {
                Truth::True(_) => Truth::of(true, origin),
                Truth::False(_) => Truth::of(false, origin),
                unknown => unknown,
            },
        })
    };
    require(bucket.ownership.ask(&|rules, _| Truth::all(rules.iter().map(enforced))))
        .label("ACLs decide beside the bucket policy")
        .because("nothing lets ACLs decide: for new buckets S3 turns them off")
}

//! See `checks/bucket_without_lifecycle.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, require};

/// A rule that is switched off does nothing.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    let enabled = bucket.lifecycle.ask(&|rules, origin| match rules.as_slice() {
        [] => Truth::of(false, origin),
        rules => Truth::any(rules.iter().map(|rule| rule.is_enabled())).located(origin),
    });
    require(enabled).label("logs are kept, and paid for, for ever")
}

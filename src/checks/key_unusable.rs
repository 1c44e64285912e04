//! See `checks/key_unusable.md`.

use crate::model::{Cx, Key};
use crate::value::{Verdict, require};

/// CloudTrail needs an enabled symmetric encryption key.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let _ = cx;
    let enabled = require(key.enabled.is(true))
        .label("CloudTrail cannot deliver while the key is disabled")
        .part(&key.enabled.origin.property);
    if key.is_told_by_primary() {
        return enabled;
    }
    let symmetric = key.is_symmetric().labelled("CloudTrail takes symmetric keys only");
    let kind = symmetric.and(key.is_for_encryption().labelled("CloudTrail takes keys for encryption only"));
    enabled.and(require(kind).part(&key.spec.origin.property))
}

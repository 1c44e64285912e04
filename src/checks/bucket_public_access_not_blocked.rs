//! See `checks/bucket_public_access_not_blocked.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Verdict, require};

/// Written off; what is left out is `bucket_public_access_unstated`.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    let each = bucket.public_access.iter().map(|setting| {
        let name = setting.origin.name();
        require(setting.test(|on| *on != Some(false))).label(format!("`{name}` is off")).part(name)
    });
    each.fold(Verdict::pass("no setting is off"), Verdict::and)
}

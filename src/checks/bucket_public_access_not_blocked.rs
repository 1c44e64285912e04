//! See `checks/bucket_public_access_not_blocked.md`.

use crate::model::{Bucket, Cx};
use crate::value::{Truth, Verdict, forbid, require};

/// Written off; and of a bucket that exists, what is not set is off. What a template leaves out is
/// `bucket_public_access_unstated`.
pub(super) fn run<'a>(cx: &Cx<'a>, bucket: &'a Bucket) -> Verdict {
    let _ = cx;
    let each = bucket.public_access.iter().map(|setting| {
        let name = setting.origin.name();
        require(setting.test(|on| *on != Some(false))).label(format!("`{name}` is off")).part(name)
    });
    let written = each.fold(Verdict::pass("no setting is off"), Verdict::and);
    written.and(
        forbid(Truth::from(bucket.at.is_live() && !unset(bucket).is_empty()))
            .or_at(bucket.at.span)
            .label(label(bucket)),
    )
}

/// The settings that are known not to be set.
fn unset(bucket: &Bucket) -> Vec<&str> {
    let settings = bucket.public_access.iter().filter(|setting| matches!(setting.get(), Some(None)));
    settings.map(|setting| setting.origin.name()).collect()
}

fn label(bucket: &Bucket) -> String {
    match unset(bucket) {
        all if all.len() == bucket.public_access.len() => {
            "nothing blocks public access: all four settings are off".to_owned()
        }
        some => format!("not set, and so off: {}", some.join(", ")),
    }
}

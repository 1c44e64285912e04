//! See `checks/trail_without_kms_key.md`.

use crate::model::{Cx, Trail};
use crate::model::is_filled;
use crate::value::{Text, Truth, Verdict, require};

/// An AWS managed key counts as none: its policy cannot name CloudTrail.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    let given = is_filled(&trail.key).labelled("logs are encrypted with keys that S3 manages");
    let own = trail.key.ask(&|key, origin| match key {
        Some(key) if is_aws_managed(key).is_true() => Truth::of(false, origin),
        Some(key) if matches!(is_aws_managed(key), Truth::Unknown(..)) => is_aws_managed(key).not(),
        _ => Truth::yes(),
    });
    require(given.and(own.labelled("CloudTrail cannot use an AWS managed key")))
}

fn is_aws_managed(key: &Text) -> Truth {
    let name = key.after(":alias/").map(|name| Text::concat([&Text::from("alias/"), &name]));
    name.as_ref().unwrap_or(key).starts_with("alias/aws/")
}

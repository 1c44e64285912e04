//! See `checks/trail_without_kms_key.md`.

use crate::model::{Cx, Trail, is_customer_key};
use crate::value::{Verdict, require};

/// An AWS managed key counts as none: its policy cannot name CloudTrail.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    require(is_customer_key(&trail.key)).label("only a key of your own lets you decide who can read the logs")
}

//! See `checks/identity_can_tamper.md`.

use crate::model::{Cx, Identity};
use crate::value::Verdict;

/// Whom the run trusts is expected; without such a list it is off.
pub(super) fn run<'a>(cx: &Cx<'a>, identity: &'a Identity) -> Verdict {
    cx.can_tamper(identity)
}

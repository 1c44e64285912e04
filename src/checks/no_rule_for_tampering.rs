//! See `checks/no_rule_for_tampering.md`.

use crate::model::{Cx, Trail};
use crate::value::Verdict;

/// The calls are taken in the trail's home Region alone, so one rule there is enough for it.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.has_rule_for_tampering(trail)
}

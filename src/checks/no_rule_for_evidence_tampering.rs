//! See `checks/no_rule_for_evidence_tampering.md`.

use crate::model::{Cx, Trail};
use crate::value::Verdict;

/// Asked where the bucket is the account's own.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.has_rule_for_evidence(trail)
}

use crate::model::{Cx, Identity};
use crate::value::Verdict;

/// An administrator's `*` counts: by its meaning it lets its holder silence trails, and no more is asked.
pub(super) fn run(cx: &Cx, identity: &Identity) -> Verdict {
    cx.grants_tampering(identity)
}

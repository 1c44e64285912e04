//! See `checks/account_trail_changes_seen.md`.

use crate::model::{CHANGING, Cx, Live};
use crate::value::Verdict;

/// Every deployment changes what is recorded, so that this is off unless asked for.
pub(super) fn run<'a>(_: &Cx<'a>, live: &'a Live) -> Verdict {
    live.has_not_seen(&CHANGING)
}

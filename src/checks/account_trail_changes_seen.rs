//! See `checks/account_trail_changes_seen.md`.

use crate::model::{Cx, Live};
use crate::value::Verdict;

/// Calls that change what is recorded. Every deployment makes them, so that this is off unless asked for.
const CALLS: [&str; 4] = ["UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "UpdateEventDataStore"];

pub(super) fn run<'a>(_: &Cx<'a>, live: &'a Live) -> Verdict {
    live.has_not_seen(&CALLS)
}

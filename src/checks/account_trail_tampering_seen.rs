//! See `checks/account_trail_tampering_seen.md`.

use crate::model::{Cx, Live};
use crate::value::Verdict;

/// Calls that silence a trail or an event data store at once.
const CALLS: [&str; 4] = ["StopLogging", "DeleteTrail", "DeleteEventDataStore", "StopEventDataStoreIngestion"];

pub(super) fn run<'a>(_: &Cx<'a>, live: &'a Live) -> Verdict {
    live.has_not_seen(&CALLS)
}

//! See `checks/account_trail_tampering_seen.md`.

use crate::model::{Cx, Live, SILENCING};
use crate::value::Verdict;

pub(super) fn run<'a>(_: &Cx<'a>, live: &'a Live) -> Verdict {
    live.has_not_seen(&SILENCING)
}

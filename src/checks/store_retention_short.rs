//! See `checks/store_retention_short.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// 366 days by default, 2557 under fixed pricing.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let days = cx.settings.required_days;
    require(store.retains(days)).label(format!("events are kept for less than {days} days"))
}

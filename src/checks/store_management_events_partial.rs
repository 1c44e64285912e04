//! See `checks/store_management_events_partial.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// A store without selectors takes all management events in.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let _ = cx;
    require(store.selectors.management().all().located(&store.selectors.place.0))
        .label("management events are left out, or a part of them")
}

//! See `checks/store_ingestion_stopped.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// On by default.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let _ = cx;
    require(store.ingestion.is(true)).label("no event is taken in")
}

//! See `checks/store_unprotected.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// On by default.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let _ = cx;
    require(store.protected.is(true)).label("anyone with `DeleteEventDataStore` can delete the store")
}

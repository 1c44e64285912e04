//! See `checks/store_without_kms_key.md`.

use crate::model::is_customer_key;
use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// The key cannot be changed once the store is there.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let _ = cx;
    require(is_customer_key(&store.key)).label("events are encrypted with a key that AWS owns")
}

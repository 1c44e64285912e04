//! See `checks/store_not_organization.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// Off by default; to be asked for is to say that there is an organization.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let _ = cx;
    require(store.organization.is(true)).label("only this account's events are taken in")
}

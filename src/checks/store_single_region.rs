//! See `checks/store_single_region.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// What CloudFormation does by default is not documented.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let _ = cx;
    require(store.multi_region.is(true)).label("only events of one Region are taken in")
}

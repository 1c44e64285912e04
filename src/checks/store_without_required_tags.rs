//! See `checks/store_without_required_tags.md`.

use crate::model::{Cx, Store};
use crate::value::{Verdict, require};

/// Without configured keys any tag will do.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    require(cx.is_tagged(&store.tags)).label("required tags are missing")
}

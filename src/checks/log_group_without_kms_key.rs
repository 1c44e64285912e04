//! See `checks/log_group_without_kms_key.md`.

use crate::model::is_customer_key;
use crate::model::{Cx, LogGroup};
use crate::value::{Verdict, require};

/// The service encrypts with a key of its own.
pub(super) fn run<'a>(cx: &Cx<'a>, group: &'a LogGroup) -> Verdict {
    let _ = cx;
    require(is_customer_key(&group.key)).label("events are encrypted with a key that AWS owns")
}

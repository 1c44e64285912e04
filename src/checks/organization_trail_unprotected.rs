use crate::model::{Account, Cx};
use crate::value::Verdict;

/// Of a template only what it declares counts: the account's part in the trail, the way up, and where policies hang.
pub(super) fn run(cx: &Cx, account: &Account) -> Verdict {
    cx.is_protected(account)
}

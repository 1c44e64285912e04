//! See `checks/organization_leavable.md`.

use crate::model::{Cx, Membership};
use crate::value::Verdict;

pub(super) fn run<'a>(cx: &Cx<'a>, by: Membership<'a>) -> Verdict {
    cx.keeps_members(by)
}

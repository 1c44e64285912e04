//! See `checks/organization_management_account_exposed.md`.

use crate::model::{Cx, Organization};
use crate::value::Verdict;

/// No service control policy binds this account: its own policies and boundaries are all that there is.
pub(super) fn run<'a>(cx: &Cx<'a>, organization: &'a Organization) -> Verdict {
    cx.exposes_trail(organization)
}

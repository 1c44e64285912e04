//! See `checks/scp_unattached.md`.

use crate::model::{Cx, OrganizationPolicy};
use crate::value::{Truth, Verdict, forbid};

pub(super) fn run(_: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let protects = policy.protects_trails();
    if protects.is_false() {
        return Verdict::not_applicable("it is no policy that protects trails");
    }
    let unattached = policy.is_unattached();
    let place = unattached.clone();
    match protects.and(unattached) {
        // The place is the list of targets, whatever else decides.
        Truth::True(_) => forbid(place).label("attached to nothing, it binds nobody"),
        other => forbid(other),
    }
}

//! See `checks/scp_unattached.md`.

use crate::model::{Cx, OrganizationPolicy};
use crate::value::{Truth, Verdict, forbid};

pub(super) fn run(cx: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let protects = policy.protects_trails();
    if protects.is_false() {
        return Verdict::not_applicable("it is no policy that protects trails");
    }
    // Attached or not: only its content tells whether that is asked of it.
    if matches!(protects, Truth::Unknown(..)) {
        return forbid(protects);
    }
    let alone = cx.is_of_management_alone(policy);
    let label = match alone.is_true() {
        true => "attached to the management account alone, it binds nobody",
        false => "attached to nothing, it binds nobody",
    };
    let idle = policy.is_unattached().or(alone);
    let place = idle.clone();
    match protects.and(idle) {
        // The place is the list of targets, whatever else decides.
        Truth::True(_) => forbid(place).label(label),
        other => forbid(other),
    }
}

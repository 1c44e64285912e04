use crate::model::{Cx, MEMBERSHIP, OrganizationPolicy, TRAILS};
use crate::value::{Truth, Verdict, forbid};

/// Policies against leaving count: who leaves takes the account out of the organization's trail.
pub(super) fn run(_: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let kind = policy.is_service_control();
    let protects =
        Truth::any(policy.statements().iter().map(|statement| TRAILS.means(statement).or(MEMBERSHIP.means(statement))));
    if kind.is_false() || protects.is_false() {
        return Verdict::not_applicable("it is no policy that protects trails");
    }
    let unattached = policy.is_unattached();
    let place = unattached.clone();
    match kind.and(protects).and(unattached) {
        // The place is the list of targets, whatever else decides.
        Truth::True(_) => forbid(place).label("attached to nothing, it binds nobody"),
        other => forbid(other),
    }
}

use crate::model::{Cx, OrganizationPolicy};
use crate::value::{Truth, Verdict};

/// Whether or not it is attached: a policy that would stop the logs where it is attached is wrong already.
pub(super) fn run(cx: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let kind = policy.is_resource_control();
    if kind.is_false() {
        return Verdict::not_applicable("it is no resource control policy");
    }
    policy.each(|statement| {
        let denies = cx.denies_delivery(policy, statement);
        match kind.clone().and(denies.clone()) {
            // The place is what decides in the statement, not the type of the policy.
            Truth::True(_) => denies,
            other => other,
        }
    })
}

//! See `checks/trail_before_bucket_policy.md`.

use crate::model::{Cx, Trail};
use crate::value::{Truth, Verdict, require};

/// CloudFormation creates in parallel what does not depend on one another.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.at.is_live() {
        return Verdict::not_applicable("the trail was made");
    }
    let policies = cx.scope.bucket_policies.iter().filter(|policy| !cx.is_policy_of(policy, trail).is_false());
    let ordered = policies.map(|policy| {
        let waits = if trail.at.is_after(&policy.at) { Truth::yes() } else { Truth::no() };
        require(waits.or(policy.at.exists().and(cx.is_policy_of(policy, trail)).not()))
            .or_at(trail.at.span)
            .label("the trail may be created before the bucket's policy lets CloudTrail in")
            .related("the policy that it must wait for", policy.at.span)
    });
    ordered
        .fold(Verdict::not_applicable("the bucket's policy is not declared beside the trail"), Verdict::and)
        .because("the trail waits for the bucket's policy")
}

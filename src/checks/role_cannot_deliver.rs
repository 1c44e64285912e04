//! See `checks/role_cannot_deliver.md`.

use crate::model::{Cx, Identity, cannot_tell};
use crate::value::{Text, Truth, Verdict, require};

/// CloudTrail assumes the role, and the role writes.
pub(super) fn run<'a>(cx: &Cx<'a>, role: &'a Identity) -> Verdict {
    let routes = cx.trails_of_role(role);
    if routes.is_empty() {
        return Verdict::not_applicable("no trail of this run writes by this role");
    }
    let contexts = cx.contexts_of(&role.at, &routes, |trail| &trail.log_role);
    let trust = role.trust.ask(&|trust, origin| match trust {
        None => Truth::of(false, origin),
        Some(trust) => cx.service_may(&[trust], "sts:AssumeRole", &Text::default(), &contexts),
    });
    let trusts = require(trust).label("CloudTrail may not assume the role").part(&role.trust.origin.property);
    let attached = match cx.attached_to(role) {
        Ok(attached) => attached,
        Err(why) => return trusts.and(cannot_tell(why)),
    };
    let delivers = Truth::all(routes.iter().map(|route| cx.may_deliver(role, &attached, route.trail)));
    trusts
        .and(require(delivers).or_at(role.at.span).label("the role may not write the trail's events to its log group"))
        .because("CloudTrail may assume the role, and the role may write to the log group")
}

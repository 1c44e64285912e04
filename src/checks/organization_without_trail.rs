//! See `checks/organization_without_trail.md`.

use crate::model::{Cx, Organization};
use crate::value::{Truth, Verdict, bare, require};

/// Told once, where the organization is managed. Its trail is seen from each of its accounts.
pub(super) fn run<'a>(cx: &Cx<'a>, organization: &'a Organization) -> Verdict {
    let Some(live) = cx.scope.live.as_ref().filter(|live| organization.is_managed_from(live)) else {
        return Verdict::not_applicable("only the evidence of its management account shows every trail");
    };
    let covers = || cx.scope.all_trails().filter(|trail| trail.organization.is(true).is_true());
    if covers().next().is_some() && covers().all(|trail| trail.logs().is_false()) {
        return Verdict::not_applicable("the organization's trail is stopped, which is reported");
    }
    let logging = cx.scope.all_trails().map(|trail| trail.organization.is(true).and(trail.logs()));
    require(bare(Truth::any(logging)).or(live.unlisted()))
        .or_at(organization.at.span)
        .label("no logging trail covers the organization: each account records for itself, or does not")
}

//! See `checks/trail_not_organization.md`.

use crate::model::{Cx, Trail};
use crate::value::{Truth, Verdict, Why, require};

/// Whether the account belongs to an organization shows in a template only where one is declared.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let covered = union.any(|trail| trail.organization.is(true));
        let known = cx.settings.organization || !cx.scope.organizations.is_empty();
        let stopped = |trail: &Trail| trail.organization.is(true).is_true() && trail.logs().is_false();
        if covered.is_false() && cx.scope.all_trails().any(stopped) {
            return Verdict::not_applicable("the organization's trail is stopped, which is reported");
        }
        if let (Truth::False(_), Some(live)) = (&covered, &cx.scope.live)
            && !cx.settings.organization
        {
            return match cx.is_in_organization(live) {
                Truth::True(_) => require(covered.located(&trail.organization.origin)).label("only this account is recorded"),
                Truth::False(_) => Verdict::not_applicable("the account belongs to no organization"),
                unknown => require(unknown),
            };
        }
        let truth = match covered {
            Truth::False(_) if !known => Truth::unknown(Why::not_visible(
                "organization",
                "whether the account belongs to an organization cannot be seen here; `--organization` says that it does",
            ).at(trail.organization.origin.span)),
            covered => covered.located(&trail.organization.origin),
        };
        require(truth).label("only this account is recorded")
    })
}

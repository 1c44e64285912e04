//! See `checks/trail_not_organization.md`.

use crate::model::{Cx, Trail};
use crate::value::{Truth, Verdict, Why, require};

/// Whether the account belongs to an organization shows in a template only where one is declared.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let covered = union.any(|trail| trail.organization.is(true));
        let known = cx.settings.organization || !cx.scope.organizations.is_empty();
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

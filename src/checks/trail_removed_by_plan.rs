//! See `checks/trail_removed_by_plan.md`.

use crate::model::{Cx, Fate, Planned};
use crate::value::{Truth, Verdict, bare, forbid};

/// Whether a policy of an organization matters is a question of its own; everything else that is judged here holds the trail.
pub(super) fn run<'a>(cx: &Cx<'a>, planned: &'a Planned) -> Verdict {
    let protects = cx.scope.organization_policies.of(&planned.at).map_or(Truth::yes(), |it| it.protects_trails());
    if protects.is_false() {
        return Verdict::not_applicable("it is no policy that protects trails");
    }
    let label = match planned.fate {
        Fate::Stays => return Verdict::pass("it is there after the plan"),
        Fate::Replaced => "the plan destroys it and makes another: what it held, and what happens meanwhile, is lost",
        Fate::Destroyed => "the plan destroys it",
    };
    forbid(bare(protects)).or_at(planned.place).label(label)
}

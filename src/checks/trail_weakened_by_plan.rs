//! See `checks/trail_weakened_by_plan.md`.

use crate::model::{Cx, Fate, Planned};
use crate::value::Verdict;

/// What is lost was found out by running the other checks on both sides of the plan.
pub(super) fn run<'a>(_: &Cx<'a>, planned: &'a Planned) -> Verdict {
    if planned.fate == Fate::Destroyed {
        return Verdict::not_applicable("it is not there after the plan");
    }
    if planned.lost.is_empty() {
        return Verdict::pass("what holds before the plan holds after it");
    }
    let faults = planned.lost.iter().map(|lost| {
        let mut fault = lost.fault.clone();
        let how =
            if lost.is_new { "fails with what this plan brings" } else { "holds before this plan and fails after it" };
        fault.label = format!("{} {how}: {}", lost.check, fault.label).into();
        fault.part = Some(fault.part.map_or(lost.check.to_owned(), |part| format!("{}.{part}", lost.check)));
        fault
    });
    Verdict::Fail(faults.collect(), Vec::new())
}

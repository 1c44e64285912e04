//! Places in modules, as who calls the modules sees them: a finding stands in a file of his own, and leads to the rest.

use super::{Answer, Outcome};
use crate::read::{Called, Unit};
use crate::value::Related;

/// Most calls that are named beside a place in a module.
const MAX_CALLS: usize = 3;

/// What is said of a downloaded module stands at the call; what is said of a module beside it names the calls.
pub(super) fn seen_from_the_call(unit: &dyn Unit, mut outcome: Outcome) -> Outcome {
    if matches!(outcome.answer, Answer::Fail | Answer::Unknown) {
        outcome.subject.calls = unit.calls_around(&outcome.subject.address);
    }
    match unit.calls_to(&outcome.subject.address, outcome.span.file) {
        None => {}
        Some(Called::Downloaded(at)) => {
            let inside = Related { label: "here in the module".into(), span: outcome.span };
            outcome.related.insert(0, inside);
            outcome.span = at;
        }
        Some(Called::Local(calls)) if matches!(outcome.answer, Answer::Fail | Answer::Unknown) => {
            let each = calls.into_iter().take(MAX_CALLS);
            outcome.related.extend(each.map(|span| Related { label: "the module is called here".into(), span }));
        }
        Some(Called::Local(_)) => {}
    }
    outcome
}

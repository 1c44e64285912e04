//! What a plan is about to do to what holds the audit trail. Knows no dialect; what the checks say of the two sides comes
//! from who runs them.

use super::Declared;
use crate::source::Span;
use crate::value::Fault;

pub use crate::read::Fate;

/// A resource that is there before a plan.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What it is before the plan.
    pub at: Declared,
    /// Where to show what becomes of it.
    pub place: Span,
    /// What becomes of it.
    pub fate: Fate,
    /// What holds before the plan and no more after it.
    pub lost: Vec<Lost>,
}

/// A check that passes before a plan and fails after it, or fails of what the plan brings.
#[derive(Clone, Debug)]
pub struct Lost {
    /// Its name.
    pub check: &'static str,
    /// Whether what fails is there only after it.
    pub is_new: bool,
    /// What is wrong after it.
    pub fault: Fault,
}

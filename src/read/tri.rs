//! A condition's value in a world, and what counts for it.

/// Whether defaults of parameters and variables count as their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Defaults {
    /// They do, as assumptions.
    Count,
    /// Only what was given counts: what must be, whatever is given later.
    Ignore,
}

/// A condition's value: known or not, and whether defaults of parameters decided it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tri {
    pub(super) value: Option<bool>,
    pub(super) assumed: bool,
}

impl Tri {
    pub(super) const UNKNOWN: Tri = Tri { value: None, assumed: false };

    pub(super) fn known(value: bool) -> Tri {
        Tri { value: Some(value), assumed: false }
    }

    pub(super) fn not(self) -> Tri {
        Tri { value: self.value.map(|value| !value), ..self }
    }

    /// Kleene's conjunction; a false operand that rests on no default decides for certain.
    pub(super) fn and(self, other: Tri) -> Tri {
        match (self.value, other.value) {
            (Some(false), Some(false)) => Tri { value: Some(false), assumed: self.assumed && other.assumed },
            (Some(false), _) => self,
            (_, Some(false)) => other,
            (Some(true), Some(true)) => Tri { value: Some(true), assumed: self.assumed || other.assumed },
            _ => Tri::UNKNOWN,
        }
    }

    /// Kleene's disjunction.
    pub(super) fn or(self, other: Tri) -> Tri {
        self.not().and(other.not()).not()
    }
}

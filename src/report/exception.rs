//! What is to be said of exceptions themselves: that one is not needed any more, has run out, or does not count.

use crate::page::Severity;
use crate::source::Span;

/// What became of an exception that does not simply hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The run could have met a finding for it, and did not.
    Unused,
    /// Its last day is over: what it held back is open again.
    Expired,
    /// It names no check.
    UnknownCheck,
    /// It does not say why.
    WithoutReason,
    /// It is not written in a way that can be understood.
    Malformed,
    /// The rules of the team or of its central team do not let it hold.
    Refused,
    /// It is new, and counts once it is in the base.
    Pending,
    /// An entry of the baseline whose finding is gone.
    BaselineStale,
}

impl State {
    /// Its spelling in reports: no id of a check.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Unused => "allow_unused",
            State::Expired => "allow_expired",
            State::UnknownCheck => "allow_unknown_check",
            State::WithoutReason => "allow_without_reason",
            State::Malformed => "allow_malformed",
            State::Refused => "allow_refused",
            State::Pending => "allow_pending",
            State::BaselineStale => "baseline_stale",
        }
    }

    /// What it means, as a title.
    pub fn title(self) -> &'static str {
        match self {
            State::Unused => "An exception is not needed",
            State::Expired => "An exception has run out",
            State::UnknownCheck => "An exception names no check",
            State::WithoutReason => "An exception does not say why",
            State::Malformed => "An exception cannot be understood",
            State::Refused => "An exception is refused",
            State::Pending => "An exception is not in the base yet",
            State::BaselineStale => "An entry of the baseline is not needed",
        }
    }
}

/// An exception that does not simply hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    /// What became of it.
    pub state: State,
    /// The check that it names, as written.
    pub check: Box<str>,
    /// What to do: lower case, no full stop.
    pub message: String,
    /// Where it is written.
    pub span: Span,
}

impl Exception {
    /// What it weighs: what it held back, and does not, is a finding of its own.
    pub const SEVERITY: Severity = Severity::Low;
}

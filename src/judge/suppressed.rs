//! What a team decided about a finding. Judging leaves it empty; `policy` fills it in.

use crate::source::Span;

/// Why a finding is new, beside what was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// There was no such finding.
    Finding,
    /// There was one, with another value.
    Value,
    /// The check is newer than what was written down.
    Check,
}

impl News {
    /// Its spelling in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            News::Finding => "finding",
            News::Value => "value",
            News::Check => "check",
        }
    }

    /// The same for people.
    pub fn words(self) -> &'static str {
        match self {
            News::Finding => "new: it was not there before",
            News::Value => "new: it was there before with another value",
            News::Check => "new: the check is newer than the baseline",
        }
    }
}

/// Who holds a finding back, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppressed {
    /// What holds it back: `comment`, `metadata`, `configuration`, `baseline`, `base`, or the name of another tool.
    pub by: &'static str,
    /// What it is called there, where another tool's name for the check was written.
    pub id: Option<Box<str>>,
    /// Why.
    pub reason: Box<str>,
    /// The last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<Box<str>>,
    /// How many days are left until then.
    pub days_left: Option<i64>,
    /// Who answers for it.
    pub owner: Option<Box<str>>,
    /// `accepted`, `false_positive` or `planned`.
    pub kind: Option<&'static str>,
    /// Where it is written.
    pub place: Option<Span>,
}

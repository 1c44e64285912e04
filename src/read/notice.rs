//! What a source has to say beside its records: what is wrong with it, and what of it was not seen.

use crate::source::Span;

/// Something of a source that could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Where.
    pub span: Span,
    /// What and why: lower case, no full stop.
    pub message: String,
    /// What it means for the run.
    pub kind: NoticeKind,
}

/// What it means for a run that something could not be followed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// It is wrong, so a part of the run was not done: a module that calls itself, a loop that was cut.
    Problem,
    /// What is written does not count.
    Lost,
    /// It is not at hand, so what it declares was not seen.
    Unseen {
        /// What it is.
        what: UnseenKind,
        /// What the source calls it, as written.
        name: String,
        /// Whether a trail, or something that it rests on, may be declared there.
        may_hold_trail: bool,
    },
}

/// What was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnseenKind {
    /// A module of Terraform that is called.
    Module,
    /// A template that another one includes.
    Template,
    /// A template that stands inside a resource.
    Body,
    /// A file or directory.
    File,
    /// An account.
    Account,
}

impl UnseenKind {
    /// Its name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            UnseenKind::Module => "module",
            UnseenKind::Template => "template",
            UnseenKind::Body => "body",
            UnseenKind::File => "file",
            UnseenKind::Account => "account",
        }
    }
}

//! One report, many renderers, all showing the same findings under the same filter.
//!
//! A [`Report`] holds every outcome of a run. What a renderer shows is decided here, once; renderers only write. Text from
//! inputs is data: each renderer escapes it for its format.

mod accounts;
pub mod controls;
mod csv;
pub mod escape;
mod exception;
mod format;
mod github;
mod gitlab;
mod html;
pub mod human;
mod identity;
pub mod json;
mod junit;
mod markdown;
mod paper;
mod row;
pub mod sarif;
mod short;
mod snippet;
mod sonarqube;
pub mod stats;

use crate::checks::Check;
use crate::judge::{Answer, Outcome, Suppressed};
use crate::page::Severity;
use crate::read::UnseenKind;
use crate::read::account::{Looked, Member};
use crate::source::{FileId, Sources, Span};
use crate::syntax::SyntaxError;
use crate::value::{WhyKind, is_account_id};
pub use exception::{Exception, State};
pub use format::{Format, Manner};
pub use identity::hash;
use std::collections::{BTreeMap, BTreeSet};

/// Something that kept a part of the run from being done; the run then ends with exit code 2.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The file, as it is shown; empty where it is about no file.
    pub file: String,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Option<Span>,
    /// A second place, with its label.
    pub related: Option<(Span, &'static str)>,
}

impl Problem {
    /// A problem of the run as a whole.
    pub fn of_run(message: String) -> Problem {
        Problem::of_file("", message)
    }

    /// A problem of a file.
    pub fn of_file(file: &str, message: String) -> Problem {
        Problem { file: file.to_owned(), message, span: None, related: None }
    }

    /// A file that is broken.
    pub fn of_syntax(file: String, error: SyntaxError) -> Problem {
        Problem { file, message: error.message, span: Some(error.span), related: error.related }
    }
}

/// A file that was left out.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// The file, as it is shown.
    pub file: String,
    /// Why.
    pub why: String,
}

/// Something that was not at hand, so that what it declares was not seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Unseen {
    /// What it is.
    pub what: UnseenKind,
    /// What the source calls it, as written: the source of a module, the address of a template, the path of a file.
    pub name: String,
    /// Why it was not seen, and what to do.
    pub why: String,
    /// Where it is named, where that is in a file of the run.
    pub span: Option<Span>,
    /// Whether a trail, or something that it rests on, may be declared there.
    pub may_hold_trail: bool,
}

/// A value that is written and does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// Why.
    pub why: String,
    /// Where it is written.
    pub span: Span,
}

/// An account whose evidence was read.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountRead {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The names of the root and the organizational units above it, `/` between them.
    pub path: Option<String>,
    /// The file, as it is shown.
    pub file: String,
    /// The ARN of whoever asked.
    pub caller: Option<String>,
    /// The Regions in which it was asked.
    pub regions: Vec<String>,
    /// When the first and the last of its answers were given.
    pub as_of: Option<(String, String)>,
    /// The SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Whether every answer is there that was meant to be, as far as the file says.
    pub is_whole: bool,
    /// Whether the calls that show what it has were made.
    pub looked: Looked,
}

impl AccountRead {
    /// Why its trails could be listed nowhere.
    pub fn unlisted(&self) -> Option<&str> {
        match &self.looked {
            Looked::Refused(why) => Some(why),
            Looked::Yes | Looked::No => None,
        }
    }
}

/// A call to AWS that was not answered, so that what it would show is unknown.
#[derive(Clone, Debug, PartialEq)]
pub struct Unanswered {
    /// The account that was asked, by its id.
    pub account: String,
    /// The permission that it needs.
    pub permission: String,
    /// Why it was not answered.
    pub why: String,
    /// Where the evidence says so.
    pub span: Span,
}

/// Calls that were not answered, for one reason.
struct Folded<'r> {
    count: usize,
    /// Where the first is.
    span: Span,
    accounts: BTreeSet<&'r str>,
}

/// What was looked at.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    /// Files that were read as templates or as parts of configurations.
    pub files_read: usize,
    /// Files and directories that were left out.
    pub files_skipped: Vec<Skipped>,
    /// What sources name, or what was found, and could not be looked into.
    pub unseen: Vec<Unseen>,
    /// Values that are written and do not count, where they were asked for.
    pub values_lost: Vec<Lost>,
    /// Plans whose sources are not there, so that findings stand in the plans themselves.
    pub plans_without_source: Vec<String>,
    /// Plans that say of themselves that they leave something out: they were made for some targets, or put parts off.
    pub plans_partial: Vec<String>,
    /// Accounts whose evidence was read.
    pub accounts: Vec<AccountRead>,
    /// What the organization calls its accounts, whether their evidence was read or not.
    pub members: Vec<Member>,
    /// Calls to AWS that were not answered.
    pub calls_unanswered: Vec<Unanswered>,
}

impl Coverage {
    /// The accounts whose evidence says that answers are missing.
    pub fn incomplete(&self) -> impl Iterator<Item = &AccountRead> {
        self.accounts.iter().filter(|account| !account.is_whole)
    }

    /// The accounts whose trails could be listed nowhere, by why.
    pub fn unlisted(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut unlisted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for account in &self.accounts {
            if let Some(why) = account.unlisted() {
                unlisted.entry(why).or_default().insert(&account.id);
            }
        }
        unlisted
    }

    /// When the first and the last answer of the evidence was given.
    pub fn as_of(&self) -> Option<(&str, &str)> {
        let times = || self.accounts.iter().filter_map(|account| account.as_of.as_ref());
        Some((times().map(|(from, _)| from).min()?, times().map(|(_, to)| to).max()?))
    }

    /// Leaves a file out.
    pub fn skip(&mut self, file: String, why: impl Into<String>) {
        self.files_skipped.push(Skipped { file, why: why.into() });
    }

    /// Whether a trail, or something that it rests on, may be where nothing was seen.
    pub fn may_miss_trail(&self) -> bool {
        self.unseen.iter().any(|unseen| unseen.may_hold_trail)
    }
}

/// Everything that a run has to say.
#[derive(Debug)]
pub struct Report {
    /// The files.
    pub sources: Sources,
    /// The checks that ran.
    pub checks: Vec<&'static Check>,
    /// Every answer, in a fixed order.
    pub outcomes: Vec<Outcome>,
    /// What went wrong.
    pub problems: Vec<Problem>,
    /// What was looked at.
    pub coverage: Coverage,
    /// The files whose comments say what a team decided: those that were judged and were not downloaded.
    pub code: BTreeSet<FileId>,
    /// What is to be said of exceptions.
    pub exceptions: Vec<Exception>,
    /// What may help the user.
    pub hints: Vec<String>,
    /// The paths of files from the roots of the repositories that hold them, as far as they are known.
    pub paths: BTreeMap<FileId, String>,
    /// What came of the controls of each profile that was asked for.
    pub controls: Vec<controls::Table>,
}

/// Which outcomes a report lists, beside failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Show {
    /// What is unknown, each with its reasons.
    pub unknown: bool,
    /// What passes.
    pub pass: bool,
    /// What does not apply.
    pub not_applicable: bool,
    /// What is held back.
    pub suppressed: bool,
}

impl Show {
    /// Whether an outcome is listed.
    pub fn lists(self, outcome: &Outcome) -> bool {
        match outcome.answer {
            Answer::Fail => self.suppressed || outcome.suppressed.is_none(),
            Answer::Unknown => self.unknown,
            Answer::Pass => self.pass,
            Answer::NotApplicable => self.not_applicable,
        }
    }
}

impl Report {
    /// Of a run in which nothing could be judged.
    pub fn failed(message: String, checks: Vec<&'static Check>) -> Report {
        Report {
            sources: Sources::default(),
            checks,
            outcomes: Vec::new(),
            problems: vec![Problem::of_run(message)],
            coverage: Coverage::default(),
            code: BTreeSet::new(),
            exceptions: Vec::new(),
            hints: Vec::new(),
            paths: BTreeMap::new(),
            controls: Vec::new(),
        }
    }

    /// The path of a file in its repository, else its name.
    pub fn path(&self, file: FileId) -> &str {
        let known = self.paths.get(&file).map(String::as_str);
        known.or_else(|| Some(&*self.sources.get(file)?.name)).unwrap_or_default()
    }

    /// The failures that nothing holds back.
    pub fn failures(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(|outcome| outcome.answer == Answer::Fail && outcome.suppressed.is_none())
    }

    /// The failures that a team decided to hold back.
    pub fn suppressed(&self) -> impl Iterator<Item = (&Outcome, &Suppressed)> {
        self.outcomes.iter().filter_map(|outcome| Some((outcome, outcome.suppressed.as_ref()?)))
    }

    /// Whether everything was looked at that was meant to be: else what is missing here may still be there.
    pub fn is_complete(&self) -> bool {
        self.is_done() && !self.coverage.may_miss_trail()
    }

    /// Whether the run itself went through: nothing failed, no evidence says that answers are missing, and trails were
    /// listed in each account.
    fn is_done(&self) -> bool {
        self.problems.is_empty() && self.coverage.incomplete().next().is_none() && self.coverage.unlisted().is_empty()
    }

    /// The calls that were not answered, equal ones together, by permission and why.
    fn unanswered(&self) -> BTreeMap<(&str, &str), Folded<'_>> {
        let mut folded = BTreeMap::new();
        for call in &self.coverage.calls_unanswered {
            let one = folded.entry((&*call.permission, &*call.why));
            let one = one.or_insert(Folded { count: 0, span: call.span, accounts: BTreeSet::new() });
            one.count += 1;
            one.accounts.insert(&*call.account);
        }
        folded
    }

    /// How many outcomes have an answer.
    pub fn count(&self, answer: Answer) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.answer == answer).count()
    }

    /// How many subjects of each kind were judged.
    pub fn subjects(&self) -> BTreeMap<&'static str, usize> {
        let mut seen = BTreeSet::new();
        let mut counts = BTreeMap::new();
        for outcome in &self.outcomes {
            // An ARN means one thing in whatever file, and so does an account's id; addresses mean one in each.
            let address: &str = &outcome.subject.address;
            let id = address.rsplit('/').next().filter(|id| outcome.subject.kind == "account" && is_account_id(id));
            let file = Some(outcome.span.file).filter(|_| id.is_none() && !address.starts_with("arn:"));
            if seen.insert((outcome.subject.kind, id.unwrap_or(address), file)) {
                *counts.entry(outcome.subject.kind).or_insert(0) += 1;
            }
        }
        counts
    }

    /// The exit code: 2 the run failed; else 1 a failure at or above `fail_on`; else 3 where the trails of an account could
    /// be listed nowhere, or where `strict` and something that is not merely out of sight stayed unknown, or something that
    /// may hold a trail was not seen; else 0.
    pub fn exit_code(&self, fail_on: Severity, strict: bool) -> u8 {
        let open = |outcome: &&Outcome| {
            outcome.answer == Answer::Unknown && outcome.reasons.iter().any(|why| why.kind != WhyKind::NotVisible)
        };
        if !self.problems.is_empty() {
            2
        } else if self.failures().any(|outcome| outcome.check.page.severity >= fail_on)
            || (Exception::SEVERITY >= fail_on && !self.exceptions.is_empty())
        {
            1
        } else if !self.coverage.unlisted().is_empty()
            || strict && (self.coverage.may_miss_trail() || self.outcomes.iter().any(|outcome| open(&outcome)))
        {
            3
        } else {
            0
        }
    }
}

impl Outcome {
    /// The sentence of an outcome: for a finding what the check finds, then what is so at the underlined place.
    pub fn message(&self) -> String {
        match self.answer {
            Answer::Fail if self.label.is_empty() => format!("{}{}", self.check.page.title(), self.circumstances()),
            Answer::Fail => format!("{}: {}{}", self.check.page.title(), self.label, self.circumstances()),
            Answer::Unknown => {
                let mut reasons: Vec<&str> = self.reasons.iter().map(|why| &*why.text).collect();
                reasons.truncate(2);
                format!("cannot tell: {}{}", reasons.join("; "), self.circumstances())
            }
            _ if self.label.is_empty() => "holds".to_owned(),
            _ => self.label.clone(),
        }
    }

    /// The defaults that a finding rests on, and the conditions under which it is one.
    pub fn circumstances(&self) -> String {
        let mut words = String::new();
        match self.assumed.as_slice() {
            [] => {}
            [only] => words.push_str(&format!(", with the default of parameter `{only}`")),
            several => words.push_str(&format!(", with the defaults of parameters `{}`", several.join("`, `"))),
        }
        if let Some(when) = &self.fails_when {
            words.push_str(&format!(", fails where {when}"));
        }
        words
    }
}

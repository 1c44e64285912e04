//! One exception, wherever it was written: what it names, what it covers, and whether it may hold.

use super::glob::{matches, matches_path};
use super::nearest::nearest;
use super::rules::Rules;
use crate::checks::{self, Check};
use crate::judge::{Answer, Outcome, Suppressed};
use crate::page::Severity;
use crate::report::{Report, State};
use crate::source::{FileId, Span};
use crate::value::is_account_id;
use jiff::civil::Date;

/// Fewest characters of a reason: less says nothing.
pub(super) const REASON: usize = 10;

/// An exception.
#[derive(Clone, Debug)]
pub(super) struct Allow {
    /// What it was written as; see [`Suppressed::by`].
    pub(super) by: &'static str,
    /// The check that it names, as written.
    pub(super) id: Box<str>,
    /// Where that is written.
    pub(super) span: Span,
    pub(super) scope: Scope,
    /// The names that lead to what it is about, which outlive moved lines.
    pub(super) place: String,
    pub(super) part: Option<Box<str>>,
    pub(super) reason: Option<Box<str>>,
    pub(super) until: Option<Box<str>>,
    pub(super) owner: Option<Box<str>>,
    pub(super) kind: Option<Box<str>>,
    pub(super) ticket: Option<Box<str>>,
    /// What cannot be understood of it, and where.
    pub(super) malformed: Option<(String, Span)>,
    /// What other tools' names mean; none for ours.
    pub(super) foreign: Option<Vec<&'static str>>,
}

/// What an exception covers.
#[derive(Clone, Debug)]
pub(super) enum Scope {
    /// What stands in a place, is declared there, or is called from there.
    Place(Span),
    /// What stands or is declared in the place of a whole document.
    Document(Span),
    /// What these describe, each that is given.
    Globs(Globs),
    /// Nothing: it stands beside nothing.
    Nothing,
}

/// Patterns, each with its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Globs {
    pub(super) address: Option<(Box<str>, Span)>,
    pub(super) path: Option<(Box<str>, Span)>,
    pub(super) arn: Option<(Box<str>, Span)>,
    pub(super) account: Option<(Box<str>, Span)>,
    pub(super) region: Option<(Box<str>, Span)>,
    /// The directory that paths begin in.
    pub(super) directory: Box<str>,
}

impl Globs {
    /// Each that is given, with its key.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'static str, &str, Span)> {
        let all = [
            ("address", &self.address),
            ("path", &self.path),
            ("arn", &self.arn),
            ("account", &self.account),
            ("region", &self.region),
        ];
        all.into_iter().filter_map(|(key, glob)| glob.as_ref().map(|(text, span)| (key, &**text, *span)))
    }

    /// Whether a path of the report is like a pattern.
    fn is_like(&self, glob: &str, path: &str) -> bool {
        let inside = path.strip_prefix(&*self.directory).map(|path| path.strip_prefix('/').unwrap_or(path));
        matches_path(glob, inside.unwrap_or(path))
    }

    fn cover(&self, report: &Report, outcome: &Outcome) -> bool {
        let subject = &outcome.subject;
        self.all().all(|(key, glob, _)| match key {
            "address" => {
                matches(glob, &subject.address) || subject.includes.iter().any(|address| matches(glob, address))
            }
            "path" => {
                let files = subject.declared.iter().map(|span| span.file).chain([outcome.span.file]);
                files.into_iter().any(|file| self.is_like(glob, report.path(file)))
            }
            "arn" => subject.address.starts_with("arn:") && matches(glob, &subject.address),
            "account" => {
                let id = subject.address.rsplit('/').next().filter(|id| outcome.is_live && is_account_id(id));
                subject.account.as_deref().or(id).is_some_and(|account| matches(glob, account))
            }
            _ => subject.region.as_deref().is_some_and(|region| matches(glob, region)),
        })
    }

    /// Whether the run looked where something could match.
    fn is_in_sight(&self, report: &Report) -> bool {
        let outcome = |key: &str, glob: &str| {
            report.outcomes.iter().any(|outcome| match key {
                "arn" => outcome.is_live,
                "account" => outcome.subject.account.as_deref().is_some_and(|account| matches(glob, account)),
                "region" => outcome.subject.region.as_deref().is_some_and(|region| matches(glob, region)),
                "path" => self.is_like(glob, report.path(outcome.span.file)),
                _ => true,
            })
        };
        self.all().all(|(key, glob, _)| outcome(key, glob))
    }
}

impl Allow {
    /// The checks that it means.
    pub(super) fn checks(&self) -> Vec<&'static Check> {
        match &self.foreign {
            Some(ids) => ids.iter().filter_map(|id| checks::find(id)).collect(),
            None => checks::find(&self.id).into_iter().collect(),
        }
    }

    /// The one file that what it covers has to do with; none where that may be any.
    pub(super) fn file(&self) -> Option<FileId> {
        match &self.scope {
            Scope::Place(span) | Scope::Document(span) => Some(span.file),
            Scope::Globs(_) | Scope::Nothing => None,
        }
    }

    /// Whether it is about an outcome of one of its checks, whatever became of that.
    pub(super) fn covers(&self, report: &Report, outcome: &Outcome) -> bool {
        let inside = |place: &Span, span: Span| {
            span.file == place.file && place.start <= span.start && span.end.max(span.start) <= place.end
        };
        let subject = &outcome.subject;
        match &self.scope {
            Scope::Globs(globs) => globs.cover(report, outcome),
            Scope::Nothing => false,
            // Who can weaken what exists can change what is written beside it.
            _ if outcome.is_live => false,
            Scope::Place(place) => {
                let declared = subject.declared.iter().chain(&subject.calls);
                inside(place, outcome.span) || declared.into_iter().any(|span| inside(place, *span))
            }
            Scope::Document(place) => {
                inside(place, outcome.span) || subject.declared.iter().any(|span| inside(place, *span))
            }
        }
    }

    /// Whether, of what it covers, it is about this very fault. A comment for another tool counts for critical ones only where
    /// the rules say so.
    pub(super) fn is_for(&self, outcome: &Outcome, rules: &Rules) -> bool {
        if self.foreign.is_some() && outcome.check.page.severity == Severity::Critical && !rules.peers_for_critical {
            return false;
        }
        self.part.is_none() || self.part.as_deref() == outcome.part.as_deref()
    }

    /// Why it does not hold, where that can be told from itself alone.
    pub(super) fn objection(&self, rules: &Rules, today: Date) -> Option<(State, String, Span)> {
        if let Some((message, span)) = &self.malformed {
            return Some((State::Malformed, message.clone(), *span));
        }
        let at = |state, message: String| Some((state, message, self.span));
        if self.checks().is_empty() {
            let names = nearest(&self.id, checks::ALL.iter().map(|check| check.id));
            return at(State::UnknownCheck, format!("there is no check `{}`{names}", self.id));
        }
        let length = self.reason.as_deref().map_or(0, |reason| reason.chars().count());
        let needs_reason = self.foreign.is_none() || rules.peers_need_reason;
        if needs_reason && length < REASON {
            let what = if length == 0 { "it does not say why" } else { "its reason says too little" };
            return at(State::WithoutReason, format!("{what}: write a reason of at least {REASON} characters"));
        }
        let until = match self.until.as_deref().map(|until| until.parse::<Date>()) {
            None => None,
            Some(Ok(date)) => Some(date),
            Some(Err(_)) => {
                let message = "`until` is no day: it takes YYYY-MM-DD, the last day on which it holds";
                return at(State::Malformed, message.to_owned());
            }
        };
        if let Some(kind) = self.kind.as_deref().filter(|kind| !super::directive::KINDS.contains(kind)) {
            let kinds = super::directive::KINDS.join(", ");
            return at(State::Malformed, format!("`{kind}` is no kind of exception: {kinds}"));
        }
        if let Some(why) = rules.refuse(self, until, today) {
            return at(State::Refused, why);
        }
        let over = until.filter(|until| *until < today)?;
        at(State::Expired, format!("its last day was {over}: mend what it held back, or decide again"))
    }

    /// What a finding carries that it holds back.
    pub(super) fn suppressed(&self, today: Date) -> Suppressed {
        let until = self.until.as_deref().and_then(|until| until.parse::<Date>().ok());
        let days = until.and_then(|until| today.until(until).ok()).map(|span| i64::from(span.get_days()));
        let kind = self.kind.as_deref().and_then(|kind| super::directive::KINDS.into_iter().find(|it| *it == kind));
        Suppressed {
            by: self.by,
            id: self.foreign.as_ref().map(|_| self.id.clone()),
            reason: self.reason.clone().unwrap_or_else(|| "no reason given".into()),
            until: self.until.clone(),
            days_left: days,
            owner: self.owner.clone(),
            kind,
            place: Some(self.span),
        }
    }

    /// Why it is said to be unused, with what it covers; none where the run could not have met a finding for it.
    pub(super) fn unused<'r>(&self, report: &Report, covered: impl Iterator<Item = &'r Outcome>) -> Option<String> {
        let ran = |check: &Check| report.checks.iter().any(|it| it.id == check.id);
        if !self.checks().into_iter().all(ran) {
            return None;
        }
        let in_sight = match &self.scope {
            Scope::Nothing => {
                let how = "put it directly above what it is about, or at the end of its line";
                return Some(format!("it stands beside nothing: {how}"));
            }
            Scope::Globs(globs) => globs.is_in_sight(report),
            Scope::Place(_) | Scope::Document(_) => true,
        };
        let (mut is_met, mut fails) = (false, false);
        for outcome in covered {
            if outcome.answer == Answer::Unknown {
                return None;
            }
            is_met = true;
            fails |= outcome.answer == Answer::Fail;
        }
        let could_be_met = in_sight && report.is_complete();
        if !is_met && !could_be_met {
            return None;
        }
        Some(match (&self.part, fails) {
            (Some(part), true) => format!("no finding of `{}` here has the part `{part}`: remove it", self.id),
            _ => format!("`{}` finds nothing here: remove it", self.id),
        })
    }
}

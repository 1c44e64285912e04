//! The tree that a change is made to: what is decided there counts, and what is found there is not new.

use super::allow::{Allow, Scope};
use super::known::{Key, Known, judged};
use super::{code, config::Config};
use crate::judge::Suppressed;
use crate::report::{Exception, Report, State};
use std::collections::BTreeSet;

/// What a base says, made of its own report once that is settled.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// What fails there and is not held back.
    open: Vec<(Key, String)>,
    /// The exceptions of its code.
    allows: BTreeSet<[String; 5]>,
}

impl Base {
    /// What a report of the base says.
    pub fn of(report: &Report) -> Base {
        let open = report.failures().map(|outcome| (Key::of(report, outcome), judged(report, outcome)));
        let files = report.code.iter().filter_map(|id| Some((*id, report.sources.get(*id)?)));
        let allows = files.flat_map(|(id, file)| code::allows(id, file).0);
        Base { open: open.collect(), allows: allows.map(|allow| identity(report, &allow)).collect() }
    }

    /// Whether the base has an exception of code too.
    pub(super) fn has(&self, report: &Report, allow: &Allow) -> bool {
        self.allows.contains(&identity(report, allow))
    }

    /// Holds back what is found in the base, too.
    pub(super) fn apply(&self, report: &mut Report) {
        let mut known = Known::new(self.open.iter().cloned(), false, report);
        // A file that the change took away is one that the base has and the report has not.
        let read: BTreeSet<&str> = report.code.iter().map(|file| report.path(*file)).collect();
        let gone: Vec<&str> = self.open.iter().map(|(key, _)| &*key.path).filter(|path| !read.contains(path)).collect();
        for (place, found) in known.meet(report, &gone) {
            let Some(outcome) = report.outcomes.get_mut(place) else { continue };
            match found {
                Ok(_) if outcome.suppressed.is_none() => outcome.suppressed = Some(suppressed()),
                Ok(_) => {}
                Err(news) => outcome.news = Some(news),
            }
        }
    }
}

fn suppressed() -> Suppressed {
    let reason = "it is in the base, too".into();
    Suppressed { by: "base", id: None, reason, until: None, days_left: None, owner: None, kind: None, place: None }
}

/// What tells an exception of code from others, wherever its lines move to.
fn identity(report: &Report, allow: &Allow) -> [String; 5] {
    let path = match &allow.scope {
        Scope::Place(span) | Scope::Document(span) => report.path(span.file),
        Scope::Globs(_) | Scope::Nothing => "",
    };
    let owned = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    [path.to_owned(), allow.place.clone(), allow.id.to_string(), owned(&allow.part), owned(&allow.until)]
}

/// The exceptions that a configuration has and another one has not.
pub(super) fn pending(head: &Config, base: &Config) -> Vec<Exception> {
    let said = |allow: &Allow| {
        let globs = match &allow.scope {
            Scope::Globs(globs) => globs.all().map(|(key, glob, _)| (key, glob.to_owned())).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        (allow.id.clone(), globs, allow.part.clone(), allow.until.clone())
    };
    let known: Vec<_> = base.allows.iter().map(said).collect();
    let new = head.allows.iter().filter(|allow| !known.contains(&said(allow)));
    new.map(exception).collect()
}

/// That an exception does not count yet.
pub(super) fn exception(allow: &Allow) -> Exception {
    let message = "it is not in the base yet, and counts once it is".to_owned();
    Exception { state: State::Pending, check: allow.id.clone(), message, span: allow.span }
}

//! What a team decides: which findings are held back, by whom and why.
//!
//! Decisions are applied to a report that is there already: what was judged stays in it, with who holds it back. Whether an
//! exception holds is told by [`settle`] for all formats at once. This module knows no files and no clock: today is given.

mod allow;
mod base;
pub mod baseline;
mod code;
pub mod config;
mod directive;
pub mod edit;
mod entry;
mod glob;
mod known;
mod moved;
mod nearest;
mod outline;
mod peers;
pub mod profiles;
mod rules;
mod schema;
mod show;
mod table;
mod version;

use crate::judge::{Answer, Outcome, Suppressed};
use crate::read::account::Member;
use crate::report::{Exception, Problem, Report, State};
use crate::source::FileId;
use allow::{Allow, Scope};
pub use base::Base;
use config::Config;
pub use glob::{matches as is_like, matches_path as is_path_like};
use jiff::civil::Date;
pub use nearest::{near, nearest};
use rules::Rules;
pub use schema::schema;
pub use show::shown;
use std::collections::{BTreeMap, BTreeSet};

/// What a run is to go by. Files are named as the report's sources name them, the last of a name.
#[derive(Clone, Debug)]
pub struct Decisions {
    /// The day on which exceptions are looked at (UTC).
    pub today: Date,
    /// The configuration.
    pub config: Option<String>,
    /// The configuration of a central team.
    pub policy: Option<String>,
    /// The baseline.
    pub baseline: Option<String>,
    /// Whether the baseline holds back what fails with another value too.
    pub is_loose: bool,
    /// The base of a change: the files above are its own.
    pub base: Option<Base>,
    /// The configuration of the change itself, which does not count yet.
    pub head: Option<String>,
    /// Paths that the baseline names and that are there no more.
    pub gone: Vec<String>,
}

impl Decisions {
    /// What stands in code alone counts.
    pub fn new(today: Date) -> Decisions {
        Decisions {
            today,
            config: None,
            policy: None,
            baseline: None,
            is_loose: false,
            base: None,
            head: None,
            gone: Vec::new(),
        }
    }
}

/// Holds back what the exceptions of a report's files and its configuration allow, and says which of these do not simply hold.
pub fn settle(report: &mut Report, decisions: &Decisions) {
    let mut config = written(report, decisions.config.as_deref());
    if decisions.policy.is_some() {
        config = config.under(&written(report, decisions.policy.as_deref()));
    }
    for account in &config.accounts {
        let (id, name, path) = (account.id.value.clone(), account.name.clone(), account.ou.clone());
        report.coverage.members.push(Member { id, name, path });
    }
    let mut allows = of_code(report);
    if let Some(base) = &decisions.base {
        let (known, new) = allows.into_iter().partition(|allow| base.has(report, allow));
        allows = known;
        let new: Vec<Allow> = new;
        report.exceptions.extend(new.iter().filter(|allow| allow.foreign.is_none()).map(base::exception));
        let head = written(report, decisions.head.as_deref());
        report.exceptions.extend(base::pending(&head, &config));
    }
    let is_honoured = |allow: &Allow| config.honour.iter().any(|tool| tool.value == allow.by);
    let (mut allows, others): (Vec<Allow>, Vec<Allow>) =
        allows.into_iter().partition(|allow| allow.foreign.is_none() || is_honoured(allow));
    allows.extend(config.allows);
    apply(report, &allows, &config.rules, decisions.today);
    hint(report, &others, &config.rules);
    if let Some(id) = decisions.baseline.as_deref().and_then(|name| last(report, name)) {
        let text = report.sources.get(id).map(|file| file.text.clone()).unwrap_or_default();
        let gone: Vec<&str> = decisions.gone.iter().map(String::as_str).collect();
        match baseline::Baseline::parse(id, &text) {
            Ok(baseline) => baseline.apply(report, &gone, decisions.is_loose),
            Err(error) => {
                report.problems.push(Problem::of_syntax(decisions.baseline.clone().unwrap_or_default(), error))
            }
        }
    }
    if let Some(base) = &decisions.base {
        base.apply(report);
    }
}

/// The exceptions in code.
fn of_code(report: &mut Report) -> Vec<Allow> {
    let mut allows = Vec::new();
    for id in report.code.clone() {
        let Some(file) = report.sources.get(id) else { continue };
        let (found, cut) = code::allows(id, file);
        allows.extend(found);
        if let Some(span) = cut {
            let message = "there are more exceptions in this file than are read: those from here on do not count";
            let problem = Problem { span: Some(span), ..Problem::of_file(&file.name, message.to_owned()) };
            report.problems.push(problem);
        }
    }
    allows
}

/// The last file of a name: what decides stands behind what is judged.
fn last(report: &Report, name: &str) -> Option<FileId> {
    report.sources.iter().filter(|(_, file)| file.name == name).map(|(id, _)| id).last()
}

/// A configuration as a file of the run, with the places of that.
fn written(report: &mut Report, name: Option<&str>) -> Config {
    let Some(id) = name.and_then(|name| last(report, name)) else { return Config::default() };
    let text = report.sources.get(id).map(|file| file.text.clone()).unwrap_or_default();
    let path = report.path(id).to_owned();
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let directory = directory.strip_suffix(".github").map_or(directory, |above| above.trim_end_matches('/'));
    match Config::parse(id, &text) {
        Ok(mut config) => {
            for allow in &mut config.allows {
                if let Scope::Globs(globs) = &mut allow.scope {
                    globs.directory = directory.into();
                }
            }
            config
        }
        Err(errors) => {
            let problem = |error| Problem::of_syntax(name.unwrap_or_default().to_owned(), error);
            report.problems.extend(errors.into_iter().map(problem));
            Config::default()
        }
    }
}

/// Applies exceptions in their order: the first that holds counts.
fn apply(report: &mut Report, allows: &[Allow], rules: &Rules, today: Date) {
    if allows.is_empty() {
        return;
    }
    let met = Met::new(report);
    let mut held: BTreeMap<usize, &Allow> = BTreeMap::new();
    let mut exceptions = Vec::new();
    for allow in allows {
        let (state, message, span) = match allow.objection(rules, today) {
            // What another tool's comment lacks is told where it would hold something back.
            Some((state, ..)) if allow.foreign.is_some() && state == State::Expired => continue,
            Some(_) if allow.foreign.is_some() && !met.covered_by(allow, report).iter().any(|(_, it)| fails(it)) => {
                continue;
            }
            Some(objection) => objection,
            None => {
                let covered = met.covered_by(allow, report);
                let holds = |(_, outcome): &&(usize, &Outcome)| fails(outcome) && allow.is_for(outcome, rules);
                let holding: Vec<usize> = covered.iter().filter(holds).map(|(place, _)| *place).collect();
                let is_unused = holding.is_empty();
                holding.into_iter().for_each(|place| _ = held.entry(place).or_insert(allow));
                let unused = || allow.unused(report, covered.iter().map(|(_, outcome)| *outcome));
                match Some(()).filter(|()| is_unused && allow.foreign.is_none()).and_then(|()| unused()) {
                    Some(message) => (State::Unused, message, allow.span),
                    None => continue,
                }
            }
        };
        exceptions.push(Exception { state, check: allow.id.clone(), message, span });
    }
    let held: Vec<(usize, Suppressed)> =
        held.into_iter().map(|(place, allow)| (place, allow.suppressed(today))).collect();
    for (place, suppressed) in held {
        if let Some(outcome) = report.outcomes.get_mut(place).filter(|outcome| outcome.suppressed.is_none()) {
            outcome.suppressed = Some(suppressed);
        }
    }
    exceptions.sort_by_key(|exception| (exception.span, exception.state));
    report.exceptions.extend(exceptions);
}

fn fails(outcome: &Outcome) -> bool {
    outcome.answer == Answer::Fail
}

/// Says how much comments for other tools would hold back, where the configuration does not ask for that.
fn hint(report: &mut Report, others: &[Allow], rules: &Rules) {
    if others.is_empty() {
        return;
    }
    let met = Met::new(report);
    let (mut held, mut tools, mut comments) = (BTreeSet::new(), BTreeSet::new(), 0);
    for allow in others {
        let covered = met.covered_by(allow, report);
        let open = covered.iter().filter(|(_, it)| fails(it) && it.suppressed.is_none() && allow.is_for(it, rules));
        let places: Vec<usize> = open.map(|(place, _)| *place).collect();
        if !places.is_empty() {
            comments += 1;
            tools.insert(allow.by);
        }
        held.extend(places);
    }
    if comments > 0 {
        let tools = tools.into_iter().collect::<Vec<_>>().join(", ");
        let words = format!("{comments} suppressions for {tools} would hold back {} of these findings", held.len());
        report.hints.push(format!("{words}: `peers.honour` of trailproof.yaml reads them"));
    }
}

/// What suppressions for other tools would hold back and nothing else does: the finding, the tool, its name for the check, and why.
pub fn suppressed_elsewhere(report: &Report) -> Vec<(&Outcome, &'static str, String, String)> {
    let met = Met::new(report);
    let files = report.code.iter().filter_map(|id| Some((*id, report.sources.get(*id)?)));
    let mut all = Vec::new();
    for allow in files.flat_map(|(id, file)| code::allows(id, file).0).filter(|allow| allow.foreign.is_some()) {
        for (_, outcome) in met.covered_by(&allow, report) {
            let is_open = fails(outcome) && outcome.suppressed.as_ref().is_none_or(|held| held.by == allow.by);
            if is_open && allow.is_for(outcome, &Rules::default()) {
                let reason = allow.reason.as_deref().unwrap_or("no reason given").to_owned();
                all.push((outcome, allow.by, allow.id.to_string(), reason));
            }
        }
    }
    all
}

/// What a run met, by check, and by the files that it has to do with.
struct Met {
    by_check: BTreeMap<&'static str, Vec<usize>>,
    by_file: BTreeMap<(&'static str, FileId), Vec<usize>>,
}

impl Met {
    fn new(report: &Report) -> Met {
        let mut met = Met { by_check: BTreeMap::new(), by_file: BTreeMap::new() };
        for (place, outcome) in report.outcomes.iter().enumerate() {
            met.by_check.entry(outcome.check.id).or_default().push(place);
            let subject = &outcome.subject;
            let places = subject.declared.iter().chain(&subject.calls).chain([&outcome.span]);
            for file in places.map(|span| span.file).collect::<BTreeSet<_>>() {
                met.by_file.entry((outcome.check.id, file)).or_default().push(place);
            }
        }
        met
    }

    /// What an exception is about, with its place in the report.
    fn covered_by<'r>(&self, allow: &Allow, report: &'r Report) -> Vec<(usize, &'r Outcome)> {
        let file = allow.file();
        let near = allow.checks().into_iter().filter_map(|check| match file {
            Some(file) => self.by_file.get(&(check.id, file)),
            None => self.by_check.get(check.id),
        });
        let each = near.flatten().filter_map(|place| Some((*place, report.outcomes.get(*place)?)));
        each.filter(|(_, outcome)| allow.covers(report, outcome)).collect()
    }
}

//! trailproof proves that an AWS audit trail holds.
//!
//! ```text
//! files ─► input ─► syntax ─► read ─► model ─► judge ─► report ─► people, SARIF, JSON
//!          bytes    spanned   records  typed    verdicts
//!                   trees              estate      ▲
//!                                                checks ◄─ pages (checks/*.md)
//! ```
//!
//! Dependencies point one way, from right to left; a test keeps it so. Everything but [`cli`] is pure: no files, no
//! environment, no clock.
//!
//! - [`source`]: files, positions, spans, the only notion of *where*.
//! - [`parallel`]: the same work on many things, results in order.
//! - [`value`]: `Value`, `Text`, `Truth`, `Verdict`, the only notion of *what we know*. A value is known, has two sides, or
//!   is unknown for a reason; a text has holes with names; a truth keeps the evidence that decides it.
//! - [`patterns`]: what metric filters and event patterns match, as languages over events that are known in part.
//! - [`syntax`]: YAML and JSON to one spanned tree, HCL to another. Knows no AWS.
//! - [`read`]: trees to records. A dialect's reader evaluates its expressions in a *world*, a set of conditions that are
//!   taken as given. CloudFormation is one dialect, Terraform another, what the
//!   AWS APIs answered a third; what is judged as one is a [`read::Unit`].
//! - [`model`]: records to the typed estate, once for each resource type; what links things, and what event selectors,
//!   lifecycle rules and policies (`model::iam`) mean. `model/properties.rs` is the one table of property names and
//!   defaults.
//! - [`page`]: a check's page, read at compile time.
//! - [`checks`]: one small pure function each, and their list.
//! - [`mod@judge`]: every check on every subject, in the worlds that matter; what the worlds say together.
//! - [`input`]: what a file is: a template, a part of a configuration, evidence, nothing to judge, or broken.
//! - [`report`]: one report and its renderers.
//! - [`policy`]: what a team decided: which findings are held back, by whom and why. Today is an argument.
//! - [`policies`]: ready documents, filled in for one estate and printed. Knows neither the model nor the checks.
//! - `collect`: asks the APIs of AWS and writes what they answered; judges nothing. Only with the feature `live`.
//! - [`cli`]: flags, files, exit codes.
//!
//! A check lives in `src/checks/<id>.rs` beside its page `checks/<id>.md`; `CONTRIBUTING.md` says how to add one. The tests are
//! `pages` (every example of every page), `laws` (what must hold for all of them), `evidence`, `plans`, `formats`, `cli`,
//! `patterns` (what filters and rules mean), `policies`, `syntax` and `tidy`; `live` asks accounts over HTTP, and holds what was deployed to what was linted.

pub mod checks;
pub mod cli;
#[cfg(feature = "live")]
pub mod collect;
pub mod input;
pub mod judge;
pub mod model;
pub mod page;
pub mod parallel;
pub mod patterns;
pub mod policies;
pub mod policy;
pub mod read;
pub mod report;
pub mod source;
pub mod syntax;
pub mod value;

use input::{Folders, Input};
use judge::{Anchors, Answer, Outcome, judge};
use read::account::{Account, Looked};
use read::cloudformation::Stack;
use read::terraform::{Given, Root, State, Values};
use read::{NoticeKind, Unit, UnseenKind};
use report::{AccountRead, Coverage, Lost, Problem, Report, Unanswered, Unseen};
use source::{FileId, SourceFile, Sources, Span};
use std::collections::{BTreeMap, BTreeSet};
use value::{Of, Why};

/// Why a state as Terraform stores it is left out.
const STORED_STATE: &str = "a state as Terraform stores it only says where things are declared, with evidence and \
                            `--source DIR`; what `terraform show -json` prints of it is judged";

/// Why a state beside evidence is left out.
const STRAY_STATE: &str = "no root module below `--source DIR` is known to be the one that this state belongs to, or none \
                           of it is declared there; with evidence a state is not judged";

/// What a run is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The checks to run; see [`checks::ALL`].
    pub checks: Vec<&'static checks::Check>,
    /// What the checks ask for.
    pub settings: model::Settings,
    /// Values of templates' parameters by name, and where everything is deployed.
    pub parameters: read::cloudformation::Given,
    /// Values of root modules' variables by name, as a command line writes them.
    pub variables: BTreeMap<String, String>,
    /// The same from the environment: what a directory says of itself wins over these.
    pub environment: BTreeMap<String, String>,
    /// What it means that evidence does not hold a call.
    pub unasked: read::account::Unasked,
    /// The directory of the configuration that a plan was made from, or of what declares what accounts have, as reports
    /// show it.
    pub source: Option<String>,
    /// The file that lists accounts, as reports show it.
    pub inventory: Option<String>,
    /// The lists of controls to answer to.
    pub profiles: Vec<policy::profiles::Profile>,
    /// Where the configuration names accounts, by their ids: their line is the place of what no source declares.
    pub accounts: BTreeMap<String, Span>,
}

/// Judges files that were loaded before; see [`input::load`]. The ids of the files are their places in the list.
pub fn check(files: Vec<(SourceFile, Input)>, options: &Options) -> Report {
    let mut sources = Sources::default();
    let (mut templates, mut empty) = (Vec::new(), Vec::new());
    let mut folders = Folders::default();
    let mut evidence = Vec::new();
    let mut evidence_files = BTreeSet::new();
    // What is given beside evidence is not judged: it says where things are declared.
    let has_evidence = files.iter().any(|(_, input)| matches!(input, Input::Evidence(_)));
    let declared_in = options.source.as_deref().filter(|_| has_evidence);
    let is_beside =
        |name: &str| declared_in.is_some_and(|source| source.is_empty() || name.starts_with(&format!("{source}/")));
    let mut anchors = Anchors::default();
    let (mut declaring, mut states) = (Vec::new(), Vec::new());
    let mut problems = Vec::new();
    let mut coverage = Coverage::default();
    let mut code = BTreeSet::new();
    for (mut file, input) in files {
        let id = sources.next_id();
        match input {
            Input::Template(template) if is_beside(&file.name) => declaring.push(*template),
            Input::Template(template) => {
                coverage.files_read += 1;
                code.insert(id);
                templates.push(*template);
            }
            Input::Configuration(configuration) => {
                coverage.files_read += usize::from(!is_beside(&file.name) && !configuration.is_unread);
                // What a module says that was downloaded is not for its users to decide.
                if !is_beside(&file.name) && !is_downloaded(&file.name) {
                    code.insert(id);
                }
                folders.add(id, &file, *configuration);
            }
            Input::State(state) if declared_in.is_some() => states.push(state),
            Input::State(_) => coverage.skip(file.name.clone(), STORED_STATE),
            Input::Plan(mut plan) if plan.is_state && declared_in.is_some() => {
                states.push(State::shown(&file.name, &plan));
                for error in std::mem::take(&mut plan.problems) {
                    match is_beside(&file.name) {
                        true => coverage.skip(file.name.clone(), error.message),
                        // Nothing of its text is kept to point at.
                        false => problems.push(Problem::of_file(&file.name, error.message)),
                    }
                }
                file = SourceFile::new(file.name, "");
            }
            Input::Plan(plan) => {
                coverage.files_read += 1;
                folders.add_plan(id, &file, *plan);
            }
            Input::Evidence(found) => {
                coverage.files_read += 1;
                let known = coverage.accounts.iter().find(|other| other.id == found.account());
                problems.extend(known.map(|other| {
                    let message = format!("evidence of account {}, as is {}: name one of them", other.id, other.file);
                    Problem::of_file(&file.name, message)
                }));
                coverage.accounts.push(account_read(&found, &file.name));
                evidence_files.insert(id);
                evidence.push(found);
            }
            Input::Installed(modules) => folders.install(&file, modules),
            Input::Text if options.inventory.as_deref() == Some(&file.name) => anchors.list(id, &file.text),
            Input::Text => folders.add_text(id, &file),
            Input::NothingToJudge => {
                coverage.files_read += 1;
                empty.push(file.name.clone());
            }
            Input::Unread => {}
            Input::Skipped(why) if why == input::NO_TYPES => {
                empty.push(file.name.clone());
                coverage.skip(file.name.clone(), why);
            }
            Input::Skipped(why) => coverage.skip(file.name.clone(), why),
            Input::Broken(error) => problems.push(Problem::of_syntax(file.name.clone(), error)),
        }
        sources.add(file);
    }
    anchors.name(&options.accounts);
    for name in options.parameters.declared() {
        if !templates.iter().any(|template| template.parameter_names().any(|known| known == name)) {
            problems.push(Problem::of_run(format!("no template of this run has a parameter `{name}`")));
        }
    }
    let stacks = read::cloudformation::stacks(templates, &empty, options.parameters.clone());
    for template in stacks.iter().flat_map(read::cloudformation::Stack::templates) {
        if let Some(span) = template.cut() {
            let message = format!(
                "the loops of this template make more than {} entries, or turn too often, and the rest is not judged; \
                 CloudFormation takes 500 resources",
                read::cloudformation::MAX_ENTRIES
            );
            problems.push(Problem { span: Some(span), ..Problem::of_file(template.name(), message) });
        }
    }
    let first = stacks.iter().map(read::cloudformation::Stack::end).max().unwrap_or(0);
    let accounts = read::account::accounts(&evidence, options.unasked, first);
    // They are in the order of their files.
    for (read, account) in coverage.accounts.iter_mut().zip(&accounts) {
        read.looked = account.looked().clone();
    }
    coverage.calls_unanswered = accounts.iter().flat_map(unanswered).collect();
    coverage.unseen.extend(read::account::not_asked(&accounts).into_iter().map(not_asked));
    coverage.members = accounts.iter().flat_map(Account::members).cloned().collect();
    let first = accounts.last().map_or(first, |last| last.first_instance().0.saturating_add(1));
    let roots = roots(folders, options, first, &is_beside, &mut problems, &mut coverage);
    let declares = |root: &Root| !root.has_plan() && is_beside(&format!("{}/", root.path()));
    let (source, roots): (Vec<_>, Vec<_>) = roots.into_iter().partition(declares);
    source.iter().for_each(|root| anchors.add(root));
    for state in &states {
        let places = state.places(&source);
        if places.is_empty() {
            coverage.skip(state.file().to_owned(), STRAY_STATE);
        }
        anchors.deploy(places);
    }
    let declaring = read::cloudformation::stacks(declaring, &empty, options.parameters.clone());
    declaring.iter().for_each(|stack| anchors.add_stack(stack, &sources));
    accounts.iter().for_each(|account| anchors.tag(account.made_by_stacks().iter().cloned()));
    let units =
        stacks.iter().map(|stack| stack as &dyn Unit).chain(accounts.iter().map(|account| account as &dyn Unit));
    let units = units.chain(roots.iter().map(|root| root as &dyn Unit));
    let units: Vec<&dyn Unit> = units.collect();
    let mut outcomes = judge(&units, &options.checks, &options.settings);
    problems.extend(cut_off(&outcomes, &sources));
    for outcome in &mut outcomes {
        outcome.is_live = evidence_files.contains(&outcome.span.file);
    }
    let declared = declared(&outcomes, &declaring, &source, options);
    anchors.settle(&mut outcomes, &evidence_files, &declared, &sources);
    // What could not be followed is known once it was tried.
    for notice in units.iter().flat_map(|unit| unit.notices()) {
        let file = sources.get(notice.span.file).map_or("", |file| &file.name);
        match notice.kind {
            NoticeKind::Problem => {
                problems.push(Problem { span: Some(notice.span), ..Problem::of_file(file, notice.message) });
            }
            NoticeKind::Unseen { what, name, may_hold_trail } => {
                let unseen = Unseen { what, name, why: notice.message, span: Some(notice.span), may_hold_trail };
                if !coverage.unseen.contains(&unseen) {
                    coverage.unseen.push(unseen);
                }
            }
            NoticeKind::Lost => coverage.values_lost.push(Lost { why: notice.message, span: notice.span }),
        }
    }
    let (checks, paths, exceptions) = (options.checks.clone(), BTreeMap::new(), Vec::new());
    let hints = Vec::new();
    let mut report =
        Report { sources, checks, outcomes, problems, coverage, code, exceptions, hints, paths, controls: Vec::new() };
    report.controls = options.profiles.iter().map(|profile| policy::profiles::assess(profile, &report)).collect();
    report
}

/// Whether a file belongs to a module that Terraform downloaded.
fn is_downloaded(name: &str) -> bool {
    name.split('/').any(|part| part == ".terraform")
}

/// An account that was not asked what it has, and a trail of it that others see.
fn not_asked((id, trail): (&str, Option<&read::Record>)) -> Unseen {
    let what = format!("account {id} was not asked what it has");
    let why = match trail {
        Some(trail) => format!("{what}, and `{}` is its trail: what that rests on is not judged", trail.address),
        None => format!("{what}: it is not judged"),
    };
    let span = trail.map(|trail| trail.span);
    Unseen { what: UnseenKind::Account, name: id.to_owned(), why, span, may_hold_trail: false }
}

/// What the checks that fail in an account say of what declares it.
fn declared(found: &[Outcome], stacks: &[Stack], roots: &[Root], options: &Options) -> Vec<Outcome> {
    let is_found = |check: &str| found.iter().any(|it| it.is_live && it.answer == Answer::Fail && it.check.id == check);
    let checks: Vec<_> = options.checks.iter().filter(|check| is_found(check.id)).copied().collect();
    let stacks: Vec<&dyn Unit> = stacks.iter().map(|stack| stack as &dyn Unit).collect();
    let roots: Vec<&dyn Unit> = roots.iter().map(|root| root as &dyn Unit).collect();
    // What it is for is known of what exists, wherever the trail is declared.
    let all = || vec!["*".to_owned()];
    let settings = model::Settings {
        log_buckets: all(),
        log_keys: all(),
        log_groups: all(),
        trail_topics: all(),
        ..options.settings.clone()
    };
    // Their instances are numbered apart.
    [stacks, roots].iter().flat_map(|units| judge(units, &checks, &settings)).collect()
}

/// What a bound kept from being looked at, by its first in each file.
fn cut_off(outcomes: &[Outcome], sources: &Sources) -> Vec<Problem> {
    let mut files: BTreeMap<FileId, BTreeMap<Span, &str>> = BTreeMap::new();
    for outcome in outcomes.iter().filter(|outcome| outcome.cut) {
        files.entry(outcome.span.file).or_default().insert(outcome.span, &outcome.subject.address);
    }
    let problem = |(file, cut): (FileId, BTreeMap<Span, &str>)| {
        let (span, first) = cut.first_key_value()?;
        let message = format!(
            "more resources than are looked at exist each under a condition of their own: `{first}`, the first of {}, is \
             not judged; set parameters or variables, or split the source",
            cut.len()
        );
        let name = sources.get(file).map_or("", |file| &file.name);
        Some(Problem { span: Some(*span), ..Problem::of_file(name, message) })
    };
    files.into_iter().filter_map(problem).collect()
}

fn account_read(evidence: &read::account::Evidence, file: &str) -> AccountRead {
    let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    AccountRead {
        id: evidence.account().to_owned(),
        name: owned(evidence.name()),
        path: owned(evidence.path()),
        file: file.to_owned(),
        caller: owned(evidence.caller()),
        regions: evidence.regions().map(str::to_owned).collect(),
        as_of: evidence.as_of().map(|(from, to)| (from.to_string(), to.to_string())),
        digest: evidence.digest().to_owned(),
        is_whole: evidence.is_whole(),
        looked: Looked::Yes,
    }
}

/// The calls of an account that were not answered.
fn unanswered(account: &Account) -> Vec<Unanswered> {
    let call = |why: &Why| {
        let (account, permission) = (account.id().to_owned(), why.name.to_string());
        Some(Unanswered { account, permission, why: why.text.to_string(), span: why.place? })
    };
    account.unanswered().iter().filter_map(call).collect()
}

/// The root modules of the folders, with what is to be said of their files and of the values given to them.
fn roots(
    mut folders: Folders,
    options: &Options,
    first: u32,
    is_beside: &dyn Fn(&str) -> bool,
    problems: &mut Vec<Problem>,
    coverage: &mut Coverage,
) -> Vec<Root> {
    let sorted = folders.sorted(options.source.as_deref());
    for (name, error) in sorted.broken {
        match is_beside(&name) {
            // Nothing is judged of what only says where things are declared.
            true => coverage.skip(name, error.message),
            false => problems.push(Problem::of_syntax(name, error)),
        }
    }
    coverage.plans_without_source = sorted.alone;
    coverage.plans_partial = sorted.partial;
    for name in sorted.replaced {
        coverage.files_read = coverage.files_read.saturating_sub(usize::from(!is_beside(&name)));
        coverage.skip(name, "OpenTofu reads the `.tofu` file of the same name in its place");
    }
    for name in options.variables.keys() {
        if !sorted.folders.iter().any(|folder| folder.named && folder.declares(name)) {
            problems.push(Problem::of_run(format!("no root module of this run has a variable `{name}`")));
        }
    }
    let given = |of: &Of| options.parameters.pseudo(of).map(str::to_owned);
    let values = Values {
        environment: options.environment.clone(),
        files: folders.given,
        flags: options.variables.clone(),
        home: Given { account: given(&Of::Account), region: given(&Of::Region), partition: given(&Of::Partition) },
    };
    read::terraform::roots(sorted.folders, folders.texts, &values, first)
}

/// Loads one text as the only file of a run: for tests and embedding. Its name says what it is: `template.yaml`, `main.tf`.
pub fn check_text(name: &str, text: &str, options: &Options) -> Report {
    check_texts(&[(name, text)], options)
}

/// Loads texts as the files of a run, by the paths that they would have. Where one is a configuration, it may read those
/// of the others that are no templates.
pub fn check_texts(files: &[(&str, &str)], options: &Options) -> Report {
    let load = |(id, (name, text)): (u32, &(&str, &str))| input::load(FileId(id), name, text.as_bytes().to_vec(), true);
    let mut files: Vec<(SourceFile, Input)> = (0..).zip(files).map(load).collect();
    if files.iter().any(|(_, input)| matches!(input, Input::Configuration(_))) {
        let others = files.iter_mut().filter(|(_, input)| matches!(input, Input::Skipped(_) | Input::NothingToJudge));
        others.for_each(|(_, input)| *input = Input::Text);
    }
    check(files, options)
}

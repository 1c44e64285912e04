//! `trailproof check`: files to findings; also how every other source of findings is judged and reported.

use super::arguments::{CheckArgs, JudgeArgs, ShowArg};
use super::base::{self, Tree};
use super::config::{Trouble, Wish};
use super::filter::Filter;
use super::{Failure, parameters, print, print_with, variables};
use super::{baseline, files, places, profile, terminal};
use crate::Options;
use crate::checks::Check;
use crate::input::Input;
use crate::model::Settings;
use crate::policy::config::{Config, Spanned};
use crate::policy::profiles::assess;
use crate::policy::{self, Base, Decisions};
use crate::read::account::Looked;
use crate::report::{Format, Manner, Report, Show, escape, human, stats};
use crate::source::SourceFile;
use clap::ValueEnum;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

pub(super) const EXIT_CODES: &str = "Exit codes:
  0  no finding at or above --fail-on
  1  findings at or above --fail-on
  2  the run failed: bad usage, a broken or unreadable file, no file to check
  3  the trails of an account could be listed nowhere; with --strict: something stayed unknown that is not merely out
     of sight, or something that may hold a trail was not seen";

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let outputs = args.judge.parsed_outputs()?;
    for (_, path) in &outputs {
        if let Err(Failure(why)) = files::make_room(path) {
            let _ = writeln!(std::io::stderr(), "note: {}", escape::visible(&why));
        }
    }
    match judged(args, true)? {
        Ok(Run { report, wish }) => tell(&report, &wish, &outputs),
        Err(report) => tell(&report, &args.judge.without_config()?, &outputs),
    }
}

/// A run that was judged, and what it went by.
pub(super) struct Run<'a> {
    pub(super) report: Report,
    pub(super) wish: Wish<'a>,
}

/// Judges what was asked for; else a report of what is wrong with the configuration, or with the base. `needs_baseline` says
/// that a baseline that is named has to be there.
pub(super) fn judged(args: &CheckArgs, needs_baseline: bool) -> Result<Result<Run<'_>, Box<Report>>, Failure> {
    match judge_all(args, needs_baseline) {
        Ok(run) => Ok(Ok(run)),
        Err(Trouble::Failure(failure)) => Err(failure),
        Err(Trouble::Broken(report)) => Ok(Err(report)),
    }
}

fn judge_all(args: &CheckArgs, needs_baseline: bool) -> Result<Run<'_>, Trouble> {
    let first = args.paths.iter().find(|path| path.as_os_str() != "-").or(args.stdin_name.as_ref());
    let first = first.map_or(Path::new("."), PathBuf::as_path);
    let tree = args.judge.base.as_deref().map(|base| Tree::new(base, first)).transpose()?;
    let Some(tree) = tree else {
        let mut wish = args.judge.wish(first, None)?;
        wish.needs_baseline = needs_baseline;
        return Ok(Run { report: judged_by(args, &mut wish, &args.paths, None)?, wish });
    };
    let base = base::judged(args, &tree, args.judge.wish(first, Some(&tree))?)?.map_err(Trouble::Broken)?;
    // What the change itself decides is read, and does not count yet.
    let (_, head, _) = args.judge.decisions.read(first, None)?;
    let mut wish = args.judge.wish(first, Some(&tree))?;
    wish.root = Some(tree.head.clone());
    wish.head = head;
    wish.tree = Some(tree);
    Ok(Run { report: judged_by(args, &mut wish, &args.paths, Some(base))?, wish })
}

/// Judges some paths by what was read for them.
pub(super) fn judged_by(
    args: &CheckArgs,
    wish: &mut Wish,
    paths: &[PathBuf],
    base: Option<Base>,
) -> Result<Report, Failure> {
    let pairs = |values: &[(String, Spanned<String>)]| -> Vec<String> {
        values.iter().map(|(name, value)| format!("{name}={}", value.value)).collect()
    };
    let config = &wish.config;
    wish.options.settings.organization |=
        args.organization || config.settings.organization.as_ref().is_some_and(|it| it.value);
    let (files, values) = (wish.files(&config.parameter_files)?, pairs(&config.parameters));
    wish.options.parameters = parameters::collect(&[(&files, &values), (&args.parameter_files, &args.parameters)])?;
    wish.options.variables = variables::flags(&[pairs(&config.variables), args.variables.clone()].concat())?;
    wish.options.environment = if args.variables_of_environment { variables::environment() } else { BTreeMap::new() };
    let values = [wish.files(&config.variable_files)?, args.variable_files.clone()].concat();
    let filter = wish.filter();
    let stdin_name = args.stdin_name.as_deref();
    let request = files::Request { values: &values, stdin_name, ..args.judge.request(paths, &filter) };
    judge(files::collect(request)?, wish, base)
}

impl JudgeArgs {
    /// The given files, with what is given beside them.
    pub(super) fn request<'a>(&'a self, paths: &'a [PathBuf], filter: &'a Filter) -> files::Request<'a> {
        let (source, inventory) = (self.source.as_deref(), self.inventory.as_deref());
        files::Request { paths, values: &[], source, inventory, stdin_name: None, filter }
    }
}

/// A file to write a report to.
pub(super) type Output = (Format, PathBuf);

/// Judges what was collected.
pub(super) fn judge(mut collected: files::Collected, wish: &Wish, base: Option<Base>) -> Result<Report, Failure> {
    for note in &collected.notes {
        let _ = writeln!(std::io::stderr(), "note: {}", escape::visible(note));
    }
    let mut options = wish.options.clone();
    let baseline = wish.baseline().map(|path| baseline::read(&path)).transpose()?.flatten();
    if let (Some(path), None, true) = (wish.baseline(), &baseline, wish.needs_baseline) {
        return Err(Failure(format!(
            "{}: there is no such baseline: `trailproof baseline write` makes it",
            path.display()
        )));
    }
    let mut decided = Vec::new();
    let files = wish.head.iter().chain(&wish.file).chain(&wish.policy).map(|it| (&it.name, &it.text));
    for (name, text) in files.chain(baseline.iter().map(|it| (&it.name, &it.text))) {
        let id = collected.next_id();
        // Accounts stand where the file of this run names them.
        let accounts = Config::parse(id, text).map(|config| config.accounts).unwrap_or_default();
        options.accounts.extend(accounts.into_iter().map(|account| (account.id.value, account.id.span)));
        collected.files.push((SourceFile::new(name.clone(), text.as_str()), Input::Unread));
        decided.push(id);
    }
    let mut report = crate::check(collected.files, &options);
    report.problems.splice(0..0, collected.problems);
    report.coverage.files_skipped.extend(collected.skipped);
    report.coverage.unseen.extend(collected.unseen);
    let broken = !report.problems.is_empty();
    // What was named on the command line and is nothing that is read was looked at.
    if report.coverage.files_read == 0 && !broken && !collected.leaves_out_named {
        let what = "no CloudFormation template and no Terraform configuration was found in the given paths";
        report.problems.push(crate::report::Problem::of_run(format!("nothing to check: {what}")));
    }
    let accounts = &report.coverage.accounts;
    if !accounts.is_empty()
        && accounts.len() == report.coverage.files_read
        && accounts.iter().all(|account| account.looked == Looked::No)
    {
        let what = "the evidence holds no answer about trails or anything that they rest on";
        report.problems.push(crate::report::Problem::of_run(format!("nothing to check: {what}")));
    }
    if baseline.is_some() || wish.root.is_some() {
        decided.extend(report.code.iter().copied());
    }
    let root = wish.root.as_deref();
    places::settle(&mut report, &decided, root);
    let decisions = Decisions {
        config: wish.file.as_ref().map(|file| file.name.clone()),
        policy: wish.policy.as_ref().map(|file| file.name.clone()),
        is_loose: wish.args.baseline_loose,
        gone: baseline.as_ref().map(|it| it.gone.clone()).unwrap_or_default(),
        baseline: baseline.map(|it| it.name),
        head: wish.head.as_ref().map(|file| file.name.clone()),
        base,
        ..Decisions::new(today())
    };
    policy::settle(&mut report, &decisions);
    places::settle(&mut report, &[], root);
    // What the command line adds may leave a run incomplete.
    report.controls = options.profiles.iter().map(|profile| assess(profile, &report)).collect();
    Ok(report)
}

/// Today, in UTC.
#[expect(clippy::disallowed_methods, reason = "the clock is the command line's business")]
pub(super) fn today() -> Date {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(now.as_secs()).unwrap_or_default();
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    time.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Reports what was judged; the exit code.
pub(super) fn tell(report: &Report, wish: &Wish, outputs: &[Output]) -> Result<u8, Failure> {
    // The report is shown whatever becomes of its copies.
    let args = wish.args;
    let written = write(report, args, outputs);
    show(report, args)?;
    if args.stats {
        match args.format {
            Format::Human => print(&format!("\n{}", stats::render(report)))?,
            _ => {
                let _ = std::io::stderr().write_all(stats::render(report).as_bytes());
            }
        }
    }
    let code = report.exit_code(wish.fail_on(), wish.is_strict());
    let code = if wish.fails_on_exceptions() && !report.exceptions.is_empty() && code != 2 { 1 } else { code };
    written.map(|()| code)
}

/// Reports to machines that nothing was judged, and why: each is valid and says that it is not complete.
#[cfg(feature = "live")]
pub(super) fn fail(failure: Failure, wish: &Wish, outputs: &[Output]) -> Result<u8, Failure> {
    let (report, args) = (Report::failed(failure.0.clone(), wish.options.checks.clone()), wish.args);
    write(&report, args, outputs)?;
    if args.format != Format::Human {
        show(&report, args)?;
    }
    Err(failure)
}

fn write(report: &Report, args: &JudgeArgs, outputs: &[Output]) -> Result<(), Failure> {
    outputs.iter().try_for_each(|(format, path)| {
        files::write(path, &|to| report.write(*format, &args.manner(terminal::PIPE), to))
    })
}

/// Writes the report to standard output.
fn show(report: &Report, args: &JudgeArgs) -> Result<(), Failure> {
    print_with(&|to| report.write(args.format, &args.manner(terminal::style(args.color)), to))
}

/// A report for people that is printed to whoever asked for something else.
pub(super) fn plain(report: &Report) -> String {
    human::render(report, Show::default(), terminal::PIPE)
}

fn parse_output(output: &str) -> Result<Output, Failure> {
    let parsed = output.split_once('=').and_then(|(format, path)| Some((Format::from_str(format, true).ok()?, path)));
    match parsed {
        Some((format, path)) if !path.is_empty() => Ok((format, PathBuf::from(path))),
        _ => Err(Failure(format!(
            "`--output {output}` is not of the form FORMAT=FILE, with one of {} as format",
            Format::ALL.map(Format::name).join(", ")
        ))),
    }
}

impl JudgeArgs {
    /// The files to write reports to, each tried before anything is done that would be lost with it.
    #[cfg(feature = "live")]
    pub(super) fn outputs(&self) -> Result<Vec<Output>, Failure> {
        let outputs = self.parsed_outputs()?;
        for (_, path) in &outputs {
            files::make_room(path)?;
            files::try_to_write(path)?;
        }
        Ok(outputs)
    }

    /// How reports are shown.
    fn manner(&self, style: human::Style) -> Manner<'_> {
        let show = match self.show {
            None => Show::default(),
            Some(ShowArg::Unknown) => Show { unknown: true, ..Show::default() },
            Some(ShowArg::Pass) => Show { pass: true, ..Show::default() },
            Some(ShowArg::Suppressed) => Show { suppressed: true, ..Show::default() },
            Some(ShowArg::All) => Show { unknown: true, pass: true, not_applicable: true, suppressed: true },
        };
        Manner { show, style, link: self.link.as_deref() }
    }

    fn parsed_outputs(&self) -> Result<Vec<Output>, Failure> {
        self.outputs.iter().map(|output| parse_output(output)).collect()
    }

    /// The checks to run and what they ask for: flags, and what the configuration says where these are silent.
    /// Paths of profiles that the configuration names begin in `directory`.
    pub(super) fn options(&self, config: &Config, directory: &Path) -> Result<Options, Failure> {
        let there = |name: &str| Some(directory.join(name)).filter(|path| path.is_file());
        let place =
            |name: &str| there(name).map_or_else(|| name.to_owned(), |path| path.to_string_lossy().into_owned());
        let profiles = match self.profiles.as_slice() {
            [] => profile::load_all(&config.profiles.iter().map(|it| place(&it.value)).collect::<Vec<_>>())?,
            named => profile::load_all(named)?,
        };
        let outputs = self.parsed_outputs()?;
        let mut formats = outputs.iter().map(|(format, _)| *format).chain([self.format]);
        if profiles.is_empty() && formats.any(Format::is_of_controls) {
            return Err(Failure("a table of controls needs a profile: give one by `--profile`".to_owned()));
        }
        let asked: BTreeSet<&str> = profiles.iter().flat_map(|it| it.checks()).map(|check| check.id).collect();
        let checks: Vec<&'static Check> = super::config::checks(self, config, &asked)
            .into_iter()
            .filter(|check| !self.skip.iter().any(|id| id == check.id))
            .collect();
        if checks.is_empty() {
            return Err(Failure("no check is left to run: `--skip` takes away all that `--check` selects".to_owned()));
        }
        let list = |flags: &[String], config: &[Spanned<String>]| match flags {
            [] => config.iter().map(|it| it.value.clone()).collect(),
            flags => flags.to_vec(),
        };
        let said = &config.settings;
        let days = self.required_days.or(said.required_days.as_ref().map(|it| it.value));
        let days = days.or_else(|| profiles.iter().filter_map(|it| it.parameters.required_days).max());
        let default = Settings::default();
        let mut settings = Settings {
            required_days: days.map_or(default.required_days, f64::from),
            required_tags: list(&self.required_tags, &said.required_tags),
            each_trail: self.each_trail || said.each_trail.as_ref().is_some_and(|it| it.value),
            log_buckets: list(&self.log_buckets, &said.log_buckets),
            log_keys: list(&self.log_keys, &said.log_keys),
            log_groups: list(&self.log_groups, &said.log_groups),
            trail_topics: list(&self.trail_topics, &said.trail_topics),
            log_archive: self.log_archive.clone().or(said.log_archive.as_ref().map(|it| it.value.clone())),
            trusted: list(&self.trusted, &said.trust),
            network_activity: list(&self.network_activity, &said.network_activity),
            data_events: list(&self.data_events, &said.data_events),
            ..default
        };
        profiles.iter().for_each(|profile| profile.parameters.apply(&mut settings));
        let named = |path: &Option<PathBuf>| path.as_deref().map(files::named);
        let (source, inventory) = (named(&self.source), named(&self.inventory));
        Ok(Options { checks, settings, source, inventory, profiles, ..Options::default() })
    }
}

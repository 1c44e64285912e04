//! `trailproof check`: files to findings; also how every other source of findings is judged and reported.

use super::{Failure, check_names, parameters, print, print_with, variables};
use super::{files, places, profile, terminal};
use crate::Options;
use crate::checks::{self, Check};
use crate::model::Settings;
use crate::page::Severity;
use crate::policy::profiles::assess;
use crate::policy::{self, Decisions};
use crate::read::account::Looked;
use crate::report::{Format, Manner, Report, Show, escape, human, stats};
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;

pub(super) const EXIT_CODES: &str = "Exit codes:
  0  no finding at or above --fail-on
  1  findings at or above --fail-on
  2  the run failed: bad usage, a broken or unreadable file, no file to check
  3  the trails of an account could be listed nowhere; with --strict: something stayed unknown that is not merely out
     of sight, or something that may hold a trail was not seen";

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// CloudFormation templates, Terraform or OpenTofu configurations, or directories to search for them; `-` reads
    /// standard input. Of a configuration the whole directory is read, which is one module.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The value of a template parameter; wins over parameter files. `AWS::Region`, `AWS::AccountId` and
    /// `AWS::Partition` say where every template of the run is deployed; a Region implies its partition.
    #[arg(long = "parameter", value_name = "NAME=VALUE", help_heading = "Values")]
    parameters: Vec<String>,
    /// Values of template parameters from a JSON file, in any of the forms that the AWS CLI and CodePipeline read, or as
    /// `aws cloudformation describe-stacks` prints them.
    #[arg(long = "parameter-file", value_name = "FILE", help_heading = "Values")]
    parameter_files: Vec<PathBuf>,
    /// The value of a variable of the root modules; wins over files. What is no text is written as in Terraform:
    /// `--var 'days=[30, 90]'`.
    #[arg(long = "var", value_name = "NAME=VALUE", help_heading = "Values")]
    variables: Vec<String>,
    /// Values of variables from a `.tfvars` or `.tfvars.json` file, beside `terraform.tfvars` and `*.auto.tfvars`, which
    /// each root module reads by itself; a later file wins.
    #[arg(long = "var-file", value_name = "FILE", help_heading = "Values")]
    variable_files: Vec<PathBuf>,
    /// Take variables from the environment, too: `TF_VAR_name`. Every other value wins over these.
    #[arg(long = "var-env", help_heading = "Values")]
    variables_of_environment: bool,
    /// The path that standard input would have as a file. It says what the text is, and of a configuration the other
    /// files of that directory are read with it.
    #[arg(long = "stdin-filename", value_name = "FILE", help_heading = "Values")]
    stdin_name: Option<PathBuf>,

    /// The account belongs to an organization.
    #[arg(long, help_heading = "What is judged")]
    organization: bool,
    #[command(flatten)]
    judge: JudgeArgs,
}

/// How to judge and to report, whatever is judged.
#[derive(Debug, Args)]
pub(super) struct JudgeArgs {
    /// The directory of the configuration that a plan was made from; or, with evidence, of templates, configurations and
    /// Terraform states that declare what accounts have: findings point to what declares the resource, by its ARN in a
    /// state, by CloudFormation's tags, or by its name.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    source: Option<PathBuf>,
    /// A file that lists accounts by their ids: findings of an account that no source declares point to its line.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    inventory: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    format: Format,
    /// Write a further report to a file: `sarif=findings.sarif`.
    #[arg(long = "output", value_name = "FORMAT=FILE", help_heading = "Output")]
    outputs: Vec<String>,
    /// Where the files can be seen, up to their paths in the repository, for links in Markdown:
    /// `https://github.com/OWNER/NAME/blob/COMMIT`.
    #[arg(long = "link", value_name = "URL", help_heading = "Output")]
    link: Option<String>,
    /// What to list beside findings.
    #[arg(long, value_enum, help_heading = "Output")]
    show: Option<ShowArg>,
    /// Print how much was decided, and why the rest was not.
    #[arg(long, help_heading = "Output")]
    stats: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = terminal::Colour::Auto, help_heading = "Output")]
    color: terminal::Colour,

    /// The mildest severity that makes the run end with exit code 1.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = SeverityArg::Medium, help_heading = "Exit code")]
    fail_on: SeverityArg,
    /// End with exit code 3 where something stayed unknown that is not merely out of sight, or something that may hold a
    /// trail was not seen: a module that is not there, a template that is not at hand.
    #[arg(long, help_heading = "Exit code")]
    strict: bool,
    /// End with exit code 1 where an exception is not needed, has run out, or does not count.
    #[arg(long, help_heading = "Exit code")]
    fail_on_exceptions: bool,

    /// Run only this check; may be given several times, and runs checks that are off by default too.
    #[arg(long = "check", value_name = "CHECK", value_parser = check_names(), hide_possible_values = true, help_heading = "Checks")]
    only: Vec<String>,
    /// Leave a check out; may be given several times.
    #[arg(long = "skip", value_name = "CHECK", value_parser = check_names(), hide_possible_values = true, help_heading = "Checks")]
    skip: Vec<String>,
    /// Answer to the controls of a profile, by its id or a file of the same form: runs its checks, sets its parameters, and
    /// adds a table of its controls to the report. May be given several times.
    #[arg(long = "profile", value_name = "ID|FILE", help_heading = "Checks")]
    profiles: Vec<String>,
    /// Run the checks that are off by default, too.
    #[arg(long, help_heading = "Checks")]
    all_checks: bool,

    /// Judge every trail by itself, rather than what the trails of a template record together.
    #[arg(long, help_heading = "What is judged")]
    each_trail: bool,
    /// A bucket that holds the logs, beside those that a trail names: name or logical id, `*` for all.
    #[arg(long = "log-bucket", value_name = "BUCKET", help_heading = "What is judged")]
    log_buckets: Vec<String>,
    /// A key that encrypts the logs: logical id, `*` for all.
    #[arg(long = "log-key", value_name = "KEY", help_heading = "What is judged")]
    log_keys: Vec<String>,
    /// A log group that receives the events: name or logical id, `*` for all.
    #[arg(long = "log-group", value_name = "GROUP", help_heading = "What is judged")]
    log_groups: Vec<String>,
    /// A topic that announces deliveries: name or logical id, `*` for all.
    #[arg(long = "trail-topic", value_name = "TOPIC", help_heading = "What is judged")]
    trail_topics: Vec<String>,
    /// An account, organization or principal that may read the logs beside the own account, or a role or user that may
    /// change the trails: id or ARN.
    #[arg(long = "trust", value_name = "ID", help_heading = "What is judged")]
    trusted: Vec<String>,
    /// The account that keeps the logs, by its id, for `bucket_in_trail_account`.
    #[arg(long, value_name = "ACCOUNT", help_heading = "What is judged")]
    log_archive: Option<String>,
    /// Days that logs must be kept; wins over profiles. 365 where nothing says otherwise.
    #[arg(long, value_name = "DAYS", help_heading = "What is judged")]
    required_days: Option<u32>,
    /// A tag key that trails and event data stores must have; may be given several times.
    #[arg(long = "required-tag", value_name = "KEY", help_heading = "What is judged")]
    required_tags: Vec<String>,
    /// A service whose calls through VPC endpoints must be recorded, as an event source such as `s3.amazonaws.com`, for
    /// `trail_network_activity_missing`; may be given several times.
    #[arg(long, value_name = "SOURCE", help_heading = "What is judged")]
    network_activity: Vec<String>,
    /// A type of resources whose data events must be recorded, such as `AWS::SQS::Queue`, for
    /// `trail_data_event_types_missing`; may be given several times.
    #[arg(long, value_name = "TYPE", help_heading = "What is judged")]
    data_events: Vec<String>,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.purpose()))
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ShowArg {
    /// What could not be told, and why.
    Unknown,
    /// What passes.
    Pass,
    /// What a team decided to hold back, by whom and why.
    Suppressed,
    /// Everything: unknown, passes, what does not apply, what is held back, skipped files.
    All,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SeverityArg {
    Low,
    Medium,
    High,
    Critical,
}

pub(super) fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let mut options = args.judge.options()?;
    options.settings.organization |= args.organization;
    options.parameters = parameters::collect(&args.parameter_files, &args.parameters)?;
    options.variables = variables::flags(&args.variables)?;
    options.environment = if args.variables_of_environment { variables::environment() } else { BTreeMap::new() };
    let (values, stdin_name) = (args.variable_files.as_slice(), args.stdin_name.as_deref());
    let request = files::Request { values, stdin_name, ..args.judge.request(&args.paths) };
    let outputs = args.judge.parsed_outputs()?;
    for (_, path) in &outputs {
        if let Err(Failure(why)) = files::make_room(path) {
            let _ = writeln!(std::io::stderr(), "note: {}", escape::visible(&why));
        }
    }
    tell(&judge(files::collect(request)?, &options), &args.judge, &outputs)
}

impl JudgeArgs {
    /// The given files, with what is given beside them.
    pub(super) fn request<'a>(&'a self, paths: &'a [PathBuf]) -> files::Request<'a> {
        let (source, inventory) = (self.source.as_deref(), self.inventory.as_deref());
        files::Request { paths, values: &[], source, inventory, stdin_name: None }
    }
}

/// A file to write a report to.
pub(super) type Output = (Format, PathBuf);

/// Judges what was asked for.
pub(super) fn judge(collected: files::Collected, options: &Options) -> Report {
    for note in &collected.notes {
        let _ = writeln!(std::io::stderr(), "note: {}", escape::visible(note));
    }
    let mut report = crate::check(collected.files, options);
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
    places::settle(&mut report);
    policy::settle(&mut report, &Decisions::new(today()));
    places::settle(&mut report);
    // What the command line adds may leave a run incomplete.
    report.controls = options.profiles.iter().map(|profile| assess(profile, &report)).collect();
    report
}

/// Today, in UTC.
#[expect(clippy::disallowed_methods, reason = "the clock is the command line's business")]
fn today() -> Date {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(now.as_secs()).unwrap_or_default();
    let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
    time.to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// Reports what was judged; the exit code.
pub(super) fn tell(report: &Report, args: &JudgeArgs, outputs: &[Output]) -> Result<u8, Failure> {
    // The report is shown whatever becomes of its copies.
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
    let code = report.exit_code(args.fail_on.into(), args.strict);
    let code = if args.fail_on_exceptions && !report.exceptions.is_empty() && code != 2 { 1 } else { code };
    written.map(|()| code)
}

/// Reports to machines that nothing was judged, and why: each is valid and says that it is not complete.
#[cfg(feature = "live")]
pub(super) fn fail(failure: Failure, options: &Options, args: &JudgeArgs, outputs: &[Output]) -> Result<u8, Failure> {
    let report = Report::failed(failure.0.clone(), options.checks.clone());
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

    /// The checks to run and what they ask for.
    pub(super) fn options(&self) -> Result<Options, Failure> {
        let profiles = profile::load_all(&self.profiles)?;
        let outputs = self.parsed_outputs()?;
        let mut formats = outputs.iter().map(|(format, _)| *format).chain([self.format]);
        if profiles.is_empty() && formats.any(Format::is_of_controls) {
            return Err(Failure("a table of controls needs a profile: give one by `--profile`".to_owned()));
        }
        let asked: BTreeSet<&str> = profiles.iter().flat_map(|it| it.checks()).map(|check| check.id).collect();
        let wanted = |check: &&Check| match self.only.is_empty() {
            true => self.all_checks || check.page.default_on || asked.contains(check.id),
            false => self.only.iter().any(|id| id == check.id),
        };
        let checks: Vec<&'static Check> =
            checks::ALL.iter().filter(wanted).filter(|check| !self.skip.iter().any(|id| id == check.id)).collect();
        if checks.is_empty() {
            return Err(Failure("no check is left to run: `--skip` takes away all that `--check` selects".to_owned()));
        }
        let days = self.required_days.or_else(|| profiles.iter().filter_map(|it| it.parameters.required_days).max());
        let mut settings = Settings {
            required_days: days.map_or(Settings::default().required_days, f64::from),
            required_tags: self.required_tags.clone(),
            each_trail: self.each_trail,
            log_buckets: self.log_buckets.clone(),
            log_keys: self.log_keys.clone(),
            log_groups: self.log_groups.clone(),
            trail_topics: self.trail_topics.clone(),
            log_archive: self.log_archive.clone(),
            trusted: self.trusted.clone(),
            network_activity: self.network_activity.clone(),
            data_events: self.data_events.clone(),
            ..Settings::default()
        };
        profiles.iter().for_each(|profile| profile.parameters.apply(&mut settings));
        let named = |path: &Option<PathBuf>| path.as_deref().map(files::named);
        let (source, inventory) = (named(&self.source), named(&self.inventory));
        Ok(Options { checks, settings, source, inventory, profiles, ..Options::default() })
    }
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Severity {
        match severity {
            SeverityArg::Low => Severity::Low,
            SeverityArg::Medium => Severity::Medium,
            SeverityArg::High => Severity::High,
            SeverityArg::Critical => Severity::Critical,
        }
    }
}

//! The command line: flags declared once, resolved once into plain options.
//!
//! Everything outside the pure core is here: arguments, files, the terminal, exit codes. Help, completions and the man
//! page come from the same declaration.

mod allow;
mod arguments;
mod base;
mod baseline;
mod check;
#[cfg(feature = "live")]
mod collect;
mod config;
mod explain;
mod files;
mod filter;
mod init;
mod lookup;
mod modules;
mod parameters;
mod places;
mod policy;
mod profile;
mod progress;
#[cfg(feature = "live")]
mod scan;
mod search;
mod terminal;
mod texts;
mod variables;

use crate::checks;
use crate::policy::nearest;
use crate::report::escape;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{CommandFactory, Parser, Subcommand};
use std::io::{BufWriter, Write};
use std::process::ExitCode;

/// Proves that an AWS audit trail holds: lints CloudTrail and everything it rests on.
#[derive(Debug, Parser)]
#[command(name = "trailproof", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check templates and configurations: files, and directories with everything below them.
    #[command(after_long_help = check::EXIT_CODES)]
    Check(Box<arguments::CheckArgs>),
    /// Ask the APIs of AWS what an account or an organization has, and write what they answer as evidence.
    #[cfg(feature = "live")]
    #[command(after_long_help = collect::EXIT_CODES)]
    Collect(Box<collect::CollectArgs>),
    /// Collect evidence, then check it.
    #[cfg(feature = "live")]
    #[command(after_long_help = check::EXIT_CODES)]
    Scan(Box<scan::ScanArgs>),
    /// Explain a check on one screen: what it finds, why it matters, what to do.
    Explain {
        /// The check: its id, the id by which another tool asks the same (`CKV_AWS_36`, `CloudTrail.4`), or a control of a
        /// framework (`"CIS 3.2"`).
        #[arg(value_name = "CHECK")]
        check: String,
        #[command(flatten)]
        manner: explain::Manner,
    },
    /// List every check with its severity.
    List(lookup::ListArgs),
    /// List the lists of controls that the program knows, print one, or look for mistakes in one of your own.
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
    /// Print a ready policy that protects a trail, filled in; without a name, list them.
    Policy(Box<policy::PolicyArgs>),
    /// Print the configuration that is in force, or its schema.
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Write a first trailproof.yaml from what is found, and a baseline.
    Init(Box<init::InitArgs>),
    /// Write exceptions, or move those that were written for other tools.
    #[command(subcommand)]
    Allow(Box<allow::AllowCommand>),
    /// Write down what is found, so that what is new stands out; or take out what is gone.
    #[command(subcommand)]
    Baseline(Box<baseline::BaselineCommand>),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the man page.
    Man,
}

fn check_names() -> CheckName {
    CheckName
}

/// Reads the id of a check; of one that there is not, the nearest are suggested, and not all.
#[derive(Clone)]
struct CheckName;

impl TypedValueParser for CheckName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        let written = value.to_string_lossy();
        if checks::find(&written).is_some() {
            return Ok(written.into_owned());
        }
        let near = nearest(&written, checks::ALL.iter().map(|check| check.id));
        let list = if near.is_empty() { "; `trailproof list` lists those that there are" } else { "" };
        let message = format!("there is no check `{}`{near}{list}\n", escape::visible(&written));
        Err(clap::Error::raw(clap::error::ErrorKind::InvalidValue, message).with_cmd(command))
    }

    /// For completions.
    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(checks::ALL.iter().map(|check| PossibleValue::new(check.id))))
    }
}

/// Why a run could not begin, or its report not be written: lower case, what and where.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    ExitCode::from(end(run(cli)))
}

/// The exit code of what came of a run; why it failed is said.
fn end(result: Result<u8, Failure>) -> u8 {
    result.unwrap_or_else(|Failure(message)| {
        let _ = writeln!(std::io::stderr(), "error: {}", escape::visible(&message));
        2
    })
}

fn run(cli: Cli) -> Result<u8, Failure> {
    match cli.command {
        Command::Check(args) => check::run(&args),
        #[cfg(feature = "live")]
        Command::Collect(args) => collect::run(&args),
        #[cfg(feature = "live")]
        Command::Scan(args) => scan::run(&args),
        Command::Explain { check, manner } => lookup::explain(&check, &manner),
        Command::List(args) => lookup::list(&args),
        Command::Profile(command) => profile::run(&command),
        Command::Policy(args) => policy::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Allow(command) => allow::run(&command),
        Command::Config(command) => config::run(&command),
        Command::Baseline(command) => baseline::run(&command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "trailproof", &mut script);
            print(&String::from_utf8_lossy(&script))?;
            Ok(0)
        }
        Command::Man => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut page).map_err(|error| Failure(error.to_string()))?;
            print(&String::from_utf8_lossy(&page))?;
            Ok(0)
        }
    }
}

/// Prints to standard output. A reader that went away (`| head`) has read what it wanted.
fn print(text: &str) -> Result<(), Failure> {
    print_with(&|to| to.write_all(text.as_bytes()))
}

/// Lets something write to standard output; a reader that has gone away is no failure.
fn print_with(what: &dyn Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let mut out = BufWriter::new(std::io::stdout().lock());
    match what(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

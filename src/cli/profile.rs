//! `trailproof profile`, and the profiles that other commands are given: ids, and files of the same form.

use super::{Failure, files, print};
use crate::policy::nearest;
use crate::policy::profiles::{self, Form, Profile, SHIPPED};
use crate::report::escape::visible;
use crate::source::{FileId, SourceFile};
use clap::{Subcommand, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Largest file of a profile; that of the longest framework is below 100 KiB.
const MAX_BYTES: u64 = 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum ProfileCommand {
    /// List the profiles that come with the program.
    List,
    /// Print a profile: its controls, and the checks that decide them.
    Show {
        /// The profile: its id, or a file.
        #[arg(value_name = "ID|FILE")]
        profile: String,
        /// What to print.
        #[arg(long, value_enum, default_value_t = FormArg::Text)]
        format: FormArg,
    },
    /// Look for mistakes in profiles of your own.
    Check {
        /// The files.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FormArg {
    /// For people.
    Text,
    /// A table in Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

pub(super) fn run(command: &ProfileCommand) -> Result<u8, Failure> {
    match command {
        ProfileCommand::List => print(&list())?,
        ProfileCommand::Show { profile, format } => {
            let form = match format {
                FormArg::Text => Form::Text,
                FormArg::Markdown => Form::Markdown,
                FormArg::Csv => Form::Csv,
                FormArg::Json => Form::Json,
            };
            print(&profiles::show(&load(profile)?, form))?;
        }
        ProfileCommand::Check { files } => return check(files),
    }
    Ok(0)
}

/// Tells every mistake in the files.
fn check(files: &[PathBuf]) -> Result<u8, Failure> {
    let mut code = 0;
    for path in files {
        match read(path) {
            Ok(profile) => print(&format!("{}: no mistakes\n", profile.id))?,
            Err(mistakes) => {
                code = 2;
                for mistake in mistakes {
                    let _ = writeln!(std::io::stderr(), "error: {}", visible(&mistake));
                }
            }
        }
    }
    Ok(code)
}

fn list() -> String {
    let width = SHIPPED.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
    let line =
        |profile: Profile| format!("{:width$}  {:3} controls  {}\n", profile.id, profile.controls.len(), profile.title);
    profiles::all_shipped().map(line).collect()
}

/// The profiles of these names, each once.
pub(super) fn load_all(names: &[String]) -> Result<Vec<Profile>, Failure> {
    let mut all: Vec<Profile> = Vec::new();
    for name in names {
        let profile = load(name)?;
        if all.iter().any(|known| known.id == profile.id) {
            return Err(Failure(format!("the profile `{}` is given twice", profile.id)));
        }
        all.push(profile);
    }
    Ok(all)
}

/// The profile of an id, or of a file.
pub(super) fn load(name: &str) -> Result<Profile, Failure> {
    if let Some(profile) = profiles::shipped(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    let is_path = name.contains(['/', '\\']) || name.ends_with(".yaml") || name.ends_with(".yml");
    if is_path || path.is_file() {
        return read(path).map_err(|mistakes| {
            let more = match mistakes.len() {
                0 | 1 => String::new(),
                count => format!(" (and {} more: `trailproof profile check {name}` tells them)", count - 1),
            };
            Failure(format!("{}{more}", mistakes.into_iter().next().unwrap_or_default()))
        });
    }
    let near = nearest(name, SHIPPED.iter().map(|(id, _)| *id));
    let list = if near.is_empty() { "; `trailproof profile list` lists those that there are" } else { "" };
    Err(Failure(format!("there is no profile `{name}`{near}{list}")))
}

/// The profile of a file, or every mistake in it with its place.
fn read(path: &Path) -> Result<Profile, Vec<String>> {
    let name = path.display();
    let bytes = match files::read_bytes(path, MAX_BYTES) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(vec![format!("{name}: larger than a profile may be, {MAX_BYTES} bytes")]),
        Err(error) => return Err(vec![format!("{name}: {error}")]),
    };
    let Ok(text) = String::from_utf8(bytes) else { return Err(vec![format!("{name}: this is not UTF-8")]) };
    let file = SourceFile::new(name.to_string(), text.as_str());
    let (profile, faults) = profiles::read(FileId(0), &text);
    let told = |fault: &profiles::Fault| {
        let at = file.position(fault.span.start);
        format!("{name}:{}:{}: {}", at.line, at.column, fault.message)
    };
    profile.filter(|_| faults.is_empty()).ok_or_else(|| faults.iter().map(told).collect())
}

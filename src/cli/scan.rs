//! `trailproof scan`: asks, then judges what was answered. Whatever ends it, the reports that were asked for are written.

use super::check::{self, JudgeArgs};
use super::collect::AskArgs;
use super::{Failure, files};
use crate::Options;
use crate::input::Input;
use clap::Args;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

/// The check that needs more of the event history than others.
const CHANGES: &str = "account_trail_changes_seen";

/// Where reports place evidence that is gone when they are read.
const GONE: &str = "evidence";

#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    /// Keep the evidence here; without it, it is gone when it is judged.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    asking: AskArgs,
    #[command(flatten)]
    judge: JudgeArgs,
}

pub(super) fn run(args: &ScanArgs) -> Result<u8, Failure> {
    // Wishes that cannot be met are told before anybody is asked.
    let options = args.judge.options()?;
    let outputs = args.judge.outputs()?;
    match evidence(args, &options) {
        Ok(collected) => check::judge(collected, &options, &args.judge, &outputs),
        Err(failure) => check::fail(failure, &options, &args.judge, &outputs),
    }
}

/// Asks, and reads what was written. A temporary folder is gone before anything is judged, which may take a while.
fn evidence(args: &ScanArgs, options: &Options) -> Result<files::Collected, Failure> {
    let changes = options.checks.iter().any(|check| check.id == CHANGES);
    if let Some(out) = &args.out {
        return ask(args, out, changes);
    }
    let temporary = Temporary::new()?;
    let mut collected = ask(args, &temporary.0, changes)?;
    for (file, input) in &mut collected.files {
        if let Input::Evidence(evidence) = input {
            file.name = format!("{GONE}/{}.json", evidence.account());
        }
    }
    Ok(collected)
}

fn ask(args: &ScanArgs, out: &Path, changes: bool) -> Result<files::Collected, Failure> {
    let outcome = args.asking.ask(out, changes)?;
    if outcome.interrupted {
        let kept = match (&args.out, outcome.files.is_empty()) {
            (None, _) => "and nothing is kept without --out".to_owned(),
            (Some(_), true) => "and nothing was written yet".to_owned(),
            (Some(out), false) => format!("and --resume goes on with what {} holds", out.display()),
        };
        return Err(Failure(format!("the run was stopped before its end: nothing is judged, {kept}")));
    }
    files::collect(args.judge.request(&outcome.files))
}

/// A folder that is gone at the end.
struct Temporary(PathBuf);

impl Temporary {
    /// Made here, under a name that nobody guesses, and for its owner alone: what is in its place is not taken.
    fn new() -> Result<Temporary, Failure> {
        // The standard library has no other source of random numbers: each is seeded by the system.
        let [a, b] = [(); 2].map(|()| RandomState::new().hash_one(std::process::id()));
        let path = std::env::temp_dir().join(format!("trailproof-{a:016x}{b:016x}"));
        let mut builder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path).map_err(|error| Failure(format!("cannot make {}: {error}", path.display())))?;
        Ok(Temporary(path))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

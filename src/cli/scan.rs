//! `trailproof scan`: asks, then judges what was answered. Whatever ends it, the reports that were asked for are written.

use super::arguments::JudgeArgs;
use super::check;
use super::collect::AskArgs;
use super::config::Trouble;
use super::filter::Filter;
use super::{Failure, files};
use crate::Options;
use crate::collect;
use crate::input::Input;
use clap::Args;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

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
    let outputs = args.judge.outputs()?;
    let wish = match args.judge.wish(Path::new("."), None) {
        Ok(wish) => wish,
        Err(Trouble::Failure(failure)) => return Err(failure),
        Err(Trouble::Broken(report)) => return check::tell(&report, &args.judge.without_config()?, &outputs),
    };
    let fail = |failure| check::fail(failure, &wish, &outputs);
    let (files, temporary) = match ask(args, &wish.options) {
        Ok(asked) => asked,
        Err(failure) => return fail(failure),
    };
    let temporary = Mutex::new(temporary);
    let forget = || drop(temporary.lock().unwrap_or_else(PoisonError::into_inner).take());
    let judge = || {
        let collected = read(args, &files, &wish.filter());
        // Judging may take a while.
        forget();
        check::judge(collected?, &wish, None)
    };
    let stopped = || {
        forget();
        let why = match &args.out {
            Some(out) => format!("the run was stopped while it judged: `trailproof check` judges {}", out.display()),
            None => "the run was stopped while it judged, and nothing is kept without --out".to_owned(),
        };
        std::process::exit(i32::from(super::end(fail(Failure(why)))));
    };
    match collect::or_stopped(judge, stopped) {
        Ok(report) => check::tell(&report, &wish, &outputs),
        Err(failure) => fail(failure),
    }
}

/// The files of the answers, and the folder of those that are not kept.
type Asked = (Vec<PathBuf>, Option<Temporary>);

/// Asks, and writes down what is answered.
fn ask(args: &ScanArgs, options: &Options) -> Result<Asked, Failure> {
    let changes = options.checks.iter().any(|check| check.id == CHANGES);
    let temporary = if args.out.is_none() { Some(Temporary::new()?) } else { None };
    let folder = args.out.as_deref().or(temporary.as_ref().map(|folder| folder.0.as_path())).unwrap_or(Path::new("."));
    let outcome = args.asking.ask(folder, changes)?;
    if outcome.interrupted {
        let kept = match (&args.out, outcome.files.is_empty()) {
            (None, _) => "and nothing is kept without --out".to_owned(),
            (Some(_), true) => "and nothing was written yet".to_owned(),
            (Some(out), false) => format!("and --resume goes on with what {} holds", out.display()),
        };
        return Err(Failure(format!("the run was stopped before its end: nothing is judged, {kept}")));
    }
    Ok((outcome.files, temporary))
}

/// Reads what was answered.
fn read(args: &ScanArgs, files: &[PathBuf], filter: &Filter) -> Result<files::Collected, Failure> {
    let mut collected = files::collect(args.judge.request(files, filter))?;
    for (file, input) in &mut collected.files {
        match input {
            Input::Evidence(evidence) if args.out.is_none() => {
                file.name = format!("{GONE}/{}.json", evidence.account());
            }
            _ => {}
        }
    }
    Ok(collected)
}

/// A folder that is gone at the end.
struct Temporary(PathBuf);

impl Temporary {
    /// Made here, under a random name, and for its owner alone: what is in its place is not taken.
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

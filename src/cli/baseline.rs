//! `trailproof baseline`: writes down what there is, so that what is new stands out.

use super::arguments::CheckArgs;
use super::check::{self, Run};
use super::files::{self, plain, read_bytes, too_large};
use super::{Failure, print};
use crate::policy::baseline::{Baseline, Entry};
use crate::report::{Report, State};
use crate::source::{FileId, MAX_FILE_BYTES, Span};
use clap::Subcommand;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum BaselineCommand {
    /// Write down what is found and nothing holds back. An existing file is kept, and grows with --add alone.
    Write {
        /// Add what is new to an existing file.
        #[arg(long)]
        add: bool,
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
    /// Take out what is not found any more, where the run looked.
    Prune {
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
}

/// A baseline that was read.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) text: String,
    /// Paths that it names and that are there no more.
    pub(super) gone: Vec<String>,
}

/// Reads a baseline, where there is one.
pub(super) fn read(path: &Path) -> Result<Option<Known>, Failure> {
    let refuse = |why: String| Failure(format!("{}: {why}", path.display()));
    let bytes = match read_bytes(path, MAX_FILE_BYTES) {
        Ok(bytes) => bytes.ok_or_else(|| refuse(too_large()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refuse(plain(&error))),
    };
    let text = crate::input::decode(bytes).map_err(|why| refuse(why.to_owned()))?;
    let baseline = Baseline::parse(FileId(0), &text).map_err(|error| refuse(error.message))?;
    let root = root(path);
    let paths: BTreeSet<&String> = baseline.entries.iter().map(|(entry, _)| &entry.key.path).collect();
    let is_gone = |path: &&String| !path.is_empty() && !root.join(path).exists();
    let gone = paths.into_iter().filter(is_gone).cloned().collect();
    Ok(Some(Known { name: files::named(path), text, gone }))
}

/// Where the paths of a baseline begin: the root of its repository, else the current directory.
fn root(path: &Path) -> PathBuf {
    let directory = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let real = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    real.ancestors().find(|it| it.join(".git").exists()).map_or_else(PathBuf::new, Path::to_owned)
}

pub(super) fn run(command: &BaselineCommand) -> Result<u8, Failure> {
    let (args, adds, prunes) = match command {
        BaselineCommand::Write { add, check } => (check, *add, false),
        BaselineCommand::Prune { check } => (check, false, true),
    };
    let Run { report, wish } = match check::judged(args, false)? {
        Ok(run) => run,
        Err(report) => {
            print(&check::plain(&report))?;
            return Ok(2);
        }
    };
    if !report.problems.is_empty() {
        print(&check::plain(&report))?;
        return Err(Failure("the run failed, and nothing is written".to_owned()));
    }
    let path = wish.baseline().unwrap_or_else(|| wish.directory().join(crate::policy::baseline::NAME));
    let before = known(&report, &files::named(&path));
    let stale = stale(&report);
    let (kept, gone): (Vec<_>, Vec<_>) = before.entries.iter().cloned().partition(|(_, span)| !stale.contains(span));
    let mut kept: Vec<Entry> = kept.into_iter().map(|(entry, _)| entry).collect();
    let same = |a: &Entry, b: &Entry| a.key == b.key && a.judged == b.judged;
    let mut new = Baseline::of(&report, &before, check::today());
    for entry in &kept {
        if let Some(at) = new.iter().position(|it| same(it, entry)) {
            new.remove(at);
        }
    }
    let (file, exists) = (files::named(&path), !before.entries.is_empty() || path.exists());
    let words = match (prunes, exists) {
        (true, false) => return Err(Failure(format!("{file}: there is no such baseline"))),
        (true, true) if !report.is_complete() => {
            return Err(Failure("not everything was looked at, so that nothing is taken out".to_owned()));
        }
        (true, true) => format!("{} taken out of {file}, {} kept", gone.len(), kept.len()),
        (false, true) if !adds && !new.is_empty() => {
            return Err(Failure(format!("{file} would grow by {}: --add lets it", new.len())));
        }
        (false, _) => {
            let count = new.len();
            // What a run did not look at stays; what it did, and found gone, is for `prune` to take out.
            kept.extend(gone.into_iter().map(|(entry, _)| entry));
            kept.append(&mut new);
            format!("{count} written to {file}, which has {}", kept.len())
        }
    };
    kept.sort();
    files::write_text(&path, &Baseline::render(&kept))?;
    print(&format!("{words}\n"))?;
    Ok(0)
}

/// The baseline that a report was held against.
fn known(report: &Report, name: &str) -> Baseline {
    let file = report.sources.iter().filter(|(_, file)| file.name == name).last();
    file.and_then(|(id, file)| Baseline::parse(id, &file.text).ok()).unwrap_or_default()
}

/// The places of entries that are not needed any more.
fn stale(report: &Report) -> BTreeSet<Span> {
    let stale = report.exceptions.iter().filter(|exception| exception.state == State::BaselineStale);
    stale.map(|exception| exception.span).collect()
}

//! `trailproof allow`: writes exceptions, and moves those that were written for other tools.

use super::arguments::CheckArgs;
use super::check::{self, Run};
use super::files::{self, read_bytes};
use super::{Failure, check_names, print};
use crate::judge::{Answer, Outcome};
use crate::policy::edit::{Words, with_comment, with_entry};
use crate::report::Report;
use crate::source::{FileId, MAX_FILE_BYTES, SourceFile, Span};
use clap::Subcommand;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum AllowCommand {
    /// Hold back what a check finds of a resource: writes a comment above the resource, or an entry of trailproof.yaml where
    /// comments cannot stand.
    Add {
        /// The check.
        #[arg(value_name = "CHECK", value_parser = check_names(), hide_possible_values = true)]
        id: String,
        /// The resource, as a report calls it.
        #[arg(value_name = "ADDRESS")]
        address: String,
        /// Why.
        #[arg(long)]
        reason: String,
        /// The last day on which it holds.
        #[arg(long, value_name = "YYYY-MM-DD")]
        until: Option<String>,
        /// Who answers for it.
        #[arg(long)]
        owner: Option<String>,
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
    /// Print what comments for other tools hold back as exceptions of our own.
    Import {
        /// Write them beside what they are about.
        #[arg(long)]
        write: bool,
        #[command(flatten)]
        check: Box<CheckArgs>,
    },
}

/// An exception to be written.
struct Wanted {
    words: Words,
    place: Span,
    address: String,
    is_live: bool,
}

pub(super) fn run(command: &AllowCommand) -> Result<u8, Failure> {
    let args = match command {
        AllowCommand::Add { check, .. } | AllowCommand::Import { check, .. } => check,
    };
    let Run { report, wish } = match check::judged(args, true)? {
        Ok(run) => run,
        Err(report) => {
            print(&check::plain(&report))?;
            return Ok(2);
        }
    };
    let config = wish.file.as_ref().map(|file| (PathBuf::from(&file.name), wish.directory()));
    let config = config.unwrap_or_else(|| (PathBuf::from("trailproof.yaml"), PathBuf::new()));
    match command {
        AllowCommand::Add { id, address, reason, until, owner, .. } => {
            let words = |part: &Option<String>| Words {
                check: id.clone(),
                part: part.clone(),
                reason: reason.clone(),
                until: until.clone(),
                owner: owner.clone(),
            };
            let found = report.failures().filter(|it| it.check.id == id && *it.subject.address == **address);
            let mut wanted: Vec<Wanted> = found.filter_map(|outcome| wanted(outcome, words(&None))).collect();
            wanted.dedup_by_key(|it| it.place);
            if wanted.is_empty() {
                let near = crate::policy::nearest(address, addresses(&report, id).into_iter());
                return Err(Failure(format!("`{id}` finds nothing of `{address}` that is not held back{near}")));
            }
            print(&write(&report, wanted, &config.0)?)?;
        }
        AllowCommand::Import { write: writes, .. } => {
            let mut wanted = Vec::new();
            for (outcome, tool, theirs, reason) in crate::policy::suppressed_elsewhere(&report) {
                let reason = format!("{reason} ({tool} {theirs})");
                let words = Words { check: outcome.check.id.to_owned(), reason, ..Words::default() };
                wanted.extend(self::wanted(outcome, words));
            }
            wanted.sort_by(|a, b| (a.place, &a.words.check).cmp(&(b.place, &b.words.check)));
            wanted.dedup_by(|a, b| a.place == b.place && a.words.check == b.words.check);
            let text = if *writes { write(&report, wanted, &config.0)? } else { listed(&report, &wanted) };
            print(&text)?;
        }
    }
    Ok(0)
}

fn wanted(outcome: &Outcome, words: Words) -> Option<Wanted> {
    let place = *outcome.subject.declared.first()?;
    Some(Wanted { words, place, address: outcome.subject.address.to_string(), is_live: outcome.is_live })
}

/// The resources of which a check finds something.
fn addresses<'r>(report: &'r Report, id: &str) -> Vec<&'r str> {
    let found = report.outcomes.iter().filter(|it| it.answer == Answer::Fail && it.check.id == id);
    found.map(|it| &*it.subject.address).collect()
}

fn listed(report: &Report, wanted: &[Wanted]) -> String {
    let line = |it: &Wanted| {
        let file = report.sources.get(it.place.file);
        let (name, line) = file.map_or(("", 0), |file| (&*file.name, file.position(it.place.start).line));
        crate::report::escape::visible(&format!("{name}:{line}: # {}", it.words.comment())) + "\n"
    };
    wanted.iter().map(line).collect()
}

/// Writes exceptions, the last of a file first, so that places stay; what was written where.
fn write(report: &Report, mut wanted: Vec<Wanted>, config: &Path) -> Result<String, Failure> {
    wanted.sort_by_key(|it| std::cmp::Reverse(it.place));
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    let mut entries = Vec::new();
    let mut said = String::new();
    for it in wanted {
        let file = report.sources.get(it.place.file).filter(|_| report.code.contains(&it.place.file) && !it.is_live);
        let edited = file.and_then(|file| {
            let text = texts.get(&it.place.file).map_or(&*file.text, String::as_str);
            with_comment(&SourceFile::new(file.name.clone(), text), it.place, &it.words)
        });
        match (edited, file) {
            (Some(edited), Some(file)) => {
                said.push_str(&format!("{}: {} of {}\n", file.name, it.words.check, it.address));
                texts.insert(it.place.file, edited);
            }
            _ => entries.push(it),
        }
    }
    for (id, text) in &texts {
        let name = report.sources.get(*id).map_or("", |file| &file.name);
        files::write_text(Path::new(name), text)?;
    }
    if !entries.is_empty() {
        let bytes = read_bytes(config, MAX_FILE_BYTES).ok().flatten().unwrap_or_default();
        let mut text = String::from_utf8(bytes).map_err(|_| Failure(format!("{}: no text", config.display())))?;
        for it in entries {
            let path = report.path(it.place.file);
            let key = if it.address.starts_with("arn:") { "arn" } else { "address" };
            let patterns = [(key, it.address.as_str()), ("path", path)];
            let count = if it.is_live { 1 } else { 2 };
            text = with_entry(&text, &it.words, patterns.get(..count).unwrap_or_default()).ok_or_else(|| {
                Failure(format!("{}: its `allow` is no list of lines: add the entry by hand", config.display()))
            })?;
            said.push_str(&format!("{}: {} of {}\n", config.display(), it.words.check, it.address));
        }
        files::write_text(config, &text)?;
    }
    Ok(crate::report::escape::visible(&said).replace("\\u{a}", "\n"))
}

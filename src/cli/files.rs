//! Files: found in a fixed order, read once and on every core, named as reports show them.

use super::Failure;
use super::filter::Filter;
use super::modules::{Modules, Start};
use super::progress::Watched;
use super::search::{Found, once, search};
use crate::input::{self, ENDINGS, Input, Named, Role};
use crate::parallel;
use crate::read::UnseenKind;
use crate::read::terraform::join;
use crate::report::escape::visible;
use crate::report::{Problem, Skipped, Unseen};
use crate::source::{FileId, MAX_FILE_BYTES, SourceFile};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Component, Path, PathBuf};

/// The name of standard input where none is given.
const STDIN: &str = "<stdin>";

/// What to read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request<'a> {
    pub(super) paths: &'a [PathBuf],
    /// Files with values of variables.
    pub(super) values: &'a [PathBuf],
    /// The directory of the configuration behind a plan.
    pub(super) source: Option<&'a Path>,
    /// A list of accounts.
    pub(super) inventory: Option<&'a Path>,
    /// The path that standard input would have as a file.
    pub(super) stdin_name: Option<&'a Path>,
    /// What a search of directories leaves out.
    pub(super) filter: &'a Filter,
}

/// What was found in the given paths.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) files: Vec<(SourceFile, Input)>,
    pub(super) problems: Vec<Problem>,
    pub(super) skipped: Vec<Skipped>,
    /// What could not be looked into and may hold a trail.
    pub(super) unseen: Vec<Unseen>,
    /// What the user may not expect.
    pub(super) notes: Vec<String>,
    /// Whether a file that the user named is none that is read.
    pub(super) leaves_out_named: bool,
}

/// A file that could not be read.
#[derive(Debug)]
pub(super) struct Lost {
    pub(super) name: String,
    pub(super) why: String,
    /// Whether the run fails for it.
    pub(super) is_failure: bool,
}

impl Collected {
    /// The id of the next file: its place in the list.
    pub(super) fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// Leaves out a file or directory that cannot matter.
    pub(super) fn skip(&mut self, file: String, why: impl Into<String>) {
        self.skipped.push(Skipped { file, why: why.into() });
    }

    /// Leaves out a file or directory that may matter.
    pub(super) fn miss(&mut self, file: String, why: &str) {
        let (what, name) = (UnseenKind::File, file.clone());
        self.unseen.push(Unseen { what, name, why: why.to_owned(), span: None, may_hold_trail: true });
        self.skip(file, why);
    }

    /// Says that a file or directory could not be read, so that the run has failed.
    pub(super) fn fail(&mut self, file: String, why: String) {
        self.problems.push(Problem::of_file(&file, why));
    }

    /// Keeps the place of a file that could not be read, and says why.
    fn lose(&mut self, lost: Lost) {
        self.files.push((SourceFile::new(lost.name.clone(), ""), Input::Unread));
        if lost.is_failure {
            self.fail(lost.name, lost.why);
        } else {
            self.skip(lost.name, lost.why);
        }
    }

    /// Loads files by their names and numbers on every core, and keeps them in order.
    pub(super) fn load<'f, T: Sync>(
        &mut self,
        all: &'f [T],
        load: impl Fn(FileId, &'f T) -> Result<(SourceFile, Input), Lost> + Sync,
    ) {
        let first = self.next_id().0;
        let loaded = parallel::map(all.len(), |index| {
            let id = FileId(first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)));
            Some(load(id, all.get(index)?))
        });
        for result in loaded.into_iter().flatten() {
            match result {
                Ok(loaded) => self.files.push(loaded),
                Err(lost) => self.lose(lost),
            }
        }
    }
}

/// Reads every template and configuration in the given paths, and what configurations lead to.
pub(super) fn collect(request: Request) -> Result<Collected, Failure> {
    let mut collected = Collected::default();
    let here = current_directory();
    let mut found: Vec<Found> = Vec::new();
    let mut modules = Modules::new(here.as_deref());
    for path in request.paths {
        let kind = input::named(&path.to_string_lossy());
        if path.is_dir() {
            search(path, &ENDINGS, request.filter, &mut found, &mut modules, &mut collected);
        } else if path.as_os_str() == "-" && request.stdin_name.and_then(Path::to_str).and_then(input::named).is_some()
        {
            let name = request.stdin_name.unwrap_or(path);
            let (bytes, whole) = standard_input().map_err(|why| Failure(format!("standard input: {why}")))?;
            if !whole {
                return Err(Failure(format!("standard input: {}", too_large())));
            }
            modules.put(name, bytes);
        } else if kind == Some(Named::Part) && path.is_file() {
            modules.start(Start::File(path));
        } else if matches!(kind, Some(Named::OwnValues | Named::OtherValues)) {
            let what = "holds values of variables: name the directory of the configuration, and this by `--var-file`";
            return Err(Failure(format!("{}: {what}", path.display())));
        } else {
            found.push(Found::named(path));
        }
    }
    if let Some(source) = request.source {
        if !source.is_dir() {
            return Err(Failure(format!("{}: there is no such directory", source.display())));
        }
        modules.start(Start::Source(source));
    }
    let mut seen = BTreeSet::new();
    once(&mut found, &mut seen);
    if u32::try_from(found.len()).is_err() {
        return Err(Failure("there are more files than one run can take".to_owned()));
    }
    collected.load(&found, |id, file| read(id, file, here.as_deref(), request.stdin_name));
    for (found, (file, input)) in found.iter().zip(&collected.files).filter(|(found, _)| found.named) {
        if let Input::Skipped(why) = input {
            let path = if found.path.as_os_str() == "-" { STDIN } else { &file.name };
            collected.notes.push(format!("{path} is left out: {why}"));
            collected.leaves_out_named = true;
        }
    }
    let has_evidence = collected.files.iter().any(|(_, input)| matches!(input, Input::Evidence(_)));
    if let Some(source) = request.source.filter(|_| has_evidence) {
        beside(source, request.filter, &mut seen, &mut modules, &mut collected, here.as_deref());
    }
    if let Some(path) = request.inventory {
        let refuse = |why: String| Failure(format!("{}: {why}", path.display()));
        let bytes = read_bytes(path, MAX_FILE_BYTES).map_err(|error| refuse(plain(&error)))?;
        let loaded = input::load_text(&shown(path, here.as_deref()), bytes.ok_or_else(|| refuse(too_large()))?);
        collected.files.push(loaded.ok_or_else(|| refuse("is no text".to_owned()))?);
    }
    if request.source.is_none() {
        for (file, input) in &collected.files {
            if matches!(input, Input::Plan(_)) {
                modules.start_around(Path::new(&file.name));
            }
        }
    }
    for path in request.values {
        let refuse = |why: String| Failure(format!("{}: {why}", path.display()));
        let bytes = read_bytes(path, MAX_FILE_BYTES).map_err(|error| refuse(plain(&error)))?;
        let bytes = bytes.ok_or_else(|| refuse(too_large()))?;
        let name = shown(path, here.as_deref());
        collected.files.push(input::load_configuration(collected.next_id(), &name, bytes, Role::GivenValues, true));
    }
    modules.read(&mut collected);
    Ok(collected)
}

/// Loads what says where things are declared, below a directory that is given beside evidence: templates, configurations
/// and states, and nothing else that is there.
fn beside(
    source: &Path,
    filter: &Filter,
    seen: &mut BTreeSet<PathBuf>,
    modules: &mut Modules,
    collected: &mut Collected,
    here: Option<&Path>,
) {
    let mut found = Vec::new();
    let (failed, missed) = (collected.problems.len(), collected.unseen.len());
    search(source, &[&ENDINGS[..], &["tfstate"]].concat(), filter, &mut found, modules, collected);
    // What only says where things are declared is missed by no verdict.
    for problem in collected.problems.split_off(failed) {
        collected.skip(problem.file, problem.message);
    }
    collected.unseen.truncate(missed);
    once(&mut found, seen);
    let first = collected.files.len();
    let read = |id, file| read(id, file, here, None).map_err(|lost| Lost { is_failure: false, ..lost });
    collected.load(&found, read);
    for (file, input) in collected.files.iter_mut().skip(first) {
        let declares = match input {
            Input::Template(_) | Input::State(_) => true,
            Input::Plan(plan) => plan.is_state,
            _ => false,
        };
        let why = match input {
            Input::Broken(error) => Some(error.message.as_str()),
            Input::Skipped(why) => Some(*why).filter(|why| *why == input::UNREAD_STATE),
            _ => None,
        };
        collected.skipped.extend(why.map(|why| Skipped { file: file.name.clone(), why: why.to_owned() }));
        if !declares {
            *input = Input::Unread;
        }
    }
}

/// Reads and loads a file, or says under which name and why it could not be read.
fn read(id: FileId, file: &Found, here: Option<&Path>, stdin_name: Option<&Path>) -> Result<(SourceFile, Input), Lost> {
    let lost = |name: &str, why| Lost { name: name.to_owned(), why, is_failure: true };
    if file.named && file.path.as_os_str() == "-" {
        let name = stdin_name.map(|name| shown(name, here));
        let named = name.clone().unwrap_or_else(|| STDIN.to_owned());
        return match (standard_input().map_err(|why| lost(&named, why))?, name) {
            ((bytes, true), Some(name)) => Ok(input::load(id, &name, bytes, true)),
            ((bytes, true), None) => Ok(input::load_unnamed(id, STDIN, bytes)),
            // A plan may be as large as it likes here too.
            ((bytes, false), _) if input::looks_like_plan(bytes.get(..input::ENOUGH).unwrap_or_default()) => {
                Ok(input::load_plan(id, &named, bytes.as_slice().chain(std::io::stdin().lock())))
            }
            _ => Err(lost(&named, too_large())),
        };
    }
    let name = shown(&file.path, here);
    match read_bytes(&file.path, MAX_FILE_BYTES) {
        Ok(Some(bytes)) => Ok(input::load(id, &name, bytes, file.named)),
        Ok(None) => read_plan(id, &name, file),
        Err(error) => Err(lost(&name, plain(&error))),
    }
}

/// Reads a file that is too large for anything but a plan.
#[expect(clippy::disallowed_methods, reason = "reading files is what this module is for")]
fn read_plan(id: FileId, name: &str, file: &Found) -> Result<(SourceFile, Input), Lost> {
    let lost = |error: std::io::Error| Lost { name: name.to_owned(), why: plain(&error), is_failure: true };
    let mut opened = std::fs::File::open(&file.path).map_err(lost)?;
    let mut first = Vec::with_capacity(input::ENOUGH);
    (&mut opened).take(input::ENOUGH as u64).read_to_end(&mut first).map_err(lost)?;
    if !input::looks_like_plan(&first) {
        let is_failure = file.named || names_types(first.as_slice().chain(opened)).map_err(lost)?;
        return Err(Lost { name: name.to_owned(), why: too_large(), is_failure });
    }
    let size = opened.metadata().map_err(lost)?.len();
    Ok(input::load_plan(id, name, Watched::new(first.as_slice().chain(opened), &visible(name), size)))
}

/// Whether what is too large to be read whole names a resource type that is read. What is larger than any file that
/// people write is taken as if it did.
fn names_types(mut rest: impl Read) -> std::io::Result<bool> {
    const PIECE: u64 = 1024 * 1024;
    const PIECES: usize = 4096;
    // A name may begin in one piece and end in the next.
    const OVERLAP: usize = 128;
    let mut bytes = Vec::new();
    for _ in 0..PIECES {
        bytes.drain(..bytes.len().saturating_sub(OVERLAP));
        if rest.by_ref().take(PIECE).read_to_end(&mut bytes)? == 0 {
            return Ok(false);
        }
        if input::spells_our_types(&bytes) {
            return Ok(true);
        }
    }
    Ok(true)
}

/// The bytes of standard input, as far as anything but a plan may go, and whether that is all.
fn standard_input() -> Result<(Vec<u8>, bool), String> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| plain(&error))?;
    let whole = bytes.len() as u64 <= MAX_FILE_BYTES;
    Ok((bytes, whole))
}

/// The bytes of a file; none where there are more than a limit.
#[expect(clippy::disallowed_methods, reason = "reading files is what this module is for")]
pub(super) fn read_bytes(path: &Path, limit: u64) -> std::io::Result<Option<Vec<u8>>> {
    let opened = std::fs::File::open(path)?;
    let metadata = opened.metadata()?;
    if metadata.len() > limit {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    opened.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= limit))
}

pub(super) fn too_large() -> String {
    format!("larger than {} MiB, the most that is read", MAX_FILE_BYTES / 1024 / 1024)
}

/// An error of the system in plain words, without its number.
pub(super) fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => {
            let words = error.to_string().to_lowercase();
            words.split(" (os error").next().unwrap_or(&words).to_owned()
        }
    }
}

/// A path as reports show it: from the current directory where it is below, `/` between the parts.
pub(super) fn shown(path: &Path, here: Option<&Path>) -> String {
    let path = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let mut name = String::new();
    for part in path.components() {
        match part {
            Component::CurDir => continue,
            Component::RootDir => {
                name.push('/');
                continue;
            }
            Component::Prefix(prefix) => name.push_str(&prefix.as_os_str().to_string_lossy()),
            Component::ParentDir => name.push_str(".."),
            Component::Normal(part) => name.push_str(&part.to_string_lossy()),
        }
        name.push('/');
    }
    name.trim_end_matches('/').to_owned()
}

/// A path of the command line as reports show it.
pub(super) fn named(path: &Path) -> String {
    join(&shown(path, current_directory().as_deref()), "")
}

#[expect(clippy::disallowed_methods, reason = "names are shown from the current directory")]
fn current_directory() -> Option<PathBuf> {
    std::env::current_dir().ok()
}

/// Makes the directory that a report is to be written to, before any work is done.
pub(super) fn make_room(path: &Path) -> Result<(), Failure> {
    let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) else { return Ok(()) };
    let refused = |error| Failure(format!("cannot write {}: {}", path.display(), plain(&error)));
    std::fs::create_dir_all(directory).map_err(refused)
}

/// Writes a text to a file.
pub(super) fn write_text(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, &|to| to.write_all(text.as_bytes()))
}

/// Writes a report to a file.
pub(super) fn write(path: &Path, report: &dyn Fn(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    let written = File::create(path).map(BufWriter::new).and_then(|mut to| {
        report(&mut to)?;
        to.flush()
    });
    written.map_err(|error| unwritable(path, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string().to_lowercase(),
    };
    Failure(format!("cannot write {}: {why}", path.display()))
}

/// Sees that a report can be written to a file, and leaves everything as it is. A pipe is opened once, when there is
/// something to write.
#[cfg(feature = "live")]
pub(super) fn try_to_write(path: &Path) -> Result<(), Failure> {
    let refuse = |error: std::io::Error| unwritable(path, &error);
    let is_there = path.exists();
    if is_there && !path.is_file() && !path.is_dir() {
        return Ok(());
    }
    std::fs::OpenOptions::new().append(true).create(true).open(path).map_err(refuse)?;
    if is_there { Ok(()) } else { std::fs::remove_file(path).map_err(refuse) }
}

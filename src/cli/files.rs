//! Files: found in a fixed order, read once and on every core, named as reports show them.

use super::Failure;
use super::modules::{Modules, Start};
use super::progress::Watched;
use crate::input::{self, Input, Named, Role};
use crate::parallel;
use crate::read::terraform::join;
use crate::report::escape::visible;
use crate::report::{Problem, Skipped};
use crate::source::{FileId, MAX_FILE_BYTES, SourceFile};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Endings of the files that a directory is searched for.
const ENDINGS: [&str; 6] = ["yaml", "yml", "json", "template", "cfn", "cform"];

/// Directories that hold other people's files.
const FOREIGN: [&str; 2] = ["node_modules", ".terraform"];

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
}

/// What was found in the given paths.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) files: Vec<(SourceFile, Input)>,
    pub(super) problems: Vec<Problem>,
    pub(super) skipped: Vec<Skipped>,
    /// What the user may not expect.
    pub(super) notes: Vec<String>,
}

impl Collected {
    /// The id of the next file: its place in the list.
    pub(super) fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// Keeps the place of a file that could not be read, and says why.
    fn lose(&mut self, file: String, why: String, named: bool) {
        self.files.push((SourceFile::new(file.clone(), ""), Input::Unread));
        if named {
            self.problems.push(Problem::of_file(&file, why));
        } else {
            self.skipped.push(Skipped { file, why });
        }
    }

    /// Loads files by their names and numbers on every core, and keeps them in order.
    pub(super) fn load<'f, T: Sync>(
        &mut self,
        all: &'f [T],
        load: impl Fn(FileId, &'f T) -> Result<(SourceFile, Input), (String, String)> + Sync,
        is_named: impl Fn(&T) -> bool,
    ) {
        let first = self.next_id().0;
        let loaded = parallel::map(all.len(), |index| {
            let id = FileId(first.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)));
            Some(load(id, all.get(index)?))
        });
        for (result, one) in loaded.into_iter().flatten().zip(all) {
            match result {
                Ok(loaded) => self.files.push(loaded),
                Err((name, why)) => self.lose(name, why, is_named(one)),
            }
        }
    }
}

/// A file to read, and whether the user named it.
#[derive(Debug)]
struct Found {
    path: PathBuf,
    named: bool,
}

/// Reads every template and configuration in the given paths, and what configurations lead to.
pub(super) fn collect(request: Request) -> Result<Collected, Failure> {
    let mut collected = Collected::default();
    let here = current_directory();
    let mut found: Vec<Found> = Vec::new();
    let mut modules = Modules::new(here.as_deref());
    for path in request.paths {
        let kind = path.to_str().and_then(input::named);
        if path.is_dir() {
            search(path, &ENDINGS, &mut found, &mut modules, &mut collected);
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
            found.push(Found { path: path.clone(), named: true });
        }
    }
    if let Some(source) = request.source {
        if !source.is_dir() {
            return Err(Failure(format!("{}: there is no such directory", source.display())));
        }
        modules.start(Start::Source(source));
    }
    // One file is read once, however it was reached.
    let mut seen = BTreeSet::new();
    found.retain(|file| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone())));
    if u32::try_from(found.len()).is_err() {
        return Err(Failure("there are more files than one run can take".to_owned()));
    }
    collected.load(&found, |id, file| read(id, file, here.as_deref(), request.stdin_name), |file| file.named);
    let has_evidence = collected.files.iter().any(|(_, input)| matches!(input, Input::Evidence(_)));
    if let Some(source) = request.source.filter(|_| has_evidence) {
        beside(source, &mut seen, &mut modules, &mut collected, here.as_deref());
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
    seen: &mut BTreeSet<PathBuf>,
    modules: &mut Modules,
    collected: &mut Collected,
    here: Option<&Path>,
) {
    let mut found = Vec::new();
    search(source, &[&ENDINGS[..], &["tfstate"]].concat(), &mut found, modules, collected);
    found.retain(|file| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone())));
    let first = collected.files.len();
    collected.load(&found, |id, file| read(id, file, here, None), |_| false);
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

fn search(root: &Path, endings: &[&str], found: &mut Vec<Found>, modules: &mut Modules, collected: &mut Collected) {
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let enters = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(entry.file_type().is_dir() && (name.starts_with('.') || FOREIGN.contains(&&*name)))
    };
    for entry in walk.filter_entry(enters) {
        match entry {
            Ok(entry) if !entry.file_type().is_file() => {}
            Ok(entry) => match entry.path().to_str().and_then(input::named) {
                Some(Named::Part) => modules.start(Start::Found { file: entry.path(), below: root }),
                Some(_) => {}
                None => {
                    let ending = entry.path().extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
                    if ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
                        found.push(Found { path: entry.into_path(), named: false });
                    }
                }
            },
            Err(error) => {
                let file = error.path().unwrap_or(root).display().to_string();
                let why = match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => "a symbolic link leads back to a directory around it".to_owned(),
                    (None, Some(error)) => plain(error),
                    (None, None) => "cannot be read".to_owned(),
                };
                if error.depth() == 0 {
                    collected.problems.push(Problem::of_file(&file, why));
                } else {
                    collected.skipped.push(Skipped { file, why });
                }
            }
        }
    }
}

/// Reads and loads a file, or says under which name and why it could not be read.
fn read(
    id: FileId,
    file: &Found,
    here: Option<&Path>,
    stdin_name: Option<&Path>,
) -> Result<(SourceFile, Input), (String, String)> {
    if file.named && file.path.as_os_str() == "-" {
        let name = stdin_name.map(|name| shown(name, here));
        let named = name.clone().unwrap_or_else(|| STDIN.to_owned());
        return match (standard_input().map_err(|why| (named.clone(), why))?, name) {
            ((bytes, true), Some(name)) => Ok(input::load(id, &name, bytes, true)),
            ((bytes, true), None) => Ok(input::load_unnamed(id, STDIN, bytes)),
            // A plan may be as large as it likes here too.
            ((bytes, false), _) if input::looks_like_plan(bytes.get(..input::ENOUGH).unwrap_or_default()) => {
                Ok(input::load_plan(id, &named, bytes.as_slice().chain(std::io::stdin().lock())))
            }
            _ => Err((named, too_large())),
        };
    }
    let name = shown(&file.path, here);
    match read_bytes(&file.path, MAX_FILE_BYTES) {
        Ok(Some(bytes)) => Ok(input::load(id, &name, bytes, file.named)),
        Ok(None) => read_plan(id, &name, &file.path),
        Err(error) => Err((name, plain(&error))),
    }
}

/// Reads a file that is too large for anything but a plan.
#[expect(clippy::disallowed_methods, reason = "reading files is what this module is for")]
fn read_plan(id: FileId, name: &str, path: &Path) -> Result<(SourceFile, Input), (String, String)> {
    let lost = |error: std::io::Error| (name.to_owned(), plain(&error));
    let mut opened = std::fs::File::open(path).map_err(lost)?;
    let mut first = Vec::with_capacity(input::ENOUGH);
    (&mut opened).take(input::ENOUGH as u64).read_to_end(&mut first).map_err(lost)?;
    if !input::looks_like_plan(&first) {
        return Err((name.to_owned(), too_large()));
    }
    let size = opened.metadata().map_err(lost)?.len();
    Ok(input::load_plan(id, name, Watched::new(first.as_slice().chain(opened), &visible(name), size)))
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
    format!("larger than {} MiB, which no template is", MAX_FILE_BYTES / 1024 / 1024)
}

/// An error of the system in plain words, without its number.
pub(super) fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied: it cannot be read".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => format!("cannot be read: {error}").to_lowercase(),
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

/// The way from the root of the repository around the current directory to it, `/` at its end; empty without one.
pub(super) fn way_from_repository_root() -> String {
    let Some(here) = current_directory() else { return String::new() };
    let root = here.ancestors().find(|directory| directory.join(".git").exists());
    match root.and_then(|root| here.strip_prefix(root).ok()) {
        Some(way) if !way.as_os_str().is_empty() => format!("{}/", shown(way, None)),
        _ => String::new(),
    }
}

/// Writes a report to a file.
#[expect(clippy::disallowed_methods, reason = "reports are written where the user says")]
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| unwritable(path, &error))
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
pub(super) fn try_to_write(path: &Path) -> Result<(), Failure> {
    let refuse = |error: std::io::Error| unwritable(path, &error);
    let is_there = path.exists();
    if is_there && !path.is_file() && !path.is_dir() {
        return Ok(());
    }
    std::fs::OpenOptions::new().append(true).create(true).open(path).map_err(refuse)?;
    if is_there { Ok(()) } else { std::fs::remove_file(path).map_err(refuse) }
}

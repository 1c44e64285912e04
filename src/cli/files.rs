//! Files: found in a fixed order, read once and on every core, named as reports show them.

use super::Failure;
use crate::input::{self, Input};
use crate::parallel;
use crate::report::{Problem, Skipped};
use crate::source::{FileId, MAX_FILE_BYTES, SourceFile};
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Endings of the files that a directory is searched for.
const ENDINGS: [&str; 6] = ["yaml", "yml", "json", "template", "cfn", "cform"];

/// Directories that hold other people's files.
const FOREIGN: [&str; 2] = ["node_modules", ".terraform"];

/// What was found in the given paths.
pub(super) struct Collected {
    pub(super) files: Vec<(SourceFile, Input)>,
    pub(super) problems: Vec<Problem>,
    pub(super) skipped: Vec<Skipped>,
}

/// A file to read, and whether the user named it.
struct Found {
    path: PathBuf,
    named: bool,
}

/// Reads every template in the given paths.
pub(super) fn collect(paths: &[PathBuf]) -> Result<Collected, Failure> {
    let mut collected = Collected { files: Vec::new(), problems: Vec::new(), skipped: Vec::new() };
    let mut found: Vec<Found> = Vec::new();
    for path in paths {
        if path.is_dir() {
            search(path, &mut found, &mut collected);
        } else {
            found.push(Found { path: path.clone(), named: true });
        }
    }
    // One file is read once, however it was reached.
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|file| seen.insert(file.path.canonicalize().unwrap_or_else(|_| file.path.clone())));
    if u32::try_from(found.len()).is_err() {
        return Err(Failure("there are more files than one run can take".to_owned()));
    }
    let here = current_directory();
    let loaded = parallel::map(found.len(), |index| match found.get(index) {
        Some(file) => read(index, file, here.as_deref()),
        None => Err((String::new(), "not found".to_owned())),
    });
    for (result, file) in loaded.into_iter().zip(&found) {
        match result {
            Ok(loaded) => collected.files.push(loaded),
            Err((name, message)) => {
                // The place in the list is the file's id, so what could not be read leaves an empty file behind.
                collected.files.push((SourceFile::new(name.clone(), ""), Input::Unread));
                if file.named {
                    collected.problems.push(Problem { file: name, message, span: None, related: None });
                } else {
                    collected.skipped.push(Skipped { file: name, why: message });
                }
            }
        }
    }
    Ok(collected)
}

fn search(root: &Path, found: &mut Vec<Found>, collected: &mut Collected) {
    let walk = WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter();
    let enters = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !(entry.file_type().is_dir() && (name.starts_with('.') || FOREIGN.contains(&&*name)))
    };
    for entry in walk.filter_entry(enters) {
        match entry {
            Ok(entry) => {
                let ending = entry.path().extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
                if entry.file_type().is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                    found.push(Found { path: entry.into_path(), named: false });
                }
            }
            Err(error) => {
                let file = error.path().unwrap_or(root).display().to_string();
                let why = match (error.loop_ancestor(), error.io_error()) {
                    (Some(_), _) => "a symbolic link leads back to a directory around it".to_owned(),
                    (None, Some(error)) => plain(error),
                    (None, None) => "cannot be read".to_owned(),
                };
                if error.depth() == 0 {
                    collected.problems.push(Problem { file, message: why, span: None, related: None });
                } else {
                    collected.skipped.push(Skipped { file, why });
                }
            }
        }
    }
}

/// Reads and loads a file, or says under which name and why it could not be read.
#[expect(clippy::disallowed_methods, reason = "reading files is what this module is for")]
fn read(index: usize, file: &Found, here: Option<&Path>) -> Result<(SourceFile, Input), (String, String)> {
    let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
    if file.named && file.path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        let limited = std::io::stdin().lock().take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes);
        return match limited {
            Ok(_) if bytes.len() as u64 > MAX_FILE_BYTES => Err(("<stdin>".to_owned(), too_large())),
            Ok(_) => Ok(input::load(id, "<stdin>", bytes, true)),
            Err(error) => Err(("<stdin>".to_owned(), plain(&error))),
        };
    }
    let name = shown(&file.path, here);
    let bytes = std::fs::File::open(&file.path).and_then(|opened| {
        let metadata = opened.metadata()?;
        if metadata.len() > MAX_FILE_BYTES {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
        opened.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= MAX_FILE_BYTES))
    });
    match bytes {
        Ok(Some(bytes)) => Ok(input::load(id, &name, bytes, file.named)),
        Ok(None) => Err((name, too_large())),
        Err(error) => Err((name, plain(&error))),
    }
}

fn too_large() -> String {
    format!("larger than {} MiB, which no template is", MAX_FILE_BYTES / 1024 / 1024)
}

/// An error of the system in plain words, without its number.
fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied: it cannot be read".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a directory".to_owned(),
        _ => format!("cannot be read: {error}").to_lowercase(),
    }
}

/// A path as reports show it: from the current directory where it is below, `/` between the parts.
fn shown(path: &Path, here: Option<&Path>) -> String {
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
    std::fs::write(path, text).map_err(|error| Failure(format!("cannot write {}: {}", path.display(), plain(&error))))
}

//! Modules: the directories of configurations, those that they call, and the other files that their expressions may read.
//!
//! A call of a local module is followed also where it leaves the given paths, as long as it stays inside a border: the
//! repository around the directory that was started from (the nearest one above it with `.git`); without one the current
//! directory where that is around it, else the path that was given. A symbolic link that leads out is not followed. What
//! was refused is told.

use super::files::{Collected, plain, read_bytes, shown, too_large};
use super::texts;
use crate::input::{self, INSTALLED, Input, Named, Role, Wanted};
use crate::read::terraform::join;
use crate::report::{Problem, Skipped};
use crate::source::MAX_FILE_BYTES;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most directories that calls are followed to.
const MAX_FOLLOWED: usize = 10_000;

/// Where the search for modules begins.
pub(super) enum Start<'a> {
    /// A configuration file that the user named.
    File(&'a Path),
    /// One that a search found below a directory that the user named.
    Found { file: &'a Path, below: &'a Path },
    /// A directory that is read, but not judged by itself.
    Source(&'a Path),
}

/// A directory with configuration files.
#[derive(Clone, Debug)]
pub(super) struct Directory {
    /// Its path as reports show it.
    pub(super) path: String,
    /// Whether it is judged where no other calls it.
    pub(super) judged: bool,
    /// What nothing that is read may leave.
    pub(super) border: Arc<Path>,
}

/// What the files of a directory ask for.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The directories that are called, or installed for it.
    pub(super) directories: BTreeSet<String>,
    /// The other files that its expressions may read.
    pub(super) files: Vec<Wanted>,
}

/// The directories of a run.
pub(super) struct Modules<'a> {
    here: Option<&'a Path>,
    started: BTreeMap<String, Directory>,
    /// The files that the user named, by their directories.
    named: BTreeMap<String, BTreeSet<String>>,
    /// A file whose text comes from elsewhere.
    put: Option<(String, Vec<u8>)>,
    borders: BTreeMap<PathBuf, Arc<Path>>,
}

/// A file to load.
struct Wish {
    path: String,
    role: Role,
    named: bool,
}

impl<'a> Modules<'a> {
    /// None yet. `here` is the current directory.
    pub(super) fn new(here: Option<&'a Path>) -> Modules<'a> {
        let (started, named, borders) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Modules { here, started, named, put: None, borders }
    }

    /// Adds a directory to start from.
    pub(super) fn start(&mut self, start: Start) {
        let (directory, below, judged) = match start {
            Start::File(file) => {
                let directory = parent(file);
                if let Some(name) = file.file_name() {
                    let names = self.named.entry(self.shown(directory)).or_default();
                    names.insert(name.to_string_lossy().into_owned());
                }
                (directory, directory, true)
            }
            Start::Found { file, below } => (parent(file), below, true),
            Start::Source(directory) => (directory, directory, false),
        };
        let path = self.shown(directory);
        match self.started.get_mut(&path) {
            Some(known) => known.judged |= judged,
            None => {
                let border = self.border(below);
                self.started.insert(path.clone(), Directory { path, judged, border });
            }
        }
    }

    /// Starts from the nearest directory around a plan that has configuration files: what it was made from, it seems. The
    /// search ends at the repository's border.
    pub(super) fn start_around(&mut self, plan: &Path) {
        let directory = parent(plan);
        let border = self.border(directory);
        for above in directory.ancestors() {
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            let inside = above.canonicalize().is_ok_and(|real| real.starts_with(&border));
            let mut entries = above.read_dir().into_iter().flatten().flatten();
            if !inside {
                return;
            }
            if entries.any(|entry| entry.file_name().to_str().and_then(input::named) == Some(Named::Part)) {
                return self.start(Start::Source(above));
            }
        }
    }

    /// Takes a text for a file of the given path, whatever that holds.
    pub(super) fn put(&mut self, file: &Path, bytes: Vec<u8>) {
        self.start(Start::File(file));
        self.put = Some((self.shown(file), bytes));
    }

    fn shown(&self, path: &Path) -> String {
        join(&shown(path, self.here), "").replace('\\', "/")
    }

    /// What nothing that is read from a directory on may leave.
    fn border(&mut self, directory: &Path) -> Arc<Path> {
        if let Some(known) = self.borders.get(directory) {
            return known.clone();
        }
        let real = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
        let repository = real.ancestors().find(|above| above.join(".git").exists());
        let here = self.here.and_then(|here| here.canonicalize().ok()).filter(|here| real.starts_with(here));
        let border: Arc<Path> = repository.map(Path::to_owned).or(here).unwrap_or_else(|| real.clone()).into();
        self.borders.insert(directory.to_owned(), border.clone());
        border
    }

    /// Reads the files of the directories, of those that they call, and the other files that expressions may read.
    pub(super) fn read(mut self, collected: &mut Collected) {
        let mut open: Vec<Directory> = std::mem::take(&mut self.started).into_values().collect();
        // One directory is judged once, however it was reached.
        let mut real = BTreeSet::new();
        open.retain(|directory| {
            real.insert(place(&directory.path).canonicalize().unwrap_or_default())
                && is_inside(&directory.path, &directory.border, collected)
        });
        let mut known: BTreeMap<String, Directory> = BTreeMap::new();
        let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
        while !open.is_empty() {
            known.extend(open.iter().map(|directory| (directory.path.clone(), directory.clone())));
            let found = self.level(&open, collected);
            let mut next: BTreeMap<String, Directory> = BTreeMap::new();
            for directory in &open {
                let targets = found.get(&directory.path).into_iter().flat_map(|asked| &asked.directories);
                for target in targets.filter(|target| !known.contains_key(*target)) {
                    let called = Directory { path: target.clone(), judged: false, border: directory.border.clone() };
                    if !next.contains_key(target) && is_inside(target, &directory.border, collected) {
                        next.insert(target.clone(), called);
                    }
                }
            }
            asked.extend(found);
            open = next.into_values().collect();
            if known.len() + open.len() > MAX_FOLLOWED.max(known.len()) {
                let message =
                    format!("calls of modules lead to more than {MAX_FOLLOWED} directories; the rest is not read");
                collected.problems.push(Problem::of_run(message));
                open.clear();
            }
        }
        texts::read(&known, &asked, collected);
    }

    /// Reads the files of some directories.
    fn level(&self, directories: &[Directory], collected: &mut Collected) -> BTreeMap<String, Asked> {
        let wishes: Vec<Wish> = directories.iter().flat_map(|directory| self.files(directory, collected)).collect();
        let first = collected.files.len();
        let load = |id, wish: &Wish| {
            let bytes = match &self.put {
                Some((path, bytes)) if *path == wish.path => Ok(Some(bytes.clone())),
                _ => read_bytes(place(&wish.path), MAX_FILE_BYTES),
            };
            match bytes {
                Ok(Some(bytes)) if wish.path.ends_with(INSTALLED) => Ok(input::load(id, &wish.path, bytes, false)),
                Ok(Some(bytes)) => Ok(input::load_configuration(id, &wish.path, bytes, wish.role, wish.named)),
                Ok(None) => Err((wish.path.clone(), too_large())),
                Err(error) => Err((wish.path.clone(), plain(&error))),
            }
        };
        collected.load(&wishes, load, |wish| wish.named);
        let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
        for (file, input) in collected.files.iter().skip(first) {
            let Some(directory) = directory_of(&file.name) else { continue };
            let of = asked.entry(directory.to_owned()).or_default();
            match input {
                Input::Configuration(configuration) => {
                    of.directories.extend(configuration.local_modules().map(|source| join(directory, source)));
                    of.files.extend(input::wanted(&configuration.body));
                }
                Input::Installed(modules) => {
                    of.directories.extend(modules.values().map(|path| join(directory, path)));
                }
                _ => {}
            }
        }
        asked
    }

    /// The files of a directory, in the order of their names.
    fn files(&self, directory: &Directory, collected: &mut Collected) -> Vec<Wish> {
        let mut names: BTreeMap<String, Named> = BTreeMap::new();
        let entries = match place(&directory.path).read_dir() {
            Ok(entries) => entries,
            Err(error) => {
                let file = directory.path.clone();
                collected.skipped.push(Skipped { file, why: plain(&error) });
                return Vec::new();
            }
        };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Some(kind @ (Named::Part | Named::OwnValues)) = input::named(&name) else { continue };
            let is_file = match entry.file_type() {
                Ok(kind) if kind.is_symlink() => {
                    entry.path().is_file() && is_inside(&join(&directory.path, &name), &directory.border, collected)
                }
                Ok(kind) => kind.is_file(),
                Err(_) => false,
            };
            if is_file && (kind == Named::Part || directory.judged) {
                names.insert(name, kind);
            }
        }
        if let Some((directory_of_put, name)) =
            self.put.as_ref().and_then(|(path, _)| path.rsplit_once('/').or(Some(("", path))))
            && directory_of_put == directory.path
        {
            names.insert(name.to_owned(), Named::Part);
        }
        let by_user = self.named.get(&directory.path);
        let judged = directory.judged;
        if let Some(other) = names
            .iter()
            .find(|(name, kind)| **kind == Named::Part && by_user.is_some_and(|by_user| !by_user.contains(*name)))
        {
            let path = if directory.path.is_empty() { "." } else { &directory.path };
            collected
                .notes
                .push(format!("`{path}` is judged as a whole, with `{}`: a directory is one module", other.0));
        }
        let mut wishes: Vec<Wish> = Vec::new();
        for (name, kind) in names {
            let role = if kind == Named::Part { Role::Part { judged } } else { Role::OwnValues };
            let named = by_user.is_some_and(|by_user| by_user.contains(&name));
            wishes.push(Wish { path: join(&directory.path, &name), role, named });
        }
        let installed = join(&directory.path, INSTALLED);
        if judged && place(&installed).is_file() && is_inside(&installed, &directory.border, collected) {
            wishes.push(Wish { path: installed, role: Role::OwnValues, named: false });
        }
        wishes
    }
}

/// The directory whose module a file belongs to.
fn directory_of(file: &str) -> Option<&str> {
    match file.strip_suffix(INSTALLED) {
        Some(directory) => Some(directory.strip_suffix('/').unwrap_or(directory)),
        None => Some(file.rsplit_once('/').map_or("", |(directory, _)| directory)),
    }
}

/// Where a path as reports show it leads to.
pub(super) fn place(path: &str) -> &Path {
    Path::new(if path.is_empty() { "." } else { path })
}

fn parent(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a path stays inside the border. Where it does not, that is told; where nothing is there, who calls it says so.
pub(super) fn is_inside(path: &str, border: &Path, collected: &mut Collected) -> bool {
    let Ok(real) = place(path).canonicalize() else { return false };
    let inside = real.starts_with(border);
    if !inside {
        let why = "lies outside the repository, or outside the given paths where there is none, and is not read";
        collected.skipped.push(Skipped { file: path.to_owned(), why: why.to_owned() });
    }
    inside
}

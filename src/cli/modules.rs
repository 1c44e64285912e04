//! Modules: the directories of configurations, those that they call, and the other files that their expressions may read.
//!
//! A call of a local module is followed also where it leaves the given paths, as long as it stays inside a border: the
//! repository around the directory that was started from (the nearest one above it with `.git`); without one the current
//! directory where that is around it, else the path that was given. A symbolic link that leads out is not followed. What
//! was refused is told.

use super::files::{Collected, Lost, plain, read_bytes, shown, too_large};
use super::texts;
use crate::input::{self, INSTALLED, Input, Named, Role, Wanted};
use crate::read::terraform::join;
use crate::report::Problem;
use crate::source::MAX_FILE_BYTES;
use crate::source::{FileId, SourceFile};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why something is not read that a link or a call leads to.
pub(super) const OUTSIDE: &str =
    "lies outside the repository, or outside the given paths where there is none, and is not read";

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
    /// Where it lies: not all that a path may be can be shown.
    pub(super) place: PathBuf,
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
    pub(super) here: Option<&'a Path>,
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
    place: PathBuf,
    role: Role,
    named: bool,
    /// Whether it is a link that leads out.
    outside: bool,
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
                let place = place_of(directory);
                self.started.insert(path.clone(), Directory { path, place, judged, border });
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
        join(&shown(path, self.here), "")
    }

    /// What nothing that is read from a directory on may leave.
    pub(super) fn border(&mut self, directory: &Path) -> Arc<Path> {
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
        // One directory is judged once, however it was reached, and where it lies rather than where a link to it does.
        let top = self.here.and_then(|here| here.canonicalize().ok()).unwrap_or_default();
        open.sort_by_cached_key(|directory| {
            directory.place.canonicalize().is_ok_and(|real| real != top.join(&directory.path))
        });
        let mut real = BTreeSet::new();
        open.retain(|directory| {
            real.insert(directory.place.canonicalize().unwrap_or_default())
                && is_inside(&directory.path, &directory.place, &directory.border, collected)
        });
        open.sort_by(|one, other| one.path.cmp(&other.path));
        let mut known: BTreeMap<String, Directory> = BTreeMap::new();
        let mut asked: BTreeMap<String, Asked> = BTreeMap::new();
        while !open.is_empty() {
            known.extend(open.iter().map(|directory| (directory.path.clone(), directory.clone())));
            let found = self.level(&open, collected);
            let mut next: BTreeMap<String, Directory> = BTreeMap::new();
            for directory in &open {
                let targets = found.get(&directory.path).into_iter().flat_map(|asked| &asked.directories);
                for target in targets.filter(|target| !known.contains_key(*target)) {
                    let (path, place) = (target.clone(), place(target).to_owned());
                    let called = Directory { path, place, judged: false, border: directory.border.clone() };
                    if !next.contains_key(target) && is_inside(target, &called.place, &called.border, collected) {
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
        collected.load(&wishes, |id, wish| self.load(id, wish));
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

    /// Loads a file. A part of a module that cannot be read is a part that is broken: what it declares is unknown.
    fn load(&self, id: FileId, wish: &Wish) -> Result<(SourceFile, Input), Lost> {
        if wish.outside {
            return Ok(input::unread_configuration(id, &wish.path, None, wish.role));
        }
        let bytes = match &self.put {
            Some((path, bytes)) if *path == wish.path => Ok(Some(bytes.clone())),
            _ => read_bytes(&wish.place, MAX_FILE_BYTES),
        };
        let why = match bytes {
            Ok(Some(bytes)) if wish.path.ends_with(INSTALLED) => return Ok(input::load(id, &wish.path, bytes, false)),
            Ok(Some(bytes)) => return Ok(input::load_configuration(id, &wish.path, bytes, wish.role, wish.named)),
            Ok(None) => too_large(),
            Err(error) => plain(&error),
        };
        if wish.path.ends_with(INSTALLED) {
            return Err(Lost { name: wish.path.clone(), why, is_failure: false });
        }
        Ok(input::unread_configuration(id, &wish.path, Some(why), wish.role))
    }

    /// The files of a directory by their names: what each is, and whether it is a link that leads out.
    fn names(&self, directory: &Directory, collected: &mut Collected) -> BTreeMap<OsString, (Named, bool)> {
        let mut names = BTreeMap::new();
        let entries = match directory.place.read_dir() {
            Ok(entries) => entries,
            Err(error) => {
                collected.fail(directory.path.clone(), plain(&error));
                return names;
            }
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(kind @ (Named::Part | Named::OwnValues)) = input::named(&name.to_string_lossy()) else { continue };
            if kind != Named::Part && !directory.judged {
                continue;
            }
            let (is_link, is_file) =
                entry.file_type().map_or((false, false), |kind| (kind.is_symlink(), kind.is_file()));
            let leads_nowhere = is_link && !entry.path().exists();
            let outside = is_link && entry.path().canonicalize().is_ok_and(|real| !real.starts_with(&directory.border));
            if outside {
                collected.miss(join(&directory.path, &name.to_string_lossy()), OUTSIDE);
            }
            if is_file || leads_nowhere || (is_link && entry.path().is_file()) {
                names.insert(name, (kind, outside));
            }
        }
        names
    }

    /// The files of a directory, in the order of their names.
    fn files(&self, directory: &Directory, collected: &mut Collected) -> Vec<Wish> {
        let mut names = self.names(directory, collected);
        if let Some((directory_of_put, name)) =
            self.put.as_ref().and_then(|(path, _)| path.rsplit_once('/').or(Some(("", path))))
            && directory_of_put == directory.path
        {
            names.insert(name.into(), (Named::Part, false));
        }
        let by_user = self.named.get(&directory.path);
        let judged = directory.judged;
        let is_named = |name: &OsString| by_user.is_some_and(|by_user| by_user.contains(&*name.to_string_lossy()));
        if let Some(other) =
            names.iter().find(|(name, (kind, _))| *kind == Named::Part && by_user.is_some() && !is_named(name))
        {
            let path = if directory.path.is_empty() { "." } else { &directory.path };
            collected.notes.push(format!(
                "`{path}` is judged as a whole, with `{}`: a directory is one module",
                other.0.to_string_lossy()
            ));
        }
        let mut wishes: Vec<Wish> = Vec::new();
        for (name, (kind, outside)) in names {
            let role = if kind == Named::Part { Role::Part { judged } } else { Role::OwnValues };
            let path = join(&directory.path, &name.to_string_lossy());
            wishes.push(Wish { path, place: directory.place.join(&name), role, named: is_named(&name), outside });
        }
        let (path, place) = (join(&directory.path, INSTALLED), directory.place.join(INSTALLED));
        if judged && place.is_file() && is_inside(&path, &place, &directory.border, collected) {
            wishes.push(Wish { path, place, role: Role::OwnValues, named: false, outside: false });
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

/// A directory as it is to be opened.
fn place_of(directory: &Path) -> PathBuf {
    if directory.as_os_str().is_empty() { PathBuf::from(".") } else { directory.to_owned() }
}

fn parent(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether a path stays inside the border. Where it does not, that is told; where nothing is there, who calls it says so.
pub(super) fn is_inside(path: &str, place: &Path, border: &Path, collected: &mut Collected) -> bool {
    let Ok(real) = place.canonicalize() else { return false };
    let inside = real.starts_with(border);
    if !inside {
        collected.skip(path.to_owned(), OUTSIDE);
    }
    inside
}

//! What a search of a directory leaves out: what the user excludes, and what git ignores. What was named itself is read.

use crate::policy::is_path_like;
use ignore::gitignore::Gitignore;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Patterns, and the directory that they begin in.
#[derive(Clone, Debug, Default)]
pub(super) struct Patterns {
    pub(super) directory: PathBuf,
    pub(super) patterns: Vec<String>,
}

impl Patterns {
    fn mean(&self, path: &Path) -> bool {
        let Ok(relative) = path.strip_prefix(&self.directory) else { return false };
        let relative = relative.to_string_lossy().replace('\\', "/");
        self.patterns.iter().any(|pattern| is_path_like(pattern, &relative))
    }
}

/// What is left out.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// Each list has its own directory: the flag's, the configuration's.
    excluded: Vec<Patterns>,
    /// Without any, all is included.
    included: Patterns,
    /// Whether what git ignores is read too.
    reads_ignored: bool,
    /// Where directories lie.
    places: RefCell<BTreeMap<PathBuf, Option<PathBuf>>>,
    /// What git's files say of each directory, the nearest first.
    known: RefCell<BTreeMap<PathBuf, Rules>>,
}

type Rules = Rc<Vec<Rc<Gitignore>>>;

impl Filter {
    pub(super) fn new(excluded: Vec<Patterns>, included: Patterns, reads_ignored: bool) -> Filter {
        let real = |it: Patterns| {
            let begin = if it.directory.as_os_str().is_empty() { Path::new(".") } else { &it.directory };
            Patterns { directory: begin.canonicalize().unwrap_or_else(|_| begin.to_owned()), ..it }
        };
        let excluded = excluded.into_iter().filter(|it| !it.patterns.is_empty()).map(real).collect();
        Filter { excluded, included: real(included), reads_ignored, ..Filter::default() }
    }

    /// Why something that was found is left out.
    pub(super) fn leaves_out(&self, path: &Path, is_directory: bool) -> Option<&'static str> {
        // A link is left out by its own name, and what is above it is known by where it lies.
        let directory = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let absolute = self.real(directory)?.join(path.file_name()?);
        if self.excluded.iter().any(|patterns| patterns.mean(&absolute)) {
            return Some("is excluded");
        }
        if !is_directory && !self.included.patterns.is_empty() && !self.included.mean(&absolute) {
            return Some("is not included");
        }
        (!self.reads_ignored && self.is_ignored(&absolute, is_directory)).then_some("git ignores it")
    }

    fn real(&self, directory: &Path) -> Option<PathBuf> {
        let mut places = self.places.borrow_mut();
        let place = places.entry(directory.to_owned()).or_insert_with(|| directory.canonicalize().ok());
        place.clone()
    }

    /// Whether git ignores a path whose directories it does not: the nearest file that says something counts.
    fn is_ignored(&self, path: &Path, is_directory: bool) -> bool {
        let rules = path.parent().map(|directory| self.rules(directory)).unwrap_or_default();
        let said = rules.iter().map(|rules| rules.matched(path, is_directory)).find(|said| !said.is_none());
        said.is_some_and(|said| said.is_ignore())
    }

    /// The rules for what a directory holds: its own, and those of the directories above it in its repository.
    fn rules(&self, directory: &Path) -> Rules {
        if let Some(known) = self.known.borrow().get(directory) {
            return known.clone();
        }
        let mut rules = Vec::new();
        if directory.ancestors().any(|directory| directory.join(".git").exists()) {
            let file = directory.join(".gitignore");
            rules.extend(file.is_file().then(|| Rc::new(Gitignore::new(file).0)));
            if !directory.join(".git").exists() {
                let above = directory.parent().map(|above| self.rules(above)).unwrap_or_default();
                rules.extend(above.iter().cloned());
            }
        }
        let rules = Rc::new(rules);
        self.known.borrow_mut().insert(directory.to_owned(), rules.clone());
        rules
    }
}

//! The search of a directory: what is found below it, and what could not be looked into.
//!
//! A symbolic link is followed as far as the border that modules have, and each directory that links lead to once: a link
//! out of the repository, to the root of the file system say, is told and passed over.

use super::files::{Collected, plain, shown};
use super::filter::Filter;
use super::modules::{Modules, OUTSIDE, Start};
use crate::input::{self, Named};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Directories that hold other people's files.
const FOREIGN: [&str; 2] = ["node_modules", ".terraform"];

/// A file to read.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: PathBuf,
    /// Whether the user named it.
    pub(super) named: bool,
    /// Where it is, links resolved.
    pub(super) real: PathBuf,
    /// Whether a link led to it.
    linked: bool,
}

impl Found {
    /// A file that the user named.
    pub(super) fn named(path: &Path) -> Found {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        Found { path: path.to_owned(), named: true, real, linked: false }
    }
}

/// Takes away what was found twice: one file is read once, however it was reached, and where it lies rather than where a
/// link to it does.
pub(super) fn once(found: &mut Vec<Found>, seen: &mut BTreeSet<PathBuf>) {
    let direct: BTreeSet<PathBuf> = found.iter().filter(|file| !file.linked).map(|file| file.real.clone()).collect();
    found.retain(|file| (!file.linked || !direct.contains(&file.real)) && seen.insert(file.real.clone()));
}

/// Searches a directory for files with some endings, and for configurations.
pub(super) fn search(
    root: &Path,
    endings: &[&str],
    filter: &Filter,
    found: &mut Vec<Found>,
    modules: &mut Modules,
    collected: &mut Collected,
) {
    let border = modules.border(root);
    let top = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let is_wanted = |path: &Path| {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
        ending.is_some_and(|ending| endings.contains(&ending.as_str()))
    };
    let mut followed = BTreeSet::from([top.clone()]);
    let mut outside: Vec<PathBuf> = Vec::new();
    let mut left: Vec<(PathBuf, &str)> = Vec::new();
    let enters = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        if entry.depth() == 0 || !entry.file_type().is_dir() {
            return true;
        }
        if name.starts_with('.') || FOREIGN.contains(&&*name) {
            return false;
        }
        if let Some(why) = filter.leaves_out(entry.path(), true) {
            left.push((entry.path().to_owned(), why));
            return false;
        }
        match entry.path().canonicalize() {
            _ if !entry.path_is_symlink() => true,
            Ok(real) if real.starts_with(&border) => followed.insert(real),
            _ => {
                outside.push(entry.path().to_owned());
                false
            }
        }
    };
    let mut odd = Vec::new();
    for entry in WalkDir::new(root).follow_links(true).sort_by_file_name().into_iter().filter_entry(enters) {
        let entry = match entry {
            Ok(entry) if entry.file_type().is_file() => entry,
            Ok(_) => continue,
            Err(error) => {
                odd.push(error);
                continue;
            }
        };
        let path = entry.path();
        let is_part = input::named(&path.to_string_lossy()) == Some(Named::Part);
        if let Some(why) = filter.leaves_out(path, false).filter(|_| is_part || is_wanted(path)) {
            collected.skip(shown(path, modules.here), why);
            continue;
        }
        match input::named(&path.to_string_lossy()) {
            Some(Named::Part) => modules.start(Start::Found { file: path, below: root }),
            Some(_) => {}
            None if is_wanted(path) => {
                let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
                if entry.path_is_symlink() && !real.starts_with(&border) {
                    collected.miss(shown(path, modules.here), OUTSIDE);
                    continue;
                }
                let written = path.strip_prefix(root).map_or_else(|_| real.clone(), |way| top.join(way));
                let linked = entry.path_is_symlink() || written != real;
                found.push(Found { path: entry.into_path(), named: false, real, linked });
            }
            None => {}
        }
    }
    for (path, why) in left {
        collected.skip(shown(&path, modules.here), why);
    }
    for path in outside {
        collected.skip(shown(&path, modules.here), OUTSIDE);
    }
    for error in odd {
        let path = error.path().unwrap_or(root);
        let is_part = input::named(&path.to_string_lossy()) == Some(Named::Part);
        let name = shown(path, modules.here);
        match (error.loop_ancestor(), error.io_error()) {
            (Some(_), _) => collected.skip(name, "a symbolic link leads back to a directory around it"),
            (None, Some(error)) if error.kind() == std::io::ErrorKind::NotFound && path.is_symlink() => {
                // Terraform stops at such a part of a module; whoever reads the module says so.
                if is_part {
                    modules.start(Start::Found { file: path, below: root });
                } else if is_wanted(path) {
                    collected.miss(name, "a symbolic link leads nowhere");
                } else {
                    collected.skip(name, "a symbolic link leads nowhere");
                }
            }
            (None, Some(error)) => collected.fail(name, plain(error)),
            (None, None) => collected.fail(name, "cannot be read".to_owned()),
        }
    }
}

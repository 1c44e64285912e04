//! Files that expressions of configurations may read, such as policies: they are read beforehand, so that whoever
//! evaluates needs no files. Only regular files below the directory of a module or of a root module that calls it, of a
//! bounded size and number, and only those of which a configuration writes a part of the path.

use super::files::{Collected, read_bytes};
use super::modules::{Asked, Directory, is_inside, place};
use crate::input::{self, Input, Wanted};
use crate::read::terraform::join;
use crate::report::{Problem, Skipped};
use std::collections::{BTreeMap, BTreeSet};
use walkdir::WalkDir;

/// Largest file that an expression reads.
const MAX_BYTES: u64 = 1024 * 1024;

/// Most files, and most bytes of all of them.
const MAX_FILES: usize = 2_000;
const MAX_TOTAL: usize = 64 * 1024 * 1024;

/// Most files and directories that are looked at.
const MAX_LOOKED_AT: usize = 200_000;

/// Reads them into the files of the run.
pub(super) fn read(known: &BTreeMap<String, Directory>, asked: &BTreeMap<String, Asked>, collected: &mut Collected) {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut looked_at = 0;
    for directory in known.values() {
        let wanted = wanted_below(directory, asked);
        if !wanted.is_empty() && !find(directory, &wanted, &mut names, &mut looked_at, collected) {
            let message = format!(
                "expressions read files below directories with more than {MAX_LOOKED_AT} files; not all were looked at"
            );
            collected.problems.push(Problem::of_run(message));
            break;
        }
    }
    let places: BTreeMap<String, usize> =
        collected.files.iter().enumerate().map(|(at, (file, _))| (file.name.clone(), at)).collect();
    let (mut count, mut total) = (0, 0);
    for name in names {
        let skip = |why: String| Skipped { file: name.clone(), why };
        let bytes = match read_bytes(place(&name), MAX_BYTES) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                collected
                    .skipped
                    .push(skip(format!("larger than {} KiB, the most that `file` reads", MAX_BYTES / 1024)));
                continue;
            }
            Err(_) => continue,
        };
        count += 1;
        total += bytes.len();
        if count > MAX_FILES || total > MAX_TOTAL {
            collected.skipped.push(skip("there are too many files that expressions may read".to_owned()));
            break;
        }
        let Some(loaded) = input::load_text(&name, bytes) else { continue };
        // What was found to be no template keeps its place.
        match places.get(&name).and_then(|at| collected.files.get_mut(*at)) {
            Some(file) if matches!(file.1, Input::Skipped(_) | Input::NothingToJudge) => *file = loaded,
            _ => collected.files.push(loaded),
        }
    }
}

/// What may be read below a directory: what its own expressions ask for, and of a root module those of all that it calls.
fn wanted_below<'a>(directory: &Directory, asked: &'a BTreeMap<String, Asked>) -> BTreeSet<&'a Wanted> {
    let Some((path, own)) = asked.get_key_value(&directory.path) else { return BTreeSet::new() };
    let mut wanted: BTreeSet<&Wanted> = own.files.iter().collect();
    if !directory.judged {
        return wanted;
    }
    let mut reached = BTreeSet::from([path]);
    let mut open: Vec<&String> = own.directories.iter().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next)
            && let Some(more) = asked.get(next)
        {
            wanted.extend(&more.files);
            open.extend(&more.directories);
        }
    }
    wanted
}

/// Finds the files below a directory that are wanted. False where there was more to look at than is looked at.
fn find(
    directory: &Directory,
    wanted: &BTreeSet<&Wanted>,
    names: &mut BTreeSet<String>,
    looked_at: &mut usize,
    collected: &mut Collected,
) -> bool {
    let root = directory.place.as_path();
    let enters = |entry: &walkdir::DirEntry| {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        entry.depth() == 0 || !(entry.file_type().is_dir() && hidden)
    };
    for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(enters).flatten() {
        *looked_at += 1;
        if *looked_at > MAX_LOOKED_AT {
            return false;
        }
        let kind = entry.file_type();
        let Some(relative) = entry.path().strip_prefix(root).ok().and_then(|path| path.to_str()) else { continue };
        let relative = relative.replace('\\', "/");
        if kind.is_dir() || !wanted.iter().any(|wanted| wanted.matches(&format!("/{relative}"))) {
            continue;
        }
        let path = join(&directory.path, &relative);
        let linked = kind.is_symlink();
        if kind.is_file()
            || (linked && entry.path().is_file() && is_inside(&path, entry.path(), &directory.border, collected))
        {
            names.insert(path);
        }
    }
    true
}

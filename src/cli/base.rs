//! `--base DIR`: a second tree, that of the branch that a change goes to. What is decided there counts, and what is found
//! there is not new.

use super::Failure;
use super::arguments::CheckArgs;
use super::check;
use super::config::{Trouble, Wish};
use crate::policy::Base;
use crate::report::Report;
use std::path::{Path, PathBuf};

/// Both trees, links resolved.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    /// The root of what is checked: that of its repository, else the current directory.
    pub(super) head: PathBuf,
    pub(super) base: PathBuf,
}

impl Tree {
    pub(super) fn new(base: &Path, first: &Path) -> Result<Tree, Failure> {
        let refuse = || Failure(format!("{}: there is no such directory", base.display()));
        let base = base.canonicalize().ok().filter(|base| base.is_dir()).ok_or_else(refuse)?;
        let first = first.canonicalize().unwrap_or_else(|_| first.to_owned());
        let root = first.ancestors().find(|directory| directory.join(".git").exists()).map(Path::to_owned);
        let head = root.or_else(|| Path::new(".").canonicalize().ok()).unwrap_or_default();
        if base == head {
            return Err(Failure("`--base` names the tree that is checked: it takes another one".to_owned()));
        }
        Ok(Tree { head, base })
    }

    /// Where a path of the tree that is checked is in the base; another path is itself.
    pub(super) fn of(&self, path: &Path) -> PathBuf {
        moved(path, &self.head, &self.base)
    }

    /// Where a path of the base is in the tree that is checked.
    pub(super) fn back(&self, path: &Path) -> PathBuf {
        moved(path, &self.base, &self.head)
    }
}

fn moved(path: &Path, from: &Path, to: &Path) -> PathBuf {
    let begin = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    let real = begin.canonicalize().or_else(|_| std::path::absolute(begin)).unwrap_or_else(|_| begin.to_owned());
    match real.strip_prefix(from) {
        Ok(rest) => to.join(rest),
        Err(_) => path.to_owned(),
    }
}

/// Judges the base by what it decides itself.
pub(super) fn judged(args: &CheckArgs, tree: &Tree, mut wish: Wish) -> Result<Result<Base, Box<Report>>, Trouble> {
    let paths: Vec<PathBuf> = args
        .paths
        .iter()
        .map(|path| tree.of(path))
        .filter(|path| path.starts_with(&tree.base) && path.exists())
        .collect();
    // What the base has not is new as a whole.
    if paths.is_empty() {
        return Ok(Ok(Base::default()));
    }
    wish.root = Some(tree.base.clone());
    let report = check::judged_by(args, &mut wish, &paths, None)?;
    match report.problems.is_empty() {
        true => Ok(Ok(Base::of(&report))),
        false => Ok(Err(Box::new(report))),
    }
}

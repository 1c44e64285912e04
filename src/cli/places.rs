//! Where the files of a report lie in their repositories: what GitHub knows them by.

use super::files::shown;
use crate::report::Report;
use crate::source::FileId;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Finds the path of each file that a report names, and of some further ones, where they are below a given root from there, else, from the root of the repository that holds the file, links resolved,
/// whatever the current directory is; what is known already is kept. Outside of a repository a file that does not lie below that is named in full.
pub(super) fn settle(report: &mut Report, further: &[FileId], root: Option<&Path>) {
    let mut roots: BTreeMap<PathBuf, Option<PathBuf>> = BTreeMap::new();
    let outcomes = report.outcomes.iter().flat_map(|outcome| {
        let related = outcome.related.iter().map(|related| related.span.file);
        let declared = outcome.subject.declared.iter().map(|span| span.file);
        let held = outcome.suppressed.iter().filter_map(|held| Some(held.place?.file));
        [outcome.span.file].into_iter().chain(related).chain(declared).chain(held).chain(outcome.unit)
    });
    let problems = report.problems.iter().filter_map(|problem| problem.span);
    let coverage = &report.coverage;
    let told = coverage.unseen.iter().filter_map(|unseen| unseen.span);
    let calls = coverage.calls_unanswered.iter().map(|call| call.span);
    let exceptions = report.exceptions.iter().map(|exception| exception.span);
    let files: BTreeSet<FileId> = outcomes
        .chain(problems.chain(told).chain(calls).chain(exceptions).map(|span| span.file))
        .chain(further.iter().copied())
        .collect();
    let new = files.into_iter().filter(|file| !report.paths.contains_key(file));
    let found = new.filter_map(|file| {
        let name = &report.sources.get(file)?.name;
        Some((file, path(Path::new(name), &mut roots, root)?))
    });
    let found: BTreeMap<FileId, String> = found.collect();
    report.paths.extend(found);
}

fn path(file: &Path, roots: &mut BTreeMap<PathBuf, Option<PathBuf>>, given: Option<&Path>) -> Option<String> {
    let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What standard input would be need not be there.
    let real = file
        .canonicalize()
        .or_else(|_| Ok::<_, std::io::Error>(directory.canonicalize()?.join(file.file_name().unwrap_or_default())))
        .ok()?;
    if let Some(inside) = given.and_then(|root| real.strip_prefix(root).ok()) {
        return Some(shown(inside, None));
    }
    let above = real.parent()?;
    let root = roots
        .entry(above.to_owned())
        .or_insert_with(|| above.ancestors().find(|directory| directory.join(".git").exists()).map(Path::to_owned));
    match root {
        Some(root) => Some(shown(real.strip_prefix(root).ok()?, None)),
        None => file.components().any(|part| part == std::path::Component::ParentDir).then(|| shown(&real, None)),
    }
}

//! What earlier runs left in the folder of the evidence: this run neither replaces it by less nor leaves it there without a
//! word.

use super::account::lock;
use super::places::{items, text};
use super::resume::read;
use super::{Run, evidence};
use serde_json::Value;
use std::collections::BTreeSet;

/// Files that are named; of more the others are counted.
const MOST: usize = 3;

/// Sees that the run asks in every Region that the evidence of these accounts is of.
pub(super) fn are_not_narrowed<'i>(run: &Run, ids: impl Iterator<Item = &'i str>) -> Result<(), String> {
    if run.regions.is_empty() {
        return Ok(());
    }
    let mut left_out = BTreeSet::new();
    let mut files = Vec::new();
    for id in ids {
        let Some(file) = read(&evidence::path_of(&run.out, id)) else { continue };
        let regions = items(&file, "regions").iter().filter_map(Value::as_str).map(str::to_owned);
        let lost: Vec<String> = regions.filter(|region| !run.regions.contains(region)).collect();
        files.extend((!lost.is_empty()).then(|| format!("{id}.json")));
        left_out.extend(lost);
    }
    if left_out.is_empty() {
        return Ok(());
    }
    let regions: Vec<String> = left_out.into_iter().collect();
    Err(format!(
        "{} in {} holds answers of {}, which --region leaves out and which would be lost: name another folder by --out, or \
         remove the files",
        first(&files),
        run.out.display(),
        regions.join(", ")
    ))
}

/// The evidence of accounts that this run did not ask, in words; `members` are those of the organization, where all are
/// known.
pub(super) fn of_others(run: &Run, members: Option<&BTreeSet<String>>) -> Vec<String> {
    let written = lock(&run.written).clone();
    let (mut left, mut others) = (Vec::new(), Vec::new());
    let Ok(folder) = std::fs::read_dir(&run.out) else { return Vec::new() };
    let mut paths: Vec<_> = folder.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    for path in paths.iter().filter(|path| path.extension().is_some_and(|it| it == "json") && !written.contains(*path))
    {
        let Some(file) = read(path) else { continue };
        let Some(account) = text(&file, "account") else { continue };
        let at = items(&file, "calls").iter().filter_map(|call| text(call, "at")).max();
        let named = format!("{account} (as of {})", at.unwrap_or("an unknown time"));
        match members {
            Some(members) if !members.contains(account) => left.push(named),
            _ => others.push(named),
        }
    }
    let note = |files: Vec<String>, what: &str| {
        let (names, folder) = (first(&files), run.out.display());
        (!files.is_empty()).then(|| format!("evidence of {names} stays in {folder} as it was: {what}"))
    };
    let left = note(left, "the organization has no such account any more");
    let others = note(others, "this run did not ask there");
    left.into_iter().chain(others).collect()
}

/// The first few, and how many more there are.
fn first(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(MOST).map(String::as_str).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

//! What the user asked for by name, held against what there is: a Region, a unit or an account that is not there is an
//! error that says what is, since a run that looks at nothing would look like one that found nothing.

use super::account::{Account, lock};
use super::organization::{Member, Tree};
use super::places::Regions;
use super::{Organization, Run};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Names that are listed; of more the others are counted.
const MOST: usize = 20;

/// Sees that the Regions of the run are the account's. In an organization one that is not enabled for the asker may be for
/// others, and so may one that is not listed where the list is not to be had.
pub(super) async fn regions(caller: &Account) -> Result<(), String> {
    let run = &caller.run;
    if run.regions.is_empty() {
        return Ok(());
    }
    let Regions { enabled, disabled, is_told } = caller.regions_there().await;
    let mut wrong = Vec::new();
    for region in &run.regions {
        if enabled.contains(region) {
            continue;
        }
        if disabled.contains(region) && !run.organization {
            wrong.push(format!("`{region}` is not enabled in account {}", caller.id));
        } else if is_told && !disabled.contains(region) {
            let near = nearest(region, enabled.iter().chain(&disabled).map(String::as_str));
            wrong.push(format!("`{region}` is no Region of account {}{near}", caller.id));
        } else if !is_told && crate::read::partition_of(region) != Some(run.partition) {
            let near = nearest(region, enabled.iter().map(String::as_str));
            wrong.push(format!("`{region}` is no Region of the partition `{}`{near}", run.partition));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let what = if is_told { "its enabled Regions are" } else { "those that every account has are" };
    Err(format!("--region: {}; {what} {}", wrong.join("; "), listed(enabled.iter().map(String::as_str))))
}

/// Sees, once all were asked, that each Region of the run was asked somewhere.
pub(super) fn asked_somewhere(run: &Run, accounts: &[Arc<Account>]) -> Result<(), String> {
    let (mut asked, mut disabled) = (BTreeSet::new(), BTreeSet::new());
    for account in accounts {
        let regions = lock(&account.regions);
        asked.extend(regions.0.iter().cloned());
        disabled.extend(regions.1.iter().cloned());
    }
    let nowhere: Vec<&str> =
        run.regions.iter().filter(|it| disabled.contains(*it) && !asked.contains(*it)).map(String::as_str).collect();
    if nowhere.is_empty() {
        return Ok(());
    }
    Err(format!("--region: {} is enabled in no account that was asked", listed(nowhere.into_iter())))
}

/// The accounts that are wanted and can be asked; those that cannot are named in the notes.
pub(super) fn members(tree: Tree, wanted: &Organization, notes: &mut Vec<String>) -> Result<Vec<Member>, String> {
    let Tree { members, places, refusals } = tree;
    let unseen = if refusals.is_empty() { "" } else { ", as far as it can be seen" };
    let mut wrong = Vec::new();
    for name in wanted.accounts.iter().filter(|name| !members.iter().any(|member| member.is_called(name))) {
        let names = members.iter().filter_map(|member| member.name.as_deref());
        let near = nearest(name, names.chain(members.iter().map(|member| member.id.as_str())));
        let all: Vec<String> = members.iter().map(called).collect();
        let all = listed(all.iter().map(String::as_str));
        wrong.push(format!("--account: the organization has no account `{name}`{unseen}{near}; it has {all}"));
    }
    for unit in wanted.units.iter().filter(|unit| !members.iter().any(|member| member.is_below(unit))) {
        let is_there = places.iter().any(|place| &place.id == unit || place.path == unit.trim_end_matches('/'));
        let paths = || places.iter().map(|place| place.path.as_str());
        let what = if is_there { "no account is below" } else { "the organization has no unit" };
        let near = nearest(unit, paths().chain(places.iter().map(|place| place.id.as_str())));
        let near = if is_there { String::new() } else { near };
        wrong.push(format!("--ou: {what} `{unit}`{unseen}{near}; its units are {}", listed(paths())));
    }
    if !wrong.is_empty() {
        return Err(wrong.join("; "));
    }
    let everyone = wanted.units.is_empty() && wanted.accounts.is_empty();
    let is_wanted = |member: &Member| {
        everyone
            || wanted.units.iter().any(|unit| member.is_below(unit))
            || wanted.accounts.iter().any(|name| member.is_called(name))
    };
    let (open, closed): (Vec<Member>, Vec<Member>) =
        members.into_iter().filter(is_wanted).partition(|member| member.closed.is_none());
    let state =
        |member: &Member| format!("{} is left out: {}", called(member), member.closed.as_deref().unwrap_or_default());
    if open.is_empty() {
        let states: Vec<String> = closed.iter().map(state).collect();
        return Err(format!("no account is left to ask: {}", listed(states.iter().map(String::as_str))));
    }
    notes.extend(closed.iter().map(|member| format!("account {}", state(member))));
    Ok(open)
}

fn called(member: &Member) -> String {
    match &member.name {
        Some(name) => format!("{} ({name})", member.id),
        None => member.id.clone(),
    }
}

/// Names behind each other; of many the first.
fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let names: Vec<&str> = names.collect();
    let first: Vec<&str> = names.iter().take(MOST).copied().collect();
    match names.len().saturating_sub(MOST) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// The name that was meant, as far as one can tell, as a question behind what is wrong.
fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> String {
    let far = (wrong.chars().count() / 3).max(1);
    let wrong = wrong.to_lowercase();
    // Of a unit the last name alone is what people remember.
    let parts = |name: &str| [name.to_lowercase(), name.rsplit('/').next().unwrap_or_default().to_lowercase()];
    let distance =
        |name: &'n str| Some((parts(name).iter().map(|part| strsim::osa_distance(&wrong, part)).min()?, name));
    match names.filter_map(distance).min().filter(|(distance, _)| *distance <= far) {
        Some((_, name)) => format!(", did you mean `{name}`?"),
        None => String::new(),
    }
}

//! `trailproof list`, and what `trailproof explain` is asked for: a check, by its id, by that of another tool, or by a control.

use super::explain::{self, Manner};
use super::{Failure, print, profile};
use crate::checks::{self, Check};
use crate::policy::nearest;
use crate::policy::profiles::{self, Meant, Profile};
use crate::report::escape::{self, visible};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::Write;

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// What to print.
    #[arg(long, value_enum, default_value_t = ListForm::Human)]
    format: ListForm,
    /// Only the checks of a profile, with the controls that they decide: its id, or a file.
    #[arg(long = "profile", value_name = "ID|FILE")]
    profiles: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ListForm {
    /// A line for each check.
    Human,
    /// JSON.
    Json,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'static str,
    severity: &'static str,
    default: bool,
    title: &'static str,
    controls: Vec<Named<'a>>,
    known_as: Vec<Known>,
}

#[derive(Serialize)]
struct Named<'a> {
    profile: &'a str,
    control: &'a str,
}

#[derive(Serialize)]
struct Known {
    tool: String,
    id: String,
    same: bool,
}

pub(super) fn list(args: &ListArgs) -> Result<u8, Failure> {
    let chosen = profile::load_all(&args.profiles)?;
    let is_wanted =
        |check: &&Check| chosen.is_empty() || chosen.iter().any(|it| it.controls_of(check.id).next().is_some());
    let listed: Vec<&'static Check> = checks::ALL.iter().filter(is_wanted).collect();
    match args.format {
        ListForm::Human => print(&lines(&listed, &chosen))?,
        ListForm::Json => print(&json(&listed, &chosen))?,
    }
    Ok(0)
}

fn lines(listed: &[&'static Check], chosen: &[Profile]) -> String {
    let width = listed.iter().map(|check| check.id.len()).max().unwrap_or(0);
    let line = |check: &&'static Check| {
        let default = if check.page.default_on { "on " } else { "off" };
        let controls = chosen.iter().flat_map(|it| it.controls_of(check.id)).map(|control| visible(&control.id));
        let controls = controls.collect::<Vec<_>>().join(", ");
        let controls = if controls.is_empty() { controls } else { format!("  [{controls}]") };
        let (severity, title) = (check.page.severity.as_str(), check.page.title());
        format!("{:width$}  {severity:8}  {default}  {title}{controls}\n", check.id)
    };
    listed.iter().map(line).collect()
}

fn json(listed: &[&'static Check], chosen: &[Profile]) -> String {
    let shipped: Vec<Profile> = if chosen.is_empty() { profiles::all_shipped().collect() } else { Vec::new() };
    let all = || chosen.iter().chain(&shipped);
    let known = profiles::known();
    let row = |check: &&'static Check| Row {
        id: check.id,
        severity: check.page.severity.as_str(),
        default: check.page.default_on,
        title: check.page.title(),
        controls: all()
            .flat_map(|it| it.controls_of(check.id).map(|control| Named { profile: &it.id, control: &control.id }))
            .collect(),
        known_as: known
            .iter()
            .filter(|meant| meant.checks.iter().any(|known| known.id == check.id))
            .map(|meant| Known { tool: meant.by.clone(), id: meant.name.clone(), same: !meant.is_near })
            .collect(),
    };
    escape::json(&listed.iter().map(row).collect::<Vec<_>>())
}

/// Explains the check of a name.
pub(super) fn explain(name: &str, manner: &Manner) -> Result<u8, Failure> {
    if let Some(check) = checks::find(name) {
        return explain::run(check, manner);
    }
    let meant = profiles::meant(name);
    let Some(first) = meant.first() else {
        let near = nearest(name, checks::ALL.iter().map(|check| check.id));
        let list = if near.is_empty() { "; `trailproof list` lists those that there are" } else { "" };
        return Err(Failure(format!(
            "there is no check `{name}`, and no tool or framework is known to call one so{near}{list}"
        )));
    };
    for other in meant.iter().filter(|other| !is_same(other, first)) {
        note(&format!("{} calls `{}` so: {}", other.by, other.name, names(other)));
    }
    match (first.checks.as_slice(), first.missing.as_slice()) {
        ([only], []) => {
            let what = if first.is_near { "asks something related to" } else { "asks what is asked by" };
            note(&format!("`{}` of {} {what} `{}`", first.name, first.by, only.id));
            return explain::run(only, manner);
        }
        ([], []) => print(&format!("`{}` of {} is for people: no check decides it\n", first.name, first.by))?,
        _ => {
            let several = format!(
                "`{}` of {} is decided by several checks together; explain one of them:\n",
                first.name, first.by
            );
            let titles = first.checks.iter().map(|check| format!("  {}  {}\n", check.id, check.page.title()));
            let missing = first.missing.iter().map(|id| format!("  {id}  this version does not have it\n"));
            print(&[several].into_iter().chain(titles).chain(missing).collect::<String>())?;
        }
    }
    Ok(0)
}

fn is_same(one: &Meant, other: &Meant) -> bool {
    let ids = |meant: &Meant| meant.checks.iter().map(|check| check.id).collect::<Vec<_>>();
    ids(one) == ids(other) && one.missing == other.missing
}

fn names(meant: &Meant) -> String {
    let own = meant.checks.iter().map(|check| check.id.to_owned());
    let all: Vec<String> =
        own.chain(meant.missing.iter().map(|id| format!("{id}, which this version does not have"))).collect();
    if all.is_empty() { "nothing that a check decides".to_owned() } else { all.join(", ") }
}

fn note(text: &str) {
    let _ = writeln!(std::io::stderr(), "note: {}", visible(text));
}

//! Which checks an id of another tool, or a control of a framework, means.

use super::{Profile, all_shipped};
use crate::checks::{self, Check};
use crate::source::FileId;
use crate::syntax::{Node, yaml};

/// Ids of other tools and services, with the checks that ask the same.
const KNOWN: &str = include_str!("../../../policies/known_ids.yaml");

/// What a name means.
#[derive(Clone, Debug)]
pub struct Meant {
    /// Who calls it so: a tool, or a framework with its version.
    pub by: String,
    /// The name there.
    pub name: String,
    /// The checks, those that ask something related included.
    pub checks: Vec<&'static Check>,
    /// Whether they only ask something related.
    pub is_near: bool,
    /// Checks that it means and this version does not have.
    pub missing: Vec<String>,
}

/// Everything that is called so, newest framework first. Case does not matter.
pub fn meant(name: &str) -> Vec<Meant> {
    let written = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let mut found = of_tools(&written);
    // They stand in the order of their ids, and so of their versions.
    let mut controls: Vec<Meant> = all_shipped().filter_map(|profile| of_profile(&profile, &written)).collect();
    controls.reverse();
    found.extend(controls);
    found
}

/// The control of a profile, by its id alone where that names its service or technique (`CloudTrail.4`), with the label of the
/// framework (`CIS 3.2`), with its version too (`CIS 3.0 3.2`), or with the profile's id.
fn of_profile(profile: &Profile, written: &str) -> Option<Meant> {
    let label = profile.label.to_lowercase();
    let control = profile.controls.iter().find(|control| {
        let id = control.id.to_lowercase();
        let is_telling = id.starts_with(|first: char| first.is_ascii_alphabetic());
        (is_telling && id == written)
            || [format!("{label} {id}"), format!("{label} {} {id}", profile.version), format!("{} {id}", profile.id)]
                .contains(&written.replace('/', " "))
    })?;
    Some(Meant {
        by: format!("{} {}", profile.framework, profile.version).trim().to_owned(),
        name: control.id.clone(),
        checks: control.checks.clone(),
        is_near: false,
        missing: control.missing.clone(),
    })
}

/// Every id of another tool that is known.
pub fn known() -> Vec<Meant> {
    let Ok(root) = yaml::parse(FileId(0), KNOWN) else { return Vec::new() };
    let kinds = root.entries().iter().flat_map(|(tool, kinds)| {
        kinds.entries().iter().map(move |(kind, ids)| (&*tool.text, &*kind.text == "near", ids))
    });
    let ids = kinds.flat_map(|(tool, near, ids)| ids.entries().iter().map(move |(id, named)| (tool, near, id, named)));
    ids.map(|(tool, is_near, id, named)| of_tool(tool, is_near, &id.text, named)).collect()
}

fn of_tools(written: &str) -> Vec<Meant> {
    // Trivy writes its numbers with and without the old prefix.
    let written = written.strip_prefix("avd-").unwrap_or(written);
    known().into_iter().filter(|meant| meant.name.to_lowercase() == written).collect()
}

fn of_tool(tool: &str, is_near: bool, id: &str, named: &Node) -> Meant {
    let ids = || named.items().iter().filter_map(Node::text);
    Meant {
        by: tool.to_owned(),
        name: id.to_owned(),
        checks: ids().filter_map(checks::find).collect(),
        is_near,
        missing: ids().filter(|id| checks::find(id).is_none()).map(str::to_owned).collect(),
    }
}

//! Plans and states: told by their first bytes, and put to the configurations that they were made from.

use super::Input;
use crate::read::terraform::plan::{self, Plan};
use crate::read::terraform::{Folder, is_read};
use crate::source::{FileId, SourceFile};
use crate::syntax::hcl::Block;
use std::io::Read;
use std::sync::Arc;

/// How many bytes tell a plan from other JSON, where it is too large to be read whole.
pub const ENOUGH: usize = 64 * 1024;

/// Whether bytes, all of a file or its beginning, may be what `terraform show -json` prints.
pub fn looks_like_plan(bytes: &[u8]) -> bool {
    let is_wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [_, 0, ..] | [0, _, ..]);
    // The names of keys are ASCII: without its zeros UTF-16 is searched like anything else.
    let narrow: Vec<u8> = if is_wide { bytes.iter().copied().filter(|byte| *byte != 0).collect() } else { Vec::new() };
    let bytes = if is_wide { narrow.as_slice() } else { bytes };
    let first =
        bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xef | 0xbb | 0xbf | 0xfe | 0xff));
    let names = |key: &str| memchr::memmem::find(bytes, key.as_bytes()).is_some();
    first == Some(&b'{')
        && (names("\"format_version\"") || names("\"terraform_version\"") || names("\"provider_config\""))
        && ["\"planned_values\"", "\"resource_changes\"", "\"root_module\""].iter().any(|key| names(key))
}

/// Loads a plan or state from a stream.
pub fn load_plan(id: FileId, name: &str, input: impl Read) -> (SourceFile, Input) {
    let (file, plan) = plan::read(id, name, input, &is_read);
    match plan {
        Ok(plan) => (file, Input::Plan(Box::new(plan))),
        Err(error) => (file, Input::Broken(error)),
    }
}

/// Puts each plan to the folder that it was made from: the one that was named, else the nearest one around the file, where
/// that declares what the plan has. Where there is none, the configuration in the plan is its own. Gives the names of the
/// plans whose sources are not there.
pub(super) fn attach(plans: Vec<(String, Plan)>, folders: &mut Vec<Folder>, source: Option<&str>) -> Vec<String> {
    let mut alone = Vec::new();
    for (name, mut plan) in plans {
        let own = std::mem::take(&mut plan.folders);
        let directories = std::iter::successors(name.rsplit_once('/').map(|(above, _)| above).or(Some("")), |path| {
            if path.is_empty() { None } else { Some(path.rsplit_once('/').map_or("", |(above, _)| above)) }
        });
        let around: Vec<&str> = match source {
            Some(source) => vec![source],
            None => directories.collect(),
        };
        let found = around.iter().find_map(|path| {
            let at = folders.iter().position(|folder| folder.path == *path)?;
            let fits = folders.get(at).is_some_and(|folder| folder.plan.is_none() && declares(folder, own.first()));
            fits.then_some(at)
        });
        if let Some(folder) = found.and_then(|at| folders.get_mut(at)) {
            folder.plan = Some(Arc::new(plan));
            continue;
        }
        let mut own = own;
        if own.is_empty() {
            own.push(Folder { path: name.clone(), ..Folder::default() });
        }
        plan.is_alone = true;
        let is_state = plan.is_state;
        if let Some(root) = own.first_mut() {
            root.plan = Some(Arc::new(plan));
        }
        folders.append(&mut own);
        if !is_state {
            alone.push(name);
        }
    }
    alone
}

/// Whether a folder declares the resources and modules that a configuration has at its root.
fn declares(folder: &Folder, configuration: Option<&Folder>) -> bool {
    let blocks = |folder: &Folder| -> Vec<(String, Vec<String>)> {
        let same = |block: &Block| {
            let labels = block.labels.iter().map(|label| label.text.to_string()).collect();
            (block.kind.text.to_string(), labels)
        };
        folder.files.iter().flat_map(|(_, _, body)| body.blocks.iter().map(same)).collect()
    };
    let own = blocks(folder);
    let wanted = configuration.map(blocks).unwrap_or_default();
    let matters = |kind: &str| matches!(kind, "resource" | "data" | "module");
    wanted.iter().filter(|(kind, _)| matters(kind)).all(|block| own.contains(block))
}

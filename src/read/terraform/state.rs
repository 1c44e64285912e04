//! What a state says about where things are declared: what AWS calls each instance, and its address.
//!
//! A state beside the evidence of an account is not judged: AWS itself has said what exists. It only leads from an ARN to
//! the block that made it, so nothing else of it is kept. States hold secrets. Both forms are read: what `terraform show
//! -json` prints, by way of [`Plan`], and the file that Terraform stores, which `terraform state pull` writes.

use super::plan::Plan;
use super::root::Root;
use super::types::{self, Identity};
use crate::read::shape;
use crate::source::Span;
use serde::Deserialize;
use serde_json::Value;

/// The form of the file that is read; Terraform writes it since 0.12.
const VERSION: u64 = 4;

/// The attributes that may hold what AWS calls a resource.
const NAMES: [&str; 2] = ["arn", "id"];

/// The instances of a state.
#[derive(Debug)]
pub struct State {
    /// The file's path, as reports show it.
    file: String,
    /// What AWS calls an instance, and its address.
    instances: Vec<(String, String)>,
}

/// The file as Terraform stores it, as far as it is read.
#[derive(Deserialize)]
struct Stored {
    version: u64,
    #[serde(default)]
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    module: String,
    mode: String,
    r#type: String,
    name: String,
    #[serde(default)]
    instances: Vec<Instance>,
}

#[derive(Deserialize)]
struct Instance {
    attributes: Option<Attributes>,
    /// What is left of an instance that is about to be destroyed.
    deposed: Option<String>,
}

/// The attributes of [`NAMES`]; the others are passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes {
    arn: Value,
    id: Value,
}

/// Whether the beginning of a file may be that of a state as Terraform stores it.
pub fn looks_stored(bytes: &[u8]) -> bool {
    // These come before everything else; without the zeros UTF-16 is searched like anything else.
    let start: Vec<u8> = bytes.iter().copied().take(1024).filter(|byte| *byte != 0).collect();
    let first = start.iter().find(|byte| byte.is_ascii() && !byte.is_ascii_whitespace());
    let names = |key: &str| memchr::memmem::find(&start, key.as_bytes()).is_some();
    first == Some(&b'{') && names("\"serial\"") && names("\"lineage\"")
}

impl State {
    /// Reads a state as Terraform stores it.
    ///
    /// # Errors
    ///
    /// Where it is none of a known version, in words without anything of the file: it holds secrets.
    pub fn read(file: &str, text: &str) -> Result<State, String> {
        let stored: Stored = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| format!("cannot be read as a state of Terraform from line {} on", error.line()))?;
        if stored.version != VERSION {
            return Err(format!("is a state of version {}; version {VERSION} is read", stored.version));
        }
        let managed = stored.resources.into_iter().filter(|resource| resource.mode == "managed");
        let instances = managed.flat_map(|Resource { module, r#type: kind, name, instances, .. }| {
            let address = if module.is_empty() { format!("{kind}.{name}") } else { format!("{module}.{kind}.{name}") };
            let current = instances.into_iter().filter(|instance| instance.deposed.is_none());
            let attributes = current.filter_map(|instance| instance.attributes);
            let names = attributes.flat_map(|Attributes { arn, id }| NAMES.into_iter().zip([arn, id]));
            let names = names.filter(|(attribute, _)| is_name(&kind, attribute));
            let named = names.filter_map(|(_, name)| Some((name.as_str()?.to_owned(), address.clone())));
            named.collect::<Vec<_>>()
        });
        Ok(State { file: file.to_owned(), instances: instances.collect() })
    }

    /// The same of what `terraform show -json` prints of a state.
    pub fn shown(file: &str, plan: &Plan) -> State {
        let managed = plan.resources.values().filter(|known| !known.is_data);
        let instances = managed.flat_map(|known| {
            NAMES.iter().filter(|attribute| is_name(&known.kind, attribute)).filter_map(|attribute| {
                let name = shape::member(known.after.as_deref()?, attribute)?.as_text();
                Some((name.literal()?.to_owned(), known.address.to_string()))
            })
        });
        State { file: file.to_owned(), instances: instances.collect() }
    }

    /// The file's path, as reports show it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Where the source declares the instances, by what AWS calls them. The source is the root module in the file's
    /// directory; else the nearest around it that declares all that the state has; else the only one that does.
    pub fn places(&self, roots: &[Root]) -> Vec<(&str, Span)> {
        let directory = self.file.rsplit_once('/').map_or("", |(directory, _)| directory);
        // The states of workspaces lie below the root module's directory.
        let workspace = directory.split_once("terraform.tfstate.d/");
        let home = workspace.map_or(directory, |(above, _)| above.strip_suffix('/').unwrap_or(above));
        let is_around = |root: &&Root| root.path().is_empty() || self.file.starts_with(&format!("{}/", root.path()));
        let declares_all = |root: &&Root| self.instances.iter().all(|(_, address)| root.declared_at(address).is_some());
        let whole = || roots.iter().filter(declares_all);
        let own = roots.iter().find(|root| root.path() == home);
        let nearest = || whole().filter(is_around).max_by_key(|root| root.path().len());
        let only = || whole().next().filter(|_| whole().nth(1).is_none());
        let Some(root) = own.or_else(nearest).or_else(only) else { return Vec::new() };
        self.instances.iter().filter_map(|(name, address)| Some((&**name, root.declared_at(address)?))).collect()
    }
}

/// Whether an attribute of a type is what AWS calls the resource itself, and not something that it belongs to.
fn is_name(kind: &str, attribute: &str) -> bool {
    matches!(types::identity(kind, attribute), Some(Identity::Shape(_)))
}

//! Files of Terraform and OpenTofu: which file is one, by its name, and what it holds.

use crate::source::{FileId, SourceFile};
use crate::syntax::SyntaxError;
use crate::syntax::hcl::{self, Body};
use std::collections::BTreeMap;

/// A configuration file, or one with values of variables.
#[derive(Debug)]
pub struct Configuration {
    /// What it says, broken parts left out.
    pub body: Body,
    /// What is broken.
    pub errors: Vec<SyntaxError>,
    /// What it is for.
    pub role: Role,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Part of the module that its directory is.
    Part {
        /// Whether the module is judged where no other calls it.
        judged: bool,
    },
    /// Values of variables, for the directory that it lies in.
    OwnValues,
    /// Values of variables, for the run.
    GivenValues,
}

/// Endings of configuration files.
const PARTS: [&str; 4] = [".tf", ".tofu", ".tf.json", ".tofu.json"];

/// What the name of a file says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A configuration file.
    Part,
    /// Values of variables that are taken without being asked for.
    OwnValues,
    /// Values of variables that are not.
    OtherValues,
    /// The list of the modules that were installed for a directory.
    Installed,
}

/// Where a directory keeps the list of the modules that were installed for it.
pub const INSTALLED: &str = ".terraform/modules/modules.json";

/// What a file of Terraform or OpenTofu is, by its name; none for other files, and for those that both tools pass over.
pub fn named(path: &str) -> Option<Named> {
    if path == INSTALLED || path.ends_with(&format!("/{INSTALLED}")) {
        return Some(Named::Installed);
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) {
        return None;
    }
    let bare = name.strip_suffix(".json").unwrap_or(name);
    if PARTS.iter().any(|ending| name.ends_with(ending)) {
        Some(Named::Part)
    } else if bare == "terraform.tfvars" || bare.ends_with(".auto.tfvars") {
        Some(Named::OwnValues)
    } else {
        bare.ends_with(".tfvars").then_some(Named::OtherValues)
    }
}

/// The file that is read in the place of a configuration file where both are there: OpenTofu's beside Terraform's.
pub fn replacement(name: &str) -> Option<String> {
    let (stem, json) = name.strip_suffix(".json").map_or((name, ""), |stem| (stem, ".json"));
    Some(format!("{}.tofu{json}", stem.strip_suffix(".tf")?))
}

impl Configuration {
    /// Parses a file in the syntax that its name says.
    pub(super) fn parse(id: FileId, file: &SourceFile, role: Role) -> Configuration {
        let (body, errors) =
            if file.name.ends_with(".json") { hcl::parse_json(id, &file.text) } else { hcl::parse(id, &file.text) };
        Configuration { body, errors, role }
    }

    /// The directories that its calls of modules name, as written: those that begin with `./` or `../`.
    pub fn local_modules(&self) -> impl Iterator<Item = &str> {
        let sources = self.body.blocks("module").filter_map(|block| block.body.get("source")?.literal());
        sources.filter(|source| is_local(source))
    }
}

/// Whether the source of a module is a directory beside the one that calls it.
fn is_local(source: &str) -> bool {
    ["./", "../", ".\\", "..\\"].iter().any(|start| source.starts_with(start))
}

/// The directories of installed modules by their keys, from the list that `terraform init` writes. None where it is not
/// such a list. The root module is in it with an empty key, and left out.
pub(super) fn installed(text: &str) -> Option<BTreeMap<String, String>> {
    let list: serde_json::Value = serde_json::from_str(text).ok()?;
    let each = list.get("Modules")?.as_array()?.iter().filter_map(|module| {
        let key = module.get("Key")?.as_str().filter(|key| !key.is_empty())?;
        Some((key.to_owned(), module.get("Dir")?.as_str()?.replace('\\', "/")))
    });
    Some(each.collect())
}

/// Whether a text that is in no named file is a configuration: it parses as one, and declares something.
pub(super) fn looks_like_configuration(id: FileId, text: &str) -> bool {
    let (body, errors) = hcl::parse(id, text);
    errors.is_empty() && !body.blocks.is_empty()
}

//! Files of Terraform and OpenTofu: which file is one, by its name, and what it holds.

use crate::source::Span;
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
    /// Whether nothing of it could be read.
    pub is_unread: bool,
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
        Configuration { body, errors, role, is_unread: false }
    }

    /// A file that could not be read: whatever it declares is unknown.
    pub(super) fn unread(error: Option<SyntaxError>, role: Role) -> Configuration {
        let body = Body { is_broken: true, ..Body::default() };
        Configuration { body, errors: error.into_iter().collect(), role, is_unread: true }
    }

    /// The directories that its calls of modules name, as written: those that begin with `./` or `../`.
    pub fn local_modules(&self) -> impl Iterator<Item = &str> {
        let sources = self.body.blocks("module").filter_map(|block| block.body.get("source")?.literal());
        sources.filter(|source| is_local(source))
    }
}

/// The text of a file in native syntax whose bytes are not UTF-8. As for Terraform, any bytes may stand in a comment; where
/// some stand elsewhere, that is an error with the text.
pub(super) fn with_odd_comments(id: FileId, bytes: &[u8]) -> Result<String, (String, SyntaxError)> {
    let (mut text, mut odd) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            odd.push(text.len());
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    let comments = hcl::comments(id, &text);
    let is_in_comment = |place: usize| {
        let before = comments.partition_point(|comment| comment.start <= place);
        before.checked_sub(1).and_then(|at| comments.get(at)).is_some_and(|comment| comment.contains(&place))
    };
    match odd.into_iter().find(|place| !is_in_comment(*place)) {
        None => Ok(text),
        Some(place) => {
            let message = "not text in UTF-8, which only a comment need not be: save the file as UTF-8".to_owned();
            let span = Span::new(id, place..place + char::REPLACEMENT_CHARACTER.len_utf8());
            Err((text, SyntaxError { message, span, related: None }))
        }
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

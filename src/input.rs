//! What a file is: bytes to a template, a part of a configuration or evidence, or why it is none.
//!
//! Most files of a repository name none of the resource types that are read. They are told by a search over their bytes
//! and never parsed. Configurations of Terraform and OpenTofu are parsed all, since modules call modules: `configuration`
//! tells them by their names, `folders` puts them together, and `wanted` finds which other files they may read.

mod configuration;
mod folders;
mod plans;
mod wanted;

pub use configuration::{Configuration, INSTALLED, Named, Role, named, replacement};
pub use folders::{Folders, Sorted};
pub use plans::{ENOUGH, load_plan, looks_like_plan};
pub use wanted::{Wanted, wanted};

use crate::model::TYPES;
use crate::read::account::{Evidence, digest, looks_like_evidence};
use crate::read::cloudformation::{self, Template};
use crate::read::terraform::plan::Plan;
use crate::read::terraform::{State, looks_stored};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::{self, SyntaxError};
use memchr::memmem::Finder;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// Why a file is left out that has nothing to do with what is read.
pub const NO_TYPES: &str = "names no resource type that is read";

/// Endings of the files that a directory is searched for.
pub const ENDINGS: [&str; 6] = ["yaml", "yml", "json", "template", "cfn", "cform"];

/// Why a state that nobody named is left out.
pub const UNREAD_STATE: &str = "a state of Terraform in a form that is not read: old, encrypted or cut off";

/// What a file turned out to be.
#[derive(Debug)]
pub enum Input {
    /// A template with resources that matter.
    Template(Box<Template>),
    /// A file of Terraform or OpenTofu. What is broken in it has been left out, and is told with it.
    Configuration(Box<Configuration>),
    /// A plan or state of Terraform or OpenTofu.
    Plan(Box<Plan>),
    /// A state as Terraform stores it: it says where things are declared, and is not judged.
    State(State),
    /// What AWS answered about an account.
    Evidence(Arc<Evidence>),
    /// The directories of the modules that were installed for a directory, by their keys.
    Installed(BTreeMap<String, String>),
    /// A file that expressions of a configuration may read.
    Text,
    /// A template, or something that looks like one, without such resources: there is nothing to judge.
    NothingToJudge,
    /// Something else, for this reason; left out and counted.
    Skipped(&'static str),
    /// It names types that are read, or was named itself, and is broken: the run has failed for it.
    Broken(SyntaxError),
    /// It could not be read at all; whoever tried has said so.
    Unread,
}

/// The text of a file, without a byte-order mark: UTF-8, or UTF-16 with one.
///
/// # Errors
///
/// Where the bytes are neither, in words for people.
pub fn decode(bytes: Vec<u8>) -> Result<String, &'static str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes
            .chunks_exact(2)
            .map(|pair| unit([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)]));
        let whole = bytes.len().is_multiple_of(2);
        char::decode_utf16(units).collect::<Result<String, _>>().ok().filter(|_| whole).ok_or("not valid UTF-16")
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // The mark at the head is no character of the text: editors do not count it.
        [0xef, 0xbb, 0xbf, rest @ ..] => decode(rest.to_vec()),
        _ => String::from_utf8(bytes).map_err(|_| "not text in UTF-8 or UTF-16"),
    }
}

/// Whether bytes may name a resource type that is read, or something that may lead to one. A type may also be
/// written with escapes; such files are parsed to be sure.
pub fn names_our_types(bytes: &[u8]) -> bool {
    static ESCAPES: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| [Finder::new("\\u00"), Finder::new("\\x")]);
    // UTF-16 is rare enough to be decoded first.
    matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
        || spells_our_types(bytes)
        || (AWS.find(bytes).is_none() && ESCAPES.iter().any(|escape| escape.find(bytes).is_some()))
}

static AWS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("AWS::"));

/// Whether bytes hold the name of a resource type that is read, letter by letter.
pub fn spells_our_types(bytes: &[u8]) -> bool {
    static CUSTOM: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("Custom::S3AutoDelete"));
    let ours = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        let mut words = TYPES.iter().copied().chain(cloudformation::container_words());
        words.any(|name| rest.starts_with(name.as_bytes()))
    };
    AWS.find_iter(bytes).any(ours) || CUSTOM.find(bytes).is_some() || cloudformation::names_module(bytes)
}

/// Whether resources of a type are read, or lead to templates that may hold some.
fn matters(kind: &str) -> bool {
    TYPES.contains(&kind) || cloudformation::is_container(kind)
}

/// Finds out what a file is. `name` is how it is shown; a file that the user named is never passed over in silence.
pub fn load(id: FileId, name: &str, bytes: Vec<u8>, named: bool) -> (SourceFile, Input) {
    match configuration::named(name) {
        Some(Named::Part) => load_configuration(id, name, bytes, Role::Part { judged: true }, named),
        Some(Named::OwnValues) => load_configuration(id, name, bytes, Role::OwnValues, named),
        Some(Named::OtherValues) => {
            let why = "holds values of variables, which count where `--var-file` names it";
            (SourceFile::new(name, ""), Input::Skipped(why))
        }
        Some(Named::Installed) => load_installed(name, bytes),
        None => load_template(id, name, bytes, named),
    }
}

/// Finds out what a text without a name of its own is: a configuration where it parses as one and not as a template.
pub fn load_unnamed(id: FileId, name: &str, bytes: Vec<u8>) -> (SourceFile, Input) {
    let (file, input) = load_template(id, name, bytes, true);
    match input {
        Input::Broken(_) | Input::Skipped(_) if configuration::looks_like_configuration(id, &file.text) => {
            let parsed = Configuration::parse(id, &file, Role::Part { judged: true });
            (file, Input::Configuration(Box::new(parsed)))
        }
        input => (file, input),
    }
}

/// Loads a file of Terraform or OpenTofu for a purpose.
pub fn load_configuration(id: FileId, name: &str, bytes: Vec<u8>, role: Role, named: bool) -> (SourceFile, Input) {
    let is_native = !name.ends_with(".json") && !matches!(bytes.as_slice(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    let text = match std::str::from_utf8(&bytes) {
        Err(_) if is_native => configuration::with_odd_comments(id, &bytes),
        _ => decode(bytes).map_err(|why| (String::new(), unreadable(id, why))),
    };
    let text = match text {
        Ok(text) => text,
        Err((text, error)) => {
            let unread = Configuration::unread(Some(error), role);
            return (SourceFile::new(name, text), Input::Configuration(Box::new(unread)));
        }
    };
    let file = SourceFile::new(name, text);
    let parsed = Configuration::parse(id, &file, role);
    // What is broken where another language's marks stand was never meant to be read as it is.
    let foreign = |error: &SyntaxError| {
        let start =
            file.text.get(..error.span.start as usize).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
        has_foreign_marks(file.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default())
    };
    if !named && parsed.errors.iter().any(foreign) {
        return (file, Input::Skipped("not Terraform's language: a template of another one, as it seems"));
    }
    (file, Input::Configuration(Box::new(parsed)))
}

/// A file of Terraform or OpenTofu that cannot be read, or may not be: what it declares is unknown. `why` is said where
/// that is an error.
pub fn unread_configuration(id: FileId, name: &str, why: Option<String>, role: Role) -> (SourceFile, Input) {
    let unread = Configuration::unread(why.map(|why| unreadable(id, why)), role);
    (SourceFile::new(name, ""), Input::Configuration(Box::new(unread)))
}

/// That nothing of a file can be read.
fn unreadable(id: FileId, why: impl Into<String>) -> SyntaxError {
    SyntaxError { message: why.into(), span: Span::new(id, 0..0), related: None }
}

/// Loads a file that expressions may read, where it is text.
pub fn load_text(name: &str, bytes: Vec<u8>) -> Option<(SourceFile, Input)> {
    Some((SourceFile::new(name, decode(bytes).ok()?), Input::Text))
}

fn load_installed(name: &str, bytes: Vec<u8>) -> (SourceFile, Input) {
    let text = decode(bytes).unwrap_or_default();
    let input = match configuration::installed(&text) {
        Some(modules) => Input::Installed(modules),
        None => Input::Skipped("not a list of installed modules"),
    };
    (SourceFile::new(name, text), input)
}

fn load_template(id: FileId, name: &str, bytes: Vec<u8>, named: bool) -> (SourceFile, Input) {
    if looks_stored(&bytes) {
        return load_state(id, name, bytes, named);
    }
    if looks_like_plan(&bytes) {
        return load_plan(id, name, bytes.as_slice());
    }
    if looks_like_evidence(&bytes) {
        return load_evidence(id, name, bytes);
    }
    let none = || SourceFile::new(name, "");
    if !named && !names_our_types(&bytes) {
        let looks_like_template =
            memchr::memmem::find(&bytes, b"Resources").is_some() && memchr::memmem::find(&bytes, b"AWS::").is_some();
        let input = if looks_like_template { Input::NothingToJudge } else { Input::Skipped(NO_TYPES) };
        return (none(), input);
    }
    if let Some(why) = packed(&bytes) {
        return (none(), Input::Skipped(why));
    }
    let names_types = names_our_types(&bytes);
    let text = match decode(bytes) {
        Ok(text) => text,
        // Its bytes say what it is, or its name does.
        Err(why) if names_types || has_ending(name) => return (none(), Input::Broken(unreadable(id, why))),
        Err(why) => return (none(), Input::Skipped(why)),
    };
    let file = SourceFile::new(name, text);
    let input = match parse(id, &file) {
        Ok(root) => match Template::new(id, name, file.text.clone(), root) {
            Some(mut template) if template.has_types(matters) || template.leads_on() => {
                template.keep(matters);
                Input::Template(Box::new(template))
            }
            Some(_) => Input::NothingToJudge,
            None => Input::Skipped("not a template: it declares no `Resources` with a `Type`"),
        },
        Err(_) if is_foreign(name, &file.text, named) => {
            Input::Skipped("neither YAML nor JSON, and no template as it seems")
        }
        Err(error) => Input::Broken(error),
    };
    (file, input)
}

fn load_evidence(id: FileId, name: &str, bytes: Vec<u8>) -> (SourceFile, Input) {
    let digest = digest(&bytes);
    let text = match decode(bytes) {
        Ok(text) => text,
        Err(why) => return (SourceFile::new(name, ""), Input::Broken(unreadable(id, why))),
    };
    let file = SourceFile::new(name, text);
    let input = match Evidence::parse(id, file.text.clone(), digest) {
        Ok(evidence) => Input::Evidence(Arc::new(evidence)),
        Err(error) => Input::Broken(error),
    };
    (file, input)
}

/// Loads a state as Terraform stores it. Nothing of its text is kept. Whoever names a directory has not asked for the old
/// and the encrypted states in it.
fn load_state(id: FileId, name: &str, bytes: Vec<u8>, named: bool) -> (SourceFile, Input) {
    let input = match decode(bytes).map(|text| State::read(name, &text)) {
        Ok(Ok(state)) => Input::State(state),
        Ok(Err(message)) if named => Input::Broken(unreadable(id, message)),
        Ok(Err(_)) => Input::Skipped(UNREAD_STATE),
        Err(why) => Input::Broken(unreadable(id, why)),
    };
    (SourceFile::new(name, ""), input)
}

/// Whether a text that does not parse was never meant to: the `{{ }}` of Helm, Jinja and Go are not YAML, a text without
/// `Resources` is no template, and prose is called otherwise and begins otherwise. What was named on the command line is not passed
/// over for its marks.
fn is_foreign(name: &str, text: &str, named: bool) -> bool {
    let begins = |line: &&str| !line.is_empty() && !line.starts_with('#') && *line != "---";
    let first = text.trim_start_matches('\u{feff}').lines().map(str::trim).find(begins).unwrap_or_default();
    let is_section = |line: &str| line.starts_with('{') || SECTIONS.iter().any(|section| line.starts_with(section));
    if !has_ending(name) && !is_section(first) {
        return true;
    }
    !named && (has_foreign_marks(&text.replace("{{resolve:", "")) || !text.contains("Resources"))
}

/// The sections of a template.
const SECTIONS: [&str; 9] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Transform",
];

/// Whether a file is called like a template, or as states are.
fn has_ending(name: &str) -> bool {
    let ending =
        name.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()) || ending == "tfstate")
}

/// Why a packed file is not read. What `terraform plan -out` writes is one.
fn packed(bytes: &[u8]) -> Option<&'static str> {
    let is_packed = bytes.starts_with(b"PK\x03\x04");
    let is_plan = is_packed && memchr::memmem::find(bytes, b"tfplan").is_some();
    let why = "a binary plan of Terraform: what `terraform show -json` prints of it is read";
    is_packed.then_some(if is_plan { why } else { "a packed file" })
}

fn has_foreign_marks(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

fn parse(id: FileId, file: &SourceFile) -> Result<syntax::Node, SyntaxError> {
    let text = file.text.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('{') {
        return syntax::yaml::parse(id, &file.text);
    }
    // Flow mappings of YAML begin alike; what is meant to be JSON is reported as JSON.
    syntax::json::parse(id, &file.text).or_else(|error| {
        let is_yaml = [".yaml", ".yml"].iter().any(|ending| file.name.ends_with(ending));
        if is_yaml { syntax::yaml::parse(id, &file.text) } else { Err(error) }
    })
}

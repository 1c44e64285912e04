//! Plans and states of Terraform and OpenTofu, as `terraform show -json` prints them.
//!
//! A plan says what the source cannot: the values of data sources, of variables, of what exists already, and how many
//! instances there are. It does not say what is decided by applying it. So it is read as what is *known* of each resource,
//! by address, beside the configuration, which is evaluated like any other: [`Plan`] is asked for values, and has the
//! module tree for runs without the source. A state is the same without a configuration.
//!
//! The file is read in a stream ([`split`](self)), and only the text of what is kept is held. Values that are marked sensitive
//! are read as present and unseen, and their characters are blotted out of that text.

mod configuration;
mod keys;
mod known;
mod left;
mod split;
mod stream;

use super::Folder;
use crate::read::{Content, Datum};
use crate::source::{FileId, Piece, SourceFile, Span};
use crate::syntax::{Node, SyntaxError, json};
pub(super) use configuration::without_keys;
pub use keys::Key;
use known::{Marks, Reader, after_apply, blot};
use split::{Part, Parts, Section, split};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::Arc;
use stream::Trouble;

/// What a plan or state says.
#[derive(Debug, Default)]
pub struct Plan {
    /// Whether it is a state: what exists, without configuration.
    pub is_state: bool,
    /// Whether it is all that there will be; false where planning failed midway, or was narrowed to targets.
    pub complete: bool,
    /// Whether it is judged without the sources that it was made from.
    pub is_alone: bool,
    /// The values of the root module's variables.
    pub variables: BTreeMap<Arc<str>, Datum>,
    /// The resources and data sources of the wanted types, by address.
    pub resources: BTreeMap<Arc<str>, Known>,
    /// The addresses of the modules in which resources are, whatever their types.
    pub modules: BTreeSet<Arc<str>>,
    /// The configuration, as the modules that its sources would be: the root first. None where the file has none.
    pub folders: Vec<Folder>,
    /// What is odd about the file, though it could be read.
    pub problems: Vec<SyntaxError>,
}

/// What is known of a resource, or of a data source.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its type.
    pub kind: Arc<str>,
    /// Its address.
    pub address: Arc<str>,
    /// The address of its module; empty for the root module.
    pub module: Arc<str>,
    /// Its name in the module.
    pub name: Arc<str>,
    /// Its key among the instances of `count` or `for_each`.
    pub key: Option<Key>,
    /// Whether it is a data source.
    pub is_data: bool,
    /// What the plan does to it.
    pub actions: Actions,
    /// What it was called before (`moved`).
    pub previous: Option<Arc<str>>,
    /// What it is before; none where it does not exist yet.
    pub before: Option<Arc<Datum>>,
    /// What it is after; none where it is gone then. Of a state, what it is.
    pub after: Option<Arc<Datum>>,
    /// The argument whose change makes it be replaced, where the plan names one.
    pub forced_by: Option<Arc<str>>,
    /// Where its address stands.
    pub span: Span,
}

/// What is done to a resource. Deleting and creating is replacing; none of these is leaving it as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Actions {
    /// It is made.
    pub create: bool,
    /// A data source is read only when the plan is applied.
    pub read: bool,
    /// It is changed in place.
    pub update: bool,
    /// It is destroyed.
    pub delete: bool,
    /// It is no longer managed, and stays.
    pub forget: bool,
}

/// Reads a plan or state. The file that comes with it holds the text that findings may point at.
pub fn read(
    file: FileId,
    name: &str,
    input: impl Read,
    wanted: &dyn Fn(&str) -> bool,
) -> (SourceFile, Result<Plan, SyntaxError>) {
    let parts = match split(input, wanted) {
        Ok(parts) => parts,
        Err(trouble) => return broken(file, name, trouble),
    };
    let Parts { text, pieces, parts, modules, addresses, has_changes, has_planned, has_values } = parts;
    let text = match String::from_utf8(text) {
        Ok(text) => text,
        Err(error) => {
            let upto = error.utf8_error().valid_up_to();
            let valid = error.as_bytes().get(..upto).map(String::from_utf8_lossy).unwrap_or_default().into_owned();
            let position = SourceFile::in_pieces(name, valid, pieces).position(u32::try_from(upto).unwrap_or(u32::MAX));
            let message = "not text in UTF-8 or UTF-16".to_owned();
            return broken(file, name, Trouble { message, position });
        }
    };
    if !has_changes && !has_planned && !has_values {
        let message = "not a plan or state: it has neither `resource_changes` nor `planned_values` nor `values`";
        return broken(
            file,
            name,
            Trouble { message: message.to_owned(), position: crate::source::Position { line: 1, column: 1 } },
        );
    }
    let mut builder = Builder {
        file,
        modules: &modules,
        reader: Reader::new(&text),
        variables: None,
        hidden_variables: BTreeSet::new(),
        sensitive: BTreeSet::new(),
        plan: Plan {
            is_state: has_values && !has_changes && !has_planned,
            complete: true,
            modules: addresses,
            ..Plan::default()
        },
    };
    // The configuration comes last: only then is it known which of its constants nobody may see.
    let (last, first): (Vec<&Part>, Vec<&Part>) = parts.iter().partition(|part| part.section == Section::Configuration);
    let parts: Vec<&Part> = first.into_iter().chain(last).collect();
    // Where something is sensitive, what was read before that was known is read again.
    for _ in 0..2 {
        builder.plan.problems.clear();
        for part in &parts {
            if let Err(error) = builder.part(part, name) {
                let position = SourceFile::in_pieces(name, text.as_str(), pieces).position(error.span.start);
                return broken(file, name, Trouble { message: error.message, position });
            }
        }
        if builder.reader.secrets.is_empty() {
            break;
        }
    }
    builder.variables();
    let Builder { reader, plan, .. } = builder;
    let shown = blot(&text, &reader.hidden);
    (SourceFile::in_pieces(name, shown, pieces), Ok(plan))
}

/// A file that cannot be read: nothing of it is shown, since nobody knows what may be.
fn broken(file: FileId, name: &str, trouble: Trouble) -> (SourceFile, Result<Plan, SyntaxError>) {
    let pieces = vec![Piece { offset: 0, position: trouble.position }];
    let span = Span { file, start: 0, end: 0 };
    let error = SyntaxError { message: trouble.message, span, related: None };
    (SourceFile::in_pieces(name, "", pieces), Err(error))
}

struct Builder<'t> {
    file: FileId,
    modules: &'t [String],
    reader: Reader<'t>,
    plan: Plan,
    /// The values of the root module's variables, and which of them nobody may see.
    variables: Option<Node>,
    hidden_variables: BTreeSet<String>,
    /// Arguments of which a value is marked sensitive.
    sensitive: BTreeSet<String>,
}

impl<'t> Builder<'t> {
    fn part(&mut self, part: &Part, name: &str) -> Result<(), SyntaxError> {
        let node = json::parse_part(self.file, self.reader.text, part.range.clone())?;
        match part.section {
            Section::Change => self.change(&node),
            Section::Planned | Section::Prior | Section::State => self.resource(&node, part),
            Section::Configuration => self.configuration(&node, name),
            Section::Variables => self.variables = Some(node),
            Section::Format => {
                let version = node.text().unwrap_or_default();
                let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
                if !matches!(major, Some(0 | 1)) {
                    let message = format!(
                        "the format of this file is {version}, and this version of trailproof knows those before 2.0: what is new \
                         in it is not judged"
                    );
                    self.plan.problems.push(SyntaxError { message, span: node.span, related: None });
                }
            }
            Section::Errored if node.text() == Some("true") => {
                self.plan.complete = false;
                let message = "planning ended in an error: what it had not reached is missing here and not judged";
                self.plan.problems.push(SyntaxError { message: message.to_owned(), span: node.span, related: None });
            }
            Section::Errored => {}
            Section::Complete => self.plan.complete &= node.text() != Some("false"),
        }
        Ok(())
    }

    fn configuration(&mut self, node: &Node, name: &str) {
        let mut builder = configuration::Builder {
            reader: &mut self.reader,
            file: self.file,
            sensitive: &self.sensitive,
            providers: node.get("provider_config"),
            folders: Vec::new(),
            installed: BTreeMap::new(),
            hidden_variables: BTreeSet::new(),
        };
        if let Some(root) = node.get("root_module") {
            builder.build(name, root);
        }
        self.plan.folders = builder.folders;
        self.hidden_variables = builder.hidden_variables;
    }

    /// The values of variables, once it is known which of them nobody may see.
    fn variables(&mut self) {
        let Some(node) = self.variables.take() else { return };
        for (key, variable) in node.entries() {
            let Some(value) = variable.get("value") else { continue };
            let is_secret = value.text().is_some_and(|text| self.reader.secrets.contains(text));
            let hidden = is_secret || self.hidden_variables.contains(&*key.text);
            let datum = self.reader.shielded(&key.text, value, hidden);
            self.plan.variables.insert(key.text.as_ref().into(), datum);
        }
    }

    /// An element of `resource_changes`.
    fn change(&mut self, node: &Node) {
        let (Some(mut known), Some(change)) = (self.identity(node, ""), node.get("change")) else { return };
        if let Some(generated) = change.get("generated_config") {
            self.reader.hide(generated);
        }
        for action in change.get("actions").map_or(&[][..], Node::items) {
            match action.text() {
                Some("create") => known.actions.create = true,
                Some("read") => known.actions.read = true,
                Some("update") => known.actions.update = true,
                Some("delete") => known.actions.delete = true,
                Some("forget") => known.actions.forget = true,
                _ => {}
            }
        }
        let path = change.get("replace_paths").and_then(|paths| paths.items().first()?.items().first()?.text());
        known.forced_by = path.map(Arc::from);
        let side = |reader: &mut Reader<'_>, side: &str, marks: Marks<'_>| {
            let (key, value) = change.entry(side)?;
            let gone = value.is_null() && marks.unknown.is_none_or(|unknown| unknown.entries().is_empty());
            (!gone).then(|| Arc::new(reader.value(side, Some(value), marks, key.span)))
        };
        let marks = Marks { unknown: change.get("after_unknown"), sensitive: change.get("after_sensitive") };
        known.after = side(&mut self.reader, "after", marks);
        for (key, mark) in change.get("after_sensitive").map_or(&[][..], Node::entries) {
            if known::holds_marks(mark) {
                self.sensitive.insert(format!("{}.{}", without_keys(&known.address), key.text));
            }
        }
        let marks = Marks { unknown: None, sensitive: change.get("before_sensitive") };
        let before = side(&mut self.reader, "before", marks);
        known.before = if known.actions == Actions::default() { known.after.clone() } else { before };
        // What is no longer managed stays as it is.
        known.after = if known.actions.forget { known.after.or(known.before.clone()) } else { known.after };
        if !is_deposed(node, "deposed") {
            self.plan.resources.insert(known.address.clone(), known);
        }
    }

    /// A resource of `planned_values`, `prior_state` or a state.
    fn resource(&mut self, node: &Node, part: &Part) {
        let module = self.modules.get(part.module).map_or("", String::as_str);
        let (Some(mut known), Some((key, values))) = (self.identity(node, module), node.entry("values")) else {
            return;
        };
        let marks = Marks { unknown: None, sensitive: node.get("sensitive_values") };
        let mut datum = self.reader.value("values", Some(values), marks, key.span);
        if let (Content::Map { rest, .. }, Section::Planned) = (&mut datum.content, part.section) {
            // What is not known yet is left out here, and cannot be told from what is not there.
            *rest = Some(after_apply("planned_values"));
        }
        let datum = Arc::new(datum);
        if part.section != Section::Planned {
            known.before = Some(datum.clone());
        }
        known.after = Some(datum);
        // What becomes of a data source says more.
        let is_new = self.plan.resources.get(&known.address).is_none_or(|other| !other.actions.read);
        if is_new && !is_deposed(node, "deposed_key") {
            self.plan.resources.insert(known.address.clone(), known);
        }
    }

    /// What a resource is called, in the module that the list it stands in belongs to.
    fn identity(&mut self, node: &Node, module: &str) -> Option<Known> {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (kind, name) = (text("type")?, text("name")?);
        let is_data = text("mode") == Some("data");
        let module = text("module_address").unwrap_or(module);
        let key = node.get("index").filter(|index| !index.is_null()).and_then(|index| {
            let text = index.text()?;
            let number = matches!(&index.kind, crate::syntax::Kind::Scalar { plain: true, .. });
            Some(if number { Key::Number(text.parse().ok()?) } else { Key::Text(text.into()) })
        });
        let mut address = String::new();
        // Terraform 0.12 leaves the module and the key out of the addresses in states.
        for part in [module, if is_data { "data" } else { "" }, kind, name] {
            if !part.is_empty() {
                address.push_str(if address.is_empty() { "" } else { "." });
                address.push_str(part);
            }
        }
        if let Some(key) = &key {
            address.push_str(&key.to_string());
        }
        if !module.is_empty() && !self.plan.modules.contains(module) {
            self.plan.modules.insert(module.into());
        }
        Some(Known {
            kind: kind.into(),
            address: address.into(),
            module: module.into(),
            name: name.into(),
            key,
            is_data,
            actions: Actions::default(),
            previous: text("previous_address").map(Arc::from),
            before: None,
            after: None,
            forced_by: None,
            span: node.get("address").map_or(node.span, |address| address.span),
        })
    }
}

/// Whether it is what an earlier failure has left, beside the resource of this address. It is read all the same, since its
/// secrets are hidden by that.
fn is_deposed(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|deposed| !deposed.is_null())
}

/// The sides of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What exists now.
    Before,
    /// What there will be.
    After,
}

impl Actions {
    /// Whether it stays as it is.
    pub fn is_no_op(self) -> bool {
        self == Actions::default()
    }

    /// Whether it is destroyed and made anew.
    pub fn replaces(self) -> bool {
        self.create && self.delete
    }
}

impl Known {
    /// Whether it is there already, and is left as it is.
    pub fn stays(&self) -> bool {
        let Actions { create, read, update, delete, .. } = self.actions;
        self.before.is_some() && !(create || read || update || delete)
    }
}

impl Plan {
    /// What a resource or data source is after the plan; none where the plan does not know it.
    pub fn after(&self, address: &str) -> Option<&Datum> {
        self.resources.get(address)?.after.as_deref()
    }

    /// One of its two sides as a state of its own.
    pub fn as_state(&self, side: Side) -> Plan {
        let of_side = |known: &Known| {
            let values = match side {
                Side::Before => known.before.clone(),
                Side::After => self.left(known),
            };
            Known { before: None, after: values, actions: Actions::default(), ..known.clone() }
        };
        let resources = self.resources.iter().map(|(address, known)| (address.clone(), of_side(known))).collect();
        Plan { is_state: true, complete: true, is_alone: true, resources, ..Plan::default() }
    }
}

//! A template taken apart: parameters, mappings, conditions, resources, outputs.
//!
//! Short tags are written out first (`!Sub x` becomes `{"Fn::Sub": x}`), so that YAML and JSON look the same to
//! everything that follows.

use super::foreach::{self, Env};
use super::patterns;
use crate::source::{FileId, Span};
use crate::syntax::{Key, Kind, Node};
use crate::value::{Why, WhyKind};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// Transforms that are known to leave explicit resources as they are written (CloudFormation User Guide, "Transform
/// reference").
const KNOWN_TRANSFORMS: [&str; 5] = [
    "AWS::Serverless-2016-10-31",
    "AWS::LanguageExtensions",
    "AWS::Include",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
];

/// A parameter as declared.
#[derive(Debug)]
pub(super) struct Parameter {
    pub(super) kind: String,
    pub(super) default: Option<(Arc<str>, Span)>,
    pub(super) allowed: Vec<Arc<str>>,
    pub(super) min_length: u32,
    pub(super) pattern: Option<String>,
}

impl Parameter {
    /// Whether its value is a list.
    pub(super) fn is_list(&self) -> bool {
        self.kind == "CommaDelimitedList" || self.kind.contains("List<")
    }

    /// Whether its value names a stored parameter and the stored value is what counts.
    pub(super) fn is_stored(&self) -> bool {
        self.kind.starts_with("AWS::SSM::Parameter::Value<")
    }

    /// Whether it cannot be empty. The types that AWS looks up never are.
    pub(super) fn is_filled(&self) -> bool {
        self.min_length > 0
            || self.kind.starts_with("AWS::")
            || (!self.allowed.is_empty() && !self.allowed.iter().any(|v| v.is_empty()))
    }

    /// Whether it cannot hold a wildcard: an id that AWS looks up, a number, or what a pattern allows.
    pub(super) fn is_plain(&self) -> bool {
        let looked_up = self.kind.starts_with("AWS::") || self.kind == "Number";
        !self.is_stored() && (looked_up || self.pattern.as_deref().is_some_and(patterns::excludes_wildcards))
    }
}

/// A resource as declared, with the values of the `Fn::ForEach` loops around it.
#[derive(Debug)]
pub(super) struct Resource {
    pub(super) id: Arc<str>,
    pub(super) span: Span,
    pub(super) kind: Arc<str>,
    pub(super) body: Arc<Node>,
    pub(super) env: Env,
    /// The file beside this one that a nested stack's template is, as the CDK notes it.
    pub(super) asset: Option<Box<str>>,
    references: OnceLock<BTreeSet<Arc<str>>>,
}

impl Resource {
    /// The condition under which it exists.
    pub(super) fn condition(&self) -> Option<Arc<str>> {
        self.body.get("Condition").and_then(Node::text).map(|name| foreach::substitute(name, &self.env).into())
    }

    /// Everything that it names: by `DependsOn`, `Ref`, `Fn::GetAtt` and `Fn::Sub`.
    pub(super) fn references(&self) -> &BTreeSet<Arc<str>> {
        self.references.get_or_init(|| {
            let mut names = BTreeSet::new();
            let mut add = |name: &str| {
                names.insert(Arc::from(foreach::substitute(name, &self.env)));
            };
            if let Some(depends) = self.body.get("DependsOn") {
                depends.text().into_iter().chain(depends.items().iter().filter_map(Node::text)).for_each(&mut add);
            }
            if let Some(properties) = self.body.get("Properties") {
                super::names::references(properties, &mut add);
            }
            names
        })
    }
}

/// A template.
#[derive(Debug)]
pub struct Template {
    pub(super) file: FileId,
    pub(super) name: Arc<str>,
    pub(super) text: Arc<str>,
    pub(super) parameters: BTreeMap<Arc<str>, Parameter>,
    pub(super) mappings: BTreeMap<Arc<str>, Node>,
    pub(super) conditions: BTreeMap<Arc<str>, (Node, Env)>,
    pub(super) resources: Vec<Resource>,
    pub(super) outputs: BTreeMap<Arc<str>, (Arc<Node>, Env)>,
    /// Set where a macro works on the whole template, so that what is left out may be there in the end.
    pub(super) macro_on_all: Option<Why>,
    /// What may add resources, with the places.
    macros: Vec<(Span, String)>,
    /// The first loop that makes more entries than are looked at.
    cut: Option<Span>,
    /// The whole tree where loops are in it: what they go over may be given later.
    looped: Option<Node>,
    by_id: BTreeMap<Arc<str>, usize>,
}

impl Template {
    /// Takes a tree apart; none where it is not a template, that is where no resource with a type is declared.
    pub fn new(file: FileId, name: &str, text: Arc<str>, mut root: Node) -> Option<Template> {
        let looks_right = root.get("Resources").is_some_and(|all| {
            let typed = |node: &Node| node.get("Type").is_some_and(|kind| kind.text().is_some());
            let made = |key: &Key| &*key.text == "Fn::Transform" || key.text.starts_with("Fn::ForEach::");
            all.entries().iter().any(|(key, node)| typed(node) || made(key))
        });
        if !looks_right {
            return None;
        }
        // No tag is written without it.
        if memchr::memchr(b'!', text.as_bytes()).is_some() {
            spell_out(&mut root);
        }
        let parameters = root.get("Parameters").map(parameters).unwrap_or_default();
        let default = |name: &str| {
            let (text, _) = parameters.get(name)?.default.as_ref()?;
            Some(text.split(',').map(|item| Arc::from(item.trim())).collect())
        };
        Some(Template::build(file, name.into(), text, root, &default))
    }

    /// The same template with its loops written out over the values that parameters have; none where it has no loops.
    pub(super) fn expanded(&self, values: &dyn Fn(&str) -> Option<Vec<Arc<str>>>) -> Option<Template> {
        let root = self.looped.as_ref()?.clone();
        Some(Template::build(self.file, self.name.clone(), self.text.clone(), root, values))
    }

    fn build(
        file: FileId,
        name: Arc<str>,
        text: Arc<str>,
        root: Node,
        values: &dyn Fn(&str) -> Option<Vec<Arc<str>>>,
    ) -> Template {
        let loops = |section: &Node| section.entries().iter().any(|(key, _)| key.text.starts_with("Fn::ForEach::"));
        let looped = root.entries().iter().any(|(_, section)| loops(section)).then(|| root.clone());
        let mut template = Template {
            file,
            name,
            text,
            parameters: BTreeMap::new(),
            mappings: BTreeMap::new(),
            conditions: BTreeMap::new(),
            resources: Vec::new(),
            outputs: BTreeMap::new(),
            macro_on_all: root.get("Transform").and_then(unknown_transform),
            macros: super::unseen::macros(&root),
            cut: None,
            looped,
            by_id: BTreeMap::new(),
        };
        template.parameters = root.get("Parameters").map(parameters).unwrap_or_default();
        let loops = foreach::Lists::new(values, root.get("Mappings").cloned());
        let Kind::Map(sections) = root.kind else { return template };
        for (key, section) in sections {
            match &*key.text {
                "Mappings" => template.mappings = plain_entries(section),
                "Conditions" => {
                    let all = loops.expand(section);
                    template.conditions =
                        all.into_iter().map(|(key, node, env)| (key.text.into(), (node, env))).collect();
                }
                "Outputs" => {
                    let all = loops.expand(section);
                    template.outputs =
                        all.into_iter().map(|(key, node, env)| (key.text.into(), (Arc::new(node), env))).collect();
                }
                "Resources" => {
                    for (key, body, env) in loops.expand(section) {
                        template.add(key, body, env);
                    }
                }
                _ => {}
            }
        }
        template.cut = loops.cut();
        template
    }

    fn add(&mut self, key: Key, body: Node, env: Env) {
        let kind: Arc<str> = body.get("Type").and_then(Node::text).unwrap_or("").into();
        let id: Arc<str> = key.text.into();
        let asset = body.get("Metadata").filter(|noted| {
            noted.get("aws:asset:property").and_then(Node::text).is_none_or(|property| property == "TemplateURL")
        });
        let asset = asset.and_then(|noted| noted.get("aws:asset:path")?.text()).map(Box::from);
        self.by_id.insert(id.clone(), self.resources.len());
        self.resources.push(Resource {
            id,
            span: key.span,
            kind,
            body: Arc::new(body),
            env,
            asset,
            references: OnceLock::new(),
        });
    }

    /// The file that it stands in.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The first loop that makes more entries than are looked at.
    pub fn cut(&self) -> Option<Span> {
        self.cut
    }

    /// What may add resources to it, with the places.
    pub(super) fn macros(&self) -> &[(Span, String)] {
        &self.macros
    }

    /// The name of its file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many resources it declares.
    pub fn resource_count(&self) -> usize {
        self.resources.len()
    }

    /// Whether it declares a resource of a wanted type.
    pub fn has_types(&self, wanted: impl Fn(&str) -> bool) -> bool {
        self.resources.iter().any(|resource| wanted(&resource.kind))
    }

    /// Lets go of what no wanted resource can need: of the other resources, all but their names and what they refer to.
    pub fn keep(&mut self, wanted: impl Fn(&str) -> bool) {
        let mut reached = BTreeSet::new();
        // Each that is reached notes what it refers to, before that goes.
        for resource in self.resources.iter().filter(|resource| wanted(&resource.kind)) {
            self.reach(resource, &mut reached);
        }
        for resource in &mut self.resources {
            let whole = wanted(&resource.kind);
            if let Some(Node { kind: Kind::Map(entries), .. }) = Arc::get_mut(&mut resource.body) {
                entries.retain(|(key, _)| match &*key.text {
                    "Metadata" => false,
                    "Properties" | "DependsOn" => whole,
                    _ => true,
                });
                entries.shrink_to_fit();
            }
        }
    }

    /// The names of its parameters.
    pub fn parameter_names(&self) -> impl Iterator<Item = &str> {
        self.parameters.keys().map(|name| &**name)
    }

    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(super) fn resource(&self, id: &str) -> Option<&Resource> {
        self.index_of(id).and_then(|index| self.resources.get(index))
    }

    /// Every resource that exists before the given one: what it names, what that names, and so on.
    pub(super) fn before(&self, resource: &Resource) -> BTreeSet<Arc<str>> {
        let mut seen = BTreeSet::new();
        self.reach(resource, &mut seen);
        seen
    }

    /// Adds what a resource names, what that names, and so on.
    fn reach(&self, resource: &Resource, seen: &mut BTreeSet<Arc<str>>) {
        let mut open: Vec<Arc<str>> = resource.references().iter().cloned().collect();
        while let Some(id) = open.pop() {
            let Some(next) = self.resource(&id) else { continue };
            if seen.insert(id) {
                open.extend(next.references().iter().cloned());
            }
        }
    }
}

/// Writes YAML's short tags out as the functions that they stand for.
fn spell_out(node: &mut Node) {
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(spell_out),
        Kind::Map(entries) => entries.iter_mut().for_each(|(_, value)| spell_out(value)),
        Kind::Scalar { .. } => {}
    }
    let Some(tag) = node.tag.take() else { return };
    let name = tag.text.trim_start_matches('!');
    let function = match name {
        "Ref" | "Condition" => name.to_owned(),
        _ => format!("Fn::{name}"),
    };
    let argument = Node { span: node.span, tag: None, kind: std::mem::replace(&mut node.kind, Kind::List(Vec::new())) };
    node.kind = Kind::Map(vec![(Key { text: function.into(), span: tag.span }, argument)]);
}

/// The macro among the transforms of a template or mapping that may add anything.
pub(super) fn unknown_transform(node: &Node) -> Option<Why> {
    let name = |node: &Node| node.text().or_else(|| node.get("Name").and_then(Node::text)).map(str::to_owned);
    let all = if node.items().is_empty() { vec![name(node)] } else { node.items().iter().map(name).collect() };
    let unknown = all.into_iter().find(|name| is_macro(name.as_deref()))?;
    Some(macro_result(unknown.as_deref().unwrap_or("Fn::Transform")))
}

/// Whether a transform may do anything to what is written; one without a literal name may.
pub(super) fn is_macro(name: Option<&str>) -> bool {
    name.is_none_or(|name| !KNOWN_TRANSFORMS.contains(&name))
}

/// Why something is unknown where a macro works.
pub(super) fn macro_result(name: &str) -> Why {
    Why::new(WhyKind::AfterApply, name, format!("macro `{name}` may add what is left out here"))
}

fn plain_entries(section: Node) -> BTreeMap<Arc<str>, Node> {
    match section.kind {
        Kind::Map(entries) => entries.into_iter().map(|(key, node)| (key.text.into(), node)).collect(),
        _ => BTreeMap::new(),
    }
}

fn parameters(section: &Node) -> BTreeMap<Arc<str>, Parameter> {
    let scalar = |node: &Node| -> Option<Arc<str>> {
        // A list parameter's default may be written as a list, which CloudFormation joins by commas.
        let list = || node.items().iter().map(Node::text).collect::<Option<Vec<_>>>().map(|all| all.join(","));
        node.text().map(Arc::from).or_else(|| list().map(Arc::from))
    };
    let one = |node: &Node| Parameter {
        kind: node.get("Type").and_then(Node::text).unwrap_or("String").to_owned(),
        default: node.get("Default").and_then(|value| Some((scalar(value)?, value.span))),
        allowed: node
            .get("AllowedValues")
            .map(|all| all.items().iter().filter_map(scalar).collect())
            .unwrap_or_default(),
        min_length: node.get("MinLength").and_then(Node::text).and_then(|text| text.parse().ok()).unwrap_or(0),
        pattern: node.get("AllowedPattern").and_then(Node::text).map(str::to_owned),
    };
    section.entries().iter().map(|(key, node)| (Arc::from(&*key.text), one(node))).collect()
}

//! The configuration that a plan was made from, as far as the plan tells, as the modules that the sources would be.
//!
//! A plan keeps what is constant, and of every other expression only which things it refers to, the longest way first
//! (`aws_s3_bucket.logs.arn`, `aws_s3_bucket.logs`). It has neither locals nor `dynamic` blocks nor the types of variables.
//! An expression with one reference may be that reference, or a text around it. It is taken for the reference where
//! nothing else makes sense: the argument of a module, an output, an attribute that names another resource. Everywhere
//! else it stays open, so that no text is taken for another.

use super::known::Reader;
use crate::read::terraform::Folder;
use crate::source::{FileId, Span};
use crate::syntax::hcl::{Attribute, Block, Body, Expr, ExprKind, Name, Part, expression};
use crate::syntax::{Key, Kind, Node};
use std::collections::{BTreeMap, BTreeSet};

/// Attributes that hold nothing but the name, id or ARN of another resource, of the types that are read.
const LINKS: [&str; 22] = [
    "alarm_actions",
    "bucket",
    "cloud_watch_logs_role_arn",
    "event_bus_name",
    "key_id",
    "kms_key_arn",
    "kms_key_id",
    "kms_master_key_id",
    "log_group_name",
    "policy_arn",
    "policy_id",
    "primary_key_arn",
    "role",
    "role_arn",
    "rule",
    "s3_bucket_name",
    "sns_topic_name",
    "target_bucket",
    "target_id",
    "target_key_id",
    "topic_arn",
    "user",
];

/// What is built of one configuration.
pub(super) struct Builder<'r, 't> {
    pub(super) reader: &'r mut Reader<'t>,
    pub(super) file: FileId,
    /// Arguments of which a value is marked sensitive: `module.a.aws_kms_key.b.c`, without keys.
    pub(super) sensitive: &'r BTreeSet<String>,
    /// `provider_config`.
    pub(super) providers: Option<&'r Node>,
    /// The modules, the root first.
    pub(super) folders: Vec<Folder>,
    /// The places of the called modules, for the root.
    pub(super) installed: BTreeMap<String, String>,
    /// The variables of the root module that are marked sensitive.
    pub(super) hidden_variables: BTreeSet<String>,
}

/// Where a module stands.
#[derive(Clone, Default)]
struct Place {
    /// The path that its folder gets.
    path: String,
    /// The names of the calls that lead to it: `network.inner`.
    key: String,
    /// Its address without keys: `module.network.module.inner`.
    address: String,
}

impl Builder<'_, '_> {
    /// Adds the modules of a configuration, whose root gets the given path.
    pub(super) fn build(&mut self, path: &str, root: &Node) {
        let place = Place { path: path.to_owned(), ..Place::default() };
        self.module(&place, root);
        if let Some(root) = self.folders.first_mut() {
            root.named = true;
            root.installed = std::mem::take(&mut self.installed);
        }
    }

    fn module(&mut self, place: &Place, node: &Node) {
        let at = self.folders.len();
        self.folders.push(Folder { path: place.path.clone(), ..Folder::default() });
        let mut blocks = self.provider_blocks(place);
        for (key, variable) in entries(node, "variables") {
            blocks.push(self.variable(place, key, variable));
        }
        for (key, output) in entries(node, "outputs") {
            let mut body = Body::default();
            if let Some((word, value)) = output.entry("expression") {
                if output.get("sensitive").and_then(Node::text) == Some("true") {
                    self.hide_constants(value);
                }
                body.attributes.push(Attribute { name: name("value", word.span), value: self.expression(value, true) });
            }
            self.depends_on(output, &mut body);
            blocks.push(Block { kind: name("output", key.span), labels: vec![label(key)], body });
        }
        for resource in node.get("resources").map_or(&[][..], Node::items) {
            blocks.extend(self.resource(place, resource));
        }
        for (key, call) in entries(node, "module_calls") {
            let inner = Place {
                path: format!("{}/{}", place.path, key.text),
                key: joined(&place.key, &key.text),
                address: joined(&place.address, &format!("module.{}", key.text)),
            };
            blocks.push(self.call(key, call));
            self.installed.insert(inner.key.clone(), inner.path.clone());
            if let Some(module) = call.get("module") {
                self.module(&inner, module);
            }
        }
        if let Some(folder) = self.folders.get_mut(at) {
            folder.files = vec![(place.path.clone(), self.file, Body { blocks, ..Body::default() })];
        }
    }

    /// The provider configurations of a module. Those of the root are passed on to every module by their own names, which
    /// is how the plan's resources name them.
    fn provider_blocks(&mut self, place: &Place) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (key, provider) in self.providers.map_or(&[][..], Node::entries) {
            let text = |key: &str| provider.get(key).and_then(Node::text);
            let (Some(kind), address) = (text("name"), text("module_address").unwrap_or_default()) else { continue };
            for secret in ["access_key", "secret_key", "token"] {
                if let Some(secret) = provider.get("expressions").and_then(|all| all.get(secret)) {
                    self.hide_constants(secret);
                }
            }
            if without_keys(address) != place.address {
                continue;
            }
            let mut body = provider.get("expressions").map(|all| self.body(all, "")).unwrap_or_default();
            if let Some((word, alias)) = provider.entry("alias") {
                body.attributes.push(Attribute { name: name("alias", word.span), value: literal(alias) });
            }
            blocks.push(Block { kind: name("provider", key.span), labels: vec![name(kind, key.span)], body });
        }
        blocks
    }

    fn variable(&mut self, place: &Place, key: &Key, variable: &Node) -> Block {
        let mut body = Body::default();
        let sensitive = variable.get("sensitive").and_then(Node::text) == Some("true");
        if sensitive && place.address.is_empty() {
            self.hidden_variables.insert(key.text.to_string());
        }
        match variable.entry("default") {
            Some((_, default)) if sensitive => self.reader.hide(default),
            Some((word, default)) => {
                let value = self.constant(default);
                body.attributes.push(Attribute { name: name("default", word.span), value });
            }
            None => {}
        }
        Block { kind: name("variable", key.span), labels: vec![label(key)], body }
    }

    fn resource(&mut self, place: &Place, node: &Node) -> Option<Block> {
        let text = |key: &str| node.get(key).and_then(Node::text);
        let (kind, own) = (text("type")?, text("name")?);
        let is_data = text("mode") == Some("data");
        let span = node.get("address").map_or(node.span, |address| address.span);
        let within = format!("{}{kind}.{own}", if is_data { "data." } else { "" });
        let address = joined(&place.address, &within);
        let mut body = node.get("expressions").map(|all| self.body(all, &address)).unwrap_or_default();
        self.how_often(node, &mut body);
        if let Some((word, provider)) = node.entry("provider_config_key") {
            let reference = provider.text().unwrap_or_default().rsplit(':').next().unwrap_or_default();
            if let Ok(value) = expression(self.file, reference, provider.span.start as usize) {
                body.attributes.push(Attribute { name: name("provider", word.span), value });
            }
        }
        let block = if is_data { "data" } else { "resource" };
        Some(Block { kind: name(block, span), labels: vec![name(kind, span), name(own, span)], body })
    }

    fn call(&mut self, key: &Key, call: &Node) -> Block {
        let mut body = Body::default();
        for (word, value) in call.get("expressions").map_or(&[][..], Node::entries) {
            let value = self.expression(value, true);
            body.attributes.push(Attribute { name: label(word), value });
        }
        self.how_often(call, &mut body);
        // Each call leads to a module of its own: what is installed for it.
        let source = text(&format!("plan/{}", key.text), key.span);
        body.attributes.push(Attribute { name: name("source", key.span), value: source });
        let mut passed = Vec::new();
        for (word, provider) in self.providers.map_or(&[][..], Node::entries) {
            let is_root = provider.get("module_address").is_none();
            let reference = expression(self.file, &word.text, word.span.start as usize).ok();
            if let Some(reference) = reference.filter(|_| is_root) {
                passed.push((text(&word.text, word.span), reference));
            }
        }
        let value = Expr { span: key.span, kind: ExprKind::Map(passed) };
        body.attributes.push(Attribute { name: name("providers", key.span), value });
        Block { kind: name("module", key.span), labels: vec![label(key)], body }
    }

    /// `count`, `for_each` and `depends_on`. What is not constant stays open: the plan lists the instances.
    fn how_often(&mut self, node: &Node, body: &mut Body) {
        for (key, word) in [("count_expression", "count"), ("for_each_expression", "for_each")] {
            if let Some((place, value)) = node.entry(key) {
                body.attributes.push(Attribute { name: name(word, place.span), value: self.expression(value, false) });
            }
        }
        self.depends_on(node, body);
    }

    fn depends_on(&self, node: &Node, body: &mut Body) {
        if let Some((place, value)) = node.entry("depends_on") {
            let all = value.items().iter().filter_map(|item| self.reference(item)).collect();
            let value = Expr { span: value.span, kind: ExprKind::List(all) };
            body.attributes.push(Attribute { name: name("depends_on", place.span), value });
        }
    }

    /// The arguments and blocks of a resource, or of a block inside one.
    fn body(&mut self, expressions: &Node, address: &str) -> Body {
        let mut body = Body::default();
        for (key, value) in expressions.entries() {
            let path = format!("{address}.{}", key.text);
            if self.sensitive.contains(&path) {
                self.hide_constants(value);
            }
            match &value.kind {
                Kind::List(items) => {
                    for item in items {
                        let inner = self.body(item, &path);
                        body.blocks.push(Block { kind: label(key), labels: Vec::new(), body: inner });
                    }
                }
                Kind::Map(_) if !is_expression(value) => {
                    let inner = self.body(value, &path);
                    body.blocks.push(Block { kind: label(key), labels: Vec::new(), body: inner });
                }
                _ => {
                    let is_link = LINKS.contains(&&*key.text);
                    let value = if &*key.text == "cloud_watch_logs_group_arn" {
                        self.log_group(value)
                    } else {
                        self.expression(value, is_link)
                    };
                    body.attributes.push(Attribute { name: label(key), value });
                }
            }
        }
        body
    }

    /// An expression. `is_link` says that one with a single reference is that reference.
    fn expression(&mut self, node: &Node, is_link: bool) -> Expr {
        if let Some(constant) = node.get("constant_value") {
            return self.constant(constant);
        }
        let mut references: Vec<(&str, Expr)> = Vec::new();
        for item in node.get("references").map_or(&[][..], Node::items) {
            let Some(text) = item.text() else { continue };
            // The parts of a longer way follow it.
            let is_part = |longer: &str| {
                longer.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            };
            if !references.iter().any(|(longer, _)| is_part(longer))
                && let Some(reference) = self.reference(item)
            {
                references.push((text, reference));
            }
        }
        match references.as_slice() {
            [(text, only)] if is_link || is_document(text) => only.clone(),
            _ => {
                let all = references.into_iter().map(|(_, reference)| reference).collect();
                let kind = if is_link { ExprKind::Chosen(all) } else { ExprKind::Opaque(all) };
                Expr { span: node.span, kind }
            }
        }
    }

    /// CloudTrail takes the ARN of a log group only with `:*` behind it, and the attribute of the group has none.
    fn log_group(&mut self, node: &Node) -> Expr {
        let value = self.expression(node, true);
        let is_arn = matches!(&value.kind, ExprKind::Attribute(_, last) if &*last.text == "arn");
        if !is_arn {
            return value;
        }
        let parts = vec![Part::Interpolation(value), Part::Literal(":*".into(), None)];
        Expr { span: node.span, kind: ExprKind::Text(parts) }
    }

    fn reference(&self, node: &Node) -> Option<Expr> {
        let written = node.text()?;
        let parsed = expression(self.file, written, node.span.start as usize + 1).ok()?;
        Some(Expr { span: node.span, ..parsed })
    }

    /// A constant, unless it is one of the values that nobody may see.
    fn constant(&mut self, node: &Node) -> Expr {
        self.hide_secrets(node);
        if self.is_hidden(node) { Expr { span: node.span, kind: ExprKind::Opaque(Vec::new()) } } else { literal(node) }
    }

    fn is_hidden(&self, node: &Node) -> bool {
        self.reader.hidden.range(node.span.range()).next().is_some()
    }

    /// Hides what is equal to a value that is marked sensitive elsewhere: the plan has it in clear where it was written.
    fn hide_secrets(&mut self, node: &Node) {
        match &node.kind {
            Kind::Scalar { text, .. } if self.reader.secrets.contains(text) => self.reader.hide(node),
            Kind::Scalar { .. } => {}
            Kind::List(items) => items.iter().for_each(|item| self.hide_secrets(item)),
            Kind::Map(entries) => entries.iter().for_each(|(_, value)| self.hide_secrets(value)),
        }
    }

    fn hide_constants(&mut self, node: &Node) {
        if let Some(constant) = node.get("constant_value") {
            self.reader.hide(constant);
        } else {
            node.items().iter().for_each(|item| self.hide_constants(item));
            node.entries().iter().for_each(|(_, value)| self.hide_constants(value));
        }
    }
}

/// Whether a reference leads to a policy document, which is nothing to put into a text.
fn is_document(reference: &str) -> bool {
    reference.contains("data.aws_iam_policy_document.") && reference.ends_with("json")
}

/// Whether this says how a value is made; a block says it of each of its arguments.
fn is_expression(node: &Node) -> bool {
    let entries = node.entries();
    entries.is_empty()
        || entries.iter().any(|(key, value)| {
            &*key.text == "constant_value" || (&*key.text == "references" && matches!(value.kind, Kind::List(_)))
        })
}

fn entries<'n>(node: &'n Node, key: &str) -> &'n [(Key, Node)] {
    node.get(key).map_or(&[], Node::entries)
}

fn joined(first: &str, second: &str) -> String {
    if first.is_empty() { second.to_owned() } else { format!("{first}.{second}") }
}

fn name(text: &str, span: Span) -> Name {
    Name { text: text.into(), span }
}

fn label(key: &Key) -> Name {
    Name { text: key.text.clone(), span: key.span }
}

fn text(characters: &str, span: Span) -> Expr {
    Expr { span, kind: ExprKind::Text(vec![Part::Literal(characters.into(), None)]) }
}

/// A value as an expression that is nothing but it.
fn literal(node: &Node) -> Expr {
    let kind = match &node.kind {
        _ if node.is_null() => ExprKind::Null,
        Kind::Scalar { text, plain: true } => match &**text {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            number => ExprKind::Number(number.into()),
        },
        Kind::Scalar { text: characters, .. } => return text(characters, node.span),
        Kind::List(items) => ExprKind::List(items.iter().map(literal).collect()),
        Kind::Map(entries) => {
            ExprKind::Map(entries.iter().map(|(key, value)| (text(&key.text, key.span), literal(value))).collect())
        }
    };
    Expr { span: node.span, kind }
}

/// An address without the keys of its instances.
pub(in crate::read::terraform) fn without_keys(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for character in address.chars() {
        match character {
            '"' if depth > 0 && !escaped => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth = depth.saturating_sub(1),
            _ if depth == 0 => plain.push(character),
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    plain
}

//! Terraform's JSON syntax: which properties are blocks, which strings are templates, literals or references.
//!
//! JSON does not say what is a block. Those of Terraform itself are known here; the blocks of a provider's resource type
//! look like attributes, and whoever knows the type takes them for what they are. Nothing here knows AWS.

use super::super::{Key, Kind, Node, SyntaxError};
use super::lower::Place;
use super::{Attribute, Block, Body, Expr, ExprKind, MAX_ERRORS, Name, Part, expression_at, template_at};
use crate::source::Span;
use std::cell::RefCell;

/// The block types at the outermost level, with how many labels each has.
const OUTERMOST: &[(&str, usize)] = &[
    ("check", 1),
    ("data", 2),
    ("ephemeral", 2),
    ("import", 0),
    ("locals", 0),
    ("module", 1),
    ("moved", 0),
    ("output", 1),
    ("provider", 1),
    ("removed", 0),
    ("resource", 2),
    ("terraform", 0),
    ("variable", 1),
];

/// The block types inside a block, with how many labels each has.
fn inside(kind: &str) -> &'static [(&'static str, usize)] {
    match kind {
        "resource" | "data" | "ephemeral" => &[("dynamic", 1), ("lifecycle", 0), ("provisioner", 1), ("connection", 0)],
        "dynamic" => &[("content", 0)],
        "content" => &[("dynamic", 1)],
        "provisioner" => &[("connection", 0)],
        "lifecycle" => &[("precondition", 0), ("postcondition", 0)],
        "variable" => &[("validation", 0)],
        "output" => &[("precondition", 0)],
        "terraform" => &[("backend", 1), ("cloud", 0), ("required_providers", 0)],
        "cloud" => &[("workspaces", 0)],
        "check" => &[("data", 2), ("assert", 0)],
        "removed" => &[("lifecycle", 0), ("provisioner", 1)],
        _ => &[],
    }
}

/// How the strings of a value are taken.
#[derive(Clone, Copy, PartialEq)]
enum Strings {
    /// As templates.
    Template,
    /// As they stand.
    Literal,
    /// As references, types or keywords: expressions without quotes.
    Reference,
}

/// How Terraform takes the strings of an argument.
fn strings(kind: &str, name: &str) -> Strings {
    match (kind, name) {
        (_, "depends_on")
        | ("resource" | "data" | "ephemeral" | "import", "provider")
        | ("module", "providers")
        | ("variable", "type")
        | ("lifecycle", "ignore_changes" | "replace_triggered_by")
        | ("moved", "from" | "to")
        | ("removed", "from")
        | ("import", "to")
        | ("provisioner", "when" | "on_failure")
        | ("dynamic", "iterator") => Strings::Reference,
        ("variable" | "required_providers" | "backend" | "cloud" | "workspaces" | "terraform", _)
        | ("output", "description")
        | ("module", "source" | "version")
        | ("provider", "alias" | "version")
        // Values of variables.
        | ("", _) => Strings::Literal,
        _ => Strings::Template,
    }
}

/// The blocks and attributes of a file, and what is broken: it costs the block that it stands in.
pub(super) fn body(text: &str, root: &Node) -> (Body, Vec<SyntaxError>) {
    let reader = Reader { text, errors: RefCell::default() };
    // HCL allows a list of objects here too: their contents together.
    let objects = match &root.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(root),
    };
    let mut body = Body::default();
    for object in objects {
        let Kind::Map(entries) = &object.kind else {
            reader.errors.borrow_mut().push(not_an_object(object));
            continue;
        };
        for entry in entries {
            match reader.body("", std::slice::from_ref(entry), OUTERMOST) {
                Ok(found) => {
                    body.attributes.extend(found.attributes);
                    body.blocks.extend(found.blocks);
                }
                Err(error) => reader.errors.borrow_mut().push(error),
            }
        }
    }
    let mut errors = reader.errors.into_inner();
    errors.truncate(MAX_ERRORS);
    (body, errors)
}

fn not_an_object(node: &Node) -> SyntaxError {
    SyntaxError::new("expected an object: its properties are blocks and arguments", node.span)
}

struct Reader<'t> {
    text: &'t str,
    errors: RefCell<Vec<SyntaxError>>,
}

impl Reader<'_> {
    fn body(&self, kind: &str, entries: &[(Key, Node)], blocks: &[(&str, usize)]) -> Result<Body, SyntaxError> {
        let mut body = Body::default();
        for (key, value) in entries {
            // A comment.
            if &*key.text == "//" {
                continue;
            }
            let labels = blocks.iter().find(|(name, _)| *name == &*key.text).map(|(_, labels)| *labels);
            match labels {
                Some(labels) if shaped(value) => self.blocks(key, labels, &mut Vec::new(), value, &mut body.blocks),
                _ => body
                    .attributes
                    .push(Attribute { name: name(key), value: self.value(value, strings(kind, &key.text), 0)? }),
            }
        }
        Ok(body)
    }

    /// The blocks below a property, with the labels that are still to come.
    fn blocks(&self, kind: &Key, labels: usize, known: &mut Vec<Name>, value: &Node, blocks: &mut Vec<Block>) {
        let tell = |error| self.errors.borrow_mut().push(error);
        match &value.kind {
            // Several blocks, or their labels in several objects.
            Kind::List(items) => {
                for item in items {
                    match &item.kind {
                        Kind::Map(_) => self.blocks(kind, labels, known, item, blocks),
                        _ => tell(not_an_object(item)),
                    }
                }
            }
            Kind::Map(entries) if labels == 0 => {
                let body = self.body(&kind.text, entries, inside(&kind.text)).unwrap_or_else(|error| {
                    tell(error);
                    Body { is_broken: true, ..Body::default() }
                });
                blocks.push(Block { kind: name(kind), labels: known.clone(), body });
            }
            Kind::Map(entries) => {
                for (key, value) in entries.iter().filter(|(key, _)| &*key.text != "//") {
                    known.push(name(key));
                    self.blocks(kind, labels - 1, known, value, blocks);
                    known.pop();
                }
            }
            // `null` is no block.
            Kind::Scalar { .. } if value.is_null() => {}
            Kind::Scalar { .. } => tell(not_an_object(value)),
        }
    }

    fn value(&self, node: &Node, strings: Strings, depth: usize) -> Result<Expr, SyntaxError> {
        let kind = match &node.kind {
            Kind::Scalar { text, plain: false } => return self.string(node.span, text, strings, depth),
            Kind::Scalar { text, plain: true } => match &**text {
                "null" => ExprKind::Null,
                "true" => ExprKind::Bool(true),
                "false" => ExprKind::Bool(false),
                number => ExprKind::Number(number.into()),
            },
            Kind::List(items) => {
                let items = items.iter().map(|item| self.value(item, strings, depth + 1));
                ExprKind::List(items.collect::<Result<_, _>>()?)
            }
            Kind::Map(entries) => {
                let mut members = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    // The keys of `providers` are names, which a text is as well.
                    let template = if strings == Strings::Template { strings } else { Strings::Literal };
                    let name = self.text_of(key.span, &key.text, template, depth + 1)?;
                    members.push((name, self.value(value, strings, depth + 1)?));
                }
                ExprKind::Map(members)
            }
        };
        Ok(Expr { span: node.span, kind })
    }

    /// A string as a value: an interpolation with nothing around it is the expression itself.
    fn string(&self, span: Span, text: &str, strings: Strings, depth: usize) -> Result<Expr, SyntaxError> {
        if strings == Strings::Reference
            && let Ok(expr) = self.at(span, text, |place| expression_at(place, depth))
        {
            return Ok(expr);
        }
        let mut expr = self.text_of(span, text, strings, depth)?;
        if let ExprKind::Text(parts) = &mut expr.kind
            && let [Part::Interpolation(_)] = parts.as_slice()
            && let Some(Part::Interpolation(inner)) = parts.pop()
        {
            return Ok(inner);
        }
        Ok(expr)
    }

    fn text_of(&self, span: Span, text: &str, strings: Strings, depth: usize) -> Result<Expr, SyntaxError> {
        let parts = match strings {
            _ if text.is_empty() => Vec::new(),
            Strings::Literal => vec![Part::Literal(text.into(), None)],
            _ if !text.contains("${") && !text.contains("%{") => vec![Part::Literal(text.into(), None)],
            _ => self.at(span, text, |place| template_at(place, depth + 1))?,
        };
        Ok(Expr { span, kind: ExprKind::Text(parts) })
    }

    /// Reads the text of a string, which begins after its quote.
    fn at<T>(&self, span: Span, text: &str, read: impl Fn(&Place<'_>) -> T) -> T {
        let offset = span.start as usize + 1;
        let written = self.text.get(offset..(span.end as usize).saturating_sub(1)).unwrap_or("");
        let escapes = escapes(written);
        read(&Place { file: span.file, text, offset, inserted: &[], escapes: &escapes })
    }
}

/// Whether a value can be blocks.
fn shaped(node: &Node) -> bool {
    match &node.kind {
        Kind::Map(_) => true,
        Kind::List(items) => items.iter().all(|item| matches!(item.kind, Kind::Map(_))),
        Kind::Scalar { .. } => node.is_null(),
    }
}

fn name(key: &Key) -> Name {
    Name { text: key.text.clone(), span: key.span }
}

/// Where the escapes of a JSON string end once they are resolved, and by how much the text as written is longer so far.
fn escapes(written: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let (mut at, mut longer) = (0, 0);
    while let Some(length) = written.get(at..).and_then(|rest| rest.find('\\')) {
        at += length;
        let rest = written.get(at..).unwrap_or("");
        let unit = |from: usize| rest.get(from..from + 4).and_then(|code| u32::from_str_radix(code, 16).ok());
        let (width, resolved) = match rest.as_bytes().get(1) {
            Some(b'u') => match unit(2) {
                // Half of a pair: the other half follows.
                Some(0xd800..=0xdfff) => (12, 4),
                Some(code) => (6, char::from_u32(code).map_or(1, char::len_utf8)),
                None => (2, 1),
            },
            _ => (2, 1),
        };
        let start = at - longer;
        longer += width - resolved;
        found.push((start + resolved, longer));
        at += width;
    }
    found
}

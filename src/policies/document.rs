//! A document with its values, and how JSON, YAML and HCL spell it.

use super::Values;
use crate::source::FileId;
use crate::syntax::{Kind, Node, json};

/// A JSON value whose objects keep the order in which they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Document {
    /// An object.
    Map(Vec<(String, Document)>),
    /// An array.
    List(Vec<Document>),
    /// A string.
    Text(String),
    /// A number, a boolean or null, as written.
    Plain(String),
}

/// How a language spells the members of an object, at an indentation.
type Members = dyn Fn(&[(String, Document)], usize) -> String;

/// Reads a document of ours and fills its placeholders. What holds an optional placeholder without a value is left out.
pub(super) fn fill(text: &str, values: &Values) -> Document {
    // The documents are compiled in, and a test parses each.
    let filled = json::parse(FileId(0), text).ok().and_then(|node| filled(&node, values));
    filled.unwrap_or(Document::Map(Vec::new()))
}

fn filled(node: &Node, values: &Values) -> Option<Document> {
    match &node.kind {
        Kind::Scalar { text, plain: true } => Some(Document::Plain(text.to_string())),
        Kind::Scalar { text, .. } => Some(Document::Text(replace(text, values)?)),
        Kind::List(items) => {
            let kept: Vec<Document> = items.iter().filter_map(|item| filled(item, values)).collect();
            (!kept.is_empty() || items.is_empty()).then_some(Document::List(kept))
        }
        Kind::Map(entries) => {
            let entry =
                |(key, value): &(crate::syntax::Key, Node)| Some((key.text.to_string(), filled(value, values)?));
            let kept: Vec<(String, Document)> = entries.iter().filter_map(entry).collect();
            (!kept.is_empty() || entries.is_empty()).then_some(Document::Map(kept))
        }
    }
}

/// A text with its placeholders filled; none where one has no value.
fn replace(text: &str, values: &Values) -> Option<String> {
    let mut pieces = text.split("${");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (place, rest) = piece.split_once('}')?;
        filled.push_str(values.get(place)?);
        filled.push_str(rest);
    }
    Some(filled)
}

/// Fills a resource: `${Document}` by the document or, with a path behind it, by a part of it, the rest by the values. A
/// text has the language's quotes, unless it stands inside of them.
pub(super) fn carry(text: &str, document: &Document, values: &Values, spell: fn(&Document, usize) -> String) -> String {
    let mut filled = String::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        match line.split_once("${Document").and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
            None => filled.push_str(&replace(line, values).unwrap_or_default()),
            Some((before, (path, after))) => {
                let part = path.split('.').skip(1).try_fold(document, Document::part);
                let spelt = match part {
                    Some(Document::Text(text)) if before.ends_with('"') => text.clone(),
                    Some(part) => spell(part, indent),
                    None => String::new(),
                };
                let before = if spelt.starts_with('\n') { before.trim_end() } else { before };
                filled.push_str(&format!("{before}{spelt}{after}"));
            }
        }
        filled.push('\n');
    }
    filled
}

impl Document {
    /// A member by its name, or an item by its number.
    pub fn part(&self, name: &str) -> Option<&Document> {
        match self {
            Document::Map(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            Document::List(items) => items.get(name.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// As JSON; lines after the first are indented by this much and more.
    pub fn json(&self, indent: usize) -> String {
        self.braces(indent, &|entries, indent| {
            let member = |(key, value): &(String, Document)| format!("{}: {}", quoted(key), value.json(indent));
            entries.iter().map(member).collect::<Vec<_>>().join(&format!(",\n{}", " ".repeat(indent)))
        })
    }

    /// As an expression of HCL, in the canonical style: neighbours of one line each have their `=` below one another.
    pub fn hcl(&self, indent: usize) -> String {
        self.braces(indent, &|entries, indent| {
            let key = |key: &str| match key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                true => key.to_owned(),
                false => quoted(key),
            };
            let mut lines = Vec::new();
            for run in entries.chunk_by(|(_, a), (_, b)| a.is_short() && b.is_short()) {
                let width = run.iter().map(|(name, _)| key(name).len()).max().unwrap_or(0);
                lines.extend(run.iter().map(|(name, value)| format!("{:width$} = {}", key(name), value.hcl(indent))));
            }
            lines.join(&format!("\n{}", " ".repeat(indent)))
        })
    }

    fn is_short(&self) -> bool {
        matches!(self, Document::Text(_) | Document::Plain(_))
    }

    /// Objects and arrays in brackets; how members stand in an object is the language's.
    fn braces(&self, indent: usize, members: &Members) -> String {
        let (inner, close) = (" ".repeat(indent + 2), " ".repeat(indent));
        match self {
            Document::Plain(text) => text.clone(),
            Document::Text(text) => quoted(text),
            Document::List(items) => {
                let items: Vec<String> = items.iter().map(|item| item.braces(indent + 2, members)).collect();
                format!("[\n{inner}{}\n{close}]", items.join(&format!(",\n{inner}")))
            }
            Document::Map(entries) => format!("{{\n{inner}{}\n{close}}}", members(entries, indent + 2)),
        }
    }

    /// As a block of YAML, below a key that is indented by this much.
    pub fn yaml(&self, indent: usize) -> String {
        match self {
            Document::Plain(text) => text.clone(),
            Document::Text(text) => scalar(text),
            Document::Map(entries) => {
                let margin = " ".repeat(indent + 2);
                entries
                    .iter()
                    .map(|(key, value)| format!("\n{margin}{}:{}", scalar(key), value.below(indent + 2)))
                    .collect()
            }
            Document::List(items) => {
                let margin = " ".repeat(indent + 2);
                let item = |item: &Document| match item {
                    // The first member stands behind the dash.
                    Document::Map(_) | Document::List(_) => {
                        format!("\n{margin}- {}", item.yaml(indent + 2).trim_start())
                    }
                    _ => format!("\n{margin}- {}", item.yaml(0)),
                };
                items.iter().map(item).collect()
            }
        }
    }

    /// What stands behind a key and its colon.
    fn below(&self, indent: usize) -> String {
        match self {
            Document::Map(_) | Document::List(_) => self.yaml(indent),
            _ => format!(" {}", self.yaml(indent)),
        }
    }
}

/// In double quotes. No value holds a character that needs more than these escapes, in JSON, HCL or YAML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A YAML scalar: plain where no reader could take it for anything but text.
fn scalar(text: &str) -> String {
    let word =
        ["true", "false", "yes", "no", "on", "off", "null", "y", "n"].iter().any(|it| text.eq_ignore_ascii_case(it));
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " -_./:*".contains(c))
        && !text.contains(": ")
        && !text.ends_with([':', ' ']);
    if plain && !word { text.to_owned() } else { quoted(text) }
}

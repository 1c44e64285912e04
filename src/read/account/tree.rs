//! Answers as evaluated values: every value with the place that shows it, and documents in strings as the mappings that
//! they are, whether they are JSON or, as IAM sends them, JSON in the encoding of URLs.

use crate::read::{Content, Datum, Member, embedded};
use crate::source::Span;
use crate::syntax::{Key, Kind, Node};

/// Turns nodes of one file into values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tree<'a> {
    text: &'a str,
}

impl<'a> Tree<'a> {
    pub(super) fn new(text: &'a str) -> Tree<'a> {
        Tree { text }
    }

    /// The value of a key.
    pub(super) fn below(&self, key: &Key, node: &Node) -> Datum {
        self.at(node, self.shown(node.span, key.span))
    }

    /// A value at a place.
    pub(super) fn at(&self, node: &Node, span: Span) -> Datum {
        let content = match &node.kind {
            _ if node.is_null() => Content::Absent,
            Kind::Scalar { text, plain } => {
                let decoded = if text.starts_with("%7B") { decode(text) } else { None };
                let written = self.text.get(node.span.range()).filter(|_| decoded.is_none());
                let written = written.map(|source| (source, node.span.start as usize));
                match embedded::document(&decoded.as_deref().unwrap_or(text).into(), span, written) {
                    Some(document) => return document,
                    None => Content::Text { text: text.as_ref().into(), plain: *plain },
                }
            }
            Kind::List(items) => Content::List(items.iter().map(|item| self.item(item)).collect()),
            Kind::Map(entries) => {
                let member = |(key, value): &(Key, Node)| Member {
                    key: key.text.as_ref().into(),
                    span: key.span,
                    value: self.below(key, value),
                };
                Content::Map { members: entries.iter().map(member).collect(), rest: None }
            }
        };
        Datum::new(content, span)
    }

    /// An element of a list: a mapping over several lines is underlined at its first key.
    fn item(&self, node: &Node) -> Datum {
        let first = node.entries().first().map_or(node.span, |(key, _)| key.span);
        self.at(node, self.shown(node.span, first))
    }

    /// A place where it is on one line, else another.
    fn shown(&self, span: Span, other: Span) -> Span {
        let is_one_line = self.text.get(span.range()).is_none_or(|text| !text.contains('\n'));
        if is_one_line { span } else { other }
    }
}

/// A text in the encoding of URLs, decoded.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::syntax::json;

    #[test]
    fn documents_in_strings_are_read() {
        for text in [
            r#"{"Policy": "{\"Version\": \"2012-10-17\"}"}"#,
            r#"{"Policy": "%7B%22Version%22%3A%222012-10-17%22%7D"}"#,
            r#"{"Policy": {"Version": "2012-10-17"}}"#,
        ] {
            let root = json::parse(FileId(0), text).unwrap();
            let datum = Tree::new(text).at(&root, root.span);
            let policy = crate::read::shape::member(&datum, "Policy").unwrap();
            let version = crate::read::shape::member(policy, "Version").map(Datum::as_text);
            assert_eq!(version.as_ref().and_then(crate::value::Text::literal), Some("2012-10-17"), "{text}");
        }
    }
}

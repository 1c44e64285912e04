//! Bytes to a spanned tree. YAML and JSON give the same [`Node`]s, so that no reader asks which it was.
//!
//! Scalars keep their text (`001234567890` stays an account id) and whether they were plain, since `yes` is a boolean
//! and `"yes"` is not. Tags are kept as written: what `!Ref` means is the reader's business. Nothing here knows AWS.

pub mod hcl;
pub mod json;
mod merge;
mod tree;
pub mod yaml;

use crate::source::{FileId, Span};

/// Deepest nesting that is read; CloudFormation templates stay far below.
pub const MAX_DEPTH: usize = 200;

/// Most nodes that one document may have after its YAML aliases are expanded.
pub const MAX_NODES: usize = 2_000_000;

/// A value with its place. `span` covers the value as written, from its tag (if any) to its last character.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// The YAML tag as written, such as `!Ref`; JSON has none.
    pub tag: Option<Box<Tag>>,
    /// What it is.
    pub kind: Kind,
}

/// A YAML tag: `text` with its leading `!`, and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Tag {
    /// The tag as written, `!` included: `!Sub`.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// The three shapes of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A scalar: its text after quotes and escapes are resolved. `plain` is true for YAML plain scalars and for JSON's
    /// numbers, `true`, `false` and `null`; false for anything in quotes and for YAML block scalars.
    Scalar {
        /// The text.
        text: Box<str>,
        /// Whether a boolean, number or null may be read into it.
        plain: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping in the order written; keys are unique, merge keys (`<<`) are resolved.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping and its place, quotes included.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The key.
    pub text: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// Why a text is not a document. `span` is what to underline; the message is lower case, without a full stop.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxError {
    /// What is wrong, and where it helps, what to do.
    pub message: String,
    /// Where.
    pub span: Span,
    /// A second place that explains the first, with its label: the first of two equal keys.
    pub related: Option<(Span, &'static str)>,
}

impl SyntaxError {
    /// An error at one place.
    fn new(message: impl Into<String>, span: Span) -> Self {
        SyntaxError { message: message.into(), span, related: None }
    }

    /// An error at the character that starts at a byte; at the end of a line or of the text the span is empty.
    fn at(message: impl Into<String>, file: FileId, text: &str, offset: usize) -> Self {
        let offset = offset.min(text.len());
        let start = (0..=offset).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let next = text.get(start..).and_then(|rest| rest.chars().next());
        let width = next.filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
        SyntaxError::new(message, Span::new(file, start..start + width))
    }
}

impl Node {
    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// A key of a mapping with its value.
    pub fn entry(&self, key: &str) -> Option<(&Key, &Node)> {
        self.entries().iter().find(|(name, _)| &*name.text == key).map(|(name, value)| (name, value))
    }

    /// The entries of a mapping; none for anything else.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar, whatever its style.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// Whether this is a plain null: nothing, `~` or `null`.
    pub fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true } if matches!(&**text, "" | "~" | "null" | "Null" | "NULL"))
    }
}

//! An evaluated value of any dialect: what is left once functions, parameters and conditions were worked out.

use crate::source::Span;
use crate::value::{Assumption, Condition, Text, Why};
use std::sync::Arc;

/// An evaluated value with the place to underline for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Datum {
    /// What it is.
    pub content: Content,
    /// The value as written where that is one line, else its key.
    pub span: Span,
    /// The defaults that decided it.
    pub assumes: Vec<Assumption>,
}

/// The shapes of an evaluated value.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Written, but with the meaning of being left out: `AWS::NoValue`, null.
    Absent,
    /// A scalar. `plain` is false where it was quoted, so that `"yes"` is no boolean.
    Text {
        /// The characters, with holes.
        text: Text,
        /// Whether it was written without quotes.
        plain: bool,
    },
    /// A list. An element that may be any number of elements is an unknown element.
    List(Vec<Datum>),
    /// A mapping.
    Map {
        /// What is written, in order.
        members: Vec<Member>,
        /// Why keys that are not written may be there all the same: a macro works on the mapping.
        rest: Option<Why>,
    },
    /// One of several values: a parameter whose declaration lists them, a mapping's key without value.
    OneOf {
        /// What it is as a text: the hole.
        text: Text,
        /// Why it is not known which.
        why: Why,
        /// The values.
        values: Vec<Datum>,
    },
    /// Either of two values.
    Either(Condition, Box<Datum>, Box<Datum>),
    /// Anything, for this reason.
    Unknown(Why),
}

/// A key of a mapping with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: Arc<str>,
    /// Where the key stands.
    pub span: Span,
    /// The value.
    pub value: Datum,
}

impl Datum {
    /// A value that rests on no default.
    pub fn new(content: Content, span: Span) -> Datum {
        Datum { content, span, assumes: Vec::new() }
    }

    /// A text that was not written plainly.
    pub fn text(text: impl Into<Text>, span: Span) -> Datum {
        Datum::new(Content::Text { text: text.into(), plain: false }, span)
    }

    /// An unknown value.
    pub fn unknown(why: Why, span: Span) -> Datum {
        Datum::new(Content::Unknown(why), span)
    }

    /// The same value, resting on these defaults too.
    pub fn assuming(mut self, assumes: &[Assumption]) -> Datum {
        for one in assumes {
            if self.assumes.len() < crate::value::MAX_EVIDENCE && !self.assumes.contains(one) {
                self.assumes.push(one.clone());
            }
        }
        self
    }

    /// The value where a condition holds.
    pub(super) fn where_holds(self, condition: &Condition) -> Datum {
        let Datum { content, span, assumes } = self;
        let each = |values: Vec<Datum>| values.into_iter().map(|value| value.where_holds(condition)).collect();
        let content = match content {
            Content::Either(known, yes, _) if known == *condition => {
                return yes.where_holds(condition).assuming(&assumes);
            }
            Content::Either(known, yes, no) => {
                Content::Either(known, Box::new(yes.where_holds(condition)), Box::new(no.where_holds(condition)))
            }
            Content::List(items) => Content::List(each(items)),
            Content::OneOf { text, why, values } => Content::OneOf { text, why, values: each(values) },
            Content::Map { members, rest } => {
                let member = |member: Member| Member { value: member.value.where_holds(condition), ..member };
                Content::Map { members: members.into_iter().map(member).collect(), rest }
            }
            other @ (Content::Absent | Content::Text { .. } | Content::Unknown(_)) => other,
        };
        Datum { content, span, assumes }
    }

    /// The value as text: a hole where it is not one.
    pub fn as_text(&self) -> Text {
        match &self.content {
            Content::Text { text, .. } | Content::OneOf { text, .. } => text.clone(),
            Content::Unknown(why) => Text::unknown(why.clone()),
            Content::Either(condition, yes, no) => {
                let (yes, no) = (yes.as_text(), no.as_text());
                if yes == no { yes } else { Text::unknown(Why::condition(condition.clone())) }
            }
            Content::Absent => Text::default(),
            Content::List(_) | Content::Map { .. } => Text::unknown(Why::new(
                crate::value::WhyKind::Unsupported,
                "text",
                "a list or mapping stands where text is expected",
            )),
        }
    }
}

//! How much a value is. What is made of references may double with every line of a file, so that each value has a greatest
//! weight and depth; what is beyond is not known. It knows nothing of expressions.

use crate::read::{Content, Datum};
use crate::source::Span;
use crate::value::{Piece, Text, Why, WhyKind};
use std::cell::Cell;

/// Most that one value weighs: as many values in one another, or as much text.
pub(super) const MAX_WEIGHT: usize = 50_000;

/// So many bytes of text weigh as much as a value, and so many assumptions.
const BYTES_PER_VALUE: usize = 64;
const ASSUMPTIONS_PER_VALUE: usize = 4;

/// Deepest nesting of a value: what walks it does so by calling itself.
const MAX_DEPTH: usize = 200;

/// What is left for the parts of one value.
pub(super) struct Room(Cell<usize>);

impl Room {
    pub(super) fn new() -> Room {
        Room(Cell::new(MAX_WEIGHT))
    }

    /// Takes the room of a part; false where there is not so much, and then nothing else fits either.
    pub(super) fn takes(&self, part: &Datum) -> bool {
        let mut left = self.0.get();
        let fits = spend(part, 1, &mut left);
        self.0.set(if fits { left } else { 0 });
        fits
    }

    /// The part itself, where there is room for it.
    pub(super) fn put(&self, part: Datum) -> Datum {
        if self.takes(&part) { part } else { too_large(part.span) }
    }

    /// The value that is made of the parts, where there was room for all.
    pub(super) fn all(&self, content: Content, span: Span) -> Datum {
        if self.is_full() { too_large(span) } else { Datum::new(content, span) }
    }

    /// Whether there was no room for a part.
    pub(super) fn is_full(&self) -> bool {
        self.0.get() == 0
    }
}

/// The weight of a value; none where it is too much.
pub(super) fn weight(datum: &Datum) -> Option<usize> {
    let mut left = MAX_WEIGHT;
    spend(datum, 0, &mut left).then(|| MAX_WEIGHT - left)
}

/// What stands for a value that is too large.
pub(super) fn too_large(span: Span) -> Datum {
    let text = format!("this value is too large to work out: more than {MAX_WEIGHT} values in one");
    Datum::unknown(Why::new(WhyKind::Unsupported, "value", text).at(span), span)
}

fn spend(datum: &Datum, depth: usize, left: &mut usize) -> bool {
    let own = 1 + datum.assumes.len() / ASSUMPTIONS_PER_VALUE;
    let text = match &datum.content {
        Content::Text { text, .. } | Content::OneOf { text, .. } => of_text(text),
        _ => 0,
    };
    match left.checked_sub(own + text) {
        Some(less) if depth <= MAX_DEPTH => *left = less,
        _ => return false,
    }
    let mut inner = |datum: &Datum| spend(datum, depth + 1, left);
    match &datum.content {
        Content::List(items) | Content::OneOf { values: items, .. } => items.iter().all(inner),
        Content::Map { members, .. } => members.iter().all(|member| inner(&member.value)),
        Content::Either(_, yes, no) => inner(yes) && inner(no),
        Content::Absent | Content::Text { .. } | Content::Unknown(_) => true,
    }
}

fn of_text(text: &Text) -> usize {
    let bytes = |piece: &Piece| if let Piece::Literal(literal) = piece { literal.len() } else { BYTES_PER_VALUE };
    text.pieces().iter().map(bytes).sum::<usize>() / BYTES_PER_VALUE
}

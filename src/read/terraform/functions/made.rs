//! What a call makes of a value without content: a hole that is named by the call. Whatever it becomes, it is equal to
//! itself, and to nothing else that is known.

use crate::read::{Content, Datum};
use crate::value::{Hole, Instance, Of, Piece, Text, Why};

/// What gives another result each time.
const FRESH: [&str; 4] = ["bcrypt", "plantimestamp", "timestamp", "uuid"];

/// Longer names are not made: what two of them have in common does not make them one.
const MAX_NAME: usize = 1_000;

const MAX_DEPTH: usize = 16;

/// A result, the parts of it that are not known named by the call that makes them, where all its arguments have names.
pub(super) fn named(result: Datum, function: &str, arguments: &[Datum]) -> Datum {
    let Content::Text { text, plain } = &result.content else { return result };
    let is_open = |piece: &Piece| matches!(piece, Piece::Unknown(why) if why.condition.is_none());
    if FRESH.contains(&function) || !text.pieces().iter().any(is_open) {
        return result;
    }
    // What is made of known values alone could be worked out: it is not a value of the deployment.
    let Some((name, instance)) = called(function, arguments) else { return result };
    let mut whole = Text::default();
    for (n, piece) in text.pieces().iter().enumerate() {
        whole.push(match piece {
            Piece::Unknown(why) if is_open(piece) => {
                let name = if n == 0 { name.clone() } else { format!("part {n} of {name}") };
                let of = Of::Made(name.into(), Box::new(Why { place: None, ..why.clone() }));
                Piece::Hole(Hole { instance, of })
            }
            piece => piece.clone(),
        });
    }
    Datum { content: Content::Text { text: whole, plain: *plain }, ..result }
}

/// A call as it would be written with what its arguments stand for, and whose holes they are.
fn called(function: &str, arguments: &[Datum]) -> Option<(String, Instance)> {
    let mut name = Name::default();
    name.put(function)?;
    name.listed('(', arguments, ')', 0)?;
    Some((name.text, name.instance?))
}

#[derive(Default)]
struct Name {
    text: String,
    /// Whose holes it is made of: those of several instances are not told apart by their names.
    instance: Option<Instance>,
}

impl Name {
    fn put(&mut self, text: &str) -> Option<()> {
        if self.text.len() + text.len() > MAX_NAME {
            return None;
        }
        self.text.push_str(text);
        Some(())
    }

    fn quoted(&mut self, literal: &str) -> Option<()> {
        if literal.len() > MAX_NAME {
            return None;
        }
        self.put(&literal.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${"))
    }

    fn hole(&mut self, hole: &Hole) -> Option<()> {
        let is_of_one = *self.instance.get_or_insert(hole.instance) == hole.instance;
        if is_of_one { self.put(&hole.name()) } else { None }
    }

    fn listed(&mut self, open: char, items: &[Datum], close: char, depth: usize) -> Option<()> {
        self.put(open.encode_utf8(&mut [0; 4]))?;
        for (n, item) in items.iter().enumerate() {
            self.put(if n > 0 { ", " } else { "" })?;
            self.value(item, depth + 1)?;
        }
        self.put(close.encode_utf8(&mut [0; 4]))
    }

    fn value(&mut self, datum: &Datum, depth: usize) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        match &datum.content {
            Content::Absent => self.put("null"),
            Content::Text { text, .. } if text.hole().is_some() => text.hole().and_then(|hole| self.hole(hole)),
            Content::Text { text, plain: true } if text.literal().is_some() => self.put(text.literal()?),
            Content::Text { text, .. } => {
                self.put("\"")?;
                for piece in text.pieces() {
                    match piece {
                        Piece::Literal(literal) => self.quoted(literal)?,
                        Piece::Hole(hole) => {
                            self.put("${")?;
                            self.hole(hole)?;
                            self.put("}")?;
                        }
                        Piece::Unknown(_) => return None,
                    }
                }
                self.put("\"")
            }
            Content::List(items) => self.listed('[', items, ']', depth),
            Content::Map { members, rest: None } => {
                self.put("{")?;
                for member in members {
                    self.put(" \"")?;
                    self.quoted(&member.key)?;
                    self.put("\" = ")?;
                    self.value(&member.value, depth + 1)?;
                }
                self.put("}")
            }
            Content::Map { .. } | Content::Either(..) | Content::OneOf { .. } | Content::Unknown(_) => None,
        }
    }
}

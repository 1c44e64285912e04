//! Strings with holes.
//!
//! Text in infrastructure code is rarely whole: `arn:${AWS::Partition}:s3:::${LogBucket}/AWSLogs/*`. A [`Text`] keeps the
//! literal parts and gives each hole a name, so that equal things compare equal before anything is deployed. It may not
//! know how a dialect writes its holes.

use super::hole::{Hole, Of, PARTITIONS};
use super::{Truth, Why, WhyKind};
use std::sync::Arc;

/// Longest literal that is kept; more is nobody's name or ARN and would only cost memory.
const MAX_BYTES: usize = 64 * 1024;

/// Most pieces that are kept; what comes after them is cut off behind an unknown piece.
const MAX_PIECES: usize = 1024;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// Known characters.
    Literal(Arc<str>),
    /// A named hole.
    Hole(Hole),
    /// Anything at all, for this reason.
    Unknown(Why),
}

/// A string with holes. Neighbouring literals are merged and empty ones left out, so equal texts have equal pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    pieces: Vec<Piece>,
}

impl From<&str> for Text {
    fn from(literal: &str) -> Self {
        let mut text = Text::default();
        text.push(Piece::Literal(literal.into()));
        text
    }
}

impl From<Hole> for Text {
    fn from(hole: Hole) -> Self {
        Text { pieces: vec![Piece::Hole(hole)] }
    }
}

/// Why the rest of a text was cut off.
const TOO_LONG: &str = "text is too long";

fn too_long() -> Why {
    Why::new(WhyKind::Unsupported, "text", TOO_LONG)
}

impl Text {
    /// The parts in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// A text of which nothing is known.
    pub fn unknown(why: Why) -> Text {
        Text { pieces: vec![Piece::Unknown(why)] }
    }

    /// Adds a piece.
    pub fn push(&mut self, piece: Piece) {
        if self.pieces.len() >= MAX_PIECES {
            if self.pieces.len() == MAX_PIECES {
                self.pieces.push(Piece::Unknown(too_long()));
            }
            return;
        }
        match (piece, self.pieces.last_mut()) {
            (Piece::Literal(text), _) if text.is_empty() => {}
            // Whatever follows is a part of what was cut off.
            (_, Some(Piece::Unknown(why))) if &*why.text == TOO_LONG => {}
            (Piece::Literal(text), Some(Piece::Literal(last))) if last.len() + text.len() <= MAX_BYTES => {
                *last = [&**last, &*text].concat().into();
            }
            (Piece::Literal(_), Some(Piece::Literal(_))) => {
                self.pieces.push(Piece::Unknown(too_long()));
            }
            (piece, _) => self.pieces.push(piece),
        }
    }

    /// Adds another text at the end.
    pub fn append(&mut self, other: &Text) {
        for piece in &other.pieces {
            self.push(piece.clone());
        }
    }

    /// Texts one after another.
    pub fn concat<'a>(texts: impl IntoIterator<Item = &'a Text>) -> Text {
        let mut whole = Text::default();
        for text in texts {
            whole.append(text);
        }
        whole
    }

    /// The characters, where all are known.
    pub fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The hole, where it is nothing but one.
    pub fn hole(&self) -> Option<&Hole> {
        match self.pieces.as_slice() {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        }
    }

    /// The first reason for which it is not whole.
    pub fn why(&self) -> Option<Why> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Literal(_) => None,
            Piece::Hole(hole) => Some(hole.why()),
            Piece::Unknown(why) => Some(why.clone()),
        })
    }

    /// The rest of the text after a literal beginning, where it is known to begin so.
    pub fn strip_prefix(&self, prefix: &str) -> Option<Text> {
        let (first, rest) = self.pieces.split_first()?;
        let Piece::Literal(text) = first else { return prefix.is_empty().then(|| self.clone()) };
        let mut stripped = Text::from(text.strip_prefix(prefix)?);
        for piece in rest {
            stripped.push(piece.clone());
        }
        Some(stripped)
    }

    /// The rest of the text after another text, holes compared by name, where it is known to begin so.
    pub fn strip_text(&self, prefix: &Text) -> Option<Text> {
        let mut rest = self.clone();
        for piece in &prefix.pieces {
            rest = match piece {
                Piece::Literal(literal) => rest.strip_prefix(literal)?,
                hole => Text { pieces: rest.pieces.strip_prefix(std::slice::from_ref(hole))?.to_vec() },
            };
        }
        Some(rest)
    }

    /// What follows a literal part: of an ARN, what follows `:key/`.
    pub fn after(&self, marker: &str) -> Option<Text> {
        let at = self.pieces.iter().position(|piece| matches!(piece, Piece::Literal(text) if text.contains(marker)))?;
        let Piece::Literal(text) = self.pieces.get(at)? else { return None };
        let mut rest = Text::from(text.split_once(marker)?.1);
        self.pieces.get(at + 1..)?.iter().for_each(|piece| rest.push(piece.clone()));
        Some(rest)
    }

    /// What stands before the first such character, where that can be told.
    pub fn before(&self, marker: char) -> Option<Text> {
        let mut before = Text::default();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => match text.split_once(marker) {
                    Some((first, _)) => {
                        before.push(Piece::Literal(first.into()));
                        return Some(before);
                    }
                    None => before.push(piece.clone()),
                },
                piece => before.push(piece.clone()),
            }
        }
        None
    }

    /// What follows the last such character: of an ARN, the name at its end.
    pub fn after_last(&self, marker: char) -> Option<Text> {
        let holds = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains(marker));
        let at = self.pieces.iter().rposition(holds)?;
        let Piece::Literal(text) = self.pieces.get(at)? else { return None };
        let mut rest = Text::from(text.rsplit_once(marker)?.1);
        self.pieces.get(at + 1..)?.iter().for_each(|piece| rest.push(piece.clone()));
        Some(rest)
    }

    /// The text up to a literal ending, where it is known to end so.
    pub fn strip_suffix(&self, suffix: &str) -> Option<Text> {
        let (last, rest) = self.pieces.split_last()?;
        let Piece::Literal(text) = last else { return None };
        let mut stripped = Text { pieces: rest.to_vec() };
        stripped.push(Piece::Literal(text.strip_suffix(suffix)?.into()));
        Some(stripped)
    }

    /// What follows `arn:PARTITION:`, for any real partition and for the partition's hole.
    pub fn after_partition(&self) -> Option<Text> {
        let rest = self.strip_prefix("arn:")?;
        match rest.pieces.first()? {
            Piece::Hole(Hole { of: Of::Partition, .. }) => {
                Text { pieces: rest.pieces.get(1..)?.to_vec() }.strip_prefix(":")
            }
            _ => PARTITIONS.iter().find_map(|partition| rest.strip_prefix(&format!("{partition}:"))),
        }
    }

    /// Whether it is the empty text.
    pub fn is_empty(&self) -> Truth {
        if self.pieces.is_empty() {
            return Truth::yes();
        }
        let filled = |piece: &Piece| match piece {
            Piece::Literal(_) => true,
            Piece::Hole(hole) => hole.never_empty(),
            Piece::Unknown(_) => false,
        };
        if self.pieces.iter().any(filled) { Truth::no() } else { self.undecided() }
    }

    /// Whether it begins with a literal.
    pub fn starts_with(&self, prefix: &str) -> Truth {
        self.begins(prefix, 0)
    }

    fn begins(&self, prefix: &str, at: usize) -> Truth {
        let Some(piece) = self.pieces.get(at) else {
            return if prefix.is_empty() { Truth::yes() } else { Truth::no() };
        };
        match piece {
            _ if prefix.is_empty() => Truth::yes(),
            Piece::Literal(text) => match prefix.strip_prefix(&**text) {
                Some(rest) => self.begins(rest, at + 1),
                None if text.starts_with(prefix) => Truth::yes(),
                None => Truth::no(),
            },
            Piece::Hole(Hole { of: Of::Partition, .. }) => {
                let fits = PARTITIONS.iter().any(|name| prefix.starts_with(name) || name.starts_with(prefix));
                if fits { self.undecided() } else { Truth::no() }
            }
            Piece::Hole(_) | Piece::Unknown(_) => self.undecided(),
        }
    }

    /// Whether it is the same text, whatever the holes become.
    pub fn same(&self, other: &Text) -> Truth {
        let mut left = self.pieces.as_slice();
        let mut right = other.pieces.as_slice();
        // Equal ends say nothing; what is left in the middle decides.
        while let ([Piece::Hole(a), x @ ..], [Piece::Hole(b), y @ ..]) = (left, right) {
            if a != b {
                break;
            }
            (left, right) = (x, y);
        }
        match (left, right) {
            ([], []) => Truth::yes(),
            ([Piece::Literal(a)], [Piece::Literal(b)]) => {
                if a == b {
                    Truth::yes()
                } else {
                    Truth::no()
                }
            }
            ([Piece::Hole(hole)], [Piece::Literal(text)]) | ([Piece::Literal(text)], [Piece::Hole(hole)])
                if !hole.admits(text) =>
            {
                Truth::no()
            }
            ([Piece::Hole(hole)], []) | ([], [Piece::Hole(hole)]) if hole.never_empty() => Truth::no(),
            ([Piece::Literal(a), x @ ..], [Piece::Literal(b), y @ ..]) => {
                let (a, b): (&str, &str) = (a, b);
                let rest = |literal: &str, tail: &[Piece]| {
                    let mut text = Text::from(literal);
                    tail.iter().for_each(|piece| text.push(piece.clone()));
                    text
                };
                if let Some(more) = a.strip_prefix(b) {
                    rest(more, x).same(&rest("", y))
                } else if let Some(more) = b.strip_prefix(a) {
                    rest("", x).same(&rest(more, y))
                } else {
                    Truth::no()
                }
            }
            ([], [.., Piece::Literal(_)] | [Piece::Literal(_), ..])
            | ([.., Piece::Literal(_)] | [Piece::Literal(_), ..], []) => Truth::no(),
            _ => {
                let truth = self.undecided();
                if matches!(truth, Truth::Unknown(..)) { truth } else { other.undecided() }
            }
        }
    }

    fn undecided(&self) -> Truth {
        match self.why() {
            Some(why) => Truth::unknown(why),
            None => Truth::no(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Instance;

    fn hole(of: Of) -> Text {
        Text::from(Hole { instance: Instance(0), of })
    }

    #[test]
    fn literals_are_merged() {
        assert_eq!(Text::concat(&["a".into(), "".into(), "b".into()]).literal(), Some("ab"));
    }

    #[test]
    fn equal_holes_are_equal() {
        let bucket = || hole(Of::Resource { address: "B".into(), attribute: "id".into() });
        let arn = Text::concat(&["arn:aws:s3:::".into(), bucket(), "/".into()]);
        assert!(arn.same(&arn.clone()).is_true());
        assert!(arn.same(&"arn:aws:sns:::x".into()).is_false());
        assert!(matches!(arn.same(&"arn:aws:s3:::x/".into()), Truth::Unknown(..)));
        assert!(bucket().is_empty().is_false());
        assert!(bucket().same(&"".into()).is_false());
    }

    #[test]
    fn typed_holes_refuse_what_cannot_fill_them() {
        assert!(hole(Of::Account).same(&"abc".into()).is_false());
        assert!(hole(Of::Partition).same(&"aws-xx".into()).is_false());
        assert!(matches!(hole(Of::Account).same(&"123456789012".into()), Truth::Unknown(..)));
        assert!(matches!(
            hole(Of::Parameter { name: "P".into(), filled: false, plain: false }).is_empty(),
            Truth::Unknown(..)
        ));
    }

    #[test]
    fn partitions_are_one() {
        for partition in ["aws".into(), "aws-cn".into(), hole(Of::Partition)] {
            let arn = Text::concat(&["arn:".into(), partition, ":s3".into()]);
            assert_eq!(arn.after_partition().as_ref().and_then(Text::literal), Some("s3"));
        }
        assert_eq!(Text::from("arn:aws-xx:s3").after_partition(), None);
    }

    #[test]
    fn prefixes_are_decided_where_they_can_be() {
        let arn =
            Text::concat(&["alias/".into(), hole(Of::Parameter { name: "Name".into(), filled: false, plain: false })]);
        assert!(arn.starts_with("alias/").is_true());
        assert!(arn.starts_with("arn:").is_false());
        assert!(matches!(arn.starts_with("alias/aws/"), Truth::Unknown(..)));
    }
}

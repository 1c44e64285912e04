//! The positions of patterns and of texts.

use super::super::hole::{GENERATED, Hole, Of};

/// One position of a pattern or a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Char(char),
    Star,
    Question,
    /// One digit of an account id.
    Digit(Hole, u8),
    Partition,
    Organization,
    Region(Hole),
    Hole(Hole),
    Any,
    Unknown,
}

impl Token {
    /// Whether it is one character, of which not more is known than its kind.
    pub(super) fn is_one(&self) -> bool {
        matches!(self, Token::Char(_) | Token::Question | Token::Digit(..))
    }

    /// The hole that it stands for, or is a part of.
    pub(super) fn hole(&self) -> Option<&Hole> {
        match self {
            Token::Digit(hole, _) | Token::Region(hole) | Token::Hole(hole) => Some(hole),
            _ => None,
        }
    }

    /// Whether it is the name of a resource.
    pub(super) fn is_name(&self) -> bool {
        matches!(self, Token::Hole(Hole { of: Of::Resource { attribute, .. }, .. }) if matches!(&**attribute, "id" | GENERATED))
    }

    /// Whether it is a hole that a colon may be part of: the names of resources have none.
    pub(super) fn may_hold_colon(&self) -> bool {
        matches!(self, Token::Hole(_)) && !self.is_name()
    }

    pub(super) fn is_foreign(&self) -> bool {
        matches!(self, Token::Digit(hole, _) if hole.of == Of::Foreign)
    }
}

/// The holes of which one may decide a comparison, what every deployment has of its own last; the first few of many.
pub(super) fn candidates<'p>(pattern: &'p [Token], subject: &'p [Token]) -> Vec<&'p Hole> {
    const MOST: usize = 4;
    let mut all: Vec<&Hole> = Vec::new();
    for hole in pattern.iter().chain(subject).filter_map(Token::hole) {
        if all.len() < MOST && !all.contains(&hole) && !matches!(hole.of, Of::Any | Of::Foreign) {
            all.push(hole);
        }
    }
    all.sort_by_key(|hole| matches!(hole.of, Of::Account | Of::Region));
    all
}

//! The positions of patterns and of texts.

use super::super::hole::{Hole, Of};

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

    /// Whether it is the name of a resource.
    pub(super) fn is_name(&self) -> bool {
        matches!(self, Token::Hole(Hole { of: Of::Resource { attribute, .. }, .. }) if &**attribute == "id")
    }

    /// Whether it is a hole that a colon may be part of: the names of resources have none.
    pub(super) fn may_hold_colon(&self) -> bool {
        matches!(self, Token::Hole(_)) && !self.is_name()
    }

    pub(super) fn is_foreign(&self) -> bool {
        matches!(self, Token::Digit(hole, _) if hole.of == Of::Foreign)
    }
}

//! Patterns with `*` and `?` over texts with holes.
//!
//! A pattern is compared with a text under two quantifiers: over what the question ranges over ([`Of::Any`]), and over
//! what may fill the holes. The first gives the two halves of a [`Fit`], the second decides whether a half is unknown.
//! Each comparison meets a position of pattern and text once at most, so hostile patterns cost no more than a table of both.
//!
//! This module knows wildcards and holes; what the parts of an ARN are, and where wildcards count, is for the model.

mod token;

use super::hole::{Hole, Of, PARTITIONS};
use super::{Fit, Piece, Text, Truth, Why, WhyKind};
use std::cell::RefCell;
use token::{Token, candidates};

/// Largest table that is filled; no policy that AWS takes needs one.
const MAX_CELLS: usize = 8_000_000;

/// Whether the case of letters matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `a` is not `A`.
    Matters,
    /// `a` is `A`.
    Ignored,
}

/// Whether `*` and `?` are wildcards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// They are themselves.
    Exact,
    /// They stand for any characters, and for any one.
    Wild,
}

/// A pattern, or a text that is compared with one: the positions that it has.
#[derive(Clone, Debug, Default)]
pub struct Pattern {
    tokens: Vec<Token>,
    wild: bool,
    why: Option<Why>,
}

impl Pattern {
    /// The pattern that a text is.
    pub fn new(text: &Text, wildcards: Match, case: Case) -> Pattern {
        let mut pattern = Pattern { tokens: Vec::new(), wild: wildcards == Match::Wild, why: reason(text) };
        for piece in text.pieces() {
            match piece {
                Piece::Literal(literal) => pattern.literal(literal, case),
                Piece::Unknown(_) => pattern.tokens.push(Token::Unknown),
                Piece::Hole(hole) => pattern.hole(hole),
            }
        }
        pattern
    }

    /// The text as a subject: its characters are themselves.
    pub fn subject(text: &Text, case: Case) -> Pattern {
        Pattern::new(text, Match::Exact, case)
    }

    /// Everything that a pattern matches, as a subject: its wildcards range.
    pub fn ranging(text: &Text, case: Case) -> Pattern {
        let mut pattern = Pattern::new(text, Match::Wild, case);
        for token in pattern.tokens.iter_mut().filter(|token| matches!(token, Token::Star | Token::Question)) {
            *token = Token::Any;
        }
        pattern
    }

    /// Adds literal characters that are no wildcards: what a policy variable stands for.
    pub fn push_plain(&mut self, text: &Text, case: Case) {
        let plain = Pattern::subject(text, case);
        self.tokens.extend(plain.tokens);
        self.why = self.why.take().or(plain.why);
    }

    /// Adds another pattern.
    pub fn push(&mut self, other: Pattern) {
        self.tokens.extend(other.tokens);
        self.wild |= other.wild;
        self.why = self.why.take().or(other.why);
    }

    /// Adds a part of which nothing is known.
    pub fn push_unknown(&mut self, why: Why) {
        self.tokens.push(Token::Unknown);
        self.why.get_or_insert(why);
    }

    fn literal(&mut self, literal: &str, case: Case) {
        for letter in literal.chars() {
            let token = match letter {
                '*' if self.wild => Token::Star,
                '?' if self.wild => Token::Question,
                letter if case == Case::Ignored => Token::Char(letter.to_ascii_lowercase()),
                letter => Token::Char(letter),
            };
            // Stars beside one another are one star.
            if token != Token::Star || self.tokens.last() != Some(&Token::Star) {
                self.tokens.push(token);
            }
        }
    }

    fn hole(&mut self, hole: &Hole) {
        match &hole.of {
            Of::Account | Of::Foreign => self.tokens.extend((0..12).map(|n| Token::Digit(hole.clone(), n))),
            Of::Partition => self.tokens.push(Token::Partition),
            Of::Organization => self.tokens.push(Token::Organization),
            Of::Region => self.tokens.push(Token::Region(hole.clone())),
            Of::Any => self.tokens.push(Token::Any),
            _ => self.tokens.push(Token::Hole(hole.clone())),
        }
    }

    /// Whether a text, or all that a question ranges over, is matched.
    pub fn fits(&self, subject: &Pattern) -> Fit {
        if self.tokens.len().saturating_mul(subject.tokens.len()) > MAX_CELLS {
            return Fit::unknown(Why::new(WhyKind::Unsupported, "pattern", "this pattern is too large to be compared"));
        }
        let (pattern, other) = self.beyond_common(subject);
        let wild = self.wild;
        let reach = |ranges, fills| Table { pattern, subject: other, wild, ranges, fills, but: None }.reaches();
        if !reach(true, true) {
            return Fit::never();
        }
        let is_plain = |token: &Token| matches!(token, Token::Char(_) | Token::Star | Token::Question);
        if pattern.iter().chain(other).all(is_plain) || reach(false, false) {
            return Fit::always();
        }
        // What is out of sight stays so whatever value a parameter gets.
        let hidden = subject.why.as_ref().filter(|why| why.kind == WhyKind::NotVisible);
        let decisive = || {
            let needs = |but: &Hole| {
                !Table { pattern, subject: other, wild, ranges: true, fills: true, but: Some(but) }.reaches()
            };
            candidates(pattern, other).into_iter().find(|hole| needs(hole)).map(Hole::why)
        };
        let found = hidden.cloned().or_else(decisive);
        let found = found.or_else(|| self.why_of(pattern)).or_else(|| subject.why_of(other));
        let Some(why) = found else { return Fit::sometimes() };
        let ranges = other.contains(&Token::Any);
        let some = if ranges && reach(true, false) { Truth::yes() } else { Truth::unknown(why.clone()) };
        let all = if reach(false, true) { Truth::unknown(why) } else { Truth::no() };
        Fit { some, all }
    }

    /// Why it cannot be told, of what is left to compare before what is the same on either side.
    fn why_of(&self, rest: &[Token]) -> Option<Why> {
        match rest.iter().find(|token| matches!(token, Token::Hole(_) | Token::Unknown)) {
            Some(Token::Hole(hole)) => self.why.as_ref().map(|_| hole.why()),
            _ => self.why.clone(),
        }
    }

    /// Both without the beginning that they share: what fills a hole there is the same on either side.
    fn beyond_common<'p>(&'p self, subject: &'p Pattern) -> (&'p [Token], &'p [Token]) {
        let fixed = |token: &Token| !matches!(token, Token::Star | Token::Question | Token::Any | Token::Unknown);
        let both = self.tokens.iter().zip(&subject.tokens);
        let common = both.take_while(|(a, b)| a == b && fixed(a)).count();
        let rest = |from: &'p Pattern| from.tokens.get(common..).unwrap_or_default();
        (rest(self), rest(subject))
    }

    /// Why it cannot be told where an ARN's parts end, where colons that part them may be hidden in holes.
    pub fn hides_parts(&self) -> Option<&Why> {
        let colons = self.tokens.iter().filter(|token| **token == Token::Char(':')).count();
        let hides = |token: &Token| matches!(token, Token::Unknown) || token.may_hold_colon();
        self.why.as_ref().filter(|_| colons < 5 && self.tokens.iter().any(hides))
    }

    /// The six parts of an ARN, where the colons that part them can be told; with `complete`, parts that are left out
    /// are any (IAM User Guide, "Resource" element: an incomplete ARN is completed with wildcards).
    pub fn arn(&self, complete: bool) -> Option<Vec<Pattern>> {
        const PARTS: usize = 6;
        let part = |tokens: &[Token]| Pattern { tokens: tokens.to_vec(), wild: self.wild, why: self.why.clone() };
        let mut parts = Vec::with_capacity(PARTS);
        let mut rest = self.tokens.as_slice();
        while parts.len() + 1 < PARTS {
            let Some(colon) = rest.iter().position(|token| *token == Token::Char(':')) else { break };
            let (before, after) = rest.split_at(colon);
            parts.push(part(before));
            rest = after.get(1..).unwrap_or_default();
        }
        let is_arn = parts.first().is_some_and(|first| first.tokens == ['a', 'r', 'n'].map(Token::Char));
        let whole = parts.len() + 1 == PARTS;
        // What stands beside other characters may hold colons of its own; alone between two it is a part.
        let opaque = |token: &Token| matches!(token, Token::Unknown) || token.may_hold_colon();
        let is_torn = |part: &Pattern| part.tokens.len() > 1 && part.tokens.iter().any(opaque);
        if !is_arn || (!whole && !complete) || (whole && parts.iter().any(is_torn)) {
            return None;
        }
        parts.push(part(rest));
        while parts.len() < PARTS {
            parts.push(Pattern { tokens: vec![Token::Star], wild: true, why: None });
        }
        Some(parts)
    }
}

/// Why a text is not known: for the sake of something that could be told, before what every deployment has of its own.
fn reason(text: &Text) -> Option<Why> {
    let pieces = text.pieces().iter();
    let is_own = |piece: &&Piece| matches!(piece, Piece::Hole(hole) if matches!(hole.of, Of::Account | Of::Region));
    pieces.clone().filter(|piece| !is_own(piece)).find_map(why).or_else(|| pieces.clone().find_map(why))
}

/// Why a piece is not known; holes that stand for themselves everywhere are no reason.
fn why(piece: &Piece) -> Option<Why> {
    match piece {
        Piece::Literal(_) => None,
        Piece::Hole(hole) if matches!(hole.of, Of::Partition | Of::Organization | Of::Any | Of::Foreign) => None,
        Piece::Hole(hole) => Some(hole.why()),
        Piece::Unknown(why) => Some(why.clone()),
    }
}

/// One comparison: whether the pattern matches the subject, for some or for all of what it ranges over, and for some or
/// for all that may fill the holes.
struct Table<'p> {
    pattern: &'p [Token],
    subject: &'p [Token],
    wild: bool,
    ranges: bool,
    fills: bool,
    /// A hole that is nothing but itself all the same.
    but: Option<&'p Hole>,
}

impl Table<'_> {
    /// Walks from the beginning of both to all positions that can be reached, each once, until it is at the end of both.
    fn reaches(&self) -> bool {
        let (height, width) = (self.pattern.len(), self.subject.len());
        let mut met = vec![false; (height + 1) * (width + 1)];
        let ahead = RefCell::new(vec![(0, 0)]);
        loop {
            let Some((i, j)) = ahead.borrow_mut().pop() else { return false };
            if (i, j) == (height, width) {
                return true;
            }
            match met.get_mut(i * (width + 1) + j) {
                Some(cell) if i <= height && j <= width && !*cell => *cell = true,
                _ => continue,
            }
            self.step(i, j, &|di, dj| {
                ahead.borrow_mut().push((i + di, j + dj));
                false
            });
        }
    }

    /// Whether the rest of the pattern matches the rest of the subject; `at(i, j)` answers for so many positions further,
    /// and is asked for all that matter as long as it says no.
    fn step(&self, i: usize, j: usize, at: &dyn Fn(usize, usize) -> bool) -> bool {
        let (p, s) = (self.pattern.get(i), self.subject.get(j));
        let skip = |token: Option<&Token>| token.is_some();
        match p {
            Some(Token::Star) if at(1, 0) || (skip(s) && at(0, 1)) => return true,
            Some(token @ (Token::Hole(_) | Token::Unknown | Token::Any)) if self.fills(token) && at(1, 0) => {
                return true;
            }
            Some(token @ (Token::Hole(_) | Token::Unknown | Token::Any))
                if self.fills(token) && s.is_some_and(|s| self.may_fill(token, s)) && at(0, 1) =>
            {
                return true;
            }
            Some(token @ Token::Region(_)) if self.fills(token) && self.region(s) && (at(0, 1) || at(1, 1)) => {
                return true;
            }
            _ => {}
        }
        match s {
            Some(Token::Any) if self.ranges && (at(0, 1) || (skip(p) && at(1, 0))) => return true,
            Some(token @ (Token::Hole(_) | Token::Unknown)) if self.fills(token) && at(0, 1) => return true,
            Some(token @ (Token::Hole(_) | Token::Unknown))
                if self.fills(token) && p.is_some_and(|p| self.may_fill(token, p)) && at(1, 0) =>
            {
                return true;
            }
            Some(token @ Token::Region(_)) if self.fills(token) && self.region(p) && (at(1, 0) || at(1, 1)) => {
                return true;
            }
            _ => {}
        }
        let (Some(p), Some(s)) = (p, s) else { return false };
        self.pair(p, s, at) || self.partition(i, j, at) || self.organization(i, j, at)
    }

    /// One position against one.
    fn pair(&self, p: &Token, s: &Token, at: &dyn Fn(usize, usize) -> bool) -> bool {
        let agree = match (p, s) {
            (Token::Char(a), Token::Char(b)) => a == b,
            (Token::Question, s) => s.is_one(),
            (Token::Digit(a, m), Token::Digit(b, n)) => {
                m == n && (a == b || (self.fills(p) && self.fills(s) && a.of == b.of))
            }
            (Token::Digit(hole, _), Token::Char(digit)) | (Token::Char(digit), Token::Digit(hole, _)) => {
                self.fills(p) && self.fills(s) && digit.is_ascii_digit() && hole.of != Of::Foreign
            }
            (Token::Region(a), Token::Region(b)) | (Token::Hole(a), Token::Hole(b)) => a == b,
            (Token::Partition, Token::Partition) | (Token::Organization, Token::Organization) => true,
            _ => false,
        };
        agree && at(1, 1)
    }

    /// Whether a position may become something else.
    fn fills(&self, token: &Token) -> bool {
        self.fills && (self.but.is_none() || token.hole() != self.but)
    }

    /// What may be part of what fills a hole. Nothing that is named here is a stranger's; yet a parameter that may hold
    /// wildcards may match one.
    fn may_fill(&self, hole: &Token, other: &Token) -> bool {
        match other {
            // The names that CloudFormation makes up.
            Token::Char(letter) if hole.is_name() => letter.is_ascii_alphanumeric() || "-_.".contains(*letter),
            Token::Digit(..) if other.is_foreign() => {
                self.wild
                    && matches!(
                        hole,
                        Token::Unknown
                            | Token::Hole(Hole {
                                of: Of::Parameter { plain: false, .. }
                                    | Of::Import(_)
                                    | Of::Undeclared(_)
                                    | Of::Unseen { .. }
                                    | Of::Expression(_)
                                    | Of::Made(..),
                                ..
                            })
                    )
            }
            _ => true,
        }
    }

    /// What may be part of a Region's name.
    fn region(&self, other: Option<&Token>) -> bool {
        match other {
            Some(Token::Char(letter)) => letter.is_ascii_alphanumeric() || *letter == '-',
            Some(Token::Question | Token::Hole(_) | Token::Unknown | Token::Any | Token::Region(_)) => true,
            _ => false,
        }
    }

    /// A literal id of an organization agrees with the hole: an account belongs to one at most, and whoever writes its id
    /// means that one.
    fn organization(&self, i: usize, j: usize, at: &dyn Fn(usize, usize) -> bool) -> bool {
        let id = |tokens: &[Token]| {
            let letter =
                |token: &&Token| matches!(token, Token::Char(c) if c.is_ascii_lowercase() || c.is_ascii_digit());
            let length = tokens.get(2..).unwrap_or_default().iter().take_while(letter).count();
            let begins = tokens.starts_with(&['o', '-'].map(Token::Char));
            (begins && length > 0).then_some(length + 2)
        };
        let pattern = self.pattern.get(i..).unwrap_or_default();
        let subject = self.subject.get(j..).unwrap_or_default();
        match (pattern, subject) {
            ([Token::Organization, ..], subject) => id(subject).is_some_and(|length| at(1, length)),
            (pattern, [Token::Organization, ..]) => {
                let starred = pattern.starts_with(&['o', '-'].map(Token::Char)) && pattern.get(2) == Some(&Token::Star);
                (starred && at(2, 1)) || id(pattern).is_some_and(|length| at(length, 1))
            }
            _ => false,
        }
    }

    /// A literal partition agrees with the hole: whoever writes one means the partition that is deployed to.
    fn partition(&self, i: usize, j: usize, at: &dyn Fn(usize, usize) -> bool) -> bool {
        let named = |tokens: &[Token], name: &str| {
            let letters = name.chars().enumerate();
            let mut same = letters.map(|(n, letter)| tokens.get(n) == Some(&Token::Char(letter)));
            same.all(|same| same) && matches!(tokens.get(name.len()), None | Some(Token::Char(':')))
        };
        let pattern = self.pattern.get(i..).unwrap_or_default();
        let subject = self.subject.get(j..).unwrap_or_default();
        match (pattern, subject) {
            ([Token::Partition, ..], [Token::Char('a'), ..]) => {
                PARTITIONS.iter().any(|name| named(subject, name) && at(1, name.len()))
            }
            ([Token::Char('a'), rest @ ..], [Token::Partition, ..]) => {
                let open = matches!(rest, [Token::Char('w'), Token::Char('s'), Token::Star, ..]);
                (open && at(3, 1)) || PARTITIONS.iter().any(|name| named(pattern, name) && at(name.len(), 1))
            }
            _ => false,
        }
    }
}

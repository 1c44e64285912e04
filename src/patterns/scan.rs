//! The tokens of a metric filter's pattern, in a text with holes.

use super::{Compare, Path, Refused};
use crate::value::{Piece, Text};
use std::sync::Arc;

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Open,
    Close,
    And,
    Or,
    Equal,
    NotEqual,
    Number(Compare),
    Field(Path),
    Quoted(Text),
    Bare(Text),
    Expression(Text),
}

/// One character of a pattern, or a part that is not known, with where it stands in the literal parts.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) at: usize,
    pub(super) piece: Result<char, Piece>,
}

/// The characters and holes of a text.
pub(super) fn items(text: &Text) -> Vec<Item> {
    let mut at = 0;
    let mut items = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                for letter in literal.chars() {
                    items.push(Item { at, piece: Ok(letter) });
                    at += letter.len_utf8();
                }
            }
            piece => items.push(Item { at, piece: Err(piece.clone()) }),
        }
    }
    items
}

/// Walks over items.
pub(super) struct Scanner<'i> {
    items: &'i [Item],
    next: usize,
}

/// Characters that end a word that is not quoted.
const ENDS: &str = "()=!<>\"&|{},";

impl<'i> Scanner<'i> {
    pub(super) fn new(items: &'i [Item]) -> Self {
        Scanner { items, next: 0 }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.items.get(self.next + ahead).and_then(|item| item.piece.clone().ok())
    }

    fn at(&self) -> usize {
        self.items.get(self.next).or(self.items.last()).map_or(0, |item| item.at)
    }

    /// All tokens, each with its place.
    pub(super) fn tokens(mut self) -> Result<Vec<(usize, Token)>, Refused> {
        let mut tokens = Vec::new();
        while self.next < self.items.len() {
            if self.peek(0).is_some_and(char::is_whitespace) {
                self.next += 1;
                continue;
            }
            let at = self.at();
            tokens.push((at, self.token()?));
        }
        Ok(tokens)
    }

    fn token(&mut self) -> Result<Token, Refused> {
        let at = self.at();
        let (token, length) = match (self.peek(0), self.peek(1)) {
            (Some('('), _) => (Token::Open, 1),
            (Some(')'), _) => (Token::Close, 1),
            (Some('&'), Some('&')) => (Token::And, 2),
            (Some('|'), Some('|')) => (Token::Or, 2),
            (Some('='), Some('=')) => return Err(invalid(at, "`==` is no operator: write `=`")),
            (Some('='), _) => (Token::Equal, 1),
            (Some('!'), Some('=')) => (Token::NotEqual, 2),
            (Some('>'), Some('=')) => (Token::Number(Compare::AtLeast), 2),
            (Some('<'), Some('=')) => (Token::Number(Compare::AtMost), 2),
            (Some('>'), _) => (Token::Number(Compare::More), 1),
            (Some('<'), _) => (Token::Number(Compare::Less), 1),
            (Some('$'), _) => return self.field(),
            (Some('"'), _) => return self.quoted('"').map(Token::Quoted),
            (Some('%'), _) => return self.quoted('%').map(Token::Expression),
            (Some(letter), _) if ENDS.contains(letter) => {
                return Err(invalid(at, &format!("`{letter}` does not stand where it may")));
            }
            _ => return Ok(Token::Bare(self.bare())),
        };
        self.next += length;
        Ok(token)
    }

    /// What stands between two marks. In quotes, a backslash takes the next character as it is.
    fn quoted(&mut self, mark: char) -> Result<Text, Refused> {
        let at = self.at();
        self.next += 1;
        let mut text = Text::default();
        let mut literal = String::new();
        while let Some(item) = self.items.get(self.next) {
            self.next += 1;
            match &item.piece {
                Ok('\\') if mark == '"' => {
                    if let Some(letter) = self.peek(0) {
                        literal.push(letter);
                        self.next += 1;
                    }
                }
                Ok(letter) if *letter == mark => {
                    text.push(Piece::Literal(literal.into()));
                    return Ok(text);
                }
                Ok(letter) => literal.push(*letter),
                Err(piece) => {
                    text.push(Piece::Literal(std::mem::take(&mut literal).into()));
                    text.push(piece.clone());
                }
            }
        }
        Err(invalid(at, &format!("what begins here with `{mark}` does not end")))
    }

    fn bare(&mut self) -> Text {
        let mut text = Text::default();
        let mut literal = String::new();
        while let Some(item) = self.items.get(self.next) {
            match &item.piece {
                Ok(letter) if letter.is_whitespace() || ENDS.contains(*letter) => break,
                Ok(letter) => literal.push(*letter),
                Err(piece) => {
                    text.push(Piece::Literal(std::mem::take(&mut literal).into()));
                    text.push(piece.clone());
                }
            }
            self.next += 1;
        }
        text.push(Piece::Literal(literal.into()));
        text
    }

    /// `$.userIdentity.type`, `$.a[0].b`, `$["a.b"]`.
    fn field(&mut self) -> Result<Token, Refused> {
        let at = self.at();
        self.next += 1;
        let mut names: Vec<Arc<str>> = Vec::new();
        loop {
            match self.peek(0) {
                Some('.') => {
                    self.next += 1;
                    let is_name = |letter: char| letter.is_alphanumeric() || "-_@:/".contains(letter);
                    let name: String = std::iter::from_fn(|| {
                        let letter = self.peek(0).filter(|letter| is_name(*letter))?;
                        self.next += 1;
                        Some(letter)
                    })
                    .collect();
                    if name.is_empty() {
                        return Err(invalid(at, "a field has no name"));
                    }
                    names.push(name.into());
                }
                Some('[') => names.push(self.bracket(at)?),
                _ => break,
            }
        }
        match names.is_empty() {
            true => Err(invalid(at, "`$` names no field: write `$.` and its name")),
            false => Ok(Token::Field(Path(names))),
        }
    }

    fn bracket(&mut self, at: usize) -> Result<Arc<str>, Refused> {
        self.next += 1;
        let name: Arc<str> = match self.peek(0) {
            Some(mark @ ('"' | '\'')) => match self.quoted(mark)?.literal() {
                Some(name) => name.into(),
                None => return Err(invalid(at, "the name of a field is not known")),
            },
            _ => {
                let inner: String = std::iter::from_fn(|| {
                    let letter = self.peek(0).filter(|letter| letter.is_ascii_digit() || *letter == '*')?;
                    self.next += 1;
                    Some(letter)
                })
                .collect();
                format!("[{inner}]").into()
            }
        };
        if self.peek(0) != Some(']') || &*name == "[]" {
            return Err(invalid(at, "`[` of a field does not end"));
        }
        self.next += 1;
        Ok(name)
    }
}

pub(super) fn invalid(at: usize, words: &str) -> Refused {
    Refused::Invalid(at, words.to_owned())
}

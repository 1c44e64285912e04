//! Patterns of metric filters (CloudWatch Logs User Guide, "Filter pattern syntax").
//!
//! The JSON form is understood whole. What a pattern of words or of columns matches in a record of CloudTrail depends on
//! text that no one knows before; such tests are true where a known field holds the word, else unknown.

use super::scan::{Item, Scanner, Token, invalid, items};
use super::{Ask, Compare, Formula, Matcher, Path, Refused, Sample, Test};
use crate::value::{Piece, Text, Why, WhyKind};

/// The longest pattern that CloudWatch Logs takes (`PutMetricFilter`).
const LONGEST: usize = 1024;

/// Parentheses in one another that are followed: a pattern of that many characters has no use for more.
const MAX_DEPTH: usize = 100;

/// What the pattern of a metric filter means.
///
/// # Errors
///
/// CloudWatch Logs does not take the pattern, or it cannot be told what it is.
pub fn filter(text: &Text) -> Result<Formula, Refused> {
    let all = items(text);
    if all.len() > LONGEST && text.literal().is_some() {
        return Err(invalid(0, "the pattern is longer than the 1,024 characters that CloudWatch Logs takes"));
    }
    let is_blank = |item: &Item| matches!(item.piece, Ok(letter) if letter.is_whitespace());
    let first = all.iter().position(|item| !is_blank(item));
    let last = all.iter().rposition(|item| !is_blank(item));
    let (Some(first), Some(last)) = (first, last) else { return Ok(Formula::everything()) };
    let inner = all.get(first..=last).unwrap_or_default();
    match (inner.first().map(|item| &item.piece), inner.last().map(|item| &item.piece)) {
        (Some(Err(piece)), _) => Err(Refused::Unknown(why(piece))),
        (Some(Ok('{')), Some(Ok('}'))) if inner.len() > 1 => json(inner.get(1..inner.len() - 1).unwrap_or_default()),
        (Some(Ok('{')), Some(Err(piece))) => Err(Refused::Unknown(why(piece))),
        (Some(Ok('{')), _) => Err(invalid(first, "the pattern begins with `{` and does not end with `}`")),
        (Some(Ok('[')), _) => Err(Refused::Unknown(unclear(
            "what a pattern of columns matches depends on where the text of an event has spaces",
        ))),
        _ => words(inner),
    }
}

fn why(piece: &Piece) -> Why {
    match piece {
        Piece::Hole(hole) => hole.why(),
        Piece::Unknown(why) => why.clone(),
        Piece::Literal(_) => unclear("the pattern is not known"),
    }
}

fn unclear(text: &str) -> Why {
    Why::new(WhyKind::AfterApply, "pattern", text)
}

fn json(items: &[Item]) -> Result<Formula, Refused> {
    let tokens = Scanner::new(items).tokens()?;
    let end = items.last().map_or(0, |item| item.at);
    let mut parser = Parser { tokens: &tokens, next: 0, end };
    let formula = parser.any(0)?;
    match parser.peek() {
        None => Ok(formula),
        Some(Token::Bare(_) | Token::Quoted(_)) => {
            Err(invalid(parser.at(), "a word follows that no operator joins: a text with spaces must be in quotes"))
        }
        Some(_) => Err(invalid(parser.at(), "the pattern does not go on so: `&&`, `||` or its end is expected")),
    }
}

struct Parser<'t> {
    tokens: &'t [(usize, Token)],
    next: usize,
    end: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.next).map(|(_, token)| token)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |(at, _)| *at)
    }

    fn take(&mut self) -> Option<&'t Token> {
        let token = self.peek()?;
        self.next += 1;
        Some(token)
    }

    /// `&&` binds tighter than `||`.
    fn any(&mut self, depth: usize) -> Result<Formula, Refused> {
        let mut parts = vec![self.all(depth)?];
        while self.peek() == Some(&Token::Or) {
            self.next += 1;
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Formula::Any))
    }

    fn all(&mut self, depth: usize) -> Result<Formula, Refused> {
        let mut parts = vec![self.one(depth)?];
        while self.peek() == Some(&Token::And) {
            self.next += 1;
            parts.push(self.one(depth)?);
        }
        Ok(one_or(parts, Formula::All))
    }

    fn one(&mut self, depth: usize) -> Result<Formula, Refused> {
        if depth > MAX_DEPTH {
            let why = Why::new(WhyKind::Unsupported, "pattern", "this pattern has more parentheses than are followed");
            return Err(Refused::Unknown(why));
        }
        let at = self.at();
        match self.take() {
            Some(Token::Open) => {
                let inner = self.any(depth + 1)?;
                match self.peek() {
                    Some(Token::Close) => {
                        self.next += 1;
                        Ok(inner)
                    }
                    Some(Token::Bare(_) | Token::Quoted(_)) => Err(invalid(
                        self.at(),
                        "a word follows that no operator joins: a text with spaces must be in quotes",
                    )),
                    _ => Err(invalid(at, "the parenthesis that opens here does not close")),
                }
            }
            Some(Token::Field(path)) => self.condition(at, path),
            // A whole condition, or several, may stand in a hole.
            Some(Token::Bare(text)) if text.literal().is_none() => {
                Ok(Formula::Unknown(text.why().unwrap_or_else(|| unclear("the pattern is not known"))))
            }
            _ => Err(invalid(at, "a condition is expected here: a field such as `$.eventName`, and what it is")),
        }
    }

    fn condition(&mut self, at: usize, path: &Path) -> Result<Formula, Refused> {
        let test = |ask: Ask| Ok(Formula::Test(Test { path: path.clone(), ask, each: false, at }));
        let word = |token: Option<&Token>| match token {
            Some(Token::Bare(text)) => text.literal().map(str::to_ascii_uppercase),
            _ => None,
        };
        match self.take() {
            Some(Token::Equal) => test(Ask::Is(vec![self.value()?])),
            Some(Token::NotEqual) => test(Ask::IsNot(vec![self.value()?])),
            Some(Token::Number(compare)) => match self.value()? {
                Matcher::Number(bounds) => test(Ask::Is(vec![Matcher::Number(
                    bounds.into_iter().map(|(_, bound)| (*compare, bound)).collect(),
                )])),
                unknown @ Matcher::Unknown(_) => test(Ask::Is(vec![unknown])),
                _ => Err(invalid(at, "only numbers are more or less than another")),
            },
            token => match (word(token).as_deref(), word(self.take()).as_deref()) {
                (Some("IS"), Some("NULL")) => test(Ask::Is(vec![Matcher::Just(Sample::Null)])),
                (Some("IS"), Some("TRUE")) => test(Ask::Is(vec![Matcher::Just(Sample::Bool(true))])),
                (Some("IS"), Some("FALSE")) => test(Ask::Is(vec![Matcher::Just(Sample::Bool(false))])),
                (Some("NOT"), Some("EXISTS")) => test(Ask::Absent),
                (Some("IS"), Some("NOT")) => Err(invalid(at, "CloudWatch Logs knows no `IS NOT`")),
                (Some("EXISTS"), _) => Err(invalid(at, "CloudWatch Logs knows no `EXISTS`: write `= \"*\"`")),
                _ => Err(invalid(at, "an operator is expected after this field")),
            },
        }
    }

    fn value(&mut self) -> Result<Matcher, Refused> {
        let at = self.at();
        match self.take() {
            Some(Token::Quoted(text)) => Ok(Matcher::starred(text)),
            Some(Token::Expression(text)) => Ok(Matcher::expression(text)),
            Some(Token::Bare(text)) => {
                let digits = |text: &str| !text.contains(|letter: char| letter.is_alphabetic());
                let number = text.literal().filter(|text| digits(text)).and_then(|text| text.parse::<f64>().ok());
                Ok(match number {
                    Some(number) => Matcher::Number(vec![(Compare::Equal, number)]),
                    None => Matcher::starred(text),
                })
            }
            _ => Err(invalid(at, "a value is expected here")),
        }
    }
}

fn one_or(mut parts: Vec<Formula>, many: fn(Vec<Formula>) -> Formula) -> Formula {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            many(parts)
        }
    }
}

/// `A B` both, `?A ?B` either, `-A` without, `"a b"` as it stands.
fn words(items: &[Item]) -> Result<Formula, Refused> {
    let (mut all, mut any) = (Vec::new(), Vec::new());
    for (at, mark, text) in terms(items)? {
        if text.pieces().is_empty() {
            continue;
        }
        let ask = if mark == Some('-') { Ask::NoWord(text) } else { Ask::Word(text) };
        let test = Formula::Test(Test { path: Path::default(), ask, each: false, at });
        if mark == Some('?') { any.push(test) } else { all.push(test) }
    }
    match (all.is_empty(), any.is_empty()) {
        (_, true) => Ok(Formula::All(all)),
        (true, false) => Ok(Formula::Any(any)),
        _ => Err(Refused::Unknown(unclear("AWS does not say what `?` words mean beside others"))),
    }
}

type Term = (usize, Option<char>, Text);

fn terms(items: &[Item]) -> Result<Vec<Term>, Refused> {
    let mut terms: Vec<Term> = Vec::new();
    let mut rest = items.iter().peekable();
    while let Some(first) = rest.next_if(|_| true) {
        let mut mark = None;
        let mut begin = first;
        match first.piece {
            Ok(letter) if letter.is_whitespace() => continue,
            Ok('%') => {
                return Err(Refused::Unknown(unclear("what an expression finds in the text of an event is not known")));
            }
            Ok(letter @ ('?' | '-')) => match rest.next() {
                Some(next) => (mark, begin) = (Some(letter), next),
                None => return Err(invalid(first.at, "a word is expected here")),
            },
            _ => {}
        }
        let quoted = matches!(begin.piece, Ok('"'));
        let mut text = Text::default();
        let mut put = |item: &Item| {
            text.push(match &item.piece {
                Ok(letter) => Piece::Literal(letter.to_string().into()),
                Err(piece) => piece.clone(),
            });
        };
        if !quoted {
            put(begin);
        }
        let mut ended = !quoted;
        for item in rest.by_ref() {
            match item.piece {
                Ok('"') if quoted => {
                    ended = true;
                    break;
                }
                Ok(letter) if !quoted && letter.is_whitespace() => break,
                _ => put(item),
            }
        }
        if !ended {
            return Err(invalid(begin.at, "what begins here with `\"` does not end"));
        }
        terms.push((begin.at, mark, text));
    }
    Ok(terms)
}

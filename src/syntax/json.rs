//! JSON as RFC 8259 has it: no comments, no trailing commas, no other whitespace than four characters.
//!
//! jsonc-parser cuts the tokens and resolves the escapes; the grammar is here, since its own parser recurses, and
//! since the tokens go straight into the tree without a second one in between. What its scanner lets pass beyond the
//! RFC (other whitespace, control characters inside strings) is refused here.

use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseStringErrorKind, Scanner, ScannerOptions};

use super::tree::{Inside, Tree};
use super::{Kind, Node, SyntaxError};
use crate::source::{FileId, Span};

/// What may come next.
#[derive(Clone, Copy, PartialEq)]
enum Want {
    /// A value, and nothing else.
    Value,
    /// The first item of a list, or its end.
    Item,
    /// The first key of an object, or its end.
    FirstKey,
    /// A key, after a comma.
    Key,
    Colon,
    /// A comma, or the end of the collection.
    Comma,
    /// Nothing: the document is over.
    End,
}

/// Strict JSON; a byte order mark at the start is passed over.
pub fn parse(file: FileId, text: &str) -> Result<Node, SyntaxError> {
    let base = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    parse_part(file, text, base..text.len())
}

/// A document that is a part of a larger text; places are counted from the start of that text.
pub fn parse_part(file: FileId, text: &str, part: std::ops::Range<usize>) -> Result<Node, SyntaxError> {
    let (base, text) = (part.start, text.get(..part.end).unwrap_or(text));
    let body = text.as_bytes().get(base..).unwrap_or_default();
    let only_json_spaces = body.is_ascii() && memchr::memchr2(0x0b, 0x0c, body).is_none();
    Reader { file, text, base, tree: Tree::new(file), want: Want::Value, only_json_spaces }.read()
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    /// Where the JSON starts: the scanner counts from here.
    base: usize,
    tree: Tree,
    want: Want,
    /// Whether no character in the text is one that the scanner takes for whitespace and JSON does not.
    only_json_spaces: bool,
}

impl<'t> Reader<'t> {
    fn read(mut self) -> Result<Node, SyntaxError> {
        let body = self.text.get(self.base..).unwrap_or("");
        let strict = ScannerOptions {
            allow_single_quoted_strings: false,
            allow_hexadecimal_numbers: false,
            allow_unary_plus_numbers: false,
            allow_bare_decimal_point_numbers: false,
            allow_non_finite_numbers: false,
            allow_extended_string_escapes: false,
        };
        let mut scanner = Scanner::new(body, &strict);
        let mut last = self.base;
        loop {
            let token = scanner.scan();
            let (start, end) = (self.base + scanner.token_start(), self.base + scanner.token_end());
            self.gap(last, start)?;
            last = end;
            match token {
                Ok(Some(token)) => self.token(token, start, end)?,
                Ok(None) => break,
                Err(error) => return Err(self.explain(&error)),
            }
        }
        match self.tree.root.take() {
            Some(root) if self.want == Want::End => Ok(root),
            _ => Err(self.ended()),
        }
    }

    fn token(&mut self, token: Token<'t>, start: usize, end: usize) -> Result<(), SyntaxError> {
        let at = (start, end);
        self.want = match (self.want, token) {
            (Want::Value | Want::Item, Token::OpenBrace) => {
                self.tree.open_map(at, None, 0)?;
                Want::FirstKey
            }
            (Want::Value | Want::Item, Token::OpenBracket) => {
                self.tree.open_list(at, None, 0)?;
                Want::Item
            }
            (Want::FirstKey | Want::Comma, Token::CloseBrace) if self.tree.inside() == Inside::Key => {
                self.close(end)?
            }
            (Want::Item | Want::Comma, Token::CloseBracket) if self.tree.inside() == Inside::List => self.close(end)?,
            (Want::FirstKey | Want::Key, Token::String(key)) => {
                self.controls(start, end)?;
                let span = self.tree.span(start, end);
                self.tree.key(key.into_owned().into_boxed_str(), span, false);
                Want::Colon
            }
            (Want::Colon, Token::Colon) => Want::Value,
            (Want::Comma, Token::Comma) if self.tree.inside() == Inside::List => Want::Value,
            (Want::Comma, Token::Comma) => Want::Key,
            (Want::Value | Want::Item, Token::String(value)) => {
                self.controls(start, end)?;
                self.scalar(value.into_owned().into_boxed_str(), false, at)
            }
            (Want::Value | Want::Item, Token::Number(value)) => self.scalar(value.into(), true, at),
            (Want::Value | Want::Item, Token::Boolean(true)) => self.scalar("true".into(), true, at),
            (Want::Value | Want::Item, Token::Boolean(false)) => self.scalar("false".into(), true, at),
            (Want::Value | Want::Item, Token::Null) => self.scalar("null".into(), true, at),
            (want, token) => {
                return Err(SyntaxError::new(self.expected(want, &token), Span::new(self.file, start..end)));
            }
        };
        Ok(())
    }

    fn scalar(&mut self, text: Box<str>, plain: bool, at: (usize, usize)) -> Want {
        let span = self.tree.span(at.0, at.1);
        self.put(Node { span, tag: None, kind: Kind::Scalar { text, plain } }, at.1)
    }

    fn put(&mut self, node: Node, end: usize) -> Want {
        self.tree.put(node, end);
        if self.tree.inside() == Inside::Document { Want::End } else { Want::Comma }
    }

    fn close(&mut self, end: usize) -> Result<Want, SyntaxError> {
        match self.tree.close(Some(end))? {
            Some((node, _, end)) => Ok(self.put(node, end)),
            None => Ok(Want::End),
        }
    }

    /// Refuses what the scanner took for whitespace and JSON does not.
    fn gap(&self, start: usize, end: usize) -> Result<(), SyntaxError> {
        if self.only_json_spaces {
            return Ok(());
        }
        let gap = self.text.as_bytes().get(start..end).unwrap_or_default();
        match gap.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            Some(at) => Err(self.at("only spaces, tabs and line breaks may stand between JSON values", start + at)),
            None => Ok(()),
        }
    }

    /// Refuses control characters inside a string, which JSON wants escaped.
    fn controls(&self, start: usize, end: usize) -> Result<(), SyntaxError> {
        let string = self.text.as_bytes().get(start..end).unwrap_or_default();
        // Without a way out of the loop it is one instruction for many bytes.
        if !string.iter().fold(false, |any, byte| any | (*byte < b' ')) {
            return Ok(());
        }
        let Some(at) = string.iter().position(|byte| *byte < b' ') else { return Ok(()) };
        Err(match string.get(at) {
            Some(b'\n' | b'\r') => self.at("a string must end on its line: close it, or write `\\n`", start + at),
            Some(b'\t') => self.at("a tab inside a string must be written `\\t`", start + at),
            _ => self.at("a control character inside a string must be written as `\\u` and four digits", start + at),
        })
    }

    /// What to say about a token that cannot come now.
    fn expected(&self, want: Want, token: &Token<'_>) -> &'static str {
        match (want, token) {
            (_, Token::CommentLine(_) | Token::CommentBlock(_)) => "comments are not allowed in JSON",
            (Want::End, _) => "unexpected text after the end of the document",
            (Want::Key, Token::CloseBrace) => "remove the comma before `}`",
            (Want::Value, Token::CloseBracket) if self.tree.inside() == Inside::List => "remove the comma before `]`",
            (Want::Key | Want::FirstKey, _) => "expected a key in double quotes",
            (Want::Colon, _) => "expected `:` after the key",
            (Want::Comma, _) if self.tree.inside() == Inside::List => "expected `,` or `]`",
            (Want::Comma, _) => "expected `,` or `}`",
            (Want::Value | Want::Item, Token::Word(_)) => "expected a value; text needs double quotes",
            (Want::Value | Want::Item, _) => "expected a value",
        }
    }

    /// The text is over too early.
    fn ended(&self) -> SyntaxError {
        let Some(open) = self.tree.innermost() else { return self.at("expected a value", self.text.len()) };
        let close = if self.tree.inside() == Inside::List { ']' } else { '}' };
        let mut error = self.at(&format!("the file ends where `{close}` is missing"), self.text.len());
        error.related = Some((Span::new(self.file, open..open + 1), "opened here"));
        error
    }

    fn at(&self, message: &str, offset: usize) -> SyntaxError {
        SyntaxError::at(message, self.file, self.text, offset)
    }

    /// The scanner's errors in our words.
    fn explain(&self, error: &ParseError) -> SyntaxError {
        let message = match error.kind() {
            ParseErrorKind::SingleQuotedStringsNotAllowed => "use double quotes, not single ones",
            ParseErrorKind::UnterminatedCommentBlock => "comments are not allowed in JSON",
            ParseErrorKind::HexadecimalNumbersNotAllowed => "hexadecimal numbers are not allowed in JSON",
            ParseErrorKind::UnaryPlusNumbersNotAllowed => "remove the `+` before the number",
            ParseErrorKind::BareDecimalPointNumbersNotAllowed => "a number needs digits on both sides of its point",
            ParseErrorKind::NonFiniteNumbersNotAllowed => "infinity and NaN are not allowed in JSON",
            ParseErrorKind::ExpectedDigit
            | ParseErrorKind::ExpectedDigitFollowingNegativeSign
            | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral => "expected a digit",
            ParseErrorKind::String(ParseStringErrorKind::UnterminatedStringLiteral) => "this string is not closed",
            ParseErrorKind::String(ParseStringErrorKind::ExpectedFourHexDigits) => {
                "`\\u` needs four hexadecimal digits"
            }
            ParseErrorKind::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => {
                "this escape is half of a character: `\\ud800` to `\\udfff` come in pairs"
            }
            ParseErrorKind::String(_) => "unknown escape; write a backslash as `\\\\`",
            // A bare word, or a character that starts nothing.
            _ => self.expected(self.want, &Token::Word("")),
        };
        self.at(message, self.base + error.range().start)
    }
}

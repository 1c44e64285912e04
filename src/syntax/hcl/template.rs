//! The pieces of a string template: escapes, strip markers (`~`), the indentation that `<<-` takes away, directives.
//!
//! Spaces go as Terraform takes them: in heredocs and template files each line is a piece of its own, and a strip marker
//! reaches no further than the piece beside it; what remains of the lines decides about the indentation.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::template::{Directive, Element, Strip};

use super::super::SyntaxError;
use super::lower::Place;
use super::{Expr, Part};

/// How a template is written.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    /// In quotes: with escapes.
    Quoted,
    /// `<<`, template files, strings of JSON syntax.
    Bare,
    /// `<<-`.
    Flush,
}

/// One piece, before directives are matched with their ends.
enum Piece {
    /// Characters, and where they begin.
    Literal(String, u32),
    Interpolation(Expr),
    If(Expr),
    Else,
    For(Option<Box<str>>, Box<str>, Expr),
    End,
}

/// A piece with its strip markers.
struct Token {
    piece: Piece,
    strip: Strip,
}

/// The parts of a template.
pub(super) fn parts<'e>(
    place: &Place<'_>,
    elements: impl IntoIterator<Item = &'e Element>,
    style: Style,
    around: &Range<usize>,
    depth: usize,
) -> Result<Vec<Part>, SyntaxError> {
    let mut reader = Reader { place, style, around, depth, tokens: Vec::new() };
    reader.elements(elements)?;
    let mut tokens = reader.tokens;
    trim(&mut tokens);
    if style == Style::Flush {
        outdent(&mut tokens);
    }
    let mut tokens = tokens.into_iter().map(|token| token.piece);
    let mut parts = Vec::new();
    nest(&mut tokens, &mut parts);
    Ok(parts)
}

struct Reader<'r, 't> {
    place: &'r Place<'t>,
    style: Style,
    around: &'r Range<usize>,
    /// Levels of the tree above: directives nest inside one template.
    depth: usize,
    tokens: Vec<Token>,
}

impl Reader<'_, '_> {
    fn push(&mut self, piece: Piece, strip: Strip) {
        self.tokens.push(Token { piece, strip });
    }

    fn expr(&self, parsed: &hcl_edit::expr::Expression) -> Result<Expr, SyntaxError> {
        self.place.expr(parsed, self.around, self.depth)
    }

    fn elements<'e>(&mut self, elements: impl IntoIterator<Item = &'e Element>) -> Result<(), SyntaxError> {
        for element in elements {
            match element {
                Element::Literal(literal) => self.literal(&literal.span().unwrap_or_default()),
                Element::Interpolation(parsed) => {
                    let expr = self.expr(&parsed.expr)?;
                    self.push(Piece::Interpolation(expr), parsed.strip);
                }
                Element::Directive(directive) => match directive.as_ref() {
                    Directive::If(parsed) => {
                        let condition = self.expr(&parsed.if_expr.cond_expr)?;
                        self.push(Piece::If(condition), parsed.if_expr.strip);
                        self.depth += 1;
                        self.elements(&parsed.if_expr.template)?;
                        if let Some(parsed) = &parsed.else_expr {
                            self.push(Piece::Else, parsed.strip);
                            self.elements(&parsed.template)?;
                        }
                        self.depth -= 1;
                        self.push(Piece::End, parsed.endif_expr.strip);
                    }
                    Directive::For(parsed) => {
                        let intro = &parsed.for_expr;
                        let over = self.expr(&intro.collection_expr)?;
                        let key = intro.key_var.as_ref().map(|word| word.as_str().into());
                        self.push(Piece::For(key, intro.value_var.as_str().into(), over), intro.strip);
                        self.depth += 1;
                        self.elements(&intro.template)?;
                        self.depth -= 1;
                        self.push(Piece::End, parsed.endfor_expr.strip);
                    }
                },
            }
        }
        Ok(())
    }

    /// A literal as written: the parser resolves no escapes inside directives, and its outdenting is not Terraform's.
    fn literal(&mut self, range: &Range<usize>) {
        let written = self.place.text.get(range.clone()).unwrap_or("");
        if self.style == Style::Quoted {
            self.push(Piece::Literal(resolve(written, true), self.place.span(range).start), Strip::None);
            return;
        }
        let mut at = range.start;
        for line in written.split_inclusive('\n') {
            self.push(Piece::Literal(resolve(line, false), self.place.span(&(at..at)).start), Strip::None);
            at += line.len();
        }
    }
}

/// Resolves `$${` and `%%{`, and inside quotes the escapes with `\`.
fn resolve(written: &str, quoted: bool) -> String {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some(at) = rest.find(['\\', '$', '%']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(before);
        rest = from;
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            text.push_str(rest.get(1..3).unwrap_or(""));
            rest = rest.get(3..).unwrap_or("");
            continue;
        }
        let mut characters = rest.chars();
        let first = characters.next();
        if first != Some('\\') || !quoted {
            text.extend(first);
            rest = characters.as_str();
            continue;
        }
        let digits = match characters.next() {
            Some('u') => 4,
            Some('U') => 8,
            other => {
                text.extend(other.map(|c| match c {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    c => c,
                }));
                0
            }
        };
        rest = characters.as_str();
        if digits > 0 {
            let code = rest.get(..digits).and_then(|code| u32::from_str_radix(code, 16).ok());
            text.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            rest = rest.get(digits..).unwrap_or("");
        }
    }
    text.push_str(rest);
    text
}

/// Does what the strip markers say to the pieces beside them.
fn trim(tokens: &mut [Token]) {
    let mut left = false;
    for at in 0..tokens.len() {
        let Some(strip) = tokens.get(at).map(|token| token.strip) else { return };
        if strip.strip_start()
            && let Some(Token { piece: Piece::Literal(before, _), .. }) =
                at.checked_sub(1).and_then(|at| tokens.get_mut(at))
        {
            before.truncate(before.trim_end().len());
        }
        if left && let Some(Token { piece: Piece::Literal(text, _), .. }) = tokens.get_mut(at) {
            *text = text.trim_start().to_owned();
        }
        left = strip.strip_end();
    }
}

/// Takes away the indentation that all lines have in common; blank lines do not count and keep theirs.
fn outdent(tokens: &mut [Token]) {
    let mut least = usize::MAX;
    let mut lines = Vec::new();
    let mut start = true;
    for (at, token) in tokens.iter().enumerate() {
        let text = if let Piece::Literal(text, _) = &token.piece { Some(text) } else { None };
        if start {
            let spaces = text.map_or(0, |text| text.chars().take_while(|c| c.is_whitespace()).count());
            let blank = text.is_some_and(|text| text.trim_start().is_empty() && text.ends_with('\n'));
            if !blank {
                least = least.min(spaces);
                lines.push(at);
            }
        }
        start = text.is_some_and(|text| text.ends_with('\n'));
    }
    for at in lines {
        if let Some(Token { piece: Piece::Literal(text, _), .. }) = tokens.get_mut(at) {
            *text = text.chars().skip(least).collect();
        }
    }
}

/// Why a sequence of parts ended.
enum Ended {
    Text,
    Else,
    End,
}

/// Puts what stands between a directive and its end into it.
fn nest(pieces: &mut impl Iterator<Item = Piece>, parts: &mut Vec<Part>) -> Ended {
    let (mut literal, mut start) = (String::new(), 0);
    let flush = |literal: &mut String, start: u32, parts: &mut Vec<Part>| {
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(literal).into(), Some(start)));
        }
    };
    let ended = loop {
        let piece = match pieces.next() {
            None => break Ended::Text,
            Some(Piece::Else) => break Ended::Else,
            Some(Piece::End) => break Ended::End,
            Some(Piece::Literal(text, at)) => {
                if literal.is_empty() {
                    start = at;
                }
                literal.push_str(&text);
                continue;
            }
            Some(piece) => piece,
        };
        flush(&mut literal, start, parts);
        match piece {
            Piece::Interpolation(expr) => parts.push(Part::Interpolation(expr)),
            Piece::If(condition) => {
                let (mut yes, mut no) = (Vec::new(), Vec::new());
                if let Ended::Else = nest(pieces, &mut yes) {
                    nest(pieces, &mut no);
                }
                parts.push(Part::If(condition, yes, no));
            }
            Piece::For(key, value, over) => {
                let mut body = Vec::new();
                nest(pieces, &mut body);
                parts.push(Part::For { key, value, over, body });
            }
            Piece::Literal(..) | Piece::Else | Piece::End => {}
        }
    };
    flush(&mut literal, start, parts);
    ended
}

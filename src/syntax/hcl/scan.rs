//! A look at the brackets, strings and templates of HCL before it is parsed: where each top-level structure ends, and
//! whether all that is opened is closed.
//!
//! The parser proper recurses, and where it fails inside an operand it tries that operand again, twice for each level. So
//! it gets nothing to read that could make it fail that way: every construct that it would back out of is refused here
//! first, in one pass with a stack of our own. This module knows no meaning.

use std::ops::Range;

use super::super::SyntaxError;
use super::open::Open;
use crate::source::FileId;

/// Deepest nesting of brackets, templates and directives that is read.
pub(super) const MAX_NESTING: usize = 40;

/// Most items between one pair of braces: the parser compares each key with all before it.
const MAX_ITEMS: usize = 5_000;

/// Longest number; the parser takes a longer one for none.
const MAX_DIGITS: usize = 300;

/// Longest legacy index (`a.0`).
const MAX_INDEX: usize = 18;

/// Where scanning stops.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Until {
    /// At the line break after a structure.
    Structure,
    /// At the end of the text.
    End,
}

/// A pass over a text from a place on.
pub(super) struct Scanner<'t> {
    file: FileId,
    text: &'t str,
    /// Where it stands.
    pub(super) at: usize,
    /// What is open, with its place.
    stack: Vec<(Open<'t>, usize)>,
    /// Whether what was read last ends an operand, so that an operator may follow.
    operand: bool,
    /// Line breaks that mean nothing, and the comments before them.
    blanks: Vec<Range<usize>>,
    /// Where comments stand.
    pub(super) comments: Vec<Range<usize>>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(file: FileId, text: &'t str, at: usize) -> Self {
        Scanner { file, text, at, stack: Vec::new(), operand: false, blanks: Vec::new(), comments: Vec::new() }
    }

    /// Passes over code up to the end asked for.
    pub(super) fn code(&mut self, until: Until) -> Result<(), SyntaxError> {
        self.run(until, 0)
    }

    /// Passes over the contents of a template.
    pub(super) fn template(&mut self) -> Result<(), SyntaxError> {
        self.push(Open::Bare, 0)?;
        self.run(Until::End, 1)
    }

    /// The text from a place up to where the pass stopped, as long as it is, with spaces for the line breaks that mean
    /// nothing: the parser minds some of them.
    pub(super) fn straightened(&self, start: usize) -> String {
        let mut text = String::with_capacity(self.at.saturating_sub(start));
        let mut from = start;
        for blank in &self.blanks {
            text.push_str(self.text.get(from..blank.start).unwrap_or(""));
            text.extend(std::iter::repeat_n(' ', blank.len()));
            from = blank.end;
        }
        text.push_str(self.text.get(from..self.at).unwrap_or(""));
        text
    }

    fn run(&mut self, until: Until, rest: usize) -> Result<(), SyntaxError> {
        while let Some(byte) = self.byte(0) {
            match self.stack.last() {
                None if until == Until::Structure && byte == b'\n' => return Ok(()),
                None | Some((Open::Bracket { .. } | Open::Sequence, _)) => self.token(byte)?,
                Some(_) => self.text(byte)?,
            }
        }
        match self.stack.get(rest..).and_then(|open| open.last()) {
            None => Ok(()),
            Some((open, at)) => Err(self.unclosed(open, *at)),
        }
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn push(&mut self, open: Open<'t>, at: usize) -> Result<(), SyntaxError> {
        if self.stack.len() >= MAX_NESTING {
            return Err(self.error(format!("nested deeper than {MAX_NESTING} levels"), at));
        }
        self.stack.push((open, at));
        Ok(())
    }

    fn error(&self, message: impl Into<String>, at: usize) -> SyntaxError {
        SyntaxError::at(message, self.file, self.text, at)
    }

    fn unclosed(&self, open: &Open<'_>, at: usize) -> SyntaxError {
        self.error(open.unclosed(), at)
    }

    /// One token of code.
    fn token(&mut self, byte: u8) -> Result<(), SyntaxError> {
        let next = self.byte(1);
        match byte {
            b' ' | b'\t' => self.at += 1,
            b'\n' => self.no_meaning(1),
            b'\r' if next == Some(b'\n') => self.no_meaning(1),
            b'#' => self.line_comment()?,
            b'/' if next == Some(b'/') => self.line_comment()?,
            b'/' if next == Some(b'*') => match self.rest().get(2..).and_then(|rest| rest.find("*/")) {
                Some(length) => {
                    self.comments.push(self.at..self.at + length + 4);
                    self.at += length + 4;
                }
                None => return Err(self.error("this comment is not closed", self.at)),
            },
            b'"' => {
                self.push(Open::Quoted, self.at)?;
                self.at += 1;
            }
            b'(' | b'[' | b'{' => {
                let close = if byte == b'(' { b')' } else { byte + 2 };
                let start = self.at;
                self.operator(1);
                let one_line = byte != b'{' || word_at(self.rest().trim_start()) == "for";
                self.push(Open::Bracket { close, items: 0, one_line }, start)?;
            }
            b')' | b']' | b'}' => self.close(byte)?,
            b'~' if next == Some(b'}') && matches!(self.stack.last(), Some((Open::Sequence, _))) => self.at += 1,
            b'<' if !self.operand => self.heredoc()?,
            b'0'..=b'9' => self.number()?,
            b'.' if next.is_some_and(|byte| byte.is_ascii_digit()) => {
                self.at += 1;
                let digits = self.digits();
                if digits > MAX_INDEX {
                    return Err(self.error("this index has too many digits", self.at - digits));
                }
                self.operand = true;
            }
            b'.' => {
                let splat = next == Some(b'*');
                self.operator(if splat { 2 } else { 1 });
                self.operand = splat;
                self.blank();
                self.word();
            }
            b'&' | b'|' if next == Some(byte) => self.operator(2),
            b'!' if next == Some(b'=') => self.operator(2),
            b'!' if !self.operand => self.operator(1),
            b'=' if matches!(next, Some(b'=' | b'>')) => self.operator(2),
            b'<' | b'>' if next == Some(b'=') => self.operator(2),
            b'=' | b':' => {
                self.item()?;
                self.operator(1);
            }
            b'?' | b',' | b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' => self.operator(1),
            _ if self.word() => {}
            _ => return Err(self.error("this character cannot stand here", self.at)),
        }
        Ok(())
    }

    /// Passes over a line break or a comment.
    fn no_meaning(&mut self, length: usize) {
        if let Some((Open::Bracket { one_line: true, .. } | Open::Sequence, _)) = self.stack.last() {
            self.blanks.push(self.at..self.at + length);
        }
        self.at += length;
    }

    fn operator(&mut self, length: usize) {
        self.at += length;
        self.operand = false;
    }

    /// Counts an item of the innermost braces.
    fn item(&mut self) -> Result<(), SyntaxError> {
        if let Some((Open::Bracket { items, .. }, at)) = self.stack.last_mut() {
            *items += 1;
            if *items > MAX_ITEMS {
                let at = *at;
                return Err(self.error(format!("more than {MAX_ITEMS} items between these braces"), at));
            }
        }
        Ok(())
    }

    fn line_comment(&mut self) -> Result<(), SyntaxError> {
        let line = self.rest();
        let line = line.get(..line.find('\n').unwrap_or(line.len())).unwrap_or("");
        let line = line.strip_suffix('\r').unwrap_or(line);
        if let Some(at) = line.find('\r') {
            return Err(self.error("a carriage return without a line feed after it", self.at + at));
        }
        self.comments.push(self.at..self.at + line.len());
        self.no_meaning(line.len());
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Result<(), SyntaxError> {
        let name = char::from(byte);
        match self.stack.last() {
            Some((Open::Bracket { close, .. }, _)) if *close == byte => {
                self.stack.pop();
            }
            Some((Open::Sequence, _)) if byte == b'}' => {
                self.stack.pop();
            }
            Some((open, at)) => {
                let close = if let Open::Bracket { close, .. } = open { char::from(*close) } else { '}' };
                let mut error = self.error(format!("`{name}` stands where `{close}` is missing"), self.at);
                error.related = Some((self.error("", *at).span, "opened here"));
                return Err(error);
            }
            None => return Err(self.error(format!("this `{name}` closes nothing"), self.at)),
        }
        self.at += 1;
        self.operand = true;
        Ok(())
    }

    /// Passes over spaces and line breaks.
    fn blank(&mut self) {
        while matches!(self.byte(0), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Passes over a word, if there is one.
    fn word(&mut self) -> bool {
        let word = word_at(self.rest());
        self.at += word.len();
        if !word.is_empty() {
            self.operand = !matches!(word, "if" | "in");
        }
        !word.is_empty()
    }

    fn digits(&mut self) -> usize {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        digits
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        self.digits();
        if self.byte(0) == Some(b'.') && self.byte(1).is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
            self.digits();
        }
        if matches!(self.byte(0), Some(b'e' | b'E')) {
            self.at += if matches!(self.byte(1), Some(b'+' | b'-')) { 2 } else { 1 };
            if self.digits() == 0 {
                return Err(self.error("expected a digit of the exponent", self.at));
            }
        }
        if self.at - start > MAX_DIGITS {
            return Err(self.error("this number has too many digits", start));
        }
        self.operand = true;
        Ok(())
    }

    fn heredoc(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        let intro = self.rest();
        let Some(intro) = intro.strip_prefix("<<").map(|rest| rest.strip_prefix('-').unwrap_or(rest)) else {
            return Err(self.error("expected a value before `<`", start));
        };
        let marker = word_at(intro);
        let after = intro.get(marker.len()..).unwrap_or("");
        let line_end = after.strip_prefix('\r').unwrap_or(after);
        if marker.is_empty() || !line_end.starts_with('\n') {
            return Err(self.error("`<<` takes a word and then a line break", start));
        }
        self.push(Open::Heredoc { marker, line_start: true }, start)?;
        self.at = self.text.len() - line_end.len() + 1;
        Ok(())
    }

    /// One piece of a template, outside its sequences.
    fn text(&mut self, byte: u8) -> Result<(), SyntaxError> {
        // Directives lie on the stack above the template that they belong to.
        let directive = |open: &Open<'_>| matches!(open, Open::If | Open::Else | Open::For);
        let Some(level) = self.stack.iter().rposition(|(open, _)| !directive(open)) else { return Ok(()) };
        let nested = level + 1 < self.stack.len();
        let mut quoted = false;
        match self.stack.get_mut(level) {
            Some((Open::Heredoc { marker, line_start }, _)) if *line_start => {
                *line_start = byte == b'\n';
                let line = self.text.get(self.at..).unwrap_or("");
                let line = line.get(..line.find('\n').unwrap_or(line.len())).unwrap_or("");
                if line.trim() == *marker {
                    if let Some((open, at)) = self.stack.last().filter(|_| nested) {
                        return Err(self.unclosed(open, *at));
                    }
                    self.at += line.trim_end().len();
                    self.stack.pop();
                    self.operand = true;
                    return Ok(());
                }
            }
            Some((Open::Heredoc { line_start, .. }, _)) => *line_start = byte == b'\n',
            Some((Open::Quoted, at)) => {
                quoted = true;
                if byte == b'"' && !nested {
                    self.at += 1;
                    self.stack.pop();
                    self.operand = true;
                    return Ok(());
                }
                if byte == b'"' || byte == b'\n' {
                    let at = *at;
                    let open = self.stack.last().map(|(open, at)| self.unclosed(open, *at));
                    return Err(open.unwrap_or_else(|| self.error("this string is not closed", at)));
                }
            }
            _ => {}
        }
        match byte {
            b'\\' if quoted => {
                let escaped = self.rest().chars().nth(1).filter(|escaped| *escaped != '\n').map_or(0, char::len_utf8);
                self.at += 1 + escaped;
            }
            b'$' | b'%' if self.byte(1) == Some(byte) && self.byte(2) == Some(b'{') => self.at += 3,
            b'$' | b'%' if self.byte(1) == Some(b'{') => self.sequence(byte)?,
            b'\n' => self.at += 1,
            _ => self.plain(),
        }
        Ok(())
    }

    /// Passes over what has no meaning in any template, at least one character.
    fn plain(&mut self) {
        let mut characters = self.rest().char_indices().skip(1);
        let end = characters.find(|(_, c)| matches!(c, '"' | '\\' | '$' | '%' | '\n')).map(|(at, _)| at);
        self.at += end.unwrap_or(self.text.len() - self.at);
    }

    /// `${` or `%{` with the word of a directive.
    fn sequence(&mut self, byte: u8) -> Result<(), SyntaxError> {
        let start = self.at;
        self.operator(2);
        if self.byte(0) == Some(b'~') {
            self.at += 1;
        }
        if byte == b'%' {
            self.blank();
            let word = word_at(self.rest());
            let inside = self.stack.last().map(|(open, _)| open);
            match (word, inside) {
                ("if", _) => self.push(Open::If, start)?,
                ("for", _) => self.push(Open::For, start)?,
                ("else", Some(Open::If)) => {
                    self.stack.pop();
                    self.push(Open::Else, start)?;
                }
                ("endif", Some(Open::If | Open::Else)) | ("endfor", Some(Open::For)) => {
                    self.stack.pop();
                }
                ("else" | "endif" | "endfor", _) => {
                    return Err(self.error(format!("`%{{ {word} }}` ends nothing that is open here"), start));
                }
                _ => return Err(self.error("`%{` takes `if`, `else`, `endif`, `for` or `endfor`", start)),
            }
            self.at += word.len();
        }
        self.push(Open::Sequence, start)
    }
}

/// The word at the start of a text.
pub(super) fn word_at(text: &str) -> &str {
    let begins = |c: char| c == '_' || c.is_alphabetic();
    let goes_on = |c: char| begins(c) || c == '-' || c.is_numeric();
    if !text.starts_with(begins) {
        return "";
    }
    text.get(..text.find(|c| !goes_on(c)).unwrap_or(text.len())).unwrap_or("")
}

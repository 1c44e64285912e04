//! HCL to spanned trees: native syntax (`.tf`, `.tofu`, `.tfvars`) and JSON syntax (`.tf.json`, `.tfvars.json`).
//!
//! hcl-edit reads the native syntax; before it does, a pass with a stack of our own refuses what would make it recurse
//! too deep or try again and again. What breaks one block costs that block alone.

mod errors;
mod json;
mod lower;
mod marks;
mod open;
mod scan;
mod template;
mod tree;

pub use tree::{Attribute, Binary, Block, Body, Expr, ExprKind, For, Name, Part, Unary};

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use hcl_edit::expr::Expression;
use hcl_edit::parser;

use self::lower::Place;
use self::marks::Marked;
use self::scan::{Scanner, Until};
use super::SyntaxError;
use crate::source::{FileId, Span};

/// Most syntax errors that are told of one file.
const MAX_ERRORS: usize = 20;

/// Parses a file in native syntax. What is broken is left out and told; the other top-level blocks are kept.
pub fn parse(file: FileId, text: &str) -> (Body, Vec<SyntaxError>) {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut whole = Scanner::new(file, text, start);
    if whole.code(Until::End).is_ok()
        && let Ok(body) = structures(file, &whole, start)
    {
        return (body, Vec::new());
    }
    recover(file, text, start)
}

/// The attributes and blocks of the text that was passed over from a place on.
fn structures(file: FileId, scanned: &Scanner<'_>, start: usize) -> Result<Body, SyntaxError> {
    let mut marked = Marked::new(scanned.straightened(start));
    let parsed = marked.parsed(parser::parse_body);
    let place = Place { file, text: &marked.text, offset: start, inserted: &marked.inserted, escapes: &[] };
    match parsed {
        Ok(body) => place.body(&body),
        Err(error) => Err(place.error(errors::explain(&error), error.location().offset())),
    }
}

/// Where the comments of a text stand, as far as it can be passed over.
pub fn comments(file: FileId, text: &str) -> Vec<Range<usize>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut scanner = Scanner::new(file, text, start);
    let _ = scanner.code(Until::End);
    scanner.comments
}

/// Reads the top-level structures one by one and tells of each that is broken.
fn recover(file: FileId, text: &str, start: usize) -> (Body, Vec<SyntaxError>) {
    let (mut body, mut errors) = (Body::default(), Vec::new());
    let mut known = HashMap::new();
    let mut at = start;
    while at < text.len() {
        if errors.len() >= MAX_ERRORS {
            errors.push(SyntaxError::at("too many errors: the rest of this file is not read", file, text, at));
            body.is_broken = true;
            break;
        }
        let mut scanner = Scanner::new(file, text, at);
        let scanned = scanner.code(Until::Structure);
        let closed = scanned.is_ok();
        let end = scanner.at;
        match scanned.and_then(|()| structures(file, &scanner, at)) {
            Ok(found) => {
                for attribute in found.attributes {
                    match known.entry(attribute.name.text.clone()) {
                        Entry::Occupied(first) => errors.push(SyntaxError {
                            message: "this attribute is set twice".to_owned(),
                            span: attribute.name.span,
                            related: Some((*first.get(), "first here")),
                        }),
                        Entry::Vacant(first) => {
                            first.insert(attribute.name.span);
                            body.attributes.push(attribute);
                        }
                    }
                }
                body.blocks.extend(found.blocks);
                at = end + 1;
            }
            Err(error) => {
                let block = broken_block(file, text, at, error.span.start as usize);
                // What it was meant to be cannot be told: it may have been anything.
                body.is_broken |= block.is_none();
                body.blocks.extend(block);
                errors.push(error);
                // A whole block ends where its brace says; after anything else only a new line of its own can be trusted.
                let whole = closed && text.get(at..end).is_some_and(|found| found.trim_end().ends_with('}'));
                at = if whole { end + 1 } else { next_header(text, at) };
            }
        }
    }
    (body, errors)
}

/// A block that is broken, which begins between two places: its kind and labels, and what stands in it before that.
fn broken_block(file: FileId, text: &str, from: usize, error: usize) -> Option<Block> {
    let is_blank = |line: &str| line.is_empty() || line.starts_with('#') || line.starts_with("//");
    let blank = text.get(from..error)?.split_inclusive('\n').take_while(|line| is_blank(line.trim()));
    let mut at = from + blank.map(str::len).sum::<usize>();
    let mut words = Vec::new();
    loop {
        let rest = text.get(at..)?;
        at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = text.get(at..)?;
        let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(label, _)| label);
        let word = quoted.unwrap_or_else(|| scan::word_at(rest));
        let length = word.len() + if quoted.is_some() { 2 } else { 0 };
        if length == 0 {
            break;
        }
        words.push(Name { text: word.into(), span: Span::new(file, at..at + length) });
        at += length;
    }
    let mut words = words.into_iter();
    let kind = words.next().filter(|_| text.get(at..).is_some_and(|rest| rest.starts_with('{')))?;
    let mut body = Body { is_broken: true, ..Body::default() };
    at += 1;
    while at < error {
        let mut scanner = Scanner::new(file, text, at);
        let found = scanner.code(Until::Structure).and_then(|()| structures(file, &scanner, at));
        let Some(found) = found.ok().filter(|_| scanner.at <= error) else { break };
        body.attributes.extend(found.attributes);
        body.blocks.extend(found.blocks);
        at = scanner.at + 1;
    }
    Some(Block { kind, labels: words.collect(), body })
}

/// Where the next line after a place begins that looks like the start of an attribute or block at the outermost level.
fn next_header(text: &str, from: usize) -> usize {
    let mut at = from;
    while let Some(length) = text.get(at..).and_then(|rest| rest.find('\n')) {
        at += length + 1;
        let line = text.get(at..).unwrap_or("");
        let word = scan::word_at(line);
        let after = line.get(word.len()..).unwrap_or("").trim_start_matches([' ', '\t']);
        let sets = after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>");
        if !word.is_empty() && (sets || after.starts_with(['"', '{'])) {
            return at;
        }
    }
    text.len()
}

/// Parses a file in JSON syntax. Strings are templates, as Terraform takes them. Of a text that is JSON, what is broken is
/// left out and told; the other blocks are kept.
pub fn parse_json(file: FileId, text: &str) -> (Body, Vec<SyntaxError>) {
    match super::json::parse(file, text) {
        Ok(root) => json::body(text, &root),
        Err(error) => (Body { is_broken: true, ..Body::default() }, vec![error]),
    }
}

/// Parses one expression, such as a reference in a plan or a value of the command line. Its places begin at `offset`.
///
/// # Errors
///
/// Where it is none.
pub fn expression(file: FileId, text: &str, offset: usize) -> Result<Expr, SyntaxError> {
    expression_at(&Place { file, text, offset, inserted: &[], escapes: &[] }, 0)
}

/// Parses an expression that stands `depth` levels below the outermost.
fn expression_at(place: &Place<'_>, depth: usize) -> Result<Expr, SyntaxError> {
    let mut scanner = Scanner::new(place.file, place.text, 0);
    scanner.code(Until::End).map_err(|error| place.moved(error))?;
    // Inside parentheses line breaks and comments may stand.
    let mut marked = Marked::new(format!("({}\n)", scanner.straightened(0)));
    marked.inserted.push((0, 1));
    let parsed = marked.parsed(parser::parse_expr);
    let end = marked.text.len() - 2;
    let place = Place { text: &marked.text, inserted: &marked.inserted, ..*place };
    match parsed {
        Ok(Expression::Parenthesis(parsed)) => place.expr(parsed.inner(), &(1..end), depth),
        Ok(_) => Err(place.error("expected one expression", 1)),
        Err(error) => Err(place.error(errors::explain(&error), error.location().offset().min(end))),
    }
}

/// Parses the contents of a template file (`templatefile`): parts without quotes around them.
///
/// # Errors
///
/// Where it is none.
pub fn template(file: FileId, text: &str, offset: usize) -> Result<Vec<Part>, SyntaxError> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let text = text.get(start..).unwrap_or("");
    template_at(&Place { file, text, offset: offset + start, inserted: &[], escapes: &[] }, 0)
}

/// Parses a template that stands `depth` levels below the outermost.
fn template_at(place: &Place<'_>, depth: usize) -> Result<Vec<Part>, SyntaxError> {
    let mut scanner = Scanner::new(place.file, place.text, 0);
    scanner.template().map_err(|error| place.moved(error))?;
    let mut marked = Marked::new(scanner.straightened(0));
    let parsed = marked.parsed(parser::parse_template);
    let place = Place { text: &marked.text, inserted: &marked.inserted, ..*place };
    match parsed {
        Ok(parsed) => template::parts(&place, &parsed, template::Style::Bare, &(0..marked.text.len()), depth),
        Err(error) => Err(place.error(errors::explain(&error), error.location().offset())),
    }
}

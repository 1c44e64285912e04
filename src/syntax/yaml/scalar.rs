//! Where a scalar stands and what its tag makes of it.
//!
//! The library's ranges are exact for what has quotes or is plain. A block scalar's covers its content only, up to the
//! next thing in the file, and an absent value has no obvious place: both are settled here.

use std::borrow::Cow;

use granit_parser::{ScalarStyle, Span as Place, Tag as Resolved};

use super::super::Tag;
use super::super::tree::Tree;

/// The tags that YAML itself defines, such as `!!str`, once their shorthand is resolved.
const CORE: &str = "tag:yaml.org,2002:";

/// A tag and its place.
pub(super) struct Tagged {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The tag, unless it is one of YAML's own.
    pub(super) own: Option<Box<Tag>>,
    /// Whether a scalar under it may be read as a boolean, number or null; none where that depends on its style.
    plain: Option<bool>,
}

/// The tag of an event.
pub(super) fn tag(tag: &Resolved, place: &Place, text: &str, tree: &Tree) -> Tagged {
    let range = place.tag_span().unwrap_or(*place).byte_range().unwrap_or(0..0);
    let (start, end) = (range.start, range.end);
    let plain = match tag.suffix_in_namespace(CORE).as_deref() {
        Some("bool" | "int" | "float" | "null") => Some(true),
        Some(_) => Some(false),
        None if tag.original_parts() == ("", "!") => Some(false),
        None => None,
    };
    let own = plain.is_none().then(|| {
        // `!<!Ref>` is a long way to write `!Ref`.
        let written = match tag.original_parts() {
            ("", local) if local.starts_with('!') => local,
            _ => text.get(start..end).unwrap_or(""),
        };
        Box::new(Tag { text: written.into(), span: tree.span(start, end) })
    });
    Tagged { start, end, own, plain }
}

/// A scalar as the library reports it.
pub(super) struct Scalar<'e> {
    pub(super) text: Cow<'e, str>,
    pub(super) style: ScalarStyle,
    pub(super) anchored: bool,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Scalar<'_> {
    /// Whether nothing was written: the library calls that `~`.
    fn absent(&self) -> bool {
        self.style == ScalarStyle::Plain && self.start >= self.end
    }

    pub(super) fn plain(&self, tag: Option<&Tagged>) -> bool {
        tag.and_then(|tag| tag.plain).unwrap_or(self.style == ScalarStyle::Plain)
    }

    pub(super) fn text(self) -> Box<str> {
        if self.absent() { "".into() } else { self.text.into_owned().into_boxed_str() }
    }

    /// Its first byte and one past its last. `last` is where the event before it ended, `key` where its key did.
    pub(super) fn place(&self, text: &str, last: usize, tag: Option<&Tagged>, key: Option<usize>) -> (usize, usize) {
        let (start, end) = match self.style {
            ScalarStyle::Literal | ScalarStyle::Folded => self.block(text, tag.map_or(last, |tag| tag.end.max(last))),
            _ if !self.absent() || self.anchored || tag.is_some() => (self.start, self.end),
            _ => absent(text, self.start, key),
        };
        match tag {
            Some(tag) if self.absent() && !self.anchored => (tag.start, tag.end),
            Some(tag) => (tag.start.min(start), end),
            None => (start, end),
        }
    }

    /// A block scalar from its `|` or `>` to the last character of its content.
    fn block(&self, text: &str, from: usize) -> (usize, usize) {
        let content = text.get(self.start..self.end).unwrap_or("").trim_end_matches([' ', '\t', '\r', '\n']);
        let end = self.start + content.len();
        let Some(header) = find(text, from, &['|', '>']) else { return (self.start, end) };
        let sign = |byte: &u8| matches!(byte, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9');
        let signs = text.as_bytes().iter().skip(header).take_while(|byte| sign(byte)).count();
        (header, if self.text.trim_end_matches('\n').is_empty() { header + signs } else { end })
    }
}

/// Finds the sign that starts a value, past everything else that may stand between it and the event before.
pub(super) fn find(text: &str, mut from: usize, signs: &[char]) -> Option<usize> {
    loop {
        let rest = text.get(from..)?;
        from += match rest.chars().next()? {
            c if signs.contains(&c) => return Some(from),
            '#' | '%' => rest.find(['\r', '\n'])?,
            '&' | '!' => rest.find(char::is_whitespace)?,
            c @ (' ' | '\t' | '\r' | '\n' | ':' | '-' | '?' | '.' | '\u{feff}') => c.len_utf8(),
            _ => return None,
        };
    }
}

/// The place of a value that was left out: behind the colon of its key, behind the key where there is none, and in a
/// list behind the dash.
fn absent(text: &str, at: usize, key: Option<usize>) -> (usize, usize) {
    let at = match key {
        Some(key) => {
            let rest = text.get(key..).unwrap_or("");
            let colon = rest.trim_start_matches([' ', '\t', '\r', '\n']);
            if colon.starts_with(':') { key + (rest.len() - colon.len()) + 1 } else { key }
        }
        None => text.get(..at).unwrap_or("").trim_end_matches([' ', '\t']).len(),
    };
    (at, at)
}

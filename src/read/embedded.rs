//! JSON documents inside strings, with the place of every part of them.
//!
//! A policy may be written as a mapping or as JSON text, and the text may have holes. It is parsed with the holes as
//! characters of their own, and each place in it is carried back to the source through escapes, indentation and
//! interpolation. This module knows no dialect: whoever calls it says where the text is written.

use super::{Content, Datum, Member};
use crate::source::{FileId, Span};
use crate::syntax::{self, Kind, Node};
use crate::value::{Piece, Text, Why, WhyKind};

/// Stands for the first hole of a text, its successors for the others: no policy holds characters of this private plane.
const FIRST: u32 = 0xF_0000;
const MOST: u32 = 0xFFFD;

/// The document that a text is, as a mapping; none where it is no JSON object. `written` is the text in the source and
/// where it begins, where it stands there in one piece.
pub(super) fn document(text: &Text, span: Span, written: Option<(&str, usize)>) -> Option<Datum> {
    let begins = text.pieces().iter().find_map(|piece| match piece {
        Piece::Literal(literal) => literal.trim_start().chars().next(),
        _ => Some(' '),
    });
    if begins != Some('{') {
        return None;
    }
    match value(text, span, written)? {
        Ok(datum) => Some(datum),
        Err((error, place)) => {
            let malformed = || Why::new(WhyKind::Unsupported, "JSON", format!("this is no JSON: {error}"));
            Some(Datum::unknown(text.why().unwrap_or_else(malformed).at(place), span))
        }
    }
}

/// The value that a text is as JSON, of any shape, or what is wrong with it and where; none where it has more holes than
/// can be kept.
pub(super) fn value(text: &Text, span: Span, written: Option<(&str, usize)>) -> Option<Result<Datum, (String, Span)>> {
    let (json, holes) = marked(text.pieces().iter().map(|piece| match piece {
        Piece::Literal(literal) => Segment::Written(literal),
        hole => {
            let mut text = Text::default();
            text.push(hole.clone());
            Segment::Inserted(text)
        }
    }))?;
    let document = Document {
        holes,
        span,
        map: written.map(|(source, start)| align(&json, source, start, source.starts_with('"'))),
    };
    Some(match syntax::json::parse(FileId(0), &json) {
        Ok(root) => Ok(document.datum(&root)),
        Err(error) => Err((error.message, document.place(error.span))),
    })
}

/// A stretch of a text: as it is written, or put in by an interpolation.
pub(super) enum Segment<'t> {
    Written(&'t str),
    Inserted(Text),
}

/// A stretch of a text that is made of several, and where it begins in the file.
pub(super) struct Stretch<'t> {
    pub(super) segment: Segment<'t>,
    pub(super) start: usize,
}

/// The text with a character of its own for each of its insertions.
fn marked<'t>(segments: impl Iterator<Item = Segment<'t>>) -> Option<(String, Vec<Text>)> {
    let (mut json, mut holes) = (String::new(), Vec::new());
    for segment in segments {
        match segment {
            Segment::Written(literal) => json.push_str(literal),
            Segment::Inserted(text) => {
                json.push(mark(holes.len())?);
                holes.push(text);
            }
        }
    }
    Some((json, holes))
}

fn mark(hole: usize) -> Option<char> {
    char::from_u32(FIRST + u32::try_from(hole).ok().filter(|n| *n < MOST)?)
}

/// The document that a text of several stretches is; none where it is no JSON object. `written` is the whole template in
/// its file, and where it begins; none where it stands in no file as it is.
pub(super) fn assembled(stretches: &[Stretch<'_>], span: Span, written: Option<(&str, usize)>) -> Option<Datum> {
    // An interpolation may bring more than a text, such as a list or a comma.
    [false, true].into_iter().find_map(|is_open| {
        let (json, holes, map) = laid_out(stretches, written, is_open)?;
        let root = syntax::json::parse(FileId(0), &json).ok()?;
        Some(Document { holes, span, map: Some(map) }.datum(&root))
    })
}

/// Stretches one after the other, what is inserted as characters of its own or, where it is open, as what is known of it.
fn laid_out(
    stretches: &[Stretch<'_>],
    written: Option<(&str, usize)>,
    is_open: bool,
) -> Option<(String, Vec<Text>, Places)> {
    let (mut json, mut holes, mut map) = (String::new(), Vec::new(), Places::new());
    let escapes = written.is_some_and(|(text, _)| text.starts_with('"'));
    for Stretch { segment, start } in stretches {
        let source = written.and_then(|(text, begins)| text.get(start.checked_sub(begins)?..));
        match (segment, source) {
            (Segment::Written(literal), Some(source)) => {
                json.push_str(literal);
                map.extend(align(literal, source, *start, escapes));
            }
            (Segment::Written(literal), None) => json.push_str(literal),
            (Segment::Inserted(text), _) if is_open => {
                for piece in text.pieces() {
                    if let Piece::Literal(literal) = piece {
                        json.push_str(literal);
                        continue;
                    }
                    json.push(mark(holes.len())?);
                    let mut hole = Text::default();
                    hole.push(piece.clone());
                    holes.push(hole);
                }
            }
            (Segment::Inserted(text), _) => {
                json.push(mark(holes.len())?);
                holes.push(text.clone());
            }
        }
        map.resize(json.len(), NOWHERE);
    }
    Some((json, holes, map))
}

/// Whether a text that begins as a JSON object is none, whatever fills its holes.
pub(super) fn is_broken(text: &Text, span: Span) -> bool {
    let unread = |datum: Datum| matches!(datum.content, Content::Unknown(_));
    holds_in_strings(text) && document(text, span, None).is_some_and(unread)
}

/// Whether all that is not known of a JSON text stands between quotes.
fn holds_in_strings(text: &Text) -> bool {
    let (mut inside, mut escaped) = (false, false);
    text.pieces().iter().all(|piece| match piece {
        Piece::Literal(literal) => {
            for character in literal.chars() {
                match character {
                    '"' if !escaped => inside = !inside,
                    '\\' if inside && !escaped => {
                        escaped = true;
                        continue;
                    }
                    _ => {}
                }
                escaped = false;
            }
            true
        }
        Piece::Hole(_) => inside,
        Piece::Unknown(_) => false,
    })
}

/// Where each byte of a JSON text begins and ends in the source: an escape or a hole is several characters there.
type Places = Vec<(u32, u32)>;

struct Document {
    holes: Vec<Text>,
    span: Span,
    map: Option<Places>,
}

impl Document {
    /// A place in the JSON, in the source.
    fn place(&self, at: Span) -> Span {
        let Some(map) = &self.map else { return self.span };
        match (map.get(at.start as usize), map.get((at.end as usize).saturating_sub(1))) {
            (Some((start, _)), Some((_, end))) if end > start => Span { start: *start, end: *end, ..self.span },
            _ => self.span,
        }
    }

    fn datum(&self, node: &Node) -> Datum {
        let content = match &node.kind {
            _ if node.is_null() => Content::Absent,
            Kind::Scalar { text, plain } => Content::Text { text: self.text(text), plain: *plain },
            Kind::List(items) => Content::List(items.iter().map(|item| self.datum(item)).collect()),
            Kind::Map(entries) => {
                let member = |(key, value): &(syntax::Key, Node)| Member {
                    key: key.text.as_ref().into(),
                    span: self.place(key.span),
                    value: self.below(key.span, value),
                };
                Content::Map { members: entries.iter().map(member).collect(), rest: None }
            }
        };
        Datum::new(content, self.place(node.span))
    }

    /// A value over several lines is underlined at its key; a mapping in a list at its first one.
    fn below(&self, key: Span, value: &Node) -> Datum {
        let mut datum = self.datum(value);
        if !matches!(value.kind, Kind::Scalar { .. }) {
            datum.span = self.place(key);
        }
        if let (Content::List(items), Kind::List(nodes)) = (&mut datum.content, &value.kind) {
            for (item, node) in items.iter_mut().zip(nodes) {
                if let Some((key, _)) = node.entries().first() {
                    item.span = self.place(key.span);
                }
            }
        }
        datum
    }

    fn text(&self, characters: &str) -> Text {
        let mut text = Text::default();
        let mut literal = String::new();
        for character in characters.chars() {
            let hole = u32::from(character).checked_sub(FIRST).and_then(|n| self.holes.get(n as usize));
            match hole {
                None => literal.push(character),
                Some(hole) => {
                    text.push(Piece::Literal(std::mem::take(&mut literal).into()));
                    text.append(hole);
                }
            }
        }
        text.push(Piece::Literal(literal.into()));
        text
    }
}

/// The place of what stands nowhere: it ends before it begins.
const NOWHERE: (u32, u32) = (u32::MAX, 0);

/// Where each byte of a decoded text stands in the source. Both are walked together: what the source has more of is
/// indentation, an escape's backslash, or the inside of `${…}`.
fn align(decoded: &str, source: &str, start: usize, escapes: bool) -> Places {
    let mut map = Vec::with_capacity(decoded.len());
    let mut rest = source.char_indices().peekable();
    if source.starts_with('"') && escapes {
        rest.next();
    }
    let place = |at: usize| u32::try_from(start + at).unwrap_or(u32::MAX);
    for character in decoded.chars() {
        let is_hole = (FIRST..FIRST + MOST).contains(&u32::from(character));
        let mut found = source.len();
        while let Some((at, next)) = rest.next() {
            if is_hole {
                if next == '$' && rest.peek().is_some_and(|(_, brace)| *brace == '{') {
                    found = at;
                    rest.by_ref().find(|(_, closing)| *closing == '}');
                    break;
                }
            } else if escapes && next == '\\' {
                found = at;
                if rest.next().is_some_and(|(_, kind)| kind == 'u') {
                    rest.nth(3);
                }
                break;
            } else if next == character {
                found = at;
                break;
            }
        }
        let end = rest.peek().map_or(source.len(), |(at, _)| *at);
        map.extend(std::iter::repeat_n((place(found), place(end)), character.len_utf8()));
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(source: &str, decoded: &str, of: &str) -> Option<usize> {
        let map = align(decoded, source, 0, source.starts_with('"'));
        map.get(decoded.find(of)?).map(|(at, _)| *at as usize)
    }

    #[test]
    fn places_are_carried_back() {
        let block = "|\n    {\n      \"Effect\": \"Deny\"\n    }";
        assert_eq!(places(block, "{\n  \"Effect\": \"Deny\"\n}", "Deny"), block.find("Deny"));
        let escaped = r#""{\"Effect\": \"Deny\"}""#;
        assert_eq!(places(escaped, r#"{"Effect": "Deny"}"#, "Deny"), escaped.find("Deny"));
        let literal = r#"{"Resource": "${!aws:username}"}"#;
        assert_eq!(places(literal, r#"{"Resource": "${aws:username}"}"#, "aws"), literal.find("aws"));
        let holes = "{\"A\": \"${X}b\"}";
        assert_eq!(places(holes, "{\"A\": \"\u{f0000}b\"}", "b"), holes.find('b'));
    }

    #[test]
    fn places_end_behind_escapes_and_holes() {
        let cut = |source: &str, decoded: &str, of: &str| -> Option<String> {
            let span = Span { file: FileId(0), start: 0, end: u32::try_from(source.len()).ok()? };
            let document =
                Document { holes: Vec::new(), span, map: Some(align(decoded, source, 0, source.starts_with('"'))) };
            let start = u32::try_from(decoded.find(of)?).ok()?;
            let end = start + u32::try_from(of.len()).ok()?;
            source.get(document.place(Span { start, end, ..span }).range()).map(str::to_owned)
        };
        assert_eq!(cut(r#""{\"A\": \"*\"}""#, r#"{"A": "*"}"#, r#""*""#).as_deref(), Some(r#"\"*\""#));
        assert_eq!(cut("{\"A\": \"${X}\"}", "{\"A\": \"\u{f0000}\"}", "\u{f0000}").as_deref(), Some("${X}"));
    }

    #[test]
    fn what_is_no_object_is_left_alone() {
        let span = Span { file: FileId(0), start: 0, end: 1 };
        assert!(document(&"just text".into(), span, None).is_none());
        let broken = document(&"{\"a\": }".into(), span, None).map(|datum| datum.content);
        assert!(matches!(broken, Some(Content::Unknown(why)) if why.kind == WhyKind::Unsupported));
    }
}

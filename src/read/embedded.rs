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
    let document = Document { holes, span, map: written.map(|(source, start)| align(&json, source, start)) };
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

/// The text with a character of its own for each of its insertions.
fn marked<'t>(segments: impl Iterator<Item = Segment<'t>>) -> Option<(String, Vec<Text>)> {
    let (mut json, mut holes) = (String::new(), Vec::new());
    for segment in segments {
        match segment {
            Segment::Written(literal) => json.push_str(literal),
            Segment::Inserted(text) => {
                json.push(char::from_u32(FIRST + u32::try_from(holes.len()).ok().filter(|n| *n < MOST)?)?);
                holes.push(text);
            }
        }
    }
    Some((json, holes))
}

/// The document that an interpolated text is; none where it is no JSON object. Where an interpolation brings more than a
/// text, such as a list, places inside are not known.
pub(super) fn interpolated(segments: Vec<Segment>, span: Span, written: (&str, usize)) -> Option<Datum> {
    let mut whole = Text::default();
    for segment in &segments {
        match segment {
            Segment::Written(literal) => whole.push(Piece::Literal((*literal).into())),
            Segment::Inserted(text) => whole.append(text),
        }
    }
    let (json, holes) = marked(segments.into_iter())?;
    match syntax::json::parse(FileId(0), &json) {
        Ok(root) => {
            let (source, start) = written;
            Some(Document { holes, span, map: Some(align(&json, source, start)) }.datum(&root))
        }
        Err(_) => document(&whole, span, None).filter(|datum| !matches!(datum.content, Content::Unknown(_))),
    }
}

struct Document {
    holes: Vec<Text>,
    span: Span,
    /// Where each byte of the JSON stands in the source.
    map: Option<Vec<u32>>,
}

impl Document {
    /// A place in the JSON, in the source.
    fn place(&self, at: Span) -> Span {
        let Some(map) = &self.map else { return self.span };
        // It ends where the next character begins: the last one may be an escape, or a hole, of several characters.
        let last = map.get((at.end as usize).saturating_sub(1)).map(|last| last + 1);
        match (map.get(at.start as usize), map.get(at.end as usize).copied().or(last)) {
            (Some(start), Some(end)) if end > *start => Span { start: *start, end, ..self.span },
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

/// Where each byte of a decoded text stands in the source. Both are walked together: what the source has more of is
/// indentation, an escape's backslash, or the inside of `${…}`.
fn align(decoded: &str, source: &str, start: usize) -> Vec<u32> {
    let escapes = source.starts_with('"');
    let mut map = Vec::with_capacity(decoded.len());
    let mut rest = source.char_indices().peekable();
    if escapes {
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
        map.extend(std::iter::repeat_n(place(found), character.len_utf8()));
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(source: &str, decoded: &str, of: &str) -> Option<usize> {
        let map = align(decoded, source, 0);
        map.get(decoded.find(of)?).map(|at| *at as usize)
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
            let document = Document { holes: Vec::new(), span, map: Some(align(decoded, source, 0)) };
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

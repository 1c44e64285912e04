//! Values as JSON text, holes kept.

use super::{Content, Datum};
use crate::value::{Piece, Text, Why};

/// A value where a text is asked for: a list or mapping as JSON.
pub(super) fn of(datum: &Datum) -> Text {
    match &datum.content {
        Content::List(_) | Content::Map { .. } => {
            let mut text = Text::default();
            write(datum, &mut text);
            text
        }
        _ => datum.as_text(),
    }
}

/// Writes a value at the end of a text.
pub(super) fn write(datum: &Datum, to: &mut Text) {
    let put = |to: &mut Text, literal: &str| to.push(Piece::Literal(literal.into()));
    match &datum.content {
        Content::Absent => put(to, "null"),
        Content::Text { text, plain: true } if is_bare(text) => to.append(text),
        Content::Text { text, .. } => {
            put(to, "\"");
            for piece in text.pieces() {
                match piece {
                    Piece::Literal(literal) => put(to, &escape(literal)),
                    other => to.push(other.clone()),
                }
            }
            put(to, "\"");
        }
        Content::List(items) => {
            put(to, "[");
            for (n, item) in items.iter().enumerate() {
                put(to, if n > 0 { "," } else { "" });
                write(item, to);
            }
            put(to, "]");
        }
        Content::Map { members, .. } => {
            put(to, "{");
            for (n, member) in members.iter().filter(|member| member.value.content != Content::Absent).enumerate() {
                put(to, &format!("{}\"{}\":", if n > 0 { "," } else { "" }, escape(&member.key)));
                write(&member.value, to);
            }
            put(to, "}");
        }
        Content::Either(condition, ..) => to.push(Piece::Unknown(Why::condition(condition.clone()))),
        Content::Unknown(why) | Content::OneOf { why, .. } => to.push(Piece::Unknown(why.clone())),
    }
}

/// Whether a plain scalar is a JSON number or literal as it stands.
fn is_bare(text: &Text) -> bool {
    text.literal().is_some_and(|text| matches!(text, "true" | "false") || text.parse::<f64>().is_ok_and(f64::is_finite))
}

fn escape(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or_default().to_owned()
}

//! A value as JSON text, holes kept: `Fn::ToJsonString`, `jsonencode` where a text is asked for.

use super::{Content, Datum, Member};
use crate::value::{Piece, Text, Why, WhyKind};

/// What dialects differ in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Members as they are written; what is left out is not there.
    AsWritten,
    /// Members in the order of their keys, `null` where a value is null, and `<`, `>`, `&` escaped.
    Canonical,
}

/// Deeper values are cut off: what is nested by references has no limit of its own.
const MAX_DEPTH: usize = 200;

/// A value where a text is asked for: a list or mapping as JSON.
pub(super) fn of(datum: &Datum) -> Text {
    match &datum.content {
        Content::List(_) | Content::Map { .. } => {
            let mut text = Text::default();
            write(datum, Form::Canonical, &mut text);
            text
        }
        _ => datum.as_text(),
    }
}

/// Writes a value at the end of a text.
pub(super) fn write(datum: &Datum, form: Form, to: &mut Text) {
    inner(datum, form, 0, to);
}

fn inner(datum: &Datum, form: Form, depth: usize, to: &mut Text) {
    let put = |to: &mut Text, literal: &str| to.push(Piece::Literal(literal.into()));
    if depth > MAX_DEPTH {
        let why = Why::new(WhyKind::Unsupported, "JSON", "this value is nested too deep to write as JSON");
        return to.push(Piece::Unknown(why));
    }
    match &datum.content {
        Content::Absent => put(to, "null"),
        Content::Text { text, plain: true } if is_bare(text) => to.append(text),
        Content::Text { text, .. } => {
            put(to, "\"");
            for piece in text.pieces() {
                match piece {
                    Piece::Literal(literal) => put(to, &escape(literal, form)),
                    other => to.push(other.clone()),
                }
            }
            put(to, "\"");
        }
        Content::List(items) => {
            put(to, "[");
            for (n, item) in items.iter().enumerate() {
                put(to, if n > 0 { "," } else { "" });
                inner(item, form, depth + 1, to);
            }
            put(to, "]");
        }
        Content::Map { members, rest } => {
            let mut there: Vec<&Member> = members.iter().collect();
            match form {
                Form::AsWritten => there.retain(|member| member.value.content != Content::Absent),
                Form::Canonical => there.sort_by(|a, b| a.key.cmp(&b.key)),
            }
            put(to, "{");
            for (n, member) in there.into_iter().enumerate() {
                put(to, &format!("{}\"{}\":", if n > 0 { "," } else { "" }, escape(&member.key, form)));
                inner(&member.value, form, depth + 1, to);
            }
            if let (Some(why), Form::Canonical) = (rest, form) {
                to.push(Piece::Unknown(why.clone()));
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

/// A text as it stands between the quotes of a JSON string.
pub(super) fn escape(text: &str, form: Form) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    let bare = quoted.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or_default();
    match form {
        Form::AsWritten => bare.to_owned(),
        Form::Canonical => bare.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
    }
}

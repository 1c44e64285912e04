//! Functions that write and read other notations. JSON of lists and mappings is kept as what it says.

use super::characters::excludes;
use super::{Answer, Call, Function, MAX_ELEMENTS, json, numbers};
use crate::read::terraform::arithmetic;
use crate::read::{Content, Datum, Member, embedded};
use crate::source::FileId;
use crate::syntax::{Kind, Node, yaml};
use crate::value::{Piece, Text, Why};
use base64::Engine;
use std::sync::Arc;

/// Deepest nesting of a document that is put in order.
const MAX_DEPTH: usize = 200;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "base64encode" => Function::writing(|call| {
            call.takes(1, 1)?;
            let text = call.literal(0)?;
            call.spells(&base64::engine::general_purpose::STANDARD.encode(text))
        }),
        "base64decode" => Function::writing(base64_decode),
        "urlencode" => Function::writing(url_encode),
        "jsonencode" => Function::passing(json_encode),
        "jsondecode" => Function::passing(json_decode),
        "yamlencode" => Function::passing(json_encode),
        "yamldecode" => Function::passing(yaml_decode),
        "csvdecode" => Function::passing(csv_decode),
        "provider::aws::arn_parse" => Function::passing(arn_parse),
        "provider::aws::arn_build" => Function::writing(arn_build),
        _ => None,
    }
}

fn base64_decode(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let bytes = base64::engine::general_purpose::STANDARD.decode(call.literal(0)?);
    match bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(text) => call.spells(&text),
        None => Err(call.fails("the text is no Base64 of a text")),
    }
}

fn url_encode(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let mut encoded = Text::default();
    for piece in call.text(0)?.pieces() {
        match piece {
            Piece::Literal(literal) => {
                let mut text = String::new();
                for byte in literal.bytes() {
                    match byte {
                        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                            text.push(char::from(byte))
                        }
                        b' ' => text.push('+'),
                        _ => text.push_str(&format!("%{byte:02X}")),
                    }
                }
                encoded.push(Piece::Literal(text.into()));
            }
            // What holds only such characters stays as it is.
            hole if excludes(hole, " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}é") => encoded.push(hole.clone()),
            Piece::Hole(hole) => encoded.push(Piece::Unknown(hole.why())),
            Piece::Unknown(why) => encoded.push(Piece::Unknown(why.clone())),
        }
    }
    call.says(encoded)
}

/// JSON, and YAML, of which JSON is a part: lists and mappings stay what they are.
fn json_encode(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let argument = call.argument(0)?;
    match &argument.content {
        Content::List(_) | Content::Map { .. } | Content::Unknown(_) => Ok(argument.clone()),
        _ => call.says(json(argument)),
    }
}

fn json_decode(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let argument = call.argument(0)?;
    match &argument.content {
        Content::List(_) | Content::Map { .. } => return Ok(in_order(argument, 0)),
        Content::Unknown(_) => return Ok(argument.clone()),
        _ => {}
    }
    let text = call.text(0)?;
    match embedded::value(&text, argument.span, None) {
        Some(Ok(datum)) => Ok(in_order(&datum, 0)),
        _ => Err(text.why().unwrap_or_else(|| call.fails("the text is no JSON"))),
    }
}

fn yaml_decode(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let argument = call.argument(0)?;
    match &argument.content {
        Content::List(_) | Content::Map { .. } => return Ok(in_order(argument, 0)),
        Content::Unknown(_) => return Ok(argument.clone()),
        _ => {}
    }
    let text = call.text(0)?;
    let literal = call.characters(&text)?;
    let root = yaml::parse_within(FileId(0), literal, MAX_ELEMENTS).map_err(|error| match error.message {
        message if message.contains("more than") => call.beyond(&message),
        _ => call.fails("the text is no YAML"),
    })?;
    Ok(in_order(&node(argument, &root), 0))
}

/// What a document says as values of the language: its objects have no order but that of their keys.
fn in_order(datum: &Datum, depth: usize) -> Datum {
    let content = match &datum.content {
        _ if depth > MAX_DEPTH => return datum.clone(),
        Content::List(items) => Content::List(items.iter().map(|item| in_order(item, depth + 1)).collect()),
        Content::Map { members, rest } => {
            let member = |member: &Member| Member { value: in_order(&member.value, depth + 1), ..member.clone() };
            let mut members: Vec<Member> = members.iter().map(member).collect();
            members.sort_by(|a, b| a.key.cmp(&b.key));
            Content::Map { members, rest: rest.clone() }
        }
        Content::Text { text, plain: true } => match text.literal() {
            Some("true" | "false") | None => return datum.clone(),
            Some(number) => arithmetic::written(number, datum.span).content,
        },
        _ => return datum.clone(),
    };
    Datum { content, ..datum.clone() }
}

/// A value of YAML. All of it stands where the text is written.
fn node(at: &Datum, value: &Node) -> Datum {
    let content = match &value.kind {
        _ if value.is_null() => Content::Absent,
        Kind::Scalar { text, plain } => match plain.then(|| plain_scalar(text)).flatten() {
            Some(text) => Content::Text { text: text.as_str().into(), plain: true },
            None if *plain && is_date(text) => {
                Content::Text { text: (&*format!("{text}T00:00:00Z")).into(), plain: false }
            }
            None => Content::Text { text: (&**text).into(), plain: false },
        },
        Kind::List(items) => Content::List(items.iter().map(|item| node(at, item)).collect()),
        Kind::Map(entries) => {
            let member = |(key, inner): &(crate::syntax::Key, Node)| Member {
                key: key.text.as_ref().into(),
                span: at.span,
                value: node(at, inner),
            };
            Content::Map { members: entries.iter().map(member).collect(), rest: None }
        }
    };
    Datum::new(content, at.span)
}

/// What a plain scalar is besides a text: a boolean or a number.
fn plain_scalar(text: &str) -> Option<String> {
    let word = |lower: &str| {
        let title =
            lower.chars().next().map(|first| first.to_uppercase().collect::<String>() + lower.get(1..).unwrap_or(""));
        text == lower || text == lower.to_uppercase() || Some(text) == title.as_deref()
    };
    if ["true", "yes", "on", "y"].into_iter().any(word) {
        return Some("true".into());
    }
    if ["false", "no", "off", "n"].into_iter().any(word) {
        return Some("false".into());
    }
    let whole = |digits: &str, base| i64::from_str_radix(digits, base).ok().map(|number| number.to_string());
    if let Some(digits) = text.strip_prefix("0x") {
        return whole(digits, 16);
    }
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !body.is_empty() && body.bytes().all(|byte| byte.is_ascii_digit()) {
        let digits = body.trim_start_matches('0');
        let sign = if text.starts_with('-') && !digits.is_empty() { "-" } else { "" };
        return Some(if digits.is_empty() { "0".into() } else { format!("{sign}{digits}") });
    }
    numbers::parse(text).map(numbers::show)
}

/// Whether a plain scalar is a date, which YAML takes for a point in time.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(n, byte)| if matches!(n, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() })
}

fn csv_decode(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let text = call.text(0)?;
    let mut rows = records(call, call.characters(&text)?)?.into_iter();
    let names = rows.next().ok_or_else(|| call.fails("the text has no line of names"))?;
    let names: Vec<Arc<str>> = names.into_iter().map(Arc::from).collect();
    let mut items = Vec::new();
    let mut cells = 0;
    for row in rows {
        if row.len() != names.len() {
            return Err(call.fails("a line has not as many cells as there are names"));
        }
        cells += row.len();
        call.holds(cells)?;
        let member = |(name, cell): (&Arc<str>, String)| Member {
            key: name.clone(),
            span: call.span,
            value: Datum::text(cell.as_str(), call.span),
        };
        items.push(call.maps(names.iter().zip(row).map(member).collect(), None)?);
    }
    call.lists(items)
}

/// The lines of a table, each as its cells (RFC 4180). Empty lines count for nothing.
fn records(call: &Call<'_>, text: &str) -> Result<Vec<Vec<String>>, Why> {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut cell = String::new();
    let mut characters = text.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                cell.push('"');
                characters.next();
            }
            '"' if quoted => quoted = false,
            _ if quoted => cell.push(character),
            '"' if cell.is_empty() => quoted = true,
            ',' => row.push(std::mem::take(&mut cell)),
            '\r' if characters.peek() == Some(&'\n') => {}
            '\n' => {
                if !(row.is_empty() && cell.is_empty()) {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
            }
            _ => cell.push(character),
        }
    }
    if quoted {
        return Err(call.fails("a quote is not closed"));
    }
    if !(row.is_empty() && cell.is_empty()) {
        row.push(cell);
        rows.push(row);
    }
    Ok(rows)
}

/// The parts of an ARN; the last one may hold colons.
fn arn_parse(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let text = call.text(0)?;
    let mut parts = vec![Text::default()];
    for piece in text.pieces() {
        let last = parts.len() >= 6;
        match piece {
            Piece::Literal(literal) => {
                let room = 7usize.saturating_sub(parts.len());
                for (n, part) in literal.splitn(room, ':').enumerate() {
                    if n > 0 {
                        parts.push(Text::default());
                    }
                    if let Some(text) = parts.last_mut() {
                        text.push(Piece::Literal(part.into()));
                    }
                }
            }
            hole if last || excludes(hole, ":") => {
                if let Some(text) = parts.last_mut() {
                    text.push(hole.clone());
                }
            }
            _ => return Err(text.why().unwrap_or_else(|| call.beyond("the text is not known"))),
        }
    }
    if parts.len() != 6 || parts.first().and_then(Text::literal) != Some("arn") {
        return Err(call.fails("the text is no ARN"));
    }
    let names = ["partition", "service", "region", "account_id", "resource"];
    let member =
        |(name, part): (&str, Text)| Member { key: name.into(), span: call.span, value: Datum::text(part, call.span) };
    call.maps(names.into_iter().zip(parts.into_iter().skip(1)).map(member).collect(), None)
}

fn arn_build(call: &Call<'_>) -> Answer {
    call.takes(5, 5)?;
    let mut arn = Text::from("arn");
    for n in 0..5 {
        arn.push(Piece::Literal(":".into()));
        arn.append(&call.text(n)?);
    }
    call.says(arn)
}

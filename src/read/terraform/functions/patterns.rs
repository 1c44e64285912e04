//! Functions that search: `replace`, `regex`, `regexall`. The language takes RE2, whose syntax the `regex` crate shares.

use super::characters::apart;
use super::{Answer, Call, Function, MAX_ELEMENTS};
use crate::read::weight::Room;
use crate::read::{Content, Datum, Member};
use crate::value::{Piece, Text};
use regex::{Captures, Regex, RegexBuilder};

/// Memory that one pattern may take.
const MAX_PATTERN: usize = 1024 * 1024;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "replace" => Function::writing(replace),
        "regex" => Function::listing(first),
        "regexall" => Function::listing(all),
        _ => None,
    }
}

fn pattern(call: &Call<'_>, text: &str) -> Result<Regex, crate::value::Why> {
    let built = RegexBuilder::new(text).size_limit(MAX_PATTERN).dfa_size_limit(MAX_PATTERN).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => call.beyond("the pattern is too large"),
        _ => call.fails("the pattern is no regular expression"),
    })
}

fn replace(call: &Call<'_>) -> Answer {
    call.takes(3, 3)?;
    let (text, needle, by) = (call.text(0)?, call.literal(1)?, call.text(2)?);
    if let Some(inner) = needle.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        let (whole, by) = (call.characters(&text)?, call.characters(&by)?);
        let found = pattern(call, inner)?;
        let count = found.find_iter(whole).count();
        // Each match may write the whole text into the replacement, so many times as it has room to ask for it.
        call.fits(count.saturating_mul(by.len().max(1)).saturating_add(whole.len().saturating_mul(1 + by.len() / 2)))?;
        return call.spells(&found.replace_all(whole, by));
    }
    // Nothing at all is found between any two characters.
    if !apart(&text, &needle) || (needle.is_empty() && text.literal().is_none()) {
        return Err(text.why().unwrap_or_else(|| call.beyond("the text is not known")));
    }
    let mut changed = Text::default();
    let mut room = 0;
    for piece in text.pieces() {
        let Piece::Literal(literal) = piece else {
            changed.push(piece.clone());
            continue;
        };
        if let Some(by) = by.literal() {
            room += literal.len() + literal.matches(&*needle).count().saturating_mul(by.len());
            call.fits(room)?;
            changed.push(Piece::Literal(literal.replace(&*needle, by).into()));
            continue;
        }
        for (n, part) in literal.split(&*needle).enumerate() {
            if n > 0 {
                changed.append(&by);
            }
            changed.push(Piece::Literal(part.into()));
            room += part.len() + 1;
            call.holds(n)?;
        }
    }
    call.says(changed)
}

/// What one match gives: the text, a list of its groups, or a mapping of those with names.
fn matched(call: &Call<'_>, pattern: &Regex, found: &Captures<'_>) -> Answer {
    let group = |found: Option<regex::Match<'_>>| match found {
        Some(found) => Datum::text(found.as_str(), call.span),
        None => Datum::new(Content::Absent, call.span),
    };
    let names: Vec<Option<&str>> = pattern.capture_names().skip(1).collect();
    if names.is_empty() {
        return Ok(group(found.get(0)));
    }
    if names.iter().all(Option::is_none) {
        return call.lists((1..=names.len()).map(|n| group(found.get(n))).collect());
    }
    if names.iter().any(Option::is_none) {
        return Err(call.fails("groups with and without names are mixed"));
    }
    let member = |name: &str| Member { key: name.into(), span: call.span, value: group(found.name(name)) };
    call.maps(names.into_iter().flatten().map(member).collect(), None)
}

fn first(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (expression, text) = (call.literal(0)?, call.literal(1)?);
    let pattern = pattern(call, &expression)?;
    let found = pattern.captures(&text).ok_or_else(|| call.fails("the pattern does not match the text"))?;
    matched(call, &pattern, &found)
}

fn all(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (expression, text) = (call.literal(0)?, call.literal(1)?);
    let pattern = pattern(call, &expression)?;
    let mut items = Vec::new();
    let (mut held, room) = (0, Room::new());
    for found in pattern.captures_iter(&text) {
        held += found.len();
        if held > MAX_ELEMENTS {
            return Err(call.beyond("it would have too many elements"));
        }
        let item = matched(call, &pattern, &found)?;
        if !room.takes(&item) {
            return Err(call.beyond("it would be too large"));
        }
        items.push(item);
    }
    call.lists(items)
}

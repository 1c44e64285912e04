//! Functions on texts. Holes stay where what is done cannot reach into them.

use super::characters::{apart, excludes, keeps};
use super::{Answer, Call, Function};
use crate::read::{Content, Datum};
use crate::value::{Piece, Text, Truth, Why};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "chomp" => Function::writing(|call| trimmed(call, "\r\n", false, true)),
        "trimspace" => Function::writing(|call| trimmed(call, " \t\r\n\u{b}\u{c}\u{85}\u{a0}", true, true)),
        "trim" => Function::writing(trim),
        "trimprefix" => Function::writing(trim_prefix),
        "trimsuffix" => Function::writing(trim_suffix),
        "startswith" => Function::listing(starts_with),
        "endswith" => Function::listing(ends_with),
        "strcontains" => Function::listing(contains),
        "lower" => Function::writing(|call| letters(call, |text| each(text, char::to_lowercase))),
        "upper" => Function::writing(|call| letters(call, |text| each(text, char::to_uppercase))),
        "title" => Function::writing(|call| {
            call.takes(1, 1)?;
            // Whether a letter begins a word depends on what stands before it.
            call.spells(&title(&call.literal(0)?))
        }),
        "strrev" => Function::writing(|call| {
            call.takes(1, 1)?;
            call.spells(&call.literal(0)?.chars().rev().collect::<String>())
        }),
        "indent" => Function::writing(indent),
        "join" => Function::writing(join),
        "split" => Function::listing(split),
        "substr" => Function::writing(substr),
        "basename" => Function::writing(|call| path(call, basename)),
        "dirname" => Function::writing(|call| path(call, dirname)),
        "abspath" => Function::writing(|call| path(call, |path| path.starts_with('/').then(|| clean(path)))),
        "pathexpand" => Function::writing(|call| path(call, |path| (!path.starts_with('~')).then(|| path.to_owned()))),
        _ => None,
    }
}

/// Takes characters away from the ends of a text, as far as the ends are known.
fn strip(text: &Text, characters: &str, front: bool, back: bool) -> Result<Text, Why> {
    let mut pieces = text.pieces().to_vec();
    while let Some(first) = front.then(|| pieces.first_mut()).flatten() {
        match first {
            Piece::Literal(literal) => {
                let kept = literal.trim_start_matches(|c| characters.contains(c));
                if !kept.is_empty() {
                    *literal = kept.into();
                    break;
                }
                pieces.remove(0);
            }
            hole if excludes(hole, characters) => break,
            hole => return Err(why_of(hole)),
        }
    }
    while let Some(last) = back.then(|| pieces.last_mut()).flatten() {
        match last {
            Piece::Literal(literal) => {
                let kept = literal.trim_end_matches(|c| characters.contains(c));
                if !kept.is_empty() {
                    *literal = kept.into();
                    break;
                }
                pieces.pop();
            }
            hole if excludes(hole, characters) => break,
            hole => return Err(why_of(hole)),
        }
    }
    let mut stripped = Text::default();
    pieces.into_iter().for_each(|piece| stripped.push(piece));
    Ok(stripped)
}

fn why_of(piece: &Piece) -> Why {
    match piece {
        Piece::Hole(hole) => hole.why(),
        Piece::Unknown(why) => why.clone(),
        Piece::Literal(_) => super::failure("text", "a known text is taken for an unknown one"),
    }
}

fn trimmed(call: &Call<'_>, characters: &str, front: bool, back: bool) -> Answer {
    call.takes(1, 1)?;
    call.says(strip(&call.text(0)?, characters, front, back)?)
}

fn trim(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    call.says(strip(&call.text(0)?, &call.literal(1)?, true, true)?)
}

fn trim_prefix(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    if let Some(rest) = text.strip_text(&prefix) {
        return call.says(rest);
    }
    match text.starts_with(call.characters(&prefix)?) {
        Truth::False(_) => call.says(text),
        _ => Err(text.why().unwrap_or_else(|| call.beyond("the text is not known"))),
    }
}

/// Whether a text ends so; none where that cannot be told.
fn ends(text: &Text, suffix: &str) -> Option<bool> {
    let mut suffix = suffix;
    for piece in text.pieces().iter().rev() {
        if suffix.is_empty() {
            return Some(true);
        }
        match piece {
            Piece::Literal(literal) => match suffix.strip_suffix(&**literal) {
                Some(rest) => suffix = rest,
                None => return Some(literal.ends_with(suffix)),
            },
            // A hole is not empty where it is known which characters it holds.
            hole => {
                let last = suffix.chars().next_back().map(String::from).unwrap_or_default();
                return if excludes(hole, &last) { Some(false) } else { None };
            }
        }
    }
    Some(suffix.is_empty())
}

fn trim_suffix(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (text, suffix) = (call.text(0)?, call.literal(1)?);
    match ends(&text, &suffix) {
        Some(false) => call.says(text),
        Some(true) if suffix.is_empty() => call.says(text),
        Some(true) => text.strip_suffix(&suffix).map_or_else(
            || Err(text.why().unwrap_or_else(|| call.beyond("the text is not known"))),
            |rest| call.says(rest),
        ),
        None => Err(text.why().unwrap_or_else(|| call.beyond("the text is not known"))),
    }
}

fn starts_with(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (text, prefix) = (call.text(0)?, call.text(1)?);
    if text.strip_text(&prefix).is_some() {
        return call.truth(true);
    }
    match text.starts_with(call.characters(&prefix)?) {
        Truth::True(_) => call.truth(true),
        Truth::False(_) => call.truth(false),
        Truth::Unknown(..) => Err(text.why().unwrap_or_else(|| call.beyond("the text is not known"))),
    }
}

fn ends_with(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let text = call.text(0)?;
    match ends(&text, &call.literal(1)?) {
        Some(holds) => call.truth(holds),
        None => Err(text.why().unwrap_or_else(|| call.beyond("the text is not known"))),
    }
}

fn contains(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (text, needle) = (call.text(0)?, call.literal(1)?);
    let found = |piece: &Piece| matches!(piece, Piece::Literal(literal) if literal.contains(&*needle));
    if needle.is_empty() || text.pieces().iter().any(found) {
        call.truth(true)
    } else if apart(&text, &needle) {
        call.truth(false)
    } else {
        Err(text.why().unwrap_or_else(|| call.beyond("the text is not known")))
    }
}

/// Changes letters; what a change cannot be followed into is not known.
fn letters(call: &Call<'_>, change: fn(&str) -> String) -> Answer {
    call.takes(1, 1)?;
    let mut changed = Text::default();
    for piece in call.text(0)?.pieces() {
        changed.push(match piece {
            Piece::Literal(literal) => Piece::Literal(change(literal).into()),
            hole if keeps(hole, change) => hole.clone(),
            hole => Piece::Unknown(why_of(hole)),
        });
    }
    call.says(changed)
}

/// Changes each character that has a counterpart of one character, as Go does.
fn each<C: Iterator<Item = char>>(text: &str, change: fn(char) -> C) -> String {
    let changed = |character| {
        let mut counterpart = change(character);
        counterpart.next().filter(|_| counterpart.next().is_none()).unwrap_or(character)
    };
    text.chars().map(changed).collect()
}

fn title(text: &str) -> String {
    let mut inside = false;
    let mut changed = String::with_capacity(text.len());
    for character in text.chars() {
        if inside {
            changed.push(character);
        } else {
            changed.push_str(&each(&character.to_string(), char::to_uppercase));
        }
        inside =
            character == '_' || character.is_alphanumeric() || !(character.is_ascii() || character.is_whitespace());
    }
    changed
}

fn indent(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let width = usize::try_from(call.whole(0)?).map_err(|_| call.fails("the number of spaces is negative"))?;
    let text = call.text(1)?;
    let mut moved = Text::default();
    let mut bytes = 0;
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                let lines = literal.matches('\n').count();
                bytes += literal.len() + lines.saturating_mul(width);
                call.fits(bytes)?;
                moved.push(Piece::Literal(literal.replace('\n', &format!("\n{}", " ".repeat(width))).into()));
            }
            hole if excludes(hole, "\n") => moved.push(hole.clone()),
            hole => moved.push(Piece::Unknown(why_of(hole))),
        }
    }
    call.says(moved)
}

fn join(call: &Call<'_>) -> Answer {
    let delimiter = call.text(0)?;
    call.takes(2, usize::MAX)?;
    let mut parts = Vec::new();
    for n in 1..call.arguments.len() {
        for item in call.list(n)? {
            if item.content == Content::Absent {
                return Err(call.fails("an element is null"));
            }
            let part = match &item.content {
                // Any number of elements: the delimiters too are not known.
                Content::Unknown(why) => Text::unknown(why.clone()),
                _ => call.text_of(item)?,
            };
            parts.push(part);
        }
    }
    let size = |text: &Text| -> usize {
        let bytes = |piece: &Piece| if let Piece::Literal(literal) = piece { literal.len() } else { 1 };
        text.pieces().iter().map(bytes).sum()
    };
    call.fits(parts.iter().map(&size).sum::<usize>() + size(&delimiter).saturating_mul(parts.len()))?;
    let mut whole = Text::default();
    let mut buffer = String::new();
    for (n, part) in parts.iter().enumerate() {
        for text in [(n > 0).then_some(&delimiter), Some(part)].into_iter().flatten() {
            // Literals are collected first: a text copies its last piece each time one is added.
            for piece in text.pieces() {
                if let Piece::Literal(literal) = piece {
                    buffer.push_str(literal);
                } else {
                    whole.push(Piece::Literal(std::mem::take(&mut buffer).into()));
                    whole.push(piece.clone());
                }
            }
        }
    }
    whole.push(Piece::Literal(buffer.into()));
    call.says(whole)
}

fn split(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (delimiter, text) = (call.literal(0)?, call.text(1)?);
    if delimiter.is_empty() {
        let characters = call.characters(&text)?;
        call.holds(characters.len())?;
        return call.lists(characters.chars().map(|one| Datum::text(&*String::from(one), call.span)).collect());
    }
    let mut parts = vec![Ok(Text::default())];
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                for (n, part) in literal.split(&*delimiter).enumerate() {
                    if n > 0 {
                        parts.push(Ok(Text::default()));
                    }
                    if let Some(Ok(last)) = parts.last_mut() {
                        last.push(Piece::Literal(part.into()));
                    }
                }
                call.holds(parts.len())?;
            }
            hole if excludes(hole, &delimiter) => {
                if let Some(Ok(last)) = parts.last_mut() {
                    last.push(hole.clone());
                }
            }
            // What stands around this hole may be any number of parts.
            hole => {
                if let Some(last @ Ok(_)) = parts.last_mut() {
                    *last = Err(why_of(hole));
                }
            }
        }
    }
    if let [Err(why)] = parts.as_slice() {
        return Err(why.clone());
    }
    let item = |part| match part {
        Ok(text) => Datum::text(text, call.span),
        Err(why) => Datum::unknown(why, call.span),
    };
    call.lists(parts.into_iter().map(item).collect())
}

fn substr(call: &Call<'_>) -> Answer {
    call.takes(3, 3)?;
    let (text, offset, length) = (call.text(0)?, call.whole(1)?, call.whole(2)?);
    let (at, wanted) = (usize::try_from(offset), usize::try_from(length));
    // A cut inside the known beginning does not ask for the rest.
    if let (Some(Piece::Literal(first)), Ok(at), Ok(wanted)) = (text.pieces().first(), &at, &wanted)
        && first.chars().count() >= at.saturating_add(*wanted)
    {
        return call.spells(&first.chars().skip(*at).take(*wanted).collect::<String>());
    }
    let characters: Vec<char> = call.characters(&text)?.chars().collect();
    let at = match at {
        Ok(at) => at,
        Err(_) => characters.len().saturating_sub(usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let wanted = match wanted {
        // The language's own way: from the end, no length is all that is left.
        Ok(0) if offset < 0 => usize::MAX,
        Ok(wanted) => wanted,
        Err(_) if length == -1 => usize::MAX,
        Err(_) => return Err(call.fails("the length is negative")),
    };
    call.spells(&characters.into_iter().skip(at).take(wanted).collect::<String>())
}

fn path(call: &Call<'_>, work: fn(&str) -> Option<String>) -> Answer {
    call.takes(1, 1)?;
    let literal = call.literal(0)?;
    call.spells(&work(&literal).ok_or_else(|| call.beyond("it depends on the machine"))?)
}

/// A path without what leads nowhere, as Go's `filepath.Clean` has it.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            ("..", None) if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

fn basename(path: &str) -> Option<String> {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let name = match (last, path) {
        ("", "") => ".",
        ("", _) => "/",
        (last, _) => last,
    };
    Some(name.to_owned())
}

fn dirname(path: &str) -> Option<String> {
    Some(clean(path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("")))
}

//! Patterns against texts, character by character.

use super::Request;

/// One step of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A character of the policy.
    Is(char),
    /// A character that a variable put in: never a wildcard, never the end of an ARN's segment.
    Put(char),
    /// `*`
    Any,
    /// `?`
    One,
}

/// The pieces of a text of a policy. With `variables`, `${…}` is replaced; nothing where a variable has no value.
pub(crate) fn pieces(text: &str, variables: Option<&Request>) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let (Some(request), Some((name, after))) =
            (variables, rest.strip_prefix("${").and_then(|rest| rest.split_once('}')))
        {
            pieces.extend(variable(name, request)?.chars().map(Piece::Put));
            rest = after;
            continue;
        }
        pieces.push(match first {
            '*' => Piece::Any,
            '?' => Piece::One,
            other => Piece::Is(other),
        });
        rest = &rest[first.len_utf8()..];
    }
    Some(pieces)
}

/// What `${name}` stands for.
fn variable(name: &str, request: &Request) -> Option<String> {
    if ["*", "?", "$"].contains(&name) {
        return Some(name.to_owned());
    }
    let (key, default) = match name.split_once(',') {
        Some((key, default)) => (key.trim(), Some(default.trim().trim_matches('\'').to_owned())),
        None => (name.trim(), None),
    };
    match request.values(key) {
        Some([only]) => Some(only.clone()),
        // Only keys with one value may stand in a variable.
        Some(_) => None,
        None => default,
    }
}

/// The pieces as the text that they are where stars mean nothing.
pub(crate) fn literal(pieces: &[Piece]) -> String {
    let character = |piece: &Piece| match piece {
        Piece::Is(it) | Piece::Put(it) => *it,
        Piece::Any => '*',
        Piece::One => '?',
    };
    pieces.iter().map(character).collect()
}

pub(crate) fn like(pattern: &[Piece], text: &[char]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(Piece::Any), None) => like(&pattern[1..], text),
        (Some(Piece::Any), Some(_)) => like(&pattern[1..], text) || like(pattern, &text[1..]),
        (Some(Piece::One), Some(_)) => like(&pattern[1..], &text[1..]),
        (Some(Piece::Is(one) | Piece::Put(one)), Some(other)) => one == other && like(&pattern[1..], &text[1..]),
        (Some(_), None) => false,
    }
}

pub(crate) fn like_text(pattern: &[Piece], text: &str) -> bool {
    like(pattern, &text.chars().collect::<Vec<_>>())
}

/// The pattern's segments: cut at the first five colons that stand in the policy.
fn segments(pattern: &[Piece]) -> Vec<Vec<Piece>> {
    let mut segments = vec![Vec::new()];
    for piece in pattern {
        if *piece == Piece::Is(':') && segments.len() < 6 {
            segments.push(Vec::new());
        } else {
            segments.last_mut().unwrap().push(*piece);
        }
    }
    segments
}

/// Whether an ARN matches, each of the six segments for itself. What an incomplete pattern leaves out is a star.
pub(crate) fn arn_like(pattern: &[Piece], text: &str) -> bool {
    if pattern == [Piece::Any] {
        return true;
    }
    let texts: Vec<&str> = text.splitn(6, ':').collect();
    let mut patterns = segments(pattern);
    if texts.len() < 6 || texts[0] != "arn" {
        return false;
    }
    while patterns.len() < 6 {
        patterns.push(vec![Piece::Any]);
    }
    patterns.iter().zip(texts).all(|(pattern, text)| like_text(pattern, text))
}

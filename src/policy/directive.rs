//! The words of an exception in a comment: `trailproof: allow ID[, ID] [part="…"] [until=YYYY-MM-DD] [owner=…] [kind=…] -- why`.
//!
//! What is not understood is told where it stands, never taken for a reason. This module knows neither the language around
//! the comment nor what the words lead to.

use std::ops::Range;

/// What every such comment begins with.
pub(super) const MARK: &str = "trailproof:";

/// The word for a file as a whole.
const FILE: &str = "allow-file";

/// The kinds of exceptions.
pub(super) const KINDS: [&str; 3] = ["accepted", "false_positive", "planned"];

/// A comment that allows something.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Directive<'t> {
    /// Whether it is about the whole file.
    pub(super) is_for_file: bool,
    /// The ids of the checks, with their places in the text.
    pub(super) checks: Vec<(&'t str, Range<usize>)>,
    pub(super) part: Option<&'t str>,
    pub(super) until: Option<&'t str>,
    pub(super) owner: Option<&'t str>,
    pub(super) kind: Option<&'t str>,
    pub(super) ticket: Option<&'t str>,
    pub(super) reason: Option<&'t str>,
    /// What cannot be understood, and where.
    pub(super) malformed: Option<(String, Range<usize>)>,
}

/// The directives of a comment, one in a line; places are those of `text`.
pub(super) fn read(text: &str) -> Vec<Directive<'_>> {
    let mut all = Vec::new();
    let mut at = 0;
    for line in text.split('\n') {
        let signs = ['#', '/', '*', ' ', '\t', ';'];
        let words = line.trim_start_matches(signs);
        let start = at + line.len() - words.len();
        let end = words.trim_end_matches([' ', '\t', '\r']);
        let end = end.strip_suffix("*/").unwrap_or(end);
        if let Some(rest) = end.strip_prefix(MARK) {
            all.push(directive(rest, start + MARK.len()));
        }
        at += line.len() + 1;
    }
    all
}

/// A directive from what follows its mark, which begins at a place.
fn directive(text: &str, start: usize) -> Directive<'_> {
    let (words, reason) = match text.split_once(" --") {
        Some((words, reason)) => (words, Some(reason.trim())),
        None => (text, None),
    };
    let mut found = Directive { reason: reason.filter(|reason| !reason.is_empty()), ..Directive::default() };
    let mut rest = words;
    let mut at = start;
    let mut first = true;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', ',']);
        at += rest.len() - trimmed.len();
        rest = trimmed;
        if rest.is_empty() {
            break;
        }
        let length = word(rest);
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let place = at..at + length;
        if std::mem::take(&mut first) {
            found.is_for_file = token == FILE;
            if !matches!(token, "allow" | FILE) {
                found.malformed = Some((format!("`{token}` is no instruction: it takes `allow` or `{FILE}`"), place));
                return found;
            }
        } else if let Err(why) = found.take(token, &place) {
            found.malformed = found.malformed.or(Some((why, place)));
        }
        (rest, at) = (after, at + length);
    }
    if found.checks.is_empty() && found.malformed.is_none() {
        found.malformed = Some(("it names no check: `allow ID -- reason`".to_owned(), start..start + words.len()));
    }
    found
}

/// The length of the first word of a text; quotes hold blanks and commas together.
fn word(text: &str) -> usize {
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ' ' | '\t' | ',' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

impl<'t> Directive<'t> {
    /// Takes a word after the first.
    fn take(&mut self, token: &'t str, place: &Range<usize>) -> Result<(), String> {
        let Some((name, value)) = token.split_once('=') else {
            let is_id = token.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
            // What follows an option is no list of checks any more: a reason without its `--` begins there.
            if !is_id || self.has_options() {
                return Err(format!("`{token}` is no option: a reason stands behind ` -- `"));
            }
            self.checks.push((token, place.clone()));
            return Ok(());
        };
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        let field = match name {
            "part" => &mut self.part,
            "until" => &mut self.until,
            "owner" => &mut self.owner,
            "kind" => &mut self.kind,
            "ticket" => &mut self.ticket,
            _ => return Err(format!("`{name}` is no option: part, until, owner, kind or ticket")),
        };
        if field.is_some() {
            return Err(format!("`{name}` is given twice"));
        }
        *field = Some(value);
        Ok(())
    }

    fn has_options(&self) -> bool {
        [self.part, self.until, self.owner, self.kind, self.ticket].iter().any(Option::is_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_with_their_places() {
        let text =
            "# trailproof: allow trail_stopped, key_open part=\"a b, c\" until=2027-01-31 owner=x -- why it is so";
        let [found] = read(text).try_into().unwrap();
        let names: Vec<&str> = found.checks.iter().map(|(_, place)| &text[place.clone()]).collect();
        assert_eq!(names, ["trail_stopped", "key_open"]);
        assert_eq!((found.part, found.until, found.owner), (Some("a b, c"), Some("2027-01-31"), Some("x")));
        assert_eq!((found.reason, found.malformed), (Some("why it is so"), None));
    }

    #[test]
    fn every_sign_of_a_comment_is_one() {
        for text in
            ["// trailproof: allow a -- b", "/* trailproof: allow a -- b */", "/*\n * trailproof: allow a -- b\n*/"]
        {
            let [found] = read(text).try_into().unwrap();
            assert_eq!((found.checks.len(), found.reason, found.malformed), (1, Some("b"), None), "{text}");
        }
        assert!(read("# see trailproof: allow a -- b").is_empty(), "only what begins with the mark is one");
    }

    #[test]
    fn what_is_not_understood_is_told_where_it_stands() {
        let cases = [
            ("# trailproof: ignore a -- b", "ignore"),
            ("# trailproof: allow a because b", ""),
            ("# trailproof: allow a untill=2027-01-01 -- b", "untill=2027-01-01"),
            ("# trailproof: allow a owner=x word -- b", "word"),
            ("# trailproof: allow a owner=x owner=y -- b", "owner=y"),
            ("# trailproof: allow a* -- b", "a*"),
            ("# trailproof: allow -- b", " allow"),
        ];
        for (text, wanted) in cases {
            let [found] = read(text).try_into().unwrap();
            let told = found.malformed.map(|(_, place)| text[place].to_owned()).unwrap_or_default();
            assert_eq!(told, wanted, "{text}");
        }
    }
}

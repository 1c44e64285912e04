//! What inputs may not say: text from templates and file names, made harmless for each kind of reader.
//!
//! A template can hold escape sequences for terminals, characters that turn text around, and markup. Reports quote
//! templates, so all of it passes through here.

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{Formatter, PrettyFormatter};
use std::io::{Result, Write};

/// Whether a character is shown as an escape: controls, and what is invisible or changes the direction of text.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Text in which nothing is hidden: such characters are written as `\u{1b}`, tabs as a blank.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        push_visible(&mut shown, character);
    }
    shown
}

/// One character as [`visible`] writes it.
pub fn push_visible(to: &mut String, character: char) {
    match character {
        '\t' => to.push(' '),
        hidden if is_hidden(hidden) => to.push_str(&format!("\\u{{{:x}}}", u32::from(hidden))),
        plain => to.push(plain),
    }
}

/// A document as JSON, with a line break at its end, in which nothing is hidden either: such characters are written as the
/// escapes that every reader of JSON turns back.
pub fn json(document: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, Plain(PrettyFormatter::new()));
    // Strings, numbers and lists of them always have a form in JSON.
    let _ = document.serialize(&mut serializer);
    String::from_utf8(bytes).unwrap_or_default() + "\n"
}

/// The usual layout, with escapes.
struct Plain<'a>(PrettyFormatter<'a>);

impl Formatter for Plain<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, to: &mut W, fragment: &str) -> Result<()> {
        let mut rest = fragment;
        while let Some((at, hidden)) = rest.char_indices().find(|(_, character)| is_hidden(*character)) {
            to.write_all(rest.get(..at).unwrap_or_default().as_bytes())?;
            for unit in hidden.encode_utf16(&mut [0; 2]) {
                write!(to, "\\u{unit:04x}")?;
            }
            rest = rest.get(at + hidden.len_utf8()..).unwrap_or_default();
        }
        to.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.begin_array(to)
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.end_array(to)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> Result<()> {
        self.0.begin_array_value(to, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.end_array_value(to)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.begin_object(to)
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.end_object(to)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> Result<()> {
        self.0.begin_object_key(to, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.begin_object_value(to)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> Result<()> {
        self.0.end_object_value(to)
    }
}

/// Text of an element or an attribute of XML or HTML: nothing that XML forbids is left in it, since nothing hidden is.
pub(super) fn markup(text: &str) -> String {
    let shown = visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    let shown = shown.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    shown.replace('"', "&quot;").replace('\'', "&#39;")
}

/// A field of comma-separated values (RFC 4180). What a spreadsheet would take for a formula is made a text.
pub fn csv_field(text: &str) -> String {
    let shown = visible(text);
    let guard = if shown.starts_with(['=', '+', '-', '@']) { "'" } else { "" };
    let quoted = shown.contains([',', '"']) || !guard.is_empty();
    if quoted { format!("\"{guard}{}\"", shown.replace('"', "\"\"")) } else { shown }
}

/// Text for a SARIF message, in which brackets would make links.
pub fn sarif_text(text: &str) -> String {
    visible(text).replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}

/// A path as the path of a URI: everything but unreserved characters and slashes is percent-encoded (RFC 3986).
pub fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_hidden() {
        assert_eq!(visible("a\u{1b}[31mb\u{202e}c\u{9b}d\te"), "a\\u{1b}[31mb\\u{202e}c\\u{9b}d e");
        assert_eq!(visible("größe 日本"), "größe 日本");
    }

    #[test]
    fn json_means_what_it_meant() {
        let text = "a\u{1b}[31m\u{9b}\u{202e}\u{e0041}\n\"größe\"";
        let written = json(&[text]);
        assert!(
            written.is_ascii() || !written.chars().any(|character| is_hidden(character) && character != '\n'),
            "{written}"
        );
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).ok(), Some(vec![text.to_owned()]));
    }

    #[test]
    fn no_cell_is_a_formula_or_two() {
        assert_eq!(csv_field("=1+1"), "\"'=1+1\"");
        assert_eq!(csv_field("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(csv_field("a\r\n=b"), "a\\u{d}\\u{a}=b");
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri_path("a b/ü#?.yaml"), "a%20b/%C3%BC%23%3F.yaml");
        assert_eq!(sarif_text("see [x](1)"), "see \\[x\\](1)");
    }
}

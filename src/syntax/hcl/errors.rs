//! The parser's errors in our words.

use hcl_edit::parser::Error;

/// How the parser begins to say that a key of an object stands there a second time.
const SECOND_KEY: &str = "invalid object item; expected unique";

/// Whether what is wrong is no more than that a key of an object stands there a second time.
pub(super) fn is_second_key(error: &Error) -> bool {
    error.message().starts_with(SECOND_KEY)
}

/// What is wrong, and where it helps, what to do.
pub(super) fn explain(error: &Error) -> String {
    let message = error.message();
    let known = [
        ("invalid nesting depth", "nested too deep: give the inner parts names in `locals`"),
        ("invalid binary operation", "more than 128 operators in one expression: give the parts names in `locals`"),
        ("invalid attribute; expected unique", "this attribute is set twice"),
        (SECOND_KEY, "too many keys of these objects stand there twice: remove some"),
        ("invalid object item", "expected `,`, a line break or `}` after this value"),
        ("invalid object value assignment", "expected `=` or `:` after this key"),
        ("invalid escape sequence", "unknown escape; write a backslash as `\\\\`"),
        ("invalid unicode 4-digit", "`\\u` needs four hexadecimal digits of a character"),
        ("invalid unicode 8-digit", "`\\U` needs eight hexadecimal digits of a character"),
        ("invalid traversal operator", "expected a name, a number or `*` after `.`"),
        ("invalid expression", "expected a value"),
        ("invalid structure", "expected `=`, a label or `{` after this name"),
        ("invalid block body", "expected a line break after `{`, or `}` after one attribute"),
        ("expected newline or eof", "expected a line break"),
        ("expected heredoc end delimiter", "the line that ends this heredoc is missing"),
        ("expected identifier", "expected a name"),
    ];
    if let Some((_, words)) = known.iter().find(|(start, _)| message.starts_with(start)) {
        return (*words).to_owned();
    }
    match message.strip_prefix("expected ").and_then(|rest| rest.split('`').nth(1)) {
        Some(sign) => format!("expected `{sign}`"),
        None => "this cannot stand here".to_owned(),
    }
}

//! What can be open while HCL is passed over, and what to say where it never closes.

/// What is open.
pub(super) enum Open<'t> {
    /// `(`, `[` or `{`: how many items it holds so far, and whether its line breaks mean nothing.
    Bracket {
        close: u8,
        items: usize,
        one_line: bool,
    },
    /// `${` or `%{`.
    Sequence,
    /// `"`.
    Quoted,
    /// `<<MARKER`.
    Heredoc {
        marker: &'t str,
        line_start: bool,
    },
    /// The text of a template file.
    Bare,
    /// `%{ if }` before its `else`, `%{ else }`, `%{ for }`.
    If,
    Else,
    For,
}

impl Open<'_> {
    /// What is missing.
    pub(super) fn unclosed(&self) -> String {
        match self {
            Open::Bracket { close, .. } => format!("this is not closed: a `{}` is missing", char::from(*close)),
            Open::Sequence => "this `${` or `%{` is not closed: a `}` is missing".to_owned(),
            Open::Quoted => "this string is not closed".to_owned(),
            Open::Heredoc { marker, .. } => format!("no line holds `{marker}` alone to end this heredoc"),
            Open::If | Open::Else => "a `%{ endif }` is missing".to_owned(),
            Open::For => "a `%{ endfor }` is missing".to_owned(),
            Open::Bare => "this template is not closed".to_owned(),
        }
    }
}

//! What the terminal wishes: colours, and how wide a report may be.

use crate::report::human::Style;
use clap::ValueEnum;
use std::io::IsTerminal;

/// Columns of the report for people where it is not on a terminal: wide enough for a snippet's line, narrow enough to be
/// read.
const WIDTH: usize = 120;

/// A terminal that says it is narrower than this is not believed.
const NARROWEST: usize = 40;

/// How a report is drawn that goes to a file.
pub(super) const PIPE: Style = Style { colour: false, width: WIDTH };

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a report is drawn on standard output. What is piped is as wide everywhere.
pub(super) fn style(colour: Colour) -> Style {
    let terminal = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0).max(NARROWEST));
    let width = terminal.filter(|_| std::io::stdout().is_terminal()).unwrap_or(WIDTH);
    Style { colour: is_colourful(colour), width }
}

#[expect(clippy::disallowed_methods, reason = "the terminal's wishes are the command line's business")]
fn is_colourful(colour: Colour) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

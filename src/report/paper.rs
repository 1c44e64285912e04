//! What reports for people are written on.
//!
//! Nothing is put on paper but whole lines, and every character of a line is made visible here, whoever wrote it. So no
//! text of an input reaches a terminal as it is, none makes a line of its own, and none begins one with what the runner
//! of a workflow takes for a command; and no renderer can forget it.

use super::escape::push_visible;
use miette::{Diagnostic, GraphicalReportHandler};
use std::fmt::{self, Write};

/// What the runners of GitHub and Azure take for a command, at the beginning of a line and after blanks.
const COMMANDS: [&str; 2] = ["::", "##"];

/// Lines of text.
#[derive(Debug, Default)]
pub(super) struct Paper(String);

/// Words in a colour, or in none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Painted {
    /// The words: never those of an input.
    pub(super) words: &'static str,
    /// The code of the colour.
    pub(super) code: Option<&'static str>,
    /// The columns that they fill.
    pub(super) width: usize,
}

/// Writes whatever it is given so that nothing of it is hidden, line breaks included.
struct Visible<'t>(&'t mut String);

impl Write for Visible<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().for_each(|character| push_visible(self.0, character));
        Ok(())
    }
}

impl Paper {
    /// Adds a line.
    pub(super) fn line(&mut self, words: fmt::Arguments<'_>) {
        let mut line = String::new();
        // Writing to a string does not fail.
        let _ = Visible(&mut line).write_fmt(words);
        self.add(&line);
    }

    /// Adds a line that begins with words in a colour.
    pub(super) fn painted(&mut self, first: Painted, words: fmt::Arguments<'_>) {
        let (text, width) = (first.words, first.width);
        match first.code {
            Some(code) => self.0.push_str(&format!("\u{1b}[{code}m{text:width$}\u{1b}[0m")),
            None => self.0.push_str(&format!("{text:width$}")),
        }
        let _ = Visible(&mut self.0).write_fmt(words);
        self.0.push('\n');
    }

    /// Adds an empty line.
    pub(super) fn blank(&mut self) {
        self.0.push('\n');
    }

    /// Adds a drawing, which breaks its words into lines as it likes, and an empty line.
    pub(super) fn draw(&mut self, handler: &GraphicalReportHandler, drawing: &dyn Diagnostic) {
        let mut drawn = String::new();
        // It fails only where the diagnostic itself does.
        let _ = handler.render_report(&mut drawn, drawing);
        drawn.lines().for_each(|line| self.add(line));
        self.blank();
    }

    /// Adds a line; where it would begin with a command, something stands before that.
    fn add(&mut self, line: &str) {
        let bare = line.trim_start();
        let blanks = line.len() - bare.len();
        if COMMANDS.iter().any(|command| bare.starts_with(command)) {
            self.0.push_str(line.get(..blanks).unwrap_or_default());
            self.0.push_str("› ");
            self.0.push_str(bare);
        } else {
            self.0.push_str(line);
        }
        self.0.push('\n');
    }

    /// What is written.
    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_made_or_begun_by_a_text() {
        let mut paper = Paper::default();
        for text in ["::error::x", "\u{a0} ::error::x", "##[error]x", "a\n::error::x", "a\u{1b}[2J", "\u{2028}::x"] {
            paper.line(format_args!("{text}"));
        }
        let text = paper.finish();
        assert_eq!(text.lines().count(), 6, "{text}");
        assert!(
            text.lines().all(|line| !COMMANDS.iter().any(|command| line.trim_start().starts_with(command))),
            "{text}"
        );
        assert!(text.contains("a\\u{a}::error::x") && !text.contains('\u{1b}'), "{text}");
    }
}

//! Quoted texts that go on no further in than the key that they belong to.
//!
//! YAML 1.2 wants such lines indented; PyYAML and SnakeYAML, and so CloudFormation and most tools, do not. The lines are
//! joined for the parser, byte for byte, so that every place stays; what the text says is read from it as it is written.

use granit_parser::{Event, Parser};
use std::ops::Range;

/// Most lines that are joined in one file: the parser begins anew for each.
const MOST: usize = 64;

/// A text some of whose lines were joined.
pub(super) struct Joined {
    pub(super) text: String,
    /// Where line breaks were.
    breaks: Vec<usize>,
}

impl Joined {
    pub(super) fn new(text: &str) -> Joined {
        Joined { text: text.to_owned(), breaks: Vec::new() }
    }

    /// Joins the line of a place to the one before it; false where there is none, or too many were joined.
    pub(super) fn join(&mut self, at: usize) -> bool {
        let Some(before) = self.text.get(..at) else { return false };
        let from = before.trim_end_matches([' ', '\t', '\r', '\n']).len();
        let Some(gap) = self.text.get(from..at).filter(|gap| gap.contains(['\n', '\r'])) else { return false };
        let spaces = " ".repeat(gap.len());
        self.text.replace_range(from..at, &spaces);
        self.breaks.push(from);
        self.breaks.len() <= MOST
    }

    /// What a quoted text says some of whose lines were joined, `written` being what it was; none for all others.
    pub(super) fn said(&self, range: Range<usize>, written: &str) -> Option<Box<str>> {
        if !self.breaks.iter().any(|at| range.contains(at)) {
            return None;
        }
        let indented = written.get(range)?.replace('\n', "\n ");
        Parser::new_from_str(&indented).find_map(|event| match event {
            Ok((Event::Scalar(text, ..), _)) => Some(text.as_ref().into()),
            _ => None,
        })
    }
}

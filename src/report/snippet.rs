//! Snippets: the lines that a finding is about, cut to what can be shown, with spans that fit the cut.
//!
//! A template may be one line of a megabyte, and may hold anything. So the renderer never gets the file: it gets a small
//! text of its own, in which nothing is hidden, and which knows the true line and column of each part.

use super::escape::{push_visible, visible};
use crate::source::{Line, SourceFile, Span};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

/// Characters of a line that are shown before and behind the underlined text where the line is longer.
const MARGIN: usize = 60;

/// Lines longer than this are cut.
const MAX_LINE: usize = 160;

/// Some lines of a file.
#[derive(Debug)]
pub(super) struct Snippet {
    name: String,
    text: String,
    lines: Vec<Shown>,
    /// The columns that marked text has in the file, by where it starts here: 0-based.
    columns: Vec<(usize, usize)>,
}

#[derive(Debug)]
struct Shown {
    /// 0-based number in the file.
    number: usize,
    /// Where it starts in the snippet's text.
    start: usize,
}

/// A span of a snippet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) length: usize,
}

impl Snippet {
    /// The lines on which the spans begin, and where the spans are in them. Spans of several lines end with their first.
    pub(super) fn new(file: &SourceFile, spans: &[Span]) -> (Snippet, Vec<Mark>) {
        let mut by_line: Vec<(Line, Vec<usize>)> = Vec::new();
        for (index, span) in spans.iter().enumerate() {
            let line = file.line(span.start);
            match by_line.iter_mut().find(|(known, _)| *known == line) {
                Some((_, marks)) => marks.push(index),
                None => by_line.push((line, vec![index])),
            }
        }
        by_line.sort_by_key(|(line, _)| (line.number, line.range.start));
        let mut snippet =
            Snippet { name: visible(&file.name), text: String::new(), lines: Vec::new(), columns: Vec::new() };
        let mut marks = vec![Mark { start: 0, length: 0 }; spans.len()];
        for (line, indices) in by_line {
            snippet.add_line(file, &line, &indices, spans, &mut marks);
        }
        (snippet, marks)
    }

    fn add_line(&mut self, file: &SourceFile, kept: &Line, indices: &[usize], spans: &[Span], marks: &mut [Mark]) {
        let start = kept.range.start;
        let line = file.text.get(kept.range.clone()).unwrap_or_default();
        let inside = |offset: u32| (offset as usize).saturating_sub(start).min(line.len());
        // The first span decides what is shown of a long line; others are cut to fit.
        let first =
            indices.iter().filter_map(|index| spans.get(*index)).map(|span| inside(span.start)).min().unwrap_or(0);
        let (from, to) = window(line, first);
        self.lines.push(Shown { number: kept.number as usize - 1, start: self.text.len() });
        let mut places: Vec<(usize, usize)> = Vec::new();
        if from > 0 || kept.column > 1 {
            self.text.push('…');
        }
        for (offset, character) in line.get(from..to).unwrap_or_default().char_indices() {
            places.push((from + offset, self.text.len()));
            push_visible(&mut self.text, character);
        }
        places.push((to, self.text.len()));
        if to < line.len() || !kept.whole {
            self.text.push('…');
        }
        self.text.push('\n');
        let place = |offset: usize| {
            let at = places.partition_point(|(source, _)| *source < offset);
            places.get(at).or(places.last()).map_or(0, |(_, shown)| *shown)
        };
        for index in indices {
            if let (Some(span), Some(mark)) = (spans.get(*index), marks.get_mut(*index)) {
                let (from, to) = (place(inside(span.start)), place(inside(span.end)));
                *mark = Mark { start: from, length: to.saturating_sub(from).max(1) };
                self.columns.push((from, file.position(span.start).column as usize - 1));
            }
        }
    }
}

/// The part of a line to show around an offset, on character boundaries.
fn window(line: &str, offset: usize) -> (usize, usize) {
    if line.chars().take(MAX_LINE + 1).count() <= MAX_LINE {
        return (0, line.len());
    }
    let before = line.get(..offset).unwrap_or_default();
    let from = before.char_indices().rev().nth(MARGIN).map_or(0, |(at, _)| at);
    let rest = line.get(from..).unwrap_or_default();
    let to = rest.char_indices().nth(MAX_LINE).map_or(line.len(), |(at, _)| from + at);
    (from, to)
}

impl SourceCode for Snippet {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let first = self.lines.partition_point(|line| line.start <= span.offset()).saturating_sub(1);
        let last = self.lines.partition_point(|line| line.start < span.offset() + span.len().max(1)).saturating_sub(1);
        let line = self.lines.get(first).ok_or(MietteError::OutOfBounds)?;
        let end = self.lines.get(last + 1).map_or(self.text.len(), |next| next.start);
        // Lines that are not neighbours in the file are no neighbours here.
        let numbers = self.lines.get(first..=last).ok_or(MietteError::OutOfBounds)?;
        if numbers.windows(2).any(|pair| matches!(pair, [a, b] if a.number + 1 != b.number)) {
            return Err(MietteError::OutOfBounds);
        }
        let known = self.columns.iter().find(|(start, _)| *start == span.offset());
        let column = known.map_or(span.offset() - line.start, |(_, column)| *column);
        let (start, column) = if context_before == 0 { (span.offset(), column) } else { (line.start, 0) };
        let data = self.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        let place = SourceSpan::from((start, data.len()));
        let count = last - first + 1;
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, place, line.number, column, count)))
    }
}

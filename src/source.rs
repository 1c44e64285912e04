//! Files, positions and spans: the only notion of *where*.
//!
//! A [`Span`] is a range of bytes in one file of a run. Everything that the tool says points at one, and only the
//! reports turn it into lines and columns. This module may not know what the text means, nor read files itself.

use std::ops::Range;
use std::sync::Arc;
use std::sync::OnceLock;

/// A file of this run, by its place in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one file: `start` inclusive, `end` exclusive, both on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from byte offsets. Files are limited to [`MAX_FILE_BYTES`], so offsets always fit; a larger one saturates.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: fit(range.start), end: fit(range.end) }
    }

    /// The byte range, to cut the text out of its file.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Files above this size are refused: CloudFormation accepts templates up to 1 MB, plans of large estates reach tens.
pub const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// One file: its name as it is shown and written to reports, and its text.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as reports show it: `/` between the parts, no leading `./`.
    pub name: String,
    /// The text, decoded.
    pub text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
}

/// A position for people: 1-based line, and 1-based column counted in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in Unicode scalar values.
    pub column: u32,
}

impl SourceFile {
    /// A file with its displayed name and decoded text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        SourceFile { name: name.into(), text: text.into(), lines: OnceLock::new() }
    }

    /// Byte offsets at which lines start, built once on first use.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0).chain(newlines.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
        })
    }

    /// The line and column of a byte offset; an offset past the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0) as usize;
        let before = self.text.get(start..(offset as usize).min(self.text.len())).unwrap_or("");
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: fit(line), column: fit(before.chars().count() + 1) }
    }

    /// The text of a span, empty where it does not fit the file.
    pub fn cut(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// Every file of a run, in the order in which they were given.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file and gives it its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(file);
        id
    }

    /// The file of an id.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their ids.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(n, file)| (FileId(u32::try_from(n).unwrap_or(u32::MAX)), file))
    }

    /// The text of a span, empty where there is none.
    pub fn cut(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |file| file.cut(span))
    }
}

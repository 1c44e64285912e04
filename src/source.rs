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
    /// The text, decoded; of a file that is read in a stream, only the pieces that were kept.
    pub text: Arc<str>,
    /// Where the pieces of the text stand in the file; none where the text is the whole file.
    pieces: Vec<Piece>,
    lines: OnceLock<Vec<u32>>,
    /// How many characters begin before each multiple of [`STRIDE`]; none where each is one byte.
    characters: OnceLock<Option<Vec<u32>>>,
}

/// Bytes between the places at which characters are counted in advance: a column costs no more than this, however long
/// its line is.
const STRIDE: usize = 4096;

/// A position for people: 1-based line, and 1-based column counted in Unicode scalar values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in Unicode scalar values.
    pub column: u32,
}

/// A piece of a file that is too large to be held: where it begins in the text that is kept, and in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte in the kept text.
    pub offset: u32,
    /// Its first character in the file.
    pub position: Position,
}

/// A line of a file, or as much of it as was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 1-based number in the file.
    pub number: u32,
    /// Its bytes in the text, without its end.
    pub range: Range<usize>,
    /// The column of its first byte: 1 unless what stands before was not kept.
    pub column: u32,
    /// Whether what follows was kept up to the end of the line.
    pub whole: bool,
}

impl SourceFile {
    /// A file with its displayed name and decoded text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        SourceFile::in_pieces(name, text, Vec::new())
    }

    /// A file of which only pieces are kept, one after another in `text`; each goes to where the next one begins.
    pub fn in_pieces(name: impl Into<String>, text: impl Into<Arc<str>>, mut pieces: Vec<Piece>) -> Self {
        pieces.sort_by_key(|piece| piece.offset);
        let (name, text) = (name.into(), text.into());
        SourceFile { name, text, pieces, lines: OnceLock::new(), characters: OnceLock::new() }
    }

    /// Byte offsets at which lines start, built once on first use. Lines end with a line feed, a carriage return, or both.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let ends = |at: usize| bytes.get(at) != Some(&b'\r') || bytes.get(at + 1) != Some(&b'\n');
            let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|at| ends(*at));
            std::iter::once(0).chain(breaks.map(|at| fit(at + 1))).collect()
        })
    }

    /// The line and column of a byte offset; an offset past the end counts as the end.
    pub fn position(&self, offset: u32) -> Position {
        let (index, start, first) = self.locate(offset);
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start));
        Position { line: first.line.saturating_add(index), column: first.column.saturating_add(column) }
    }

    /// How many lines after that of its piece an offset stands, where its line begins as far as it was kept, and the
    /// line of the piece with the column of that beginning.
    fn locate(&self, offset: u32) -> (u32, u32, Position) {
        let starts = self.line_starts();
        let line = |offset: u32| starts.partition_point(|start| *start <= offset).max(1);
        let own = line(offset);
        let start = starts.get(own - 1).copied().unwrap_or(0);
        let before = self.pieces.partition_point(|piece| piece.offset <= offset);
        let whole = Piece { offset: 0, position: Position { line: 1, column: 1 } };
        let piece = before.checked_sub(1).and_then(|at| self.pieces.get(at)).unwrap_or(&whole);
        let index = own - line(piece.offset);
        if index == 0 {
            (0, start.max(piece.offset), piece.position)
        } else {
            (fit(index), start, Position { column: 1, ..piece.position })
        }
    }

    /// The line that an offset stands in.
    pub fn line(&self, offset: u32) -> Line {
        let starts = self.line_starts();
        let (index, start, first) = self.locate(offset);
        let next = starts.partition_point(|start| *start <= offset).max(1);
        let end = starts.get(next).map_or(self.text.len(), |next| *next as usize);
        let following = self.pieces.partition_point(|piece| piece.offset <= offset);
        let border = self.pieces.get(following).map_or(self.text.len(), |piece| piece.offset as usize);
        let written = self.text.get(start as usize..end.min(border)).unwrap_or_default();
        let content = written.trim_end_matches(['\n', '\r']);
        let whole = self.pieces.is_empty() || content.len() < written.len();
        Line {
            number: first.line.saturating_add(index),
            range: start as usize..start as usize + content.len(),
            column: first.column,
            whole,
        }
    }

    /// How many characters begin before a byte offset.
    fn characters_before(&self, offset: u32) -> u32 {
        let bytes = self.text.as_bytes();
        let end = (offset as usize).min(bytes.len());
        let counted = self.characters.get_or_init(|| {
            if bytes.is_ascii() {
                return None;
            }
            let mut sum = 0;
            let strides = bytes.chunks(STRIDE).map(|stride| {
                sum += begun(stride);
                sum
            });
            Some(std::iter::once(0).chain(strides).collect())
        });
        let Some(counted) = counted else { return fit(end) };
        let stride = end / STRIDE;
        let rest = bytes.get(stride * STRIDE..end).unwrap_or_default();
        counted.get(stride).copied().unwrap_or(0) + begun(rest)
    }

    /// The text of a span, empty where it does not fit the file.
    pub fn cut(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}

/// How many characters begin in a piece of UTF-8.
fn begun(bytes: &[u8]) -> u32 {
    fit(bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count())
}

fn fit(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Every file of a run, in the order in which they were given.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// The id that the next file gets.
    pub fn next_id(&self) -> FileId {
        FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX))
    }

    /// Adds a file and gives it its id.
    pub fn add(&mut self, file: SourceFile) -> FileId {
        let id = self.next_id();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_every_way() {
        let file = SourceFile::new("f", "a\rb\r\nc\nd\r\r");
        assert_eq!(file.line_starts(), [0, 2, 5, 7, 9, 10]);
        assert_eq!(file.position(5), Position { line: 3, column: 1 });
    }

    #[test]
    fn columns_are_those_of_a_plain_count() {
        let text = format!("x\n{}\n{}", "aä€😀".repeat(3_000), "é".repeat(STRIDE));
        let file = SourceFile::new("f", text.as_str());
        for (offset, _) in text.char_indices().filter(|(at, _)| at % 7 < 2 || at % STRIDE < 8) {
            let before = text.get(..offset).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            let wanted =
                Position { line: fit(before.matches('\n').count() + 1), column: fit(line.chars().count() + 1) };
            assert_eq!(file.position(fit(offset)), wanted, "{offset}");
        }
        let end = fit(text.len());
        assert_eq!(file.position(u32::MAX), file.position(end));
    }

    #[test]
    fn pieces_keep_their_places() {
        let at = |line, column| Position { line, column };
        let text = "one\ntwoäbc\nd";
        let pieces =
            [(0, at(7, 100)), (7, at(8, 40)), (9, at(8, 90))].map(|(offset, position)| Piece { offset, position });
        let file = SourceFile::in_pieces("f", text, pieces.to_vec());
        let found: Vec<Position> = [1, 4, 7, 9, 10, 12].map(|offset| file.position(offset)).to_vec();
        assert_eq!(found, [at(7, 101), at(8, 1), at(8, 40), at(8, 90), at(8, 91), at(9, 1)]);
        let line = |offset| {
            let line = file.line(offset);
            (line.number, file.text.get(line.range).unwrap_or_default(), line.column, line.whole)
        };
        assert_eq!(line(2), (7, "one", 100, true));
        assert_eq!(line(5), (8, "two", 1, false));
        assert_eq!(line(7), (8, "ä", 40, false));
        assert_eq!(line(10), (8, "bc", 90, true));
        assert_eq!(line(12), (9, "d", 1, false));
    }
}

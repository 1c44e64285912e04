//! The bytes of a plan, a chunk at a time: decoded, cut into values, with lines and columns.
//!
//! A plan may be larger than memory, so no more of it is held than the value that is being looked at. What is passed over
//! is only looked at for where it ends: its strings are searched for their quotes, and its brackets must match.

use crate::source::Position;
use crate::syntax::MAX_DEPTH;
use std::io::Read;

/// Bytes that are asked for at once.
const CHUNK: usize = 256 * 1024;

/// Why a stream cannot be read on, and where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trouble {
    pub(super) message: String,
    pub(super) position: Position,
}

/// How the bytes are encoded.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    /// Nothing was read yet.
    Unknown,
    Utf8,
    /// Two bytes for a unit, the larger one first or last.
    Utf16 {
        big: bool,
    },
}

pub(super) struct Stream<R> {
    input: R,
    encoding: Encoding,
    /// Of UTF-16: what was read and waits for its other half.
    raw: Vec<u8>,
    /// What is held, as UTF-8.
    buffer: Vec<u8>,
    /// How many bytes of the text came before the buffer.
    gone: usize,
    /// The next byte, in the buffer.
    at: usize,
    /// The first byte of the text that is still needed.
    keep: Option<usize>,
    /// How much of the buffer `position` accounts for.
    counted: usize,
    position: Position,
    /// Whether what was counted last is a carriage return: a line feed behind it ends no other line.
    returned: bool,
    ended: bool,
    /// Most bytes that one value may have.
    most: usize,
    /// The open brackets of what is passed over.
    open: Vec<u8>,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(input: R, most: usize) -> Stream<R> {
        Stream {
            input,
            encoding: Encoding::Unknown,
            raw: Vec::new(),
            buffer: Vec::new(),
            gone: 0,
            at: 0,
            keep: None,
            counted: 0,
            position: Position { line: 1, column: 1 },
            returned: false,
            ended: false,
            most,
            open: Vec::new(),
        }
    }

    /// How many bytes of the text were passed.
    pub(super) fn offset(&self) -> usize {
        self.gone + self.at
    }

    /// Holds everything from a byte on that was not passed long ago; none to let go of it.
    pub(super) fn keep(&mut self, from: Option<usize>) {
        self.keep = from;
    }

    /// A part of the text that is held.
    pub(super) fn held(&self, from: usize, to: usize) -> &[u8] {
        let range = from.saturating_sub(self.gone)..to.saturating_sub(self.gone);
        self.buffer.get(range).unwrap_or_default()
    }

    /// Where a byte stands that is held, and that does not come before one that was asked for earlier.
    pub(super) fn position(&mut self, offset: usize) -> Position {
        self.count(offset.saturating_sub(self.gone).min(self.buffer.len()));
        self.position
    }

    /// What is wrong at the next byte.
    pub(super) fn trouble(&mut self, message: impl Into<String>) -> Trouble {
        Trouble { message: message.into(), position: self.position(self.offset()) }
    }

    /// The next byte that is no space; none at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, Trouble> {
        loop {
            while let Some(byte) = self.buffer.get(self.at) {
                if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                    return Ok(Some(*byte));
                }
                self.at += 1;
            }
            if !self.fill()? {
                return Ok(None);
            }
        }
    }

    /// Passes the next byte that is no space where it is this one.
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, Trouble> {
        let is = self.peek()? == Some(byte);
        self.at += usize::from(is);
        Ok(is)
    }

    /// Passes a byte that must come.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Trouble> {
        if self.take(byte)? {
            return Ok(());
        }
        Err(if self.peek()?.is_none() {
            self.trouble(format!("the file ends where `{}` is missing", char::from(byte)))
        } else {
            self.trouble(format!("expected `{}`", char::from(byte)))
        })
    }

    /// Passes a string and gives what stands between its quotes, escapes as they are written.
    pub(super) fn string(&mut self) -> Result<&[u8], Trouble> {
        if self.peek()? != Some(b'"') {
            return Err(self.trouble("expected text in double quotes"));
        }
        let from = self.offset();
        let kept = self.keep;
        self.keep = Some(kept.map_or(from, |kept| kept.min(from)));
        let passed = self.skip_string();
        self.keep = kept;
        passed?;
        let to = self.offset();
        Ok(self.held(from + 1, to - 1))
    }

    /// Passes a value of any kind.
    pub(super) fn skip(&mut self) -> Result<(), Trouble> {
        match self.peek()? {
            None => Err(self.trouble("the file ends where a value is missing")),
            Some(b'"') => self.skip_string(),
            Some(b'{' | b'[') => self.skip_brackets(),
            Some(b'}' | b']' | b',' | b':') => Err(self.trouble("expected a value")),
            Some(_) => self.skip_word(),
        }
    }

    /// Passes a number, `true`, `false` or `null`.
    fn skip_word(&mut self) -> Result<(), Trouble> {
        let from = self.offset();
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte)).count();
            let ends = length < rest.len();
            self.at += length;
            if ends || !self.fill()? {
                return if self.offset() > from { Ok(()) } else { Err(self.trouble("expected a value")) };
            }
        }
    }

    /// Passes what opens here and everything in it.
    fn skip_brackets(&mut self) -> Result<(), Trouble> {
        self.open.clear();
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            let next = rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'}' | b'[' | b']'));
            let Some(next) = next else {
                self.at = self.buffer.len();
                self.more()?;
                continue;
            };
            self.at += next;
            match rest.get(next) {
                Some(b'"') => self.skip_string()?,
                Some(opening @ (b'{' | b'[')) => {
                    // The closing brackets of ASCII stand two behind the opening ones.
                    let closing = opening + 2;
                    if self.open.len() >= MAX_DEPTH {
                        return Err(self.trouble(format!("nested deeper than {MAX_DEPTH} levels")));
                    }
                    self.open.push(closing);
                    self.at += 1;
                }
                closing => {
                    if self.open.pop().as_ref() != closing {
                        return Err(self.trouble("this closes what was not opened"));
                    }
                    self.at += 1;
                    if self.open.is_empty() {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// Passes a string; the next byte is its quote.
    fn skip_string(&mut self) -> Result<(), Trouble> {
        self.at += 1;
        loop {
            let rest = self.buffer.get(self.at..).unwrap_or_default();
            match memchr::memchr2(b'"', b'\\', rest) {
                None => {
                    self.at = self.buffer.len();
                    self.more()?;
                }
                Some(end) if rest.get(end) == Some(&b'"') => {
                    self.at += end + 1;
                    return Ok(());
                }
                Some(end) => {
                    self.at += end + 1;
                    while self.at >= self.buffer.len() {
                        self.more()?;
                    }
                    self.at += 1;
                }
            }
        }
    }

    /// Reads on; inside a value the file must not end.
    fn more(&mut self) -> Result<(), Trouble> {
        if self.fill()? { Ok(()) } else { Err(self.trouble("the file ends in the middle of a value: it was cut off")) }
    }

    /// Reads the next chunk, and lets go of what is needed no more. False at the end.
    fn fill(&mut self) -> Result<bool, Trouble> {
        if self.ended {
            return Ok(false);
        }
        let needed = self.keep.map_or(self.at, |keep| keep.saturating_sub(self.gone).min(self.at));
        if self.buffer.len() - needed > self.most {
            let most = self.most / 1024 / 1024;
            return Err(self.trouble(format!("one value is larger than {most} MiB, which no resource is")));
        }
        if needed > 0 {
            self.count(needed);
            self.buffer.drain(..needed);
            self.gone += needed;
            self.at -= needed;
            self.counted -= needed;
        }
        let before = self.buffer.len();
        while self.buffer.len() == before && !self.ended {
            if self.encoding == Encoding::Unknown {
                self.sniff()?;
            }
            match self.encoding {
                Encoding::Utf16 { big } => self.units(big)?,
                _ => {
                    self.buffer.reserve(CHUNK + 64);
                    let read = (&mut self.input).take(CHUNK as u64).read_to_end(&mut self.buffer);
                    self.ended = self.checked(read)? == 0;
                }
            }
        }
        Ok(self.buffer.len() > before)
    }

    fn checked(&mut self, read: std::io::Result<usize>) -> Result<usize, Trouble> {
        read.map_err(|error| self.trouble(format!("cannot be read: {error}").to_lowercase()))
    }

    /// Tells the encoding by the first bytes: a byte-order mark, or the zeros beside a brace.
    fn sniff(&mut self) -> Result<(), Trouble> {
        let mut first = Vec::new();
        let read = (&mut self.input).take(3).read_to_end(&mut first);
        self.checked(read)?;
        let (encoding, mark) = match first.as_slice() {
            [0xff, 0xfe, ..] => (Encoding::Utf16 { big: false }, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16 { big: true }, 2),
            [0xef, 0xbb, 0xbf] => (Encoding::Utf8, 3),
            [_, 0, ..] => (Encoding::Utf16 { big: false }, 0),
            [0, _, ..] => (Encoding::Utf16 { big: true }, 0),
            _ => (Encoding::Utf8, 0),
        };
        self.encoding = encoding;
        let waiting = if encoding == Encoding::Utf8 { &mut self.buffer } else { &mut self.raw };
        waiting.extend(first.get(mark..).unwrap_or_default());
        Ok(())
    }

    /// Reads a chunk of UTF-16.
    fn units(&mut self, big: bool) -> Result<(), Trouble> {
        let read = (&mut self.input).take(CHUNK as u64).read_to_end(&mut self.raw);
        self.ended = self.checked(read)? == 0;
        let unit = |pair: &[u8]| match pair {
            [first, second] if big => u16::from_be_bytes([*first, *second]),
            [first, second] => u16::from_le_bytes([*first, *second]),
            _ => 0,
        };
        let mut whole = self.raw.len() / 2 * 2;
        // The first half of a character waits for its second.
        let last = self.raw.get(whole.saturating_sub(2)..whole).map(unit);
        if !self.ended && last.is_some_and(|last| (0xd800..0xdc00).contains(&last)) {
            whole -= 2;
        }
        let units = self.raw.get(..whole).unwrap_or_default().chunks_exact(2).map(unit);
        let mut wrong = self.ended && self.raw.len() > whole;
        let mut bytes = [0; 4];
        for character in char::decode_utf16(units) {
            match character {
                Ok(character) => self.buffer.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes()),
                Err(_) => {
                    wrong = true;
                    break;
                }
            }
        }
        self.raw.drain(..whole);
        if wrong {
            self.at = self.buffer.len();
            return Err(self.trouble("not valid UTF-16"));
        }
        Ok(())
    }

    /// Moves the position on to a byte of the buffer.
    fn count(&mut self, to: usize) {
        let Some(bytes) = self.buffer.get(self.counted..to).filter(|bytes| !bytes.is_empty()) else { return };
        let begun = |bytes: &[u8]| {
            let continues = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
            let more = if bytes.is_ascii() { 0 } else { bytes.iter().filter(continues).count() };
            u32::try_from(bytes.len() - more).unwrap_or(u32::MAX)
        };
        let (breaks, last) = if memchr::memchr(b'\r', bytes).is_none() {
            let first = usize::from(self.returned && bytes.first() == Some(&b'\n'));
            (memchr::memchr_iter(b'\n', bytes).count() - first, memchr::memrchr(b'\n', bytes))
        } else {
            let mut previous = self.returned;
            let mut breaks = 0;
            for byte in bytes {
                breaks += usize::from(*byte == b'\r' || (*byte == b'\n' && !previous));
                previous = *byte == b'\r';
            }
            (breaks, memchr::memrchr2(b'\n', b'\r', bytes))
        };
        self.position.line = self.position.line.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.position.column = match last {
            Some(last) => begun(bytes.get(last + 1..).unwrap_or_default()).saturating_add(1),
            None => self.position.column.saturating_add(begun(bytes)),
        };
        self.returned = bytes.last() == Some(&b'\r');
        self.counted = to;
    }
}

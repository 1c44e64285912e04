//! How far the reading of a large plan is: a line on the terminal, once it takes longer than a second. Where standard error
//! is no terminal nothing is written, so that logs stay as they are.

use std::io::{IsTerminal, Read, Write};
use std::time::{Duration, Instant};

/// Whoever waits for less wants no line.
const FIRST: Duration = Duration::from_secs(1);
/// Between two lines.
const EACH: Duration = Duration::from_millis(200);
const WIDTH: usize = 30;
/// Back to the beginning of the line, and all of it gone.
const CLEAR: &str = "\r\x1b[2K";

/// When a line is due, and what it says.
struct Bar {
    name: String,
    size: u64,
    done: u64,
    due: Duration,
    is_shown: bool,
}

impl Bar {
    fn new(name: &str, size: u64) -> Bar {
        Bar { name: name.to_owned(), size: size.max(1), done: 0, due: FIRST, is_shown: false }
    }

    /// The line to write after so many more bytes; none where it is too early.
    fn advance(&mut self, bytes: usize, elapsed: Duration) -> Option<String> {
        self.done = self.done.saturating_add(bytes as u64);
        if elapsed < self.due {
            return None;
        }
        self.due = elapsed + EACH;
        self.is_shown = true;
        let percent = self.done.saturating_mul(100).checked_div(self.size).unwrap_or(0).min(100);
        let filled = usize::try_from(percent).unwrap_or(0) * WIDTH / 100;
        let (full, empty) = ("█".repeat(filled), "·".repeat(WIDTH - filled));
        Some(format!("{CLEAR}reading {}  {full}{empty} {percent:>3} %", self.name))
    }
}

/// A reader that shows how far it is.
pub(super) struct Watched<R> {
    inner: R,
    bar: Option<Bar>,
    start: Instant,
}

impl<R: Read> Watched<R> {
    /// Watches the reading of `size` bytes; `name` is free of control characters.
    pub(super) fn new(inner: R, name: &str, size: u64) -> Watched<R> {
        let bar = std::io::stderr().is_terminal().then(|| Bar::new(name, size));
        Watched { inner, bar, start: Instant::now() }
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        if let Some(line) = self.bar.as_mut().and_then(|bar| bar.advance(count, self.start.elapsed())) {
            show(&line);
        }
        Ok(count)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        if self.bar.as_ref().is_some_and(|bar| bar.is_shown) {
            show(CLEAR);
        }
    }
}

/// Nothing depends on the line: a terminal that is gone is no reason to stop.
fn show(line: &str) {
    let mut terminal = std::io::stderr().lock();
    let _ = terminal.write_all(line.as_bytes()).and_then(|()| terminal.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_after_a_second_and_then_now_and_then() {
        let mut bar = Bar::new("plan.json", 1000);
        let mut at = |bytes, millis| bar.advance(bytes, Duration::from_millis(millis));
        assert_eq!(at(100, 10), None);
        assert_eq!(at(100, 999), None);
        let line = at(50, 1000).unwrap();
        assert!(line.ends_with(&format!("reading plan.json  {}{}  25 %", "█".repeat(7), "·".repeat(23))), "{line}");
        assert_eq!(at(50, 1100), None);
        assert!(at(700, 1300).unwrap().ends_with("100 %"));
        // A file that grows while it is read is at its end at most.
        assert!(at(9000, 9000).unwrap().ends_with("100 %"));
    }
}

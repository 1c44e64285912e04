//! Keys that stand twice in one object. Terraform takes the last of them; the parser refuses them. So each but the first
//! gets a mark of its own before it, which the tree has no more: operators that no key begins with.

use super::errors;
use hcl_edit::parser::Error;

/// Most marks in one text, and most bytes that are read again for them: each takes another parse. People repeat a key once or
/// twice in a file.
const MAX_MARKS: usize = 100;
const MAX_REREAD: usize = 8 * 1024 * 1024;

/// A text with marks.
pub(super) struct Marked {
    pub(super) text: String,
    /// Where the marks begin in the text, and how long they are; in order.
    pub(super) inserted: Vec<(usize, usize)>,
}

impl Marked {
    pub(super) fn new(text: String) -> Marked {
        Marked { text, inserted: Vec::new() }
    }

    /// What the parser makes of the text, once it is marked as much as need be.
    pub(super) fn parsed<T>(&mut self, parse: impl Fn(&str) -> Result<T, Error>) -> Result<T, Error> {
        let mut reread = 0;
        let mut marks = 0;
        loop {
            let error = match parse(&self.text) {
                Err(error) if errors::is_second_key(&error) => error,
                result => return result,
            };
            reread += self.text.len();
            let at = error.location().offset();
            if marks >= MAX_MARKS || reread > MAX_REREAD || !self.text.is_char_boundary(at) {
                return Err(error);
            }
            marks += 1;
            let mark = mark(marks);
            self.text.insert_str(at, &mark);
            for (from, _) in self.inserted.iter_mut().filter(|(from, _)| *from >= at) {
                *from += mark.len();
            }
            let place = self.inserted.partition_point(|(from, _)| *from < at);
            self.inserted.insert(place, (at, mark.len()));
        }
    }
}

/// The mark of a number: its binary digits. The last sign is never that of a negative number.
fn mark(number: usize) -> String {
    format!("{number:b}!").replace('0', "-").replace('1', "!")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_differ_and_are_no_signs_of_numbers() {
        let all: std::collections::BTreeSet<String> = (1..=MAX_MARKS).map(mark).collect();
        assert_eq!(all.len(), MAX_MARKS);
        assert!(all.iter().all(|mark| mark.ends_with('!')));
    }
}

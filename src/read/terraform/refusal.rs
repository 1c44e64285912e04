//! What the language refuses, as opposed to what is merely not known: `try` and `can` catch the one and not the other.

use super::functions;
use crate::read::{Content, Datum};
use crate::source::Span;
use crate::value::Why;

/// Why an expression has no value at all: Terraform would stop here.
pub(super) fn refusal(words: impl AsRef<str>) -> Why {
    functions::failure("expression", words.as_ref())
}

/// Whether a reason is such a refusal.
pub(super) fn is_refused(why: &Why) -> bool {
    functions::failed(why)
}

/// Nothing is looked for below this level.
const MAX_DEPTH: usize = 200;

/// The refusal of a part: what is made of parts is made of all of them, or of none. What hangs on a condition may never
/// come to be.
pub(super) fn refusal_in(datum: &Datum) -> Option<&Why> {
    fn below(datum: &Datum, depth: usize) -> Option<&Why> {
        match &datum.content {
            _ if depth > MAX_DEPTH => None,
            Content::Unknown(why) => Some(why).filter(|why| is_refused(why)),
            Content::List(items) => items.iter().find_map(|item| below(item, depth + 1)),
            Content::Map { members, rest } => members
                .iter()
                .find_map(|member| below(&member.value, depth + 1))
                .or_else(|| rest.as_ref().filter(|why| is_refused(why))),
            _ => None,
        }
    }
    below(datum, 0)
}

/// A refused value.
pub(super) fn refused(words: impl AsRef<str>, span: Span) -> Datum {
    Datum::unknown(refusal(words).at(span), span)
}

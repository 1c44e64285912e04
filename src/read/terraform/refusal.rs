//! What the language refuses, as opposed to what is merely not known: `try` and `can` catch the one and not the other.

use super::functions;
use crate::read::Datum;
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

/// A refused value.
pub(super) fn refused(words: impl AsRef<str>, span: Span) -> Datum {
    Datum::unknown(refusal(words).at(span), span)
}

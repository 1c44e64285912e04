//! `data "aws_iam_policy_document"`: the document that its arguments make.

use crate::read::Datum;
use crate::source::Span;

/// The document as the mapping that its JSON is. `body` is the evaluated data source: attributes as they are, blocks as
/// lists of mappings.
pub(super) fn document(body: &Datum, span: Span) -> Datum {
    let _ = body;
    Datum::text("", span)
}

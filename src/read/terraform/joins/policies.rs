//! Policies that are written as text, read as the mappings that they are.

use crate::read::{Content, Datum, embedded};
use crate::source::Span;

/// The text in the source that a span covers.
pub(in crate::read::terraform) type Written<'w> = &'w dyn Fn(Span) -> Option<&'w str>;

/// The attributes whose text is a policy document.
const POLICIES: [&str; 10] = [
    "assume_role_policy",
    "assume_role_policy_document",
    "content",
    "key_policy",
    "policy",
    "policy_document",
    "resource_policy",
    "resource_policy_document",
    "inline_policy",
    "policies",
];

/// Blocks that hold policies nest once.
const MOST_DEPTH: usize = 2;

/// Reads the policies of a resource.
pub(super) fn read(value: &mut Datum, written: Written, depth: usize) {
    let Content::Map { members, .. } = &mut value.content else { return };
    for member in members.iter_mut().filter(|member| POLICIES.contains(&&*member.key)) {
        document(&mut member.value, written, depth);
    }
}

fn document(value: &mut Datum, written: Written, depth: usize) {
    match &mut value.content {
        Content::Text { text, .. } => {
            let source = written(value.span).map(|source| (source, value.span.start as usize));
            if let Some(document) = embedded::document(text, value.span, source) {
                *value = document.assuming(&value.assumes);
            }
        }
        Content::Either(_, yes, no) => {
            document(yes, written, depth);
            document(no, written, depth);
        }
        Content::OneOf { values, .. } => values.iter_mut().for_each(|value| document(value, written, depth)),
        Content::List(items) if depth < MOST_DEPTH => {
            items.iter_mut().for_each(|item| document(item, written, depth + 1));
        }
        // A block with policies of its own; a document is left alone: it has no attributes of these names.
        Content::Map { .. } if depth < MOST_DEPTH => read(value, written, depth + 1),
        _ => {}
    }
}

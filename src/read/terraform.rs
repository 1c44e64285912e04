//! Terraform and OpenTofu: configurations to records.
//!
//! A value of the language is a [`Datum`](super::Datum): null is `Absent`; booleans and numbers are plain texts; lists, sets and tuples are lists;
//! maps and objects are mappings. JSON text is kept as the mapping or list that it says: `jsonencode` and `jsondecode`
//! change nothing about mappings and lists, and where a text is asked for, one of these is written as JSON. A resource or
//! module is a text that is nothing but the hole of its address with an empty attribute; its attributes are worked out
//! when they are asked for.

mod arithmetic;
mod body;
mod called;
mod calls;
mod change;
mod conditions;
mod constants;
mod data;
mod decimal;
mod eval;
mod expand;
mod files;
mod folder;
mod formula;
mod frames;
mod functions;
mod glob;
mod groups;
mod joins;
mod lift;
mod memory;
mod module;
mod oracle;
mod order;
pub mod plan;
mod policy_document;
mod providers;
mod references;
mod refusal;
mod root;
mod state;
mod template;
mod told;
mod types;
mod variables;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use folder::{Files, Folder, Given, Values, join};
pub use oracle::is_read;
pub use root::{Root, roots};
pub use state::{State, looks_stored};

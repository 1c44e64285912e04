//! Evidence: what the AWS APIs answered about one account, to records.
//!
//! An evidence file is a header and a list of calls, each with its input and what came back (design §6). A resource's
//! record holds each answer about it below the name of its operation, so that a property's path names the call that
//! shows it. What an error leaves open is unknown for that reason; an error that says that there is nothing is an empty
//! answer. Nothing here knows how evidence is collected.

mod acl;
mod buckets;
mod call;
mod calls;
mod evidence;
mod identities;
mod itself;
mod keys;
mod logs;
mod organization;
mod reader;
mod stacks;
mod stores;
mod topics;
mod trails;
mod tree;
mod unit;

pub use buckets::region_of_location;
pub use call::{Call, Scope};
pub use calls::{CALLS, CHANGING, CLOUDTRAIL, SILENCING};
pub use evidence::{Evidence, digest, looks_like_evidence};
pub use organization::Member;
pub use stacks::{Made, STACK_TAGS};
pub use unit::{Account, Looked, accounts, not_asked};

/// What it means that the evidence does not hold a call at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unasked {
    /// Whatever it would show cannot be seen.
    #[default]
    NotVisible,
    /// There is nothing that it would show: examples list the calls that matter alone.
    Nothing,
}

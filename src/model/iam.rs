//! The policy language: what a policy document says, in three values and before anything is deployed.
//!
//! [`Policy`] is a document as written, with the place of every action, resource, principal and condition value. A
//! [`Request`] asks whether a [`Caller`] may do an action on a resource in a [`Context`]; [`weigh`] puts the statements of
//! one or more policies against it and gives a [`Decision`]. Resources and context may hold [`Of::Any`], so that a
//! question can range ("any object below this prefix"), and a stranger's account is [`Of::Foreign`], which nothing that
//! a policy names can equal.
//!
//! The rules are those of the IAM User Guide ("Policy evaluation logic", "IAM JSON policy elements reference"). Nothing
//! here knows what a trail, a bucket or an organization needs; checks and the modules beside this one ask for it.
//!
//! [`Of::Any`]: crate::value::Of::Any
//! [`Of::Foreign`]: crate::value::Of::Foreign

mod condition;
mod decision;
mod document;
mod layers;
mod names;
mod principal;
mod request;
mod statement;
mod texts;

pub use condition::{Operator, means_arn};
pub use decision::{Decision, Hit, weigh, weigh_some};
pub use document::{Effect, Element, Kind, Policy, Principals, Statement, Test, Tests};
pub use layers::{Answer, Layers, Level, Standing};
pub use names::Names;
pub(super) use names::named;
pub use principal::{Principal, Who};
pub use request::{Caller, Context, Known, NETWORK, Request, foreign_organization};
pub use statement::{Meeting, missing};

#[cfg(test)]
mod tests;

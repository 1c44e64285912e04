//! Spanned trees to records.
//!
//! A reader evaluates its dialect's expressions in a [`World`] and hands on [`Record`]s: a resource's type, address and
//! properties as one [`Datum`], the same for every dialect. The model asks records by [`Property`], so it never learns
//! which dialect it reads. Readers may not know what a check asks for.
//!
//! The plan of the house drew a record as a trait object with one view for each dialect. An evaluated tree does the same
//! with less: conditions, defaults, lists and origins are handled once here, and a dialect only has to evaluate.

pub mod account;
mod arn;
mod arns;
pub mod cloudformation;
mod containers;
mod datum;
mod embedded;
mod json_text;
mod notice;
mod partition;
mod property;
mod record;
mod shape;
pub mod terraform;
mod tri;
mod unit;
mod walk;
mod weight;
mod world;

pub use arn::Arn;
pub use datum::{Content, Datum, Member};
pub use notice::{Notice, NoticeKind, UnseenKind};
#[cfg(feature = "live")]
pub(crate) use partition::partition_of;
pub use property::{Default, Dialect, Property};
pub use record::{Block, Home, Record};
pub use unit::{Again, Called, Change, Fate, Groups, Unit};
pub use world::{Asked, Dependents, World};

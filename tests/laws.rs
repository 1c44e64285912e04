//! The laws: what must hold for every input, over every example of every page and every check, and over inputs that
//! generators make from fixed seeds.
//!
//! Pages show that checks say the right thing about what their authors thought of; laws find what nobody thought of. A
//! law that has to excuse something does so in a table with reasons, never in passing. The one that asks a local AWS, that
//! what is deployed is what was linted, is in `live/applied.rs`.
#![allow(clippy::disallowed_methods, reason = "only the program itself keeps away from files and the environment")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests stop at the first surprise, and say how long they took"
)]

mod support;

#[path = "laws/allowed.rs"]
mod allowed;
#[path = "laws/blurred.rs"]
mod blurred;
#[path = "laws/bounded.rs"]
mod bounded;
#[path = "laws/common.rs"]
mod common;
#[path = "laws/console.rs"]
mod console;
#[path = "laws/core.rs"]
mod core;
#[path = "laws/denied.rs"]
mod denied;
#[path = "laws/deterministic.rs"]
mod deterministic;
#[path = "laws/dialects.rs"]
mod dialects;
#[path = "laws/format.rs"]
mod format;
#[path = "laws/hostile.rs"]
mod hostile;
#[path = "laws/hostile_terraform.rs"]
mod hostile_terraform;
#[path = "laws/meaning.rs"]
mod meaning;
#[path = "laws/monotone.rs"]
mod monotone;
#[path = "laws/naive.rs"]
mod naive;
#[path = "laws/parted.rs"]
mod parted;
#[path = "laws/patterns.rs"]
mod patterns;
#[path = "laws/planted.rs"]
mod planted;
#[path = "laws/policies.rs"]
mod policies;
#[path = "laws/simulated.rs"]
mod simulated;
#[path = "laws/strangers.rs"]
mod strangers;
#[path = "laws/total.rs"]
mod total;
#[path = "laws/universe.rs"]
mod universe;
#[path = "laws/worlds.rs"]
mod worlds;

//! Accounts: what the APIs of AWS answered. The table of calls is the only place that knows what is asked.

mod calls;

pub use calls::{CALLS, Call, Scope};

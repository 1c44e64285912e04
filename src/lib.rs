//! scratch
pub mod read;
pub mod source;
pub mod syntax;
pub mod value;

//! scratch
pub mod checks;
pub mod model;
pub mod page;
pub mod read;
pub mod source;
pub mod syntax;
pub mod value;

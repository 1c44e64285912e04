//! A row of the one table of properties (`model/properties.rs`): how a property is spelled, and what silence means.

/// What it means that a property is left out.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    /// There is none.
    None,
    /// The service takes this boolean.
    Bool(bool),
    /// The service takes this number.
    Number(f64),
    /// The service takes this text.
    Text(&'static str),
    /// The sources do not say; the reason, for people.
    Unknown(&'static str),
}

/// A property: its path in CloudFormation, dots between the parts, and its default.
///
/// Further dialects add their spelling here, so that each property is described in one row.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// The path in CloudFormation.
    pub cloudformation: &'static str,
    /// What silence means.
    pub default: Default,
}

impl Property {
    /// A property that may be left out and then has no value.
    pub const fn optional(cloudformation: &'static str) -> Property {
        Property { cloudformation, default: Default::None }
    }

    /// A property with a default.
    pub const fn with(cloudformation: &'static str, default: Default) -> Property {
        Property { cloudformation, default }
    }
}

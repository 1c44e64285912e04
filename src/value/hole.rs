//! The holes of a text: what may fill them.

use super::{Instance, Why, WhyKind};
use std::sync::Arc;

/// The partitions that AWS has (AWS General Reference, "Amazon Resource Names"; the last ones are those of the SDKs' lists).
pub const PARTITIONS: [&str; 8] =
    ["aws", "aws-us-gov", "aws-cn", "aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"];

/// The attribute that stands for what CloudFormation makes up at the end of a name that nobody gives.
pub const GENERATED: &str = "generated";

/// What fills a hole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Of {
    /// The account id: twelve digits.
    Account,
    /// The partition: `aws`, `aws-us-gov` or `aws-cn`.
    Partition,
    /// The Region.
    Region,
    /// An attribute of a resource; `id` is what a plain reference to it gives.
    Resource {
        /// The resource's address in its instance.
        address: Arc<str>,
        /// The attribute.
        attribute: Arc<str>,
    },
    /// A parameter or variable without a value.
    Parameter {
        /// Its name.
        name: Arc<str>,
        /// Whether the source rules out that it is empty.
        filled: bool,
        /// Whether the source rules out that it holds wildcards.
        plain: bool,
    },
    /// What another stack exports under a name.
    Import(Arc<str>),
    /// What a name stands for that is declared nowhere in sight: the template is a fragment.
    Undeclared(Arc<str>),
    /// What Terraform sees while it runs and this run does not: what a data source reads, what a module gives that is not here.
    Unseen {
        /// Its address, with the attribute.
        name: Arc<str>,
        /// What is certain of it all the same.
        sure: Sure,
    },
    /// Anything else that has one value per deployment, by its expression.
    Expression(Arc<str>),
    /// What an expression makes of values that are not known: the expression, and why.
    Made(Arc<str>, Box<Why>),
    /// The id of the organization that the account belongs to.
    Organization,
    /// In a question: every value, or some value, as the question says.
    Any,
    /// In a question: an account, organization or other thing of somebody whom nothing here names.
    Foreign,
}

/// What is certain of something that is not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sure {
    /// Nothing: it may be null, or empty.
    Nothing,
    /// That it is a text. Outputs that are null are in no state.
    Text,
    /// That it names a thing of the account's own: a data source that finds none is an error.
    Thing,
}

/// A named hole: two with equal names in one instance are equal, whatever they become.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hole {
    /// Whose hole.
    pub instance: Instance,
    /// What fills it.
    pub of: Of,
}

impl Hole {
    /// What it is called in an expression.
    pub fn name(&self) -> String {
        match &self.of {
            Of::Parameter { name, .. } | Of::Unseen { name, .. } => name.to_string(),
            Of::Resource { address, attribute } => format!("{address}.{attribute}"),
            Of::Expression(text) | Of::Made(text, _) | Of::Undeclared(text) | Of::Import(text) => text.to_string(),
            Of::Account => "the account".to_owned(),
            Of::Partition => "the partition".to_owned(),
            Of::Region => "the Region".to_owned(),
            Of::Organization => "the organization".to_owned(),
            Of::Any | Of::Foreign => "anything".to_owned(),
        }
    }

    /// Why its content is not known.
    pub fn why(&self) -> Why {
        match &self.of {
            Of::Parameter { name, .. } => Why::parameter(name),
            Of::Import(name) => {
                Why::not_visible(name, format!("`{name}` is exported by a stack that is not part of this run"))
            }
            Of::Undeclared(name) => Why::not_visible(name, format!("`{name}` is not declared here")),
            Of::Unseen { name, .. } => Why::not_visible(name, unseen(name)),
            // A thing itself has no attribute.
            Of::Resource { address, attribute } if attribute.is_empty() => self.deployed(&format!("`{address}`")),
            Of::Resource { address, attribute } if matches!(&**attribute, "id" | GENERATED) => Why::new(
                WhyKind::AfterApply,
                format!("{address}.id"),
                format!("the name or id that `{address}` gets is known only once it is deployed"),
            ),
            Of::Resource { address, attribute } => Why::new(
                WhyKind::AfterApply,
                format!("{address}.{attribute}"),
                format!("`{address}.{attribute}` is known only once it is deployed"),
            ),
            Of::Account => self.sayable("the account id", "AWS::AccountId"),
            Of::Partition => self.deployed("the partition"),
            Of::Region => self.sayable("the Region", "AWS::Region"),
            Of::Organization => self.deployed("the organization's id"),
            Of::Expression(text) => self.deployed(&format!("`{text}`")),
            Of::Made(_, why) => (**why).clone(),
            Of::Any | Of::Foreign => self.deployed("what is asked for"),
        }
    }

    fn deployed(&self, what: &str) -> Why {
        Why::new(WhyKind::AfterApply, what, format!("{what} is known only once it is deployed"))
    }

    /// What a flag of the command line says.
    fn sayable(&self, what: &str, parameter: &str) -> Why {
        let text = format!("{what} is known only once it is deployed; `--parameter {parameter}=` says it");
        Why::new(WhyKind::AfterApply, what, text)
    }

    /// Whether it can be filled with nothing. Names, ARNs and the pseudo parameters never are.
    pub(super) fn never_empty(&self) -> bool {
        !matches!(
            self.of,
            Of::Parameter { filled: false, .. }
                | Of::Unseen { sure: Sure::Nothing, .. }
                | Of::Expression(_)
                | Of::Made(..)
        )
    }

    /// Whether it could be filled with this literal.
    pub(super) fn admits(&self, literal: &str) -> bool {
        match self.of {
            Of::Account => is_account_id(literal),
            Of::Partition => PARTITIONS.contains(&literal),
            _ => !(literal.is_empty() && self.never_empty()),
        }
    }
}

/// Why something that Terraform sees while it runs is not seen here.
fn unseen(name: &str) -> String {
    let mut own = name;
    while let Some((_, inner)) = own.strip_prefix("module.").and_then(|rest| rest.split_once('.')) {
        own = inner;
    }
    match own.strip_prefix("data.") {
        Some(kind) if kind.starts_with("aws") => format!("`{name}` is read from AWS, and not visible here"),
        Some(_) => format!("`{name}` is read when Terraform runs, and not visible here"),
        None => format!("`{name}` is given by a module that is not here"),
    }
}

/// Whether a text may be an account's id: twelve digits.
pub fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Of {
    /// The hole that a question ranges over.
    pub fn any() -> Hole {
        Hole { instance: Instance(u32::MAX), of: Of::Any }
    }

    /// The hole of a partition, where a question does not ask for a certain one.
    pub fn partition() -> Hole {
        Hole { instance: Instance(u32::MAX), of: Of::Partition }
    }

    /// The hole of a stranger's account or organization.
    pub fn foreign() -> Hole {
        Hole { instance: Instance(u32::MAX), of: Of::Foreign }
    }
}

//! A row of the one table of properties (`model/properties.rs`): how a property is spelled, and what silence means.

use std::borrow::Cow;

/// How the properties of a resource are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// CloudFormation.
    CloudFormation,
    /// Terraform's `aws` provider.
    Terraform,
    /// Terraform's `awscc` provider: CloudFormation's names in snake case.
    Awscc,
    /// What AWS answered: each answer below the name of its operation.
    Account,
}

impl Dialect {
    /// Whether a key that is written is the part of a path.
    pub(super) fn is_same(self, written: &str, wanted: &str) -> bool {
        let letters = |name: &str| -> Vec<u8> {
            name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase()).collect()
        };
        written == wanted || (self == Dialect::Awscc && letters(written) == letters(wanted))
    }

    /// A path as people write it.
    pub(super) fn spell(self, path: &str) -> Cow<'_, str> {
        if self != Dialect::Awscc {
            return Cow::Borrowed(path);
        }
        Cow::Owned(snake(path))
    }
}

/// `KMSKeyId` as `kms_key_id`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    let mut before = '.';
    let mut rest = name.chars().peekable();
    while let Some(letter) = rest.next() {
        let begins = letter.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_digit()
                || (before.is_ascii_uppercase() && rest.peek().is_some_and(char::is_ascii_lowercase)));
        if begins {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
        before = letter;
    }
    snake
}

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
    /// The dialect has no word for it: what it is about, and why it cannot be seen.
    Unseen(&'static str, &'static str),
}

/// How answers of AWS spell a property.
#[derive(Clone, Copy, Debug)]
enum Answered {
    /// As CloudFormation does.
    Alike,
    /// By this path.
    At(&'static str),
    /// No answer has it.
    Nowhere,
}

/// A property: its paths, dots between the parts, and its defaults.
///
/// A path may have alternatives, `|` between them: the first that is written counts. What a companion resource of
/// Terraform says is below the companion's type, what AWS answers is below the operation's name.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    cloudformation: Option<&'static str>,
    terraform: Option<&'static str>,
    account: Answered,
    default: Default,
    terraform_default: Option<Default>,
    account_default: Option<Default>,
    /// Whether Terraform asks for the opposite.
    pub(super) opposite: bool,
}

impl Property {
    /// A property that is spelled alike everywhere, as in a policy document.
    pub const fn optional(path: &'static str) -> Property {
        Property::spelled(path, path)
    }

    /// A property that may be left out and then has no value, by its paths.
    pub const fn spelled(cloudformation: &'static str, terraform: &'static str) -> Property {
        Property { cloudformation: Some(cloudformation), ..Property::beyond_cloudformation(terraform) }
    }

    /// A property that CloudFormation has no word for.
    pub const fn beyond_cloudformation(terraform: &'static str) -> Property {
        Property {
            cloudformation: None,
            terraform: Some(terraform),
            account: Answered::Alike,
            default: Default::None,
            terraform_default: None,
            account_default: None,
            opposite: false,
        }
    }

    /// A property that only answers of AWS have.
    pub const fn answered_alone(path: &'static str) -> Property {
        let property = Property::beyond_cloudformation("").answered(path);
        Property { terraform: None, ..property }
    }

    /// The same property, where answers of AWS have it at another path than CloudFormation.
    pub const fn answered(self, path: &'static str) -> Property {
        Property { account: Answered::At(path), ..self }
    }

    /// The same property, where no answer of AWS has it.
    pub const fn never_answered(self) -> Property {
        Property { account: Answered::Nowhere, ..self }
    }

    /// What silence means.
    pub const fn or(self, default: Default) -> Property {
        Property { default, ..self }
    }

    /// What silence means to Terraform, where that is something else.
    pub const fn terraform_or(self, default: Default) -> Property {
        Property { terraform_default: Some(default), ..self }
    }

    /// What it means that an answer of AWS leaves it out, where that is something else.
    pub const fn answered_or(self, default: Default) -> Property {
        Property { account_default: Some(default), ..self }
    }

    /// The same property, where Terraform asks for the opposite.
    pub const fn opposite(self) -> Property {
        Property { opposite: true, ..self }
    }

    /// Its path in a dialect.
    pub(super) fn path(&self, dialect: Dialect) -> Option<&'static str> {
        match (dialect, self.account) {
            (Dialect::Terraform, _) => self.terraform,
            (Dialect::Account, Answered::At(path)) => Some(path),
            (Dialect::Account, Answered::Nowhere) => None,
            (Dialect::CloudFormation | Dialect::Awscc | Dialect::Account, _) => self.cloudformation,
        }
    }

    /// What silence means in a dialect.
    pub(super) fn default(&self, dialect: Dialect) -> Default {
        let own = match dialect {
            Dialect::Terraform => self.terraform_default,
            Dialect::Account => self.account_default,
            Dialect::CloudFormation | Dialect::Awscc => None,
        };
        own.unwrap_or(self.default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_cloudformation_are_spelled_in_snake_case() {
        let spelled = |path| Dialect::Awscc.spell(path).into_owned();
        assert_eq!(spelled("KMSKeyId"), "kms_key_id");
        assert_eq!(spelled("S3BucketName"), "s3_bucket_name");
        assert_eq!(spelled("ObjectLockConfiguration.Rule"), "object_lock_configuration.rule");
        assert!(Dialect::Awscc.is_same("sns_topic_name", "SnsTopicName"));
        assert!(!Dialect::Terraform.is_same("sns_topic_name", "SnsTopicName"));
    }
}

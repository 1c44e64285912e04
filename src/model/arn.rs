//! ARNs for questions to policies (IAM User Guide, "Amazon Resource Names (ARNs)"): where a resource is, and what it is
//! called. Which resource a question is about is for others to say.

use super::Declared;
use crate::read::Home;
use crate::value::{Hole, Of, Text};

/// A text that ranges over everything.
pub fn anything() -> Text {
    Text::from(Of::any())
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:KIND` and the name; what stands between the two, `/` or `:`, is the kind's.
pub(super) fn arn(home: &Home, service: &str, kind: &str, name: &Text) -> Text {
    let (service, kind) = (format!(":{service}:"), format!(":{kind}"));
    let (service, kind) = (service.as_str().into(), kind.as_str().into());
    Text::concat([&"arn:".into(), &home.partition, &service, &home.region, &":".into(), &home.account, &kind, name])
}

/// The same for what is of no Region: roles, organizations.
pub(super) fn global_arn(home: &Home, service: &str, kind: &str, name: &Text) -> Text {
    arn(&Home { region: Text::default(), ..home.clone() }, service, kind, name)
}

/// The ARN of a bucket, which tells neither Region nor account.
pub(super) fn bucket_arn(partition: Text, name: &Text) -> Text {
    arn(&Home { partition, region: Text::default(), account: Text::default() }, "s3", "", name)
}

/// Any Region of an account, in whichever partition.
pub(super) fn anywhere_in(account: Text) -> Home {
    Home { partition: Of::partition().into(), region: anything(), account }
}

/// What a template writes to refer to a resource of its own.
pub(super) fn reference(at: &Declared, attribute: &str) -> Text {
    let of = Of::Resource { address: at.address.clone(), attribute: attribute.into() };
    Hole { instance: at.instance, of }.into()
}

/// The organization of the account that something is deployed to.
pub(super) fn organization_of(at: &Declared) -> Text {
    Hole { instance: at.instance, of: Of::Organization }.into()
}

/// Any path of an organization.
pub(super) fn paths_of(organization: &Text) -> Text {
    Text::concat([organization, &"/".into(), &anything()])
}

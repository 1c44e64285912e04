//! What references to resources give, the same for every dialect: names, and ARNs with a fixed shape written out, so that
//! equal things compare equal (CloudFormation resource reference, "Return values" of each type; Service Authorization
//! Reference, "Resource types").

use super::Home;
use crate::value::{Hole, Of, Piece, Text};

/// What an attribute of a resource is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// A hole of the resource.
    Hole(&'static str),
    /// An ARN: what stands before the name, the hole that is the name, and what stands behind it. `{P}`, `{R}` and `{A}`
    /// are the partition, the Region and the account.
    Arn(&'static str, &'static str, &'static str),
    /// The id of an organization: an account is in one at most, and makes no other.
    Organization,
    /// The ARN of a role or user: its path is part of it.
    Path(&'static str),
}

const KEY: &str = "arn:{P}:kms:{R}:{A}:key/";
const LOG_GROUP: &str = "arn:{P}:logs:{R}:{A}:log-group:";

/// What an attribute is, by the names that CloudFormation gives to the type and to it; none where it is just a hole of
/// that name. `id` is what a plain reference gives.
pub(super) fn shape(kind: &str, attribute: &str) -> Option<Shape> {
    Some(match (kind, attribute) {
        ("AWS::S3::Bucket", "Arn") => Shape::Arn("arn:{P}:s3:::", "id", ""),
        ("AWS::KMS::Key", "KeyId") => Shape::Hole("id"),
        ("AWS::KMS::Key", "Arn") => Shape::Arn(KEY, "id", ""),
        ("AWS::Logs::LogGroup", "Arn") => Shape::Arn(LOG_GROUP, "id", ":*"),
        ("AWS::Logs::LogGroup", "LogGroupArn") => Shape::Arn(LOG_GROUP, "id", ""),
        ("AWS::CloudTrail::Trail", "Arn") => Shape::Arn("arn:{P}:cloudtrail:{R}:{A}:trail/", "id", ""),
        ("AWS::SNS::Topic", "TopicArn" | "id") => Shape::Arn("arn:{P}:sns:{R}:{A}:", "TopicName", ""),
        ("AWS::IAM::ManagedPolicy", "id") => Shape::Hole("PolicyArn"),
        ("AWS::Organizations::Organization", "id" | "Id") => Shape::Organization,
        ("AWS::IAM::Role", "Arn") => Shape::Path("role"),
        ("AWS::IAM::User", "Arn") => Shape::Path("user"),
        _ => return None,
    })
}

/// The text that an attribute is. `own` gives a hole of the resource, `path` the path of an identity as it is written.
pub(super) fn text(shape: Shape, home: &Home, own: &dyn Fn(&str) -> Text, path: &dyn Fn() -> Option<Text>) -> Text {
    match shape {
        Shape::Hole(attribute) => own(attribute),
        Shape::Arn(before, attribute, after) => arn(home, before, &own(attribute), after),
        Shape::Organization => match own("id").hole() {
            Some(Hole { instance, .. }) => Hole { instance: *instance, of: Of::Organization }.into(),
            None => own("id"),
        },
        Shape::Path(what) => {
            let path = path().unwrap_or_else(|| "/".into());
            let name = Text::concat([&path, &own("id")]);
            arn(home, &["arn:{P}:iam::{A}:", what].concat(), &name, "")
        }
    }
}

/// The ARN of a key, where the text is its id; an ARN as it is.
pub(super) fn key_arn(key: &Text, home: &Home) -> Text {
    if key.strip_prefix("arn:").is_some() { key.clone() } else { arn(home, KEY, key, "") }
}

fn arn(home: &Home, before: &str, name: &Text, after: &str) -> Text {
    let mut arn = Text::default();
    for part in before.split_inclusive('}') {
        let (literal, hole) = match part.split_at_checked(part.len().saturating_sub(3)) {
            Some((literal, "{P}")) => (literal, Some(&home.partition)),
            Some((literal, "{R}")) => (literal, Some(&home.region)),
            Some((literal, "{A}")) => (literal, Some(&home.account)),
            _ => (part, None),
        };
        arn.push(Piece::Literal(literal.into()));
        arn.append(&hole.cloned().unwrap_or_default());
    }
    arn.append(name);
    arn.push(Piece::Literal(after.into()));
    arn
}

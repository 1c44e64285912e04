//! The resource types of Terraform: which of them the model reads and as what, and what references to them give.

use crate::read::arns::{self, Shape};
use crate::read::{Content, Datum, Dialect, Home, Member};
use crate::source::Span;
use crate::value::Text;

/// A type that has a counterpart in CloudFormation: its name, that one's name, and its attributes that are the other's.
/// An attribute that is not here is what is written, or a hole of its own name.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const KEY: &[(&str, &str)] = &[("id", "id"), ("key_id", "KeyId"), ("arn", "Arn")];
const REPLICA: &[(&str, &str)] = &[("id", "id"), ("key_id", "id"), ("arn", "Arn")];
const NAMED: &[(&str, &str)] = &[("id", "id"), ("name", "id"), ("arn", "Arn")];
const IDENTIFIED: &[(&str, &str)] = &[("id", "id"), ("arn", "Arn")];

const TYPES: [Row; 28] = [
    ("aws_cloudtrail", "AWS::CloudTrail::Trail", NAMED),
    (
        "aws_cloudtrail_event_data_store",
        "AWS::CloudTrail::EventDataStore",
        &[("id", "id"), ("arn", "EventDataStoreArn")],
    ),
    ("aws_cloudtrail_organization_delegated_admin_account", DELEGATED, &[]),
    ("aws_organizations_delegated_administrator", DELEGATED, &[]),
    ("aws_s3_bucket", "AWS::S3::Bucket", &[("id", "id"), ("bucket", "id"), ("arn", "Arn")]),
    ("aws_s3_bucket_policy", "AWS::S3::BucketPolicy", &[]),
    ("aws_kms_key", "AWS::KMS::Key", KEY),
    ("aws_kms_external_key", "AWS::KMS::Key", KEY),
    ("aws_kms_replica_key", "AWS::KMS::ReplicaKey", REPLICA),
    ("aws_kms_replica_external_key", "AWS::KMS::ReplicaKey", REPLICA),
    // CloudFormation has no ARN of an alias: whatever names one is a reference to it.
    ("aws_kms_alias", "AWS::KMS::Alias", &[("id", "id"), ("name", "id"), ("arn", "id")]),
    ("aws_cloudwatch_log_group", "AWS::Logs::LogGroup", &[("id", "id"), ("name", "id"), ("arn", "LogGroupArn")]),
    ("aws_cloudwatch_log_resource_policy", "AWS::Logs::ResourcePolicy", &[]),
    ("aws_sns_topic", "AWS::SNS::Topic", &[("id", "id"), ("arn", "TopicArn"), ("name", "TopicName")]),
    ("aws_sns_topic_policy", "AWS::SNS::TopicPolicy", &[]),
    ("aws_iam_role", "AWS::IAM::Role", &[("id", "id"), ("name", "id"), ("arn", "Arn"), ("unique_id", "RoleId")]),
    ("aws_iam_user", "AWS::IAM::User", NAMED),
    ("aws_iam_group", "AWS::IAM::Group", NAMED),
    ("aws_iam_role_policy", "AWS::IAM::RolePolicy", &[]),
    ("aws_iam_user_policy", "AWS::IAM::UserPolicy", &[]),
    ("aws_iam_group_policy", "AWS::IAM::GroupPolicy", &[]),
    ("aws_iam_policy", "AWS::IAM::ManagedPolicy", &[("id", "id"), ("arn", "id")]),
    ("aws_ssoadmin_permission_set", "AWS::SSO::PermissionSet", &[("id", "id"), ("arn", "id")]),
    ("aws_ssoadmin_permission_set_inline_policy", "AWS::SSO::PermissionSetInlinePolicy", &[]),
    (
        "aws_organizations_organization",
        "AWS::Organizations::Organization",
        &[("id", "id"), ("arn", "Arn"), ("master_account_id", "ManagementAccountId")],
    ),
    ("aws_organizations_account", "AWS::Organizations::Account", IDENTIFIED),
    ("aws_organizations_organizational_unit", "AWS::Organizations::OrganizationalUnit", IDENTIFIED),
    ("aws_organizations_policy", "AWS::Organizations::Policy", IDENTIFIED),
];

/// CloudFormation has no such type; the name is made as its own are.
pub(super) const DELEGATED: &str = "AWS::CloudTrail::DelegatedAdministrator";

/// What companions say of a bucket that is not declared; the name is made as those of CloudFormation are.
pub(super) const BUCKET_SETTINGS: &str = "AWS::S3::BucketSettings";

/// The companions of a bucket whose settings the model reads: each is joined to its bucket below its own name.
pub(super) const BUCKET_COMPANIONS: [&str; 10] = [
    "aws_s3_bucket_acl",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_logging",
    "aws_s3_bucket_object_lock_configuration",
    "aws_s3_bucket_ownership_controls",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_replication_configuration",
    "aws_s3_bucket_request_payment_configuration",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
];

/// Other types that are joined to what they belong to.
const COMPANIONS: [&str; 7] = [
    "aws_iam_group_policy_attachment",
    "aws_iam_policy_attachment",
    "aws_iam_role_policy_attachment",
    "aws_iam_user_policy_attachment",
    "aws_kms_key_policy",
    "aws_organizations_policy_attachment",
    "aws_ssoadmin_managed_policy_attachment",
];

/// The types whose resources say something about another one.
pub(super) fn joined() -> impl Iterator<Item = &'static str> {
    let policies = ["aws_s3_bucket_policy", "aws_sns_topic_policy", "aws_cloudwatch_log_resource_policy"];
    BUCKET_COMPANIONS.into_iter().chain(COMPANIONS).chain(policies)
}

fn row(kind: &str) -> Option<&'static Row> {
    TYPES.iter().find(|(name, ..)| *name == kind)
}

/// The type as CloudFormation names it, of those that the model may read, and how its properties are spelled.
pub(super) fn model_type(kind: &str) -> Option<(&'static str, Dialect)> {
    if let Some((_, name, _)) = row(kind) {
        return Some((*name, Dialect::Terraform));
    }
    let snake = kind.strip_prefix("awscc_")?;
    let name = |name: &&str| Dialect::Awscc.is_same(snake, &name.trim_start_matches("AWS::").replace("::", ""));
    let mut names = TYPES.iter().map(|(_, name, _)| *name).chain(AWSCC_ONLY);
    Some((names.find(name)?, Dialect::Awscc))
}

/// The types that only the `awscc` provider has, as CloudFormation names them.
const AWSCC_ONLY: [&str; 3] =
    ["AWS::CloudTrail::Channel", "AWS::CloudTrail::ResourcePolicy", "AWS::SNS::TopicInlinePolicy"];

/// Whether a resource of this type has to be evaluated: the model reads it, or it is joined to what the model reads.
pub(super) fn wanted(kind: &str) -> bool {
    BUCKET_COMPANIONS.contains(&kind) || COMPANIONS.contains(&kind) || model_type(kind).is_some()
}

/// Whether a resource of this type is judged for itself, and not only with what it belongs to.
pub(super) fn is_subject(kind: &str) -> bool {
    model_type(kind).is_some_and(|(name, _)| !name.ends_with("Policy") && !name.ends_with("Alias"))
}

/// Whether the model asks what exists before a resource of this type.
pub(super) fn is_ordered(kind: &str) -> bool {
    matches!(model_type(kind), Some(("AWS::CloudTrail::Trail", _)))
}

/// What an attribute of a resource is, whatever is written for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Identity {
    /// A hole or an ARN of the resource.
    Shape(Shape),
    /// What is written for another attribute.
    Written(&'static str),
    /// The ARN of the key that another attribute names.
    KeyArn(&'static str),
    /// A list of one: the organization's root, whose id is a hole of the organization.
    Roots,
}

/// What an attribute gives that names its resource; none where it is what is written for it, or a hole of its own.
pub(super) fn identity(kind: &str, attribute: &str) -> Option<Identity> {
    match (kind, attribute) {
        ("aws_kms_alias", "target_key_arn") => return Some(Identity::KeyArn("target_key_id")),
        ("aws_organizations_organization", "roots") => return Some(Identity::Roots),
        // The id of a companion is the bucket's name.
        ("aws_s3_bucket_acl", _) => return None,
        (companion, "id") if companion.starts_with("aws_s3_bucket_") => return Some(Identity::Written("bucket")),
        _ => {}
    }
    if let Some((_, name, attributes)) = row(kind) {
        let (_, other) = attributes.iter().find(|(own, _)| *own == attribute)?;
        return Some(Identity::Shape(arns::shape(name, other).unwrap_or(Shape::Hole(other))));
    }
    let (name, _) = model_type(kind)?;
    let known = ["Arn", "KeyId", "TopicArn", "TopicName", "EventDataStoreArn", "ChannelArn", "PolicyArn", "RootId"];
    let named = ["BucketName", "TrailName", "RoleName", "UserName", "GroupName", "LogGroupName", "AliasName"];
    let is = |wanted: &&&str| Dialect::Awscc.is_same(attribute, wanted);
    let other = match (known.iter().find(is), named.iter().find(is)) {
        (Some(known), _) => known,
        (None, Some(_)) => "id",
        (None, None) if attribute == "id" => "id",
        (None, None) => return None,
    };
    Some(Identity::Shape(arns::shape(name, other).unwrap_or(Shape::Hole(other))))
}

/// The attribute that names a resource which nothing declares: whatever it is, it is none of those that are.
pub(super) fn undeclared_name(address: &str, attribute: &str) -> Option<&'static str> {
    let mut words = address.rsplit('.').skip(1);
    let kind = words.next().filter(|_| words.next() != Some("data"))?;
    match identity(kind, attribute)? {
        Identity::Shape(Shape::Hole(name)) => Some(name),
        _ => None,
    }
}

impl Identity {
    /// The value. `own` gives a hole of the resource by its attribute, `written` what is written for an attribute.
    pub(super) fn value(
        self,
        home: &Home,
        span: Span,
        own: &dyn Fn(&str) -> Text,
        written: &dyn Fn(&str) -> Option<Datum>,
    ) -> Datum {
        match self {
            Identity::Shape(shape) => {
                let path = || {
                    let path = written("path").filter(|path| path.content != Content::Absent)?;
                    Some(path.as_text())
                };
                Datum::text(arns::text(shape, home, own, &path), span)
            }
            Identity::Written(attribute) => written(attribute).unwrap_or_else(|| Datum::text(own("id"), span)),
            Identity::KeyArn(attribute) => match written(attribute) {
                Some(key) => {
                    Datum { assumes: key.assumes.clone(), ..Datum::text(arns::key_arn(&key.as_text(), home), span) }
                }
                None => Datum::text(own("TargetKeyArn"), span),
            },
            Identity::Roots => {
                let id = Member { key: "id".into(), span, value: Datum::text(own("RootId"), span) };
                let root = Datum::new(Content::Map { members: vec![id], rest: None }, span);
                Datum::new(Content::List(vec![root]), span)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::FileId;
    use crate::value::{Hole, Instance, Of};

    fn hole(of: Of) -> Text {
        Hole { instance: Instance(0), of }.into()
    }

    fn text(kind: &str, attribute: &str) -> Option<Text> {
        let span = Span { file: FileId(0), start: 0, end: 1 };
        let home = Home { partition: "aws".into(), region: "eu-west-1".into(), account: hole(Of::Account) };
        let own = |attribute: &str| hole(Of::Resource { address: "x.y".into(), attribute: attribute.into() });
        let written = |name: &str| match name {
            "path" => Some(Datum::text("/audit/", span)),
            "target_key_id" => Some(Datum::text("1234", span)),
            _ => None,
        };
        identity(kind, attribute).map(|identity| identity.value(&home, span, &own, &written).as_text())
    }

    fn arn(before: &str, attribute: &str) -> Option<Text> {
        let own = hole(Of::Resource { address: "x.y".into(), attribute: attribute.into() });
        let mut arn = Text::default();
        for (n, part) in before.split("{A}").enumerate() {
            if n > 0 {
                arn.append(&hole(Of::Account));
            }
            arn.append(&part.into());
        }
        arn.append(&own);
        Some(arn)
    }

    #[test]
    fn names_and_arns_are_those_of_cloudformation() {
        assert_eq!(text("aws_s3_bucket", "bucket"), arn("", "id"));
        assert_eq!(text("aws_s3_bucket", "arn"), arn("arn:aws:s3:::", "id"));
        assert_eq!(text("aws_cloudwatch_log_group", "arn"), arn("arn:aws:logs:eu-west-1:{A}:log-group:", "id"));
        assert_eq!(text("aws_sns_topic", "arn"), arn("arn:aws:sns:eu-west-1:{A}:", "TopicName"));
        assert_eq!(text("awscc_sns_topic", "topic_arn"), text("aws_sns_topic", "id"));
        assert_eq!(text("aws_iam_role", "arn"), arn("arn:aws:iam::{A}:role/audit/", "id"));
        assert_eq!(text("aws_iam_policy", "arn"), arn("", "PolicyArn"));
        assert_eq!(text("aws_kms_key", "key_id"), arn("", "id"));
        assert_eq!(text("awscc_kms_key", "arn"), text("aws_kms_key", "arn"));
        assert_eq!(text("aws_s3_bucket", "region"), None);
    }

    #[test]
    fn an_alias_knows_the_arn_of_its_key() {
        let key = text("aws_kms_alias", "target_key_arn");
        let account = hole(Of::Account);
        let wanted = Text::concat([&"arn:aws:kms:eu-west-1:".into(), &account, &":key/1234".into()]);
        assert_eq!(key, Some(wanted));
    }

    #[test]
    fn types_are_known_by_name() {
        assert_eq!(
            model_type("awscc_cloudtrail_event_data_store"),
            Some(("AWS::CloudTrail::EventDataStore", Dialect::Awscc))
        );
        assert_eq!(model_type("aws_kms_external_key").map(|(name, _)| name), Some("AWS::KMS::Key"));
        assert!(wanted("aws_s3_bucket_versioning") && wanted("aws_kms_key_policy") && wanted("aws_sns_topic_policy"));
        assert!(!wanted("aws_instance") && !wanted("awscc_ec2_instance") && !wanted("aws_s3_bucket_metric"));
    }
}

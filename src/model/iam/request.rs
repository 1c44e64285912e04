//! Questions to policies: who wants to do what, to which resource, in which circumstances.

use super::Names;
use crate::model::arn::paths_of;
use crate::source::Span;
use crate::value::{Of, Text};
use std::collections::BTreeMap;

/// Who asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Caller {
    /// An AWS service, by its principal, which may hold a Region.
    Service(Text),
    /// Somebody who is signed in to an account that nothing here names.
    Stranger,
    /// Somebody who is not signed in.
    Anonymous,
    /// A principal by its ARN, or a whole account by its id or root ARN.
    Named(Text),
    /// Exactly the principal that is written at a place, whoever that is.
    Same(Span),
    /// A principal of the policy's own account: for policies that name nobody, and SCPs.
    Member,
}

/// What is known of a key of the request's context.
#[derive(Clone, Debug, PartialEq)]
pub enum Known {
    /// The request does not carry it.
    Absent,
    /// It has this value.
    One(Text),
    /// It has these values, in a key that takes several.
    Many(Vec<Text>),
    /// The question ranges over requests with and without it, whatever its value.
    Free,
    /// Neither a document nor the run says what the request carries; the words say what of.
    Unclear(&'static str),
}

/// The context of a request: what is known of its keys.
#[derive(Clone, Debug)]
pub struct Context {
    keys: BTreeMap<String, Known>,
    rest: Known,
}

impl Context {
    /// A context in which every key is this.
    pub fn of(rest: Known) -> Context {
        Context { keys: BTreeMap::new(), rest }
    }

    /// The same context with one key known. Names of keys ignore case, those of tags behind a slash too (IAM User Guide,
    /// "AWS global condition context keys", `aws:ResourceTag/tag-key`).
    pub fn with(mut self, key: &str, known: Known) -> Context {
        self.keys.insert(canonical(key), known);
        self
    }

    /// The same context with its values written in another way.
    pub fn map(mut self, write: &dyn Fn(&Text) -> Text) -> Context {
        for known in self.keys.values_mut() {
            match known {
                Known::One(text) => *text = write(text),
                Known::Many(texts) => texts.iter_mut().for_each(|text| *text = write(text)),
                Known::Absent | Known::Free | Known::Unclear(_) => {}
            }
        }
        self
    }

    /// What is known of a key. A service carries no tags of a principal.
    pub fn get(&self, key: &str) -> &Known {
        let key = canonical(key);
        match self.keys.get(&key) {
            Some(known) => known,
            None if self.is_of_service() && key.starts_with("aws:principaltag/") => &Known::Absent,
            None => &self.rest,
        }
    }

    /// Whether an AWS service makes the request.
    pub fn is_of_service(&self) -> bool {
        self.keys.get("aws:principalisawsservice") == Some(&Known::One("true".into()))
    }

    /// A request that an AWS service makes on behalf of a resource of an account: what the confused deputy keys carry.
    /// What services do not carry is absent; what is not documented is unclear (IAM User Guide, "AWS global condition
    /// context keys").
    pub fn of_service(service: impl Into<Text>, source_arn: Text, source_account: Text) -> Context {
        let service = service.into();
        Context::of(Known::Unclear("a request of an AWS service"))
            .with("aws:SourceArn", Known::One(source_arn))
            .with("aws:SourceAccount", Known::One(source_account))
            .with("aws:PrincipalIsAWSService", Known::One("true".into()))
            .with("aws:PrincipalServiceName", Known::One(service.clone()))
            .with("aws:PrincipalServiceNamesList", Known::Many(vec![service]))
            .with("aws:SecureTransport", Known::One("true".into()))
            .with("aws:ViaAWSService", Known::One("false".into()))
            .without([
                "aws:PrincipalOrgID",
                "aws:PrincipalOrgPaths",
                "aws:PrincipalAccount",
                "aws:PrincipalArn",
                "aws:PrincipalType",
                "aws:userid",
                "aws:username",
                "aws:SourceVpc",
                "aws:SourceVpce",
                "aws:SourceIp",
                "aws:VpcSourceIp",
                "aws:MultiFactorAuthPresent",
                "aws:MultiFactorAuthAge",
                "aws:Referer",
                "aws:SourceIdentity",
                "kms:CallerAccount",
                "s3:DataAccessPointArn",
                "s3:DataAccessPointAccount",
            ])
    }

    /// The same context without these keys.
    pub fn without<const N: usize>(self, keys: [&str; N]) -> Context {
        keys.into_iter().fold(self, |context, key| context.with(key, Known::Absent))
    }

    /// Everything that a stranger may make of a request: his account, organization and network are nobody's that a
    /// policy names; what a client chooses is free (facts §10.4, the keys that pin).
    pub fn of_stranger() -> Context {
        let foreign = || Known::One(Text::from(Of::foreign()));
        let arn = |resource: &str| Known::One(foreign_arn(resource));
        Context::of(Known::Free)
            .with("aws:PrincipalAccount", foreign())
            .with("aws:PrincipalOrgID", Known::One(foreign_organization()))
            .with("aws:PrincipalOrgPaths", Known::Many(vec![foreign_path()]))
            .with("aws:PrincipalArn", arn("role/"))
            .with("aws:PrincipalIsAWSService", Known::One("false".into()))
            .with("aws:userid", foreign())
            .with("aws:SourceAccount", foreign())
            .with("aws:SourceOwner", foreign())
            .with("aws:SourceOrgID", Known::One(foreign_organization()))
            .with("aws:SourceOrgPaths", Known::Many(vec![foreign_path()]))
            .with("aws:SourceArn", arn(""))
            .with("aws:SourceVpc", foreign())
            .with("aws:SourceVpce", foreign())
            .with("aws:SourceVpcArn", arn("vpc/"))
            .with("aws:VpceAccount", foreign())
            .with("aws:VpceOrgID", foreign())
            .with("aws:SourceIp", foreign())
            .with("aws:VpcSourceIp", foreign())
            .with("s3:DataAccessPointArn", arn("accesspoint/"))
            .with("s3:DataAccessPointAccount", foreign())
            .with("s3:AccessPointNetworkOrigin", foreign())
            .with("kms:CallerAccount", foreign())
            .with("aws:PrincipalServiceName", Known::Absent)
            .with("aws:PrincipalServiceNamesList", Known::Absent)
            .with("sns:Endpoint", Known::Free)
    }

    /// What a stranger's request carries who calls by himself, for no organization and through nobody's network: keys
    /// that ask only where they are there do not keep him out.
    pub fn of_lone_stranger() -> Context {
        Context::of_stranger().without([
            "aws:PrincipalOrgID",
            "aws:PrincipalOrgPaths",
            "aws:SourceArn",
            "aws:SourceAccount",
            "aws:SourceOwner",
            "aws:SourceOrgID",
            "aws:SourceOrgPaths",
            "aws:SourceVpc",
            "aws:SourceVpce",
            "aws:SourceVpcArn",
            "aws:VpceAccount",
            "aws:VpceOrgID",
            "aws:VpcSourceIp",
            "s3:DataAccessPointArn",
            "s3:DataAccessPointAccount",
            "s3:AccessPointNetworkOrigin",
        ])
    }

    /// The same from a network that a policy may name: it says where a call comes from, and not who makes it.
    pub fn at_a_network(self) -> Context {
        NETWORK.into_iter().fold(self, |context, key| context.with(key, Known::Free))
    }

    /// The same for one who is not signed in either.
    pub fn of_nobody() -> Context {
        Context::of_lone_stranger().without(["aws:PrincipalAccount", "aws:PrincipalArn", "aws:userid"])
    }
}

/// The keys that say where a call comes from (IAM User Guide, "AWS global condition context keys", "Properties of the
/// network").
pub const NETWORK: [&str; 9] = [
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "s3:AccessPointNetworkOrigin",
];

/// The id of an organization that nothing names.
pub fn foreign_organization() -> Text {
    Text::concat([&Text::from("o-"), &Text::from(Of::foreign())])
}

/// Any path in such an organization.
fn foreign_path() -> Text {
    paths_of(&foreign_organization())
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE` of a stranger, whatever service, Region and resource.
fn foreign_arn(resource: &str) -> Text {
    let [any, between, resource]: [Text; 3] = [Of::any().into(), ":".into(), format!(":{resource}").as_str().into()];
    let account = Of::foreign().into();
    let start = [&"arn:".into(), &Of::partition().into(), &between, &any, &between, &any, &between];
    Text::concat(start.into_iter().chain([&account, &resource, &any]))
}

fn canonical(key: &str) -> String {
    key.to_ascii_lowercase()
}

/// A question.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: Caller,
    /// What for: `s3:PutObject`.
    pub action: &'a str,
    /// The ARN of what it is done to; [`Of::Any`] in it ranges.
    pub resource: Text,
    /// The circumstances.
    pub context: Context,
    /// What references stand for.
    pub names: &'a Names,
}

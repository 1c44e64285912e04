//! The events that someone should be told of: those of the monitoring controls of the CIS AWS Foundations Benchmark, and
//! those that tamper with the trail.
//!
//! A change is the call that succeeded: one that was refused changed nothing. Where CIS lets a filter leave events out, the
//! set leaves them out too.

use super::event::{Domain, Event};
use super::{Formula, Path, Sample};
use crate::value::Text;

/// A control's subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Calls that were refused.
    UnauthorizedCalls,
    /// Sign-ins to the console without a second factor.
    SignInWithoutMfa,
    /// Use of the root user.
    RootUse,
    /// Changes of IAM policies.
    IamChanges,
    /// Changes of trails.
    TrailChanges,
    /// Sign-ins to the console that failed.
    FailedSignIns,
    /// Keys that are disabled, or scheduled to be deleted.
    KeyDeletion,
    /// Changes of the policies of buckets.
    BucketPolicyChanges,
    /// Changes of AWS Config.
    ConfigChanges,
    /// Changes of security groups.
    SecurityGroupChanges,
    /// Changes of network ACLs.
    NetworkAclChanges,
    /// Changes of gateways.
    GatewayChanges,
    /// Changes of route tables.
    RouteTableChanges,
    /// Changes of VPCs.
    VpcChanges,
    /// Changes of the organization.
    OrganizationChanges,
}

/// Events that belong together.
#[derive(Clone, Debug)]
pub struct Set {
    /// What they are, for people.
    pub words: &'static str,
    /// Their kinds.
    pub kinds: Vec<Kind>,
}

/// All events of one name and their like.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What it is called.
    pub name: &'static str,
    /// The record that CloudTrail writes.
    pub record: Event,
    source: Option<&'static str>,
    detail: &'static [&'static str],
}

const CALL: &[&str] = &["AWS API Call via CloudTrail"];
const SIGN_IN: &[&str] = &["AWS Console Signin via CloudTrail"];
const ANY_DETAIL: &[&str] =
    &["AWS API Call via CloudTrail", "AWS Console Signin via CloudTrail", "AWS Console Action via CloudTrail"];

const IAM: &[&str] = &[
    "DeleteGroupPolicy",
    "DeleteRolePolicy",
    "DeleteUserPolicy",
    "PutGroupPolicy",
    "PutRolePolicy",
    "PutUserPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "CreatePolicyVersion",
    "DeletePolicyVersion",
    "AttachRolePolicy",
    "DetachRolePolicy",
    "AttachUserPolicy",
    "DetachUserPolicy",
    "AttachGroupPolicy",
    "DetachGroupPolicy",
];
const TRAIL: &[&str] = &["CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"];
/// What silences or narrows a trail.
const TAMPERING: &[&str] = &["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"];
/// What CIS leaves out of the changes of trails.
const SELECTORS: &[&str] = &["PutEventSelectors", "PutInsightSelectors"];
/// The calls of event data stores that do the same.
const LAKE: &[&str] = &["DeleteEventDataStore", "UpdateEventDataStore", "StopEventDataStoreIngestion"];
const KEY: &[&str] = &["DisableKey", "ScheduleKeyDeletion"];
const BUCKET: &[&str] = &[
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
];
const EVIDENCE: &[&str] = &[
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "PutBucketLifecycle",
    "PutBucketPublicAccessBlock",
    "DeleteBucketPublicAccessBlock",
];
const CONFIG: &[&str] =
    &["StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder"];
/// CIS 5.0 adds `ModifySecurityGroupRules`; the filters of the versions before it are no less asked for.
const SECURITY_GROUP: &[&str] = &[
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
];
const NETWORK_ACL: &[&str] = &[
    "CreateNetworkAcl",
    "CreateNetworkAclEntry",
    "DeleteNetworkAcl",
    "DeleteNetworkAclEntry",
    "ReplaceNetworkAclEntry",
    "ReplaceNetworkAclAssociation",
];
const GATEWAY: &[&str] = &[
    "CreateCustomerGateway",
    "DeleteCustomerGateway",
    "AttachInternetGateway",
    "CreateInternetGateway",
    "DeleteInternetGateway",
    "DetachInternetGateway",
];
const ROUTE_TABLE: &[&str] = &[
    "CreateRoute",
    "CreateRouteTable",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
    "DeleteRouteTable",
    "DeleteRoute",
    "DisassociateRouteTable",
];
const VPC: &[&str] = &[
    "CreateVpc",
    "DeleteVpc",
    "ModifyVpcAttribute",
    "AcceptVpcPeeringConnection",
    "CreateVpcPeeringConnection",
    "DeleteVpcPeeringConnection",
    "RejectVpcPeeringConnection",
    "AttachClassicLinkVpc",
    "DetachClassicLinkVpc",
    "DisableVpcClassicLink",
    "EnableVpcClassicLink",
];
const ORGANIZATION: &[&str] = &[
    "AcceptHandshake",
    "AttachPolicy",
    "CreateAccount",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeclineHandshake",
    "DeleteOrganization",
    "DeleteOrganizationalUnit",
    "DeletePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "MoveAccount",
    "RemoveAccountFromOrganization",
    "UpdatePolicy",
    "UpdateOrganizationalUnit",
];

/// The codes of calls that were refused: the services spell them in these four ways.
const REFUSALS: [&str; 4] =
    ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Client.UnauthorizedOperation"];

impl Subject {
    /// All of them, in the order of the benchmark.
    pub const ALL: [Subject; 15] = [
        Subject::UnauthorizedCalls,
        Subject::SignInWithoutMfa,
        Subject::RootUse,
        Subject::IamChanges,
        Subject::TrailChanges,
        Subject::FailedSignIns,
        Subject::KeyDeletion,
        Subject::BucketPolicyChanges,
        Subject::ConfigChanges,
        Subject::SecurityGroupChanges,
        Subject::NetworkAclChanges,
        Subject::GatewayChanges,
        Subject::RouteTableChanges,
        Subject::VpcChanges,
        Subject::OrganizationChanges,
    ];

    /// Its events.
    pub fn set(self) -> Set {
        let (words, kinds) = match self {
            Subject::UnauthorizedCalls => ("calls that are refused", REFUSALS.map(refused).to_vec()),
            Subject::SignInWithoutMfa => ("sign-ins without MFA", vec![sign_in_without_mfa()]),
            Subject::RootUse => ("use of the root user", vec![root()]),
            Subject::IamChanges => ("changes of IAM policies", calls("iam", IAM)),
            Subject::TrailChanges => ("changes of trails", calls("cloudtrail", TRAIL)),
            Subject::FailedSignIns => ("sign-ins that fail", vec![failed_sign_in()]),
            Subject::KeyDeletion => ("keys that are disabled or deleted", calls("kms", KEY)),
            Subject::BucketPolicyChanges => ("changes of bucket policies", calls("s3", BUCKET)),
            Subject::ConfigChanges => ("changes of AWS Config", calls("config", CONFIG)),
            Subject::SecurityGroupChanges => ("changes of security groups", calls("ec2", SECURITY_GROUP)),
            Subject::NetworkAclChanges => ("changes of network ACLs", calls("ec2", NETWORK_ACL)),
            Subject::GatewayChanges => ("changes of gateways", calls("ec2", GATEWAY)),
            Subject::RouteTableChanges => ("changes of route tables", calls("ec2", ROUTE_TABLE)),
            Subject::VpcChanges => ("changes of VPCs", calls("ec2", VPC)),
            Subject::OrganizationChanges => ("changes of the organization", calls("organizations", ORGANIZATION)),
        };
        Set { words, kinds }
    }
}

/// The calls that silence or narrow a trail; with event data stores, theirs too.
pub fn trail_tampering(lake: bool) -> Set {
    let more = if lake { calls("cloudtrail", LAKE) } else { Vec::new() };
    let kinds = calls("cloudtrail", TAMPERING).into_iter().chain(more).collect();
    Set { words: "tampering with the trail", kinds }
}

/// The calls that narrow a trail and that CIS leaves out; with event data stores, theirs too.
pub fn narrowing(lake: bool) -> Set {
    let more = if lake { calls("cloudtrail", LAKE) } else { Vec::new() };
    let kinds = calls("cloudtrail", SELECTORS).into_iter().chain(more).collect();
    Set { words: "changes of what the trail records", kinds }
}

/// The calls that spoil what a trail has written: in its bucket, and by its key.
pub fn evidence_tampering(bucket: Option<&Text>, key: bool) -> Set {
    let own = |mut kind: Kind| {
        if let Some(bucket) = bucket {
            kind.record = kind.record.with_text("requestParameters.bucketName", bucket.clone());
        }
        kind
    };
    let keys = if key { calls("kms", KEY) } else { Vec::new() };
    let kinds = calls("s3", EVIDENCE).into_iter().map(own).chain(keys).collect();
    Set { words: "tampering with the logs", kinds }
}

fn calls(service: &'static str, names: &'static [&'static str]) -> Vec<Kind> {
    names.iter().map(|name| call(service, name)).collect()
}

fn call(service: &'static str, name: &'static str) -> Kind {
    let record = Event::record()
        .with_text("eventSource", format!("{service}.amazonaws.com").as_str())
        .with_text("eventName", name)
        .with_text("eventType", "AwsApiCall")
        .with_text("eventCategory", "Management")
        .with("managementEvent", Sample::Bool(true))
        .with("readOnly", Sample::Bool(false))
        .with("errorCode", Sample::Absent)
        .with("errorMessage", Sample::Absent);
    Kind { name, record, source: Some(service), detail: CALL }
}

fn refused(code: &'static str) -> Kind {
    let but = |but: &'static str| Domain::Text { optional: false, but: vec![but] };
    let record = Event::record()
        .with_text("errorCode", code)
        .with_text("eventType", "AwsApiCall")
        .where_in("eventName", but("HeadBucket"))
        .where_in("sourceIPAddress", but("delivery.logs.amazonaws.com"));
    Kind { name: code, record, source: None, detail: CALL }
}

fn sign_in() -> Event {
    Event::record()
        .with_text("eventSource", "signin.amazonaws.com")
        .with_text("eventName", "ConsoleLogin")
        .with_text("eventType", "AwsConsoleSignIn")
}

fn sign_in_without_mfa() -> Kind {
    let record = sign_in()
        .with_text("additionalEventData.MFAUsed", "No")
        .with_text("userIdentity.type", "IAMUser")
        .with_text("responseElements.ConsoleLogin", "Success")
        .with("errorCode", Sample::Absent)
        .with("errorMessage", Sample::Absent);
    Kind { name: "ConsoleLogin", record, source: Some("signin"), detail: SIGN_IN }
}

fn failed_sign_in() -> Kind {
    let record = sign_in()
        .with_text("errorMessage", "Failed authentication")
        .with_text("responseElements.ConsoleLogin", "Failure");
    Kind { name: "ConsoleLogin", record, source: Some("signin"), detail: SIGN_IN }
}

fn root() -> Kind {
    let kinds = ["AwsApiCall", "AwsConsoleSignIn", "AwsConsoleAction"];
    let record = Event::record()
        .with_text("userIdentity.type", "Root")
        .with("userIdentity.invokedBy", Sample::Absent)
        .where_in("eventType", Domain::OneOf(kinds.map(|kind| Sample::Text(kind.into())).to_vec()));
    Kind { name: "Root", record, source: None, detail: ANY_DETAIL }
}

impl Kind {
    /// The event as EventBridge delivers it.
    pub fn on_bus(&self, account: &Text, region: &Text) -> Event {
        let source = match self.source {
            Some(service) => Domain::OneOf(vec![Sample::Text(format!("aws.{service}").as_str().into())]),
            None => Domain::Text { optional: false, but: Vec::new() },
        };
        self.record.clone().on_bus(source, self.detail, account, region)
    }

    /// Whether a pattern means events of this name, be it in a rule or in a filter: it names what tells them from others.
    pub fn is_named_by(&self, pattern: &Formula, in_rule: bool) -> bool {
        let (field, value) = match (self.source, self.name) {
            (None, "Root") => ("userIdentity.type", "Root"),
            (None, code) => ("errorCode", code),
            (Some(_), name) => ("eventName", name),
        };
        let field = if in_rule { format!("detail.{field}") } else { field.to_owned() };
        pattern.names(&Path::dotted(&field), value)
    }
}

//! Roles, users, groups, and the policies that are attached to them.

use super::iam::{Kind, Policy};
use super::{Declared, properties as p};
use crate::read::{Block, Dialect, Property, Record};
use crate::value::{Text, Value, What, Why};

/// Something that holds identity policies.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Address, place, conditions.
    pub at: Declared,
    /// `role`, `user`, `group`, `policy` for a policy that is declared by itself, what a role is made for, or `account` for those
    /// of an account that could not be listed.
    pub kind: &'static str,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// What its ARN ends with, of a managed policy that has a name: `policy/`, its path and the name.
    pub arn_end: Option<Text>,
    /// Who may assume it, of a role.
    pub trust: Value<Option<Policy>>,
    /// The documents that are written in it.
    pub documents: Value<Vec<Value<Option<Policy>>>>,
    /// The ARNs of managed policies that are attached to it.
    pub managed: Value<Option<Vec<Value<Text>>>>,
    /// The ARN of the managed policy that bounds it.
    pub boundary: Value<Option<Text>>,
    /// The names of the roles that it is attached to, of a policy.
    pub roles: Value<Option<Vec<Value<Text>>>>,
    /// The names of the groups that it is in, of a user that exists.
    pub groups: Value<Option<Vec<Value<Text>>>>,
}

/// What stands for the identities of an account that could not be listed.
const UNLISTED: &str = "account";

/// The types that hold identity policies, with what they are.
const KINDS: [(&str, &str); 13] = [
    ("Trailproof::UnlistedIdentities", UNLISTED),
    ("AWS::IAM::Role", "role"),
    ("AWS::IAM::User", "user"),
    ("AWS::IAM::Group", "group"),
    ("AWS::IAM::Policy", "policy"),
    ("AWS::IAM::ManagedPolicy", "policy"),
    ("AWS::IAM::RolePolicy", "policy"),
    ("AWS::IAM::UserPolicy", "policy"),
    ("AWS::IAM::GroupPolicy", "policy"),
    ("AWS::Serverless::Function", MADE_ROLE),
    ("AWS::Serverless::StateMachine", MADE_ROLE),
    ("AWS::SSO::PermissionSet", PERMISSION_SET),
    // Terraform declares it by itself, as it does the policies of roles.
    ("AWS::SSO::PermissionSetInlinePolicy", "policy"),
];

/// What SAM makes a role for, unless it is given one.
const MADE_ROLE: &str = "function";

/// What IAM Identity Center makes a role of in each account.
const PERMISSION_SET: &str = "permission set";

impl Identity {
    /// Why it is not known which there are, of what stands for those of an account.
    pub fn unlisted(&self) -> Option<Why> {
        self.documents.why().filter(|_| self.kind == UNLISTED)
    }

    /// None for records of other types.
    pub(super) fn lower(record: &Record) -> Option<Identity> {
        let (_, kind) = KINDS.iter().find(|(name, _)| *name == &*record.kind)?;
        let block = record.block();
        let name = match *kind {
            "role" => &p::ROLE_NAME,
            "user" => &p::USER_NAME,
            _ => &p::GROUP_NAME,
        };
        let document = |block: &Block| Policy::lower(block, &p::POLICY_DOCUMENT, Kind::Identity);
        let documents = match &*record.kind {
            "AWS::SSO::PermissionSet" | "AWS::SSO::PermissionSetInlinePolicy" => {
                alone(Policy::lower(&block, &p::SET_POLICY, Kind::Identity))
            }
            _ if *kind == MADE_ROLE => of_sam(&block),
            _ if *kind == "policy" => alone(document(&block)),
            _ => block.blocks(&p::INLINE_POLICIES).map(&|all| all.iter().map(document).collect()),
        };
        // A policy of one role names it; a role policy is declared for it alone.
        let roles: &Property = if &*record.kind == "AWS::IAM::RolePolicy" { &p::POLICY_ROLE } else { &p::POLICY_ROLES };
        let is_managed = &*record.kind == "AWS::IAM::ManagedPolicy" && record.dialect != Dialect::Account;
        Some(Identity {
            at: Declared::new(record),
            kind,
            arn_end: if is_managed { arn_end(&block) } else { None },
            name: block.text(name),
            trust: Policy::lower(&block, &p::TRUST_POLICY, Kind::Trust),
            documents,
            managed: match *kind {
                MADE_ROLE => managed_of_sam(&block),
                PERMISSION_SET => block.texts(&p::SET_MANAGED_POLICIES),
                _ => block.texts(&p::MANAGED_POLICIES),
            },
            boundary: block.text(&p::BOUNDARY),
            roles: block.texts(roles),
            groups: block.texts(&p::USER_GROUPS),
        })
    }
}

/// What the ARN of a managed policy ends with, where its name and path are known.
fn arn_end(block: &Block) -> Option<Text> {
    let name = block.text(&p::MANAGED_POLICY_NAME);
    let path = block.text(&p::IDENTITY_PATH);
    let path = path.get()?.clone().unwrap_or_else(|| "/".into());
    Some(Text::concat([&"policy".into(), &path, name.get()?.as_ref()?]))
}

/// The policies of a role that SAM makes, of which some are documents and others names (AWS SAM Developer Guide,
/// "AWS::Serverless::Function", `Policies`). A role that is given makes them void.
fn made<'b, T>(block: &Block<'b>, each: impl Fn(&[Block<'b>]) -> Vec<T>) -> Value<Vec<T>> {
    let policies = block.blocks(&p::SAM_POLICIES);
    match block.given(&p::SAM_ROLE).get() {
        Some(true) => Value::known(Vec::new(), policies.origin),
        _ => policies.map(&|all| each(all)),
    }
}

fn is_document(policy: &Block) -> bool {
    policy.given(&p::STATEMENT).get() == Some(&true)
}

fn of_sam(block: &Block) -> Value<Vec<Value<Option<Policy>>>> {
    made(block, |all| {
        let documents = all.iter().filter(|policy| is_document(policy));
        documents.map(|policy| Value::known(Some(Policy::of(policy, Kind::Identity)), policy.origin())).collect()
    })
}

fn managed_of_sam(block: &Block) -> Value<Option<Vec<Value<Text>>>> {
    let named = |policy: &&Block| !is_document(policy) && policy.is_text();
    made(block, |all| all.iter().filter(named).map(Block::as_text).collect())
        .map(&|all: &Vec<Value<Text>>| Some(all.clone()))
}

/// A list of one.
fn alone<T: Clone>(value: Value<T>) -> Value<Vec<Value<T>>> {
    match value.what {
        What::Known(_) => {
            let (origin, assumes) = (value.origin.clone(), value.assumes.clone());
            Value { what: What::Known(vec![value]), origin, assumes }
        }
        _ => value.map(&|_| vec![value.clone()]),
    }
}

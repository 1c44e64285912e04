//! Roles, users, groups, and the policies that are attached to them.

use super::iam::{Kind, Policy};
use super::{Declared, properties as p};
use crate::read::{Block, Dialect, Property, Record};
use crate::value::{Text, Value, What};

/// Something that holds identity policies.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Address, place, conditions.
    pub at: Declared,
    /// `role`, `user`, `group`, or `policy` for a policy that is declared by itself.
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

/// The types that hold identity policies, with what they are.
const KINDS: [(&str, &str); 8] = [
    ("AWS::IAM::Role", "role"),
    ("AWS::IAM::User", "user"),
    ("AWS::IAM::Group", "group"),
    ("AWS::IAM::Policy", "policy"),
    ("AWS::IAM::ManagedPolicy", "policy"),
    ("AWS::IAM::RolePolicy", "policy"),
    ("AWS::IAM::UserPolicy", "policy"),
    ("AWS::IAM::GroupPolicy", "policy"),
];

impl Identity {
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
        let documents = match *kind {
            "policy" => alone(document(&block)),
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
            managed: block.texts(&p::MANAGED_POLICIES),
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

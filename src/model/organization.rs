//! Policies of an organization: service control policies, resource control policies.

use super::iam::{Kind, Policy};
use super::trail::required_text;
use super::{Declared, properties as p};
use crate::read::Record;
use crate::value::{Text, Value};

/// A policy of an organization as declared.
#[derive(Clone, Debug)]
pub struct OrganizationPolicy {
    /// Address, place, conditions.
    pub at: Declared,
    /// `SERVICE_CONTROL_POLICY`, `RESOURCE_CONTROL_POLICY` or another type.
    pub kind: Value<Text>,
    /// What it says.
    pub document: Value<Option<Policy>>,
    /// The ids of the root, organizational units and accounts that it is attached to.
    pub targets: Value<Option<Vec<Value<Text>>>>,
}

impl OrganizationPolicy {
    pub(super) fn lower(record: &Record) -> OrganizationPolicy {
        let block = record.block();
        let kind = required_text(&block, &p::ORGANIZATION_POLICY_TYPE);
        let resource = kind.candidates().into_iter().all(|kind| kind.literal() == Some("RESOURCE_CONTROL_POLICY"));
        let language = if resource { Kind::ResourceControl } else { Kind::ServiceControl };
        OrganizationPolicy {
            at: Declared::new(record),
            kind,
            document: Policy::lower(&block, &p::ORGANIZATION_POLICY_CONTENT, language),
            targets: block.texts(&p::ORGANIZATION_POLICY_TARGETS),
        }
    }
}

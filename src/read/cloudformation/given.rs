//! Values that are given for a run: of parameters, and of the pseudo parameters that say where a stack is deployed.
//!
//! A pseudo parameter is the same in every template of a run; a Region belongs to one partition, so that one gives the
//! other. What a stored parameter (Systems Manager) resolved to is kept beside its name there.

use crate::read::partition::partition_of;
use crate::value::{Of, PARTITIONS};
use std::collections::BTreeMap;

const ACCOUNT: &str = "AWS::AccountId";
const PARTITION: &str = "AWS::Partition";
const REGION: &str = "AWS::Region";

/// Values given for a run, by the names of parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    values: BTreeMap<String, String>,
    resolved: BTreeMap<String, String>,
}

impl From<BTreeMap<String, String>> for Given {
    fn from(values: BTreeMap<String, String>) -> Given {
        Given { values, resolved: BTreeMap::new() }
    }
}

impl Given {
    /// Gives a parameter a value; the last one counts.
    pub fn insert(&mut self, name: String, value: String) {
        self.resolved.remove(&name);
        self.values.insert(name, value);
    }

    /// Says what the value of a stored parameter resolved to.
    pub fn resolve(&mut self, name: String, value: String) {
        self.resolved.insert(name, value);
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// What a stored parameter resolved to.
    pub fn resolved(&self, name: &str) -> Option<&str> {
        self.resolved.get(name).map(String::as_str)
    }

    /// The names of the parameters that a template must declare for the values to mean something.
    pub fn declared(&self) -> impl Iterator<Item = &str> {
        let own = [ACCOUNT, PARTITION, REGION];
        self.values.keys().map(String::as_str).filter(move |name| !own.contains(name))
    }

    /// The account, partition or Region that is given; a Region gives its partition too.
    pub fn pseudo(&self, of: &Of) -> Option<&str> {
        match of {
            Of::Account => self.get(ACCOUNT),
            Of::Region => self.get(REGION),
            Of::Partition => self.get(PARTITION).or_else(|| partition_of(self.get(REGION)?)),
            _ => None,
        }
    }

    /// What is wrong with the account, partition or Region that is given.
    pub fn complaint(&self) -> Option<String> {
        let account = self.get(ACCOUNT).filter(|id| id.len() != 12 || !id.bytes().all(|b| b.is_ascii_digit()));
        if let Some(id) = account {
            return Some(format!("`{ACCOUNT}={id}` is no account id: it has twelve digits"));
        }
        if let Some(name) = self.get(PARTITION).filter(|name| !PARTITIONS.contains(name)) {
            return Some(format!("`{PARTITION}={name}` is no partition: there are {}", PARTITIONS.join(", ")));
        }
        let region = self.get(REGION)?;
        let number = region.rsplit('-').next().unwrap_or_default();
        if region.split('-').count() < 3 || number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            return Some(format!("`{REGION}={region}` is no Region: say `us-east-1` or its like"));
        }
        let (own, said) = (partition_of(region)?, self.get(PARTITION)?);
        (own != said).then(|| format!("`{REGION}={region}` is in partition `{own}`, not in `{said}`"))
    }
}

/// What fills a pseudo parameter (CloudFormation User Guide, "Pseudo parameters reference").
pub(super) fn pseudo(name: &str) -> Option<Of> {
    match name {
        ACCOUNT => Some(Of::Account),
        PARTITION => Some(Of::Partition),
        REGION => Some(Of::Region),
        "AWS::StackName" | "AWS::URLSuffix" | "AWS::NotificationARNs" => Some(Of::Expression(name.into())),
        _ => None,
    }
}

//! Profiles: lists of controls, each with the checks that decide it.
//!
//! A profile is data, a file of YAML: those of public frameworks are in `policies/profiles`, those of a team lie in its
//! repository, in the same form. Which check answers which control is written nowhere else, so a control's id also finds
//! the check's page. This module reads profiles and sums up what a report says of their controls.

mod controls;
mod known;
mod read;
mod shown;
#[cfg(test)]
mod tests;

pub use controls::assess;
pub use known::{Meant, known, meant};
pub use read::{Fault, read};
pub use shown::{Form, show};

use crate::checks::Check;
use crate::model::Settings;

macro_rules! shipped {
    ($($id:literal),* $(,)?) => {
        /// The profiles of public frameworks, by id.
        pub const SHIPPED: &[(&str, &str)] =
            &[$(($id, include_str!(concat!("../../policies/profiles/", $id, ".yaml")))),*];
    };
}

shipped![
    "aws_config",
    "aws_control_tower",
    "aws_fsbp",
    "aws_security_hub",
    "aws_sra",
    "aws_well_architected",
    "cis_aws_foundations_1_2",
    "cis_aws_foundations_1_4",
    "cis_aws_foundations_2_0",
    "cis_aws_foundations_3_0",
    "cis_aws_foundations_4_0_1",
    "cis_aws_foundations_5_0",
    "cis_aws_foundations_6_0",
    "cis_aws_foundations_7_0",
    "fedramp_low_r4",
    "fedramp_moderate_r4",
    "fedramp_moderate_r5",
    "hipaa",
    "iso_27001_2022",
    "mitre_attack",
    "nist_800_171_r2",
    "nist_800_53_r5",
    "nist_csf_1_1",
    "nist_csf_2_0",
    "pci_dss_3_2_1",
    "pci_dss_4_0_1",
    "soc2",
];

/// A list of controls.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its one name.
    pub id: String,
    /// What it is.
    pub title: String,
    /// The framework that its controls are of.
    pub framework: String,
    /// Which version of it.
    pub version: String,
    /// What its controls are called by: `CIS` in "CIS 3.2".
    pub label: String,
    /// Where the framework is published.
    pub source: Option<String>,
    /// What readers must know.
    pub note: Option<String>,
    /// What it sets for the checks.
    pub parameters: Parameters,
    /// Its controls, in their order.
    pub controls: Vec<Control>,
}

/// What a profile sets; where nothing is set, whatever the run says.
#[derive(Clone, Debug, Default)]
pub struct Parameters {
    /// Days that logs must be kept.
    pub required_days: Option<u32>,
    /// Whether the account is known to belong to an organization.
    pub organization: bool,
    /// Whether every trail is judged by itself.
    pub each_trail: bool,
    /// The account that keeps the logs.
    pub log_archive: Option<String>,
    /// Tag keys that must be there.
    pub required_tags: Vec<String>,
    /// Accounts, organizations and principals that may have what the estate's own may.
    pub trust: Vec<String>,
    /// Types of resources whose data events must be recorded.
    pub data_events: Vec<String>,
    /// Services whose calls through VPC endpoints must be recorded.
    pub network_activity: Vec<String>,
}

/// A control.
#[derive(Clone, Debug)]
pub struct Control {
    /// Its number or name in the framework.
    pub id: String,
    /// What it asks.
    pub title: String,
    /// Its level, where the framework has levels.
    pub level: Option<u32>,
    /// How the framework has it assessed.
    pub assessment: Option<Assessment>,
    /// The checks that decide it.
    pub checks: Vec<&'static Check>,
    /// Checks that it names and this version does not have.
    pub missing: Vec<String>,
    /// What people must look at, and why.
    pub manual: Option<String>,
    /// How its answer is to be read.
    pub note: Option<String>,
    /// Why it is not certain that the framework says so.
    pub uncertain: Option<String>,
}

/// How a framework has a control assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assessment {
    /// By programs.
    Automated,
    /// By people. A check may decide it all the same.
    Manual,
}

impl Assessment {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Assessment::Automated => "automated",
            Assessment::Manual => "manual",
        }
    }
}

/// The profile of a name that is shipped.
pub fn shipped(id: &str) -> Option<Profile> {
    SHIPPED.iter().find(|(known, _)| *known == id).and_then(|(_, text)| read::read_shipped(text))
}

/// Every profile that is shipped.
pub fn all_shipped() -> impl Iterator<Item = Profile> {
    SHIPPED.iter().filter_map(|(_, text)| read::read_shipped(text))
}

impl Profile {
    /// Every check that decides one of its controls, each once, in the order of their names.
    pub fn checks(&self) -> Vec<&'static Check> {
        let mut checks: Vec<&'static Check> = self.controls.iter().flat_map(|it| it.checks.iter().copied()).collect();
        checks.sort_by_key(|check| check.id);
        checks.dedup_by_key(|check| check.id);
        checks
    }

    /// The controls that a check decides.
    pub fn controls_of<'p>(&'p self, check: &'p str) -> impl Iterator<Item = &'p Control> {
        self.controls.iter().filter(move |control| control.checks.iter().any(|known| known.id == check))
    }
}

impl Parameters {
    /// Sets what the run leaves open. How many days are required it does not set: of several profiles the most count.
    pub fn apply(&self, settings: &mut Settings) {
        settings.organization |= self.organization;
        settings.each_trail |= self.each_trail;
        if settings.log_archive.is_none() {
            settings.log_archive.clone_from(&self.log_archive);
        }
        let lists = [
            (&mut settings.required_tags, &self.required_tags),
            (&mut settings.trusted, &self.trust),
            (&mut settings.data_events, &self.data_events),
            (&mut settings.network_activity, &self.network_activity),
        ];
        for (all, own) in lists {
            let new: Vec<String> = own.iter().filter(|value| !all.contains(value)).cloned().collect();
            all.extend(new);
        }
    }
}

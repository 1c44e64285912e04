//! In which account something is, in words: name, id and place in the organization, then the Region.

use super::{AccountRead, Report};
use crate::judge::Subject;
use crate::read::Arn;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts that are named before the others are only counted.
const NAMED: usize = 3;

/// The accounts whose evidence was read, by their ids.
pub(super) struct Accounts<'r>(BTreeMap<&'r str, &'r AccountRead>);

impl<'r> Accounts<'r> {
    pub(super) fn of(report: &'r Report) -> Accounts<'r> {
        Accounts(report.coverage.accounts.iter().map(|account| (account.id.as_str(), account)).collect())
    }

    /// The account that something is in, where its evidence was read.
    pub(super) fn get(&self, subject: &Subject) -> Option<&'r AccountRead> {
        self.0.get(subject.account.as_deref()?).copied()
    }

    /// Whether anybody may ask which account is meant.
    pub(super) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Where something of an account is, as far as its address does not say so; `briefly` for the Region alone. Empty for
    /// what is in no account that was read.
    pub(super) fn words(&self, subject: &Subject, briefly: bool) -> String {
        let Some(account) = self.get(subject) else { return String::new() };
        let arn = Arn::parse(&subject.address);
        let said =
            |text: &str| *subject.address == *text || arn.is_some_and(|arn| [arn.account, arn.region].contains(&text));
        let id = Some(account.id.as_str()).filter(|id| !said(id));
        let names = [account.name.as_deref(), id, account.path.as_deref()].into_iter().flatten();
        let region = subject.region.as_deref().filter(|region| !said(region));
        names.filter(|_| !briefly).chain(region).collect::<Vec<_>>().join(" · ")
    }

    /// In which accounts something happened: nothing where there is but one.
    pub(super) fn among(&self, ids: &BTreeSet<&str>) -> String {
        if !self.are_several() {
            return String::new();
        }
        let name =
            |id: &&str| self.0.get(id).and_then(|account| account.name.as_deref()).map_or(*id, |name| name).to_owned();
        let mut names: Vec<String> = ids.iter().take(NAMED).map(name).collect();
        if ids.len() > NAMED {
            names.push(format!("{} more", ids.len() - NAMED));
        }
        format!(" in {}", names.join(", "))
    }
}

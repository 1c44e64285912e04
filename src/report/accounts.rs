//! In which account something is, in words: name, id and place in the organization, then the Region.

use super::Report;
use crate::judge::Subject;
use crate::read::Arn;
use std::collections::{BTreeMap, BTreeSet};

/// Accounts that are named before the others are only counted.
const MOST: usize = 3;

/// What an account is called, and the root and the units above it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Named<'r> {
    pub(super) name: Option<&'r str>,
    pub(super) path: Option<&'r str>,
}

/// The accounts whose evidence was read, and those that the organization lists, by their ids.
pub(super) struct Accounts<'r>(BTreeMap<&'r str, Named<'r>>);

impl<'r> Accounts<'r> {
    pub(super) fn of(report: &'r Report) -> Accounts<'r> {
        let mut known: BTreeMap<&str, Named> = BTreeMap::new();
        let read = report.coverage.accounts.iter().map(|it| (&it.id, &it.name, &it.path));
        let listed = report.coverage.members.iter().map(|it| (&it.id, &it.name, &it.path));
        // What the evidence of an account says of itself comes first.
        for (id, name, path) in read.chain(listed) {
            let account = known.entry(id).or_default();
            account.name = account.name.or(name.as_deref());
            account.path = account.path.or(path.as_deref());
        }
        Accounts(known)
    }

    /// The account that something is in, where it is known.
    pub(super) fn get(&self, subject: &Subject) -> Option<Named<'r>> {
        self.0.get(subject.account.as_deref()?).copied()
    }

    /// What an account is called, by its id.
    pub(super) fn named(&self, id: &str) -> Named<'r> {
        self.0.get(id).copied().unwrap_or_default()
    }

    /// Whether anybody may ask which account is meant.
    pub(super) fn are_several(&self) -> bool {
        self.0.len() > 1
    }

    /// Where something of an account is, as far as its address does not say so; `briefly` for the Region alone. Empty for
    /// what is in no such account.
    pub(super) fn words(&self, subject: &Subject, briefly: bool) -> String {
        let Some(account) = self.get(subject) else { return String::new() };
        let arn = Arn::parse(&subject.address);
        let said =
            |text: &str| *subject.address == *text || arn.is_some_and(|arn| [arn.account, arn.region].contains(&text));
        let id = subject.account.as_deref().filter(|id| !said(id));
        let names = [account.name, id, account.path].into_iter().flatten();
        let region = subject.region.as_deref().filter(|region| !said(region));
        names.filter(|_| !briefly).chain(region).collect::<Vec<_>>().join(" · ")
    }

    /// In which accounts something happened: nothing where there is but one.
    pub(super) fn among(&self, ids: &BTreeSet<&str>) -> String {
        if !self.are_several() {
            return String::new();
        }
        let name = |id: &&str| self.0.get(id).and_then(|account| account.name).unwrap_or(id).to_owned();
        let mut names: Vec<String> = ids.iter().take(MOST).map(name).collect();
        if ids.len() > MOST {
            names.push(format!("{} more", ids.len() - MOST));
        }
        format!(" in {}", names.join(", "))
    }
}

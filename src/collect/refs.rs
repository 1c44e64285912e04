//! What trails and stores refer to, which may be another account's.

use super::places::account_of;
use crate::read::Arn;
use std::collections::BTreeSet;

/// Things that are to be asked about.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Refs {
    /// Names of buckets, which do not tell whose they are.
    pub(super) buckets: BTreeSet<String>,
    /// ARNs of keys.
    pub(super) keys: BTreeSet<String>,
    /// ARNs of log groups.
    pub(super) groups: BTreeSet<String>,
    /// ARNs of topics.
    pub(super) topics: BTreeSet<String>,
}

impl Refs {
    /// Adds what an ARN names, if that is asked about.
    pub(super) fn add(&mut self, arn: &str) {
        let Some(parts) = Arn::parse(arn) else { return };
        let list = match parts.service {
            "kms" => &mut self.keys,
            "logs" if parts.resource.starts_with("log-group:") => &mut self.groups,
            "sns" => &mut self.topics,
            _ => return,
        };
        list.insert(arn.to_owned());
    }

    pub(super) fn extend(&mut self, more: Refs) {
        self.buckets.extend(more.buckets);
        self.keys.extend(more.keys);
        self.groups.extend(more.groups);
        self.topics.extend(more.topics);
    }

    /// What an account owns, judged by ARN, and with all buckets; and what it does not.
    pub(super) fn split(self, account: &str) -> (Refs, Refs) {
        let parted = |all: BTreeSet<String>| all.into_iter().partition(|arn| account_of(arn) == account);
        let (keys, foreign_keys) = parted(self.keys);
        let (groups, foreign_groups) = parted(self.groups);
        let (topics, foreign_topics) = parted(self.topics);
        (
            Refs { buckets: self.buckets, keys, groups, topics },
            Refs { buckets: BTreeSet::new(), keys: foreign_keys, groups: foreign_groups, topics: foreign_topics },
        )
    }

    /// The accounts that its ARNs name.
    pub(super) fn accounts(&self) -> BTreeSet<String> {
        let arns = self.keys.iter().chain(&self.groups).chain(&self.topics);
        arns.map(|arn| account_of(arn).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Refs;

    #[test]
    fn an_arn_tells_what_and_whose_it_is() {
        let mut refs = Refs::default();
        for arn in [
            "arn:aws:kms:eu-west-1:111122223333:key/a",
            "arn:aws:sns:eu-west-1:444455556666:audit",
            "arn:aws:logs:eu-west-1:111122223333:log-group:a:*",
            "arn:aws:lambda:eu-west-1:111122223333:function:f",
        ] {
            refs.add(arn);
        }
        assert_eq!(refs.accounts().len(), 2);
        let (own, foreign) = refs.split("111122223333");
        assert_eq!((own.keys.len(), own.groups.len(), own.topics.len()), (1, 1, 0));
        assert_eq!(foreign.topics.len(), 1);
    }
}

//! Which resources are joined, or may be in some world: such a family can be evaluated and joined by itself.

use super::owners::{Kinds, Owners, candidates};
use super::{Resource, aim, split};
use crate::read::Record;
use crate::read::terraform::types::BUCKET_COMPANIONS;
use crate::value::{Instance, Text};
use std::collections::HashMap;
use std::sync::Arc;

/// How companions name their owners: their type, the argument, and which owners it names.
const AIMS: [(&str, &str, Kinds); 13] = [
    ("aws_s3_bucket_policy", "bucket", Kinds::BUCKETS),
    ("aws_sns_topic_policy", "arn", Kinds::TOPICS),
    ("aws_kms_key_policy", "key_id", Kinds::KEYS),
    ("aws_iam_role_policy_attachment", "role", Kinds::ROLES),
    ("aws_iam_role_policy_attachment", "policy_arn", Kinds::POLICIES),
    ("aws_iam_user_policy_attachment", "user", Kinds::USERS),
    ("aws_iam_group_policy_attachment", "group", Kinds::GROUPS),
    ("aws_iam_policy_attachment", "roles", Kinds::ROLES),
    ("aws_iam_policy_attachment", "users", Kinds::USERS),
    ("aws_iam_policy_attachment", "groups", Kinds::GROUPS),
    ("aws_iam_policy_attachment", "policy_arn", Kinds::POLICIES),
    ("aws_organizations_policy_attachment", "policy_id", Kinds::ORGANIZATION_POLICIES),
    ("aws_ssoadmin_managed_policy_attachment", "permission_set_arn", Kinds::PERMISSION_SETS),
];

/// Sets of places that grow together.
struct Union(Vec<usize>);

impl Union {
    fn root(&self, mut of: usize) -> usize {
        while let Some(above) = self.0.get(of).filter(|above| **above != of) {
            of = *above;
        }
        of
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(above) = self.0.get_mut(one.max(other)) {
            *above = one.min(other);
        }
    }
}

/// The family of each resource, by the place of its first member.
pub(in crate::read::terraform) fn families(resources: &[Record]) -> Vec<usize> {
    let mut union = Union((0..resources.len()).collect());
    let place: HashMap<(Instance, &Arc<str>), usize> =
        resources.iter().enumerate().map(|(place, record)| ((record.instance, &record.address), place)).collect();
    let place_of = |record: &Record| place.get(&(record.instance, &record.address)).copied();
    let (owners, companions) = split(resources.to_vec(), &|_| None);
    let others = owners.iter().map(|Resource { terraform, record }| (&**terraform, record));
    let all: Vec<(&str, &Record)> = companions.iter().map(|record| (&*record.kind, record)).chain(others).collect();
    let settings = BUCKET_COMPANIONS.map(|kind| (kind, "bucket", Kinds::BUCKETS));
    let mut named: HashMap<(&str, Text), usize> = HashMap::new();
    for (kind, argument, kinds) in AIMS.into_iter().chain(settings) {
        let mut of_kind = all.iter().filter(|(own, _)| *own == kind).peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        let meant = Owners::of(kinds, &owners);
        for (_, record) in of_kind {
            let (Some(own), Some(aim)) = (place_of(record), aim(record, argument)) else { continue };
            let within_reach = meant.within_reach(&aim).into_iter().filter_map(|at| owners.get(at));
            for owner in within_reach.filter_map(|owner| place_of(&owner.record)) {
                union.unite(own, owner);
            }
            // Those that give one name are rivals, or speak of one bucket that is not declared.
            if matches!(argument, "bucket" | "arn") {
                for text in candidates(&aim) {
                    union.unite(own, *named.entry((argument, text)).or_insert(own));
                }
            }
        }
    }
    (0..resources.len()).map(|at| union.root(at)).collect()
}

//! By what scopes may have to do with one another: the names that one gives to what it declares, and those that another uses.
//!
//! Which thing a name means is not settled here: see `link`.

use super::Scope;
use super::link::{alias_name, log_group_name, reference};
use crate::value::{Text, Value};

impl Scope {
    /// The names of what is declared here that resources of other scopes may use.
    pub fn names_own(&self) -> Vec<Text> {
        let buckets = self.buckets.iter().chain(&self.policy_buckets).map(|it| &it.name);
        let own = buckets.chain(self.log_groups.iter().map(|it| &it.name)).chain(self.topics.iter().map(|it| &it.name));
        // Of accounts, most have the same roles.
        let identities = self.identities.iter().filter(|identity| !identity.at.is_live());
        let own = own.chain(self.keys.iter().map(|it| &it.arn)).chain(identities.map(|it| &it.name));
        let names = own.flat_map(|value| value.candidates()).flatten().cloned();
        let aliases = self.aliases.iter().flat_map(|alias| alias.name.candidates()).cloned();
        names.chain(aliases).chain(self.keys.iter().filter_map(|key| key.at.arn()).map(Text::from)).collect()
    }

    /// The texts by which resources here may name those of other scopes.
    pub fn mentions(&self) -> Vec<Text> {
        let mut names = Vec::new();
        let last = |text: &Text, marker: char| text.after_last(marker).unwrap_or_else(|| text.clone());
        for trail in &self.trails {
            names.extend(trail.bucket.candidates().into_iter().flatten().cloned());
            names.extend(trail.key.candidates().into_iter().flatten().map(alias_name));
            names.extend(trail.log_group.candidates().into_iter().flatten().map(log_group_name));
            names.extend(trail.log_role.candidates().into_iter().flatten().map(|arn| last(arn, '/')));
            names.extend(trail.topic.candidates().into_iter().flatten().map(|arn| last(arn, ':')));
        }
        let access_logs = self.buckets.iter().chain(&self.policy_buckets).map(|bucket| &bucket.access_log_bucket);
        names.extend(access_logs.flat_map(|value| value.candidates()).flatten().cloned());
        let keys = self.topics.iter().map(|topic| &topic.key).chain(self.stores.iter().map(|store| &store.key));
        names.extend(keys.flat_map(|key| key.candidates()).flatten().map(alias_name));
        let ends = self.channels.iter().flat_map(|channel| channel.destinations.candidates()).flatten();
        names.extend(ends.flat_map(Value::candidates).flatten().cloned());
        let each = |list: &Value<Option<Vec<Value<Text>>>>, marker: char| -> Vec<Text> {
            let texts = list.candidates().into_iter().flatten().flatten().flat_map(Value::candidates);
            texts.map(|text| last(text, marker)).collect()
        };
        names.extend(self.topic_policies.iter().flat_map(|policy| each(&policy.topics, ':')));
        names.extend(self.identities.iter().flat_map(|policy| each(&policy.roles, '/')));
        // A managed policy is attached by a reference: the literal ARNs are those of AWS, which half of all stacks name.
        let managed = self.identities.iter().flat_map(|role| each(&role.managed, '/'));
        names.extend(managed.filter(|arn| reference(arn).is_some()));
        let policies = self.bucket_policies.iter().map(|policy| &policy.bucket);
        let aliases = self.aliases.iter().map(|alias| &alias.target);
        let stores = self.store_policies.iter().map(|policy| &policy.resource);
        names.extend(policies.chain(aliases).chain(stores).flat_map(|value| value.candidates()).cloned());
        names.extend(self.accounts_of_organization());
        names
    }
}

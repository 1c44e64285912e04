//! See `checks/key_policy_without_source_guard.md`.

use crate::model::{Cx, Key, anything, cannot_tell, documents};
use crate::value::Verdict;

/// Event data stores send no source, so a key that encrypts one cannot ask for it.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let policies = match documents([(&key.at, &key.policy)]) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    if !cx.stores_of_key(key).is_empty() {
        return Verdict::not_applicable("an event data store uses the key, and sends no source");
    }
    cx.unless_for_trails(key, &policies).unwrap_or_else(|| {
        let label = "CloudTrail may encrypt with the key for trails of any account";
        cx.forbid_any_trail(&policies, "kms:GenerateDataKey", &anything(), label)
    })
}

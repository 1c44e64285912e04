//! See `checks/key_decryptable_by_others.md`.

use crate::model::{Cx, Key, anything, cannot_tell, documents, opaque_statements};
use crate::value::Verdict;

/// Encrypting anew, for a key of one's own, is as good as decrypting.
const ACTIONS: [&str; 2] = ["kms:Decrypt", "kms:ReEncryptFrom"];

/// Everyone at all, and everyone at a network, is the matter of `key_open`.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let policies = match documents([(&key.at, &key.policy)]) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    let grants = ACTIONS.iter().flat_map(|action| {
        let told = cx.open_to_anyone(&policies, action, &anything());
        cx.foreign_grants_alone(&key.at, &policies, action, &anything(), &told)
    });
    let label = "principals outside of this account may decrypt the logs";
    cx.forbid_each(grants.collect(), label, "no statement lets others in").and(opaque_statements(&policies))
}

//! See `checks/key_decryptable_by_others.md`.

use crate::model::{Cx, Key, anything, cannot_tell, documents, forbid_grants, opaque_statements};
use crate::value::Verdict;

/// Encrypting anew, for a key of one's own, is as good as decrypting.
const ACTIONS: [&str; 2] = ["kms:Decrypt", "kms:ReEncryptFrom"];

/// Everyone at all is the matter of `key_open`.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let policies = match documents([(&key.at, &key.policy)]) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    let mut grants = Vec::new();
    for action in ACTIONS {
        let public = cx.public_grants(&policies, action, &anything());
        let mut foreign = cx.foreign_grants(&key.at, &policies, action, &anything());
        foreign.retain(|granted| {
            let place = granted.principal.origin.span;
            !public.iter().any(|known| known.truth.is_true() && known.principal.origin.span == place)
        });
        grants.extend(foreign);
    }
    forbid_grants(grants, "principals outside of this account may decrypt the logs").and(opaque_statements(&policies))
}

//! See `checks/key_policy_blocks_cloudtrail.md`.

use crate::model::{Cx, Key, anything, cannot_tell, documents};
use crate::value::{Truth, Verdict, require};

/// The policy that KMS writes where none is given admits the account's root, which no service is.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let policies = match documents([(&key.at, &key.policy)]) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    if let Some(verdict) = cx.unless_for_trails(key, &policies) {
        return verdict;
    }
    if policies.is_empty() {
        return require(Truth::of(false, &key.policy.origin))
            .label("without a policy the key admits this account's principals, and no service");
    }
    let contexts = cx.contexts_of(&key.at, &cx.trails_of_key(key), |trail| &trail.key);
    let encrypts = cx.service_may(&policies, "kms:GenerateDataKey", &anything(), &contexts);
    let blocked = encrypts.is_false();
    let encrypt = require(encrypts).label("CloudTrail is not allowed to encrypt with the key");
    if blocked {
        return encrypt;
    }
    // Only what encrypts or decrypts has an encryption context.
    let plain: Vec<_> =
        contexts.into_iter().map(|it| it.without(["kms:EncryptionContext:aws:cloudtrail:arn"])).collect();
    let describes = cx.service_may(&policies, "kms:DescribeKey", &anything(), &plain);
    encrypt.and(require(describes).label("CloudTrail is not allowed `kms:DescribeKey`"))
}

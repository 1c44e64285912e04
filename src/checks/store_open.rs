//! See `checks/store_open.md`.

use crate::model::{Cx, Store, cannot_tell, documents};
use crate::value::Verdict;

/// What policies of stores and channels can grant (CloudTrail User Guide, "Resource-based policies").
const ACTIONS: [&str; 16] = [
    "cloudtrail-data:PutAuditEvents",
    "cloudtrail:CancelQuery",
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:DescribeQuery",
    "cloudtrail:DisableFederation",
    "cloudtrail:EnableFederation",
    "cloudtrail:GenerateQuery",
    "cloudtrail:GetEventDataStore",
    "cloudtrail:GetQueryResults",
    "cloudtrail:ListQueries",
    "cloudtrail:PutResourcePolicy",
    "cloudtrail:RestoreEventDataStore",
    "cloudtrail:StartEventDataStoreIngestion",
    "cloudtrail:StartQuery",
    "cloudtrail:StopEventDataStoreIngestion",
    "cloudtrail:UpdateEventDataStore",
];

/// Each policy is put against the resource that it is for: the store, or a channel into it.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    let each = cx.policies_of_store(store).into_iter().map(|policy| {
        if let Some(why) = policy.resource.why() {
            return cannot_tell(why);
        }
        match documents([(&policy.at, &policy.document)]) {
            Ok(policies) => {
                let resource: Vec<_> = policy.resource.get().into_iter().cloned().collect();
                cx.forbid_public(&policies, &ACTIONS, &resource, "anyone is let in").within(&policy.at.address)
            }
            Err(why) => cannot_tell(why),
        }
    });
    each.fold(Verdict::pass("no resource policy opens the store"), Verdict::and)
}

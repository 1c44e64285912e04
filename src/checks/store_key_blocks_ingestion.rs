//! See `checks/store_key_blocks_ingestion.md`.

use crate::model::{Cx, Link, Store, anything, context_of_store};
use crate::value::{Truth, Verdict, require};

/// Requests for a store carry no source, so a statement that asks for one does not count.
pub(super) fn run<'a>(cx: &Cx<'a>, store: &'a Store) -> Verdict {
    if store.key.is_set().is_false() {
        return Verdict::not_applicable("the event data store has no key of its own");
    }
    let may = store.key.ask(&|text, _| {
        let Some(text) = text else { return Truth::yes() };
        let key = match cx.key_named(text) {
            Link::One(key) => key,
            link => return Truth::unknown(link.why("the key of the event data store")),
        };
        key.policy.ask(&|policy, origin| match policy {
            None => Truth::of(false, origin),
            Some(policy) => {
                let may = |action: &str| cx.service_may(&[policy], action, &anything(), &[context_of_store(store)]);
                may("kms:GenerateDataKey").and(may("kms:Decrypt"))
            }
        })
    });
    require(may)
        .label("CloudTrail may not use the key for an event data store, which sends no source")
        .related("this event data store takes no events in", store.at.span)
}

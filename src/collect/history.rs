//! The event history: who stopped, deleted or changed what records, in the last 90 days.
//!
//! It is asked for one name of an event at a time: by its source alone every reading call to CloudTrail would come along,
//! fifty to a page, and an account may ask no more than twice a second in a Region. So the names decide how long a scan takes at least, and
//! nothing else waits for it: whoever waits for the next turn holds no place of the run.
//! Those that silence are asked for always, those that every deployment calls only where somebody wants to know.

use super::account::{Account, lock};
use super::refusal::Refusal;
use crate::read::account::{CHANGING, Call, SILENCING};
use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

/// The history answers two questions a second in a Region.
const PACE: Duration = Duration::from_millis(500);

/// Attempts at one page. Others may ask the same history, so that it throttles whoever keeps to the pace.
pub(super) const TRIES: u32 = 6;

/// Whether a call asks the history.
pub(super) fn is_asked_by(call: &Call) -> bool {
    (call.service, call.operation) == ("cloudtrail", "LookupEvents")
}

/// When the history of each Region was asked last. A Region is asked for one page at a time.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<BTreeMap<String, Instant>>);

impl Turns {
    /// Waits until a Region may be asked again; longer with each attempt in vain.
    pub(super) async fn turn(&self, region: &str, tries: u32) {
        let last = lock(&self.0).get(region).copied();
        if let Some(last) = last {
            tokio::time::sleep_until(last + PACE.saturating_mul(2_u32.saturating_pow(tries))).await;
        }
    }

    /// A Region is asked now.
    pub(super) fn begin(&self, region: &str) {
        lock(&self.0).insert(region.to_owned(), Instant::now());
    }
}

impl Account {
    /// What a Region recorded of such calls.
    pub(super) async fn history_of(&self, region: &str) {
        let client = &self.history(region);
        let (call, mut refused) = (("cloudtrail", "LookupEvents"), None);
        let changing = CHANGING.iter().filter(|_| self.run.changes);
        for name in SILENCING.iter().chain(changing) {
            let input = json!({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]});
            // Who may not ask for one name may ask for none.
            if let Some(refusal) = &refused {
                self.note(call, region, &input, Refusal::clone(refusal));
                continue;
            }
            let answer = self.ask(call, region, input, |next| {
                // Without either it would not be built; both are there.
                let attribute = LookupAttribute::builder()
                    .attribute_key(LookupAttributeKey::EventName)
                    .attribute_value(*name)
                    .build()
                    .ok();
                client.lookup_events().set_lookup_attributes(attribute.map(|it| vec![it])).set_next_token(next).send()
            });
            refused = answer.await.err().filter(Refusal::is_denied);
        }
    }
}

//! The event history: who stopped, deleted or changed what records, in the last 90 days.
//!
//! It is asked for one name of an event at a time: by its source alone every reading call to CloudTrail would come along,
//! fifty to a page, and nobody may ask more than twice a second in a Region. So the names decide how long a scan takes.
//! Those that silence are asked for always, those that every deployment calls only where somebody wants to know.

use super::account::Account;
use super::refusal::Refusal;
use crate::read::account::{CHANGING, SILENCING};
use aws_sdk_cloudtrail::types::{LookupAttribute, LookupAttributeKey};
use serde_json::json;
use std::time::Duration;

/// The history answers two questions a second in a Region.
const PACE: Duration = Duration::from_millis(500);

impl Account {
    /// What a Region recorded of such calls.
    pub(super) async fn history_of(&self, region: &str) {
        let client = &self.cloudtrail(region);
        let (call, mut denied) = (("cloudtrail", "LookupEvents"), None);
        let changing = CHANGING.iter().filter(|_| self.run.changes);
        for (at, name) in SILENCING.iter().chain(changing).enumerate() {
            let input = json!({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]});
            // Who may not ask for one name may ask for none.
            if let Some(refusal) = &denied {
                self.note(call, region, &input, Refusal::clone(refusal));
                continue;
            }
            if at > 0 && !self.knows(call, region, &input) {
                tokio::time::sleep(PACE).await;
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
            denied = answer.await.err().filter(Refusal::is_denied);
        }
    }
}

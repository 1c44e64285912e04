//! Event data stores and the channels that feed them. Who never used them has empty lists.

use super::account::Account;
use super::places::{items, text};
use super::refs::Refs;
use futures_util::future::join_all;
use serde_json::json;

impl Account {
    /// The stores and channels of a Region with what is known of them; what the stores refer to, if there are any.
    pub(super) async fn stores_of(&self, region: &str) -> Option<Refs> {
        let client = &self.cloudtrail(region);
        let stores = self.ask(("cloudtrail", "ListEventDataStores"), region, json!({}), |next| {
            client.list_event_data_stores().set_next_token(next).send()
        });
        let channels = self.ask(("cloudtrail", "ListChannels"), region, json!({}), |next| {
            client.list_channels().set_next_token(next).send()
        });
        let (stores, channels) = tokio::join!(stores, channels);
        let (stores, channels) = (stores.unwrap_or_default(), channels.unwrap_or_default());
        let arns = |items: &[serde_json::Value], name| -> Vec<String> {
            items.iter().filter_map(|item| text(item, name)).map(str::to_owned).collect()
        };
        let stores = arns(items(&stores, "EventDataStores"), "EventDataStoreArn");
        let channels = arns(items(&channels, "Channels"), "ChannelArn");
        let described = join_all(stores.iter().map(|arn| {
            self.ask(("cloudtrail", "GetEventDataStore"), region, json!({"EventDataStore": arn}), move |_| {
                client.get_event_data_store().event_data_store(arn).send()
            })
        }));
        let fed = join_all(channels.iter().map(|arn| {
            self.ask(("cloudtrail", "GetChannel"), region, json!({"Channel": arn}), move |_| {
                client.get_channel().channel(arn).send()
            })
        }));
        let opened = join_all(stores.iter().chain(&channels).map(|arn| {
            self.ask(("cloudtrail", "GetResourcePolicy"), region, json!({"ResourceArn": arn}), move |_| {
                client.get_resource_policy().resource_arn(arn).send()
            })
        }));
        let (described, ..) = tokio::join!(described, fed, opened, self.tags_of(region, &stores));
        let mut refs = Refs::default();
        for store in described.iter().flatten() {
            text(store, "KmsKeyId").into_iter().for_each(|arn| refs.add(arn));
        }
        (!stores.is_empty()).then_some(refs)
    }
}

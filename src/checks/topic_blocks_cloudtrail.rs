//! See `checks/topic_blocks_cloudtrail.md`.

use crate::model::{Cx, Topic, cannot_tell};
use crate::value::{Truth, Verdict, require};

/// Publishing takes the topic's policy and, where it is encrypted, that of its key.
pub(super) fn run<'a>(cx: &Cx<'a>, topic: &'a Topic) -> Verdict {
    let fifo = require(topic.fifo.is(false)).label("CloudTrail takes no FIFO topic");
    let policies = match cx.documents_of_topic(topic) {
        Ok(policies) => policies,
        Err(why) => return fifo.and(cannot_tell(why)),
    };
    let contexts = cx.contexts_of(&topic.at, &cx.trails_of_topic(topic), |trail| &trail.topic);
    let publishes = match policies.is_empty() {
        true => require(Truth::no()).or_at(topic.at.span).label("without a policy only the topic's owner may publish"),
        false => require(cx.service_may(&policies, "sns:Publish", &cx.topic_arn(topic), &contexts))
            .label("CloudTrail is not allowed to publish"),
    };
    let key = require(cx.topic_key_may(topic, &contexts))
        .label("CloudTrail may not use the key that encrypts the topic")
        .related("the topic", topic.at.span);
    fifo.and(publishes).and(key).because("CloudTrail may publish, and use the topic's key where it has one")
}

//! See `checks/topic_open.md`.

use crate::model::{Cx, Topic, cannot_tell};
use crate::value::Verdict;

/// What a topic's policy can grant, but for what only looks (Service Authorization Reference, "Amazon SNS").
const ACTIONS: [&str; 8] = [
    "sns:AddPermission",
    "sns:DeleteTopic",
    "sns:Publish",
    "sns:PutDataProtectionPolicy",
    "sns:Receive",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:Subscribe",
];

/// Without a policy only the owner is let in.
pub(super) fn run<'a>(cx: &Cx<'a>, topic: &'a Topic) -> Verdict {
    match cx.documents_of_topic(topic) {
        Ok(policies) => cx.forbid_public(&policies, &ACTIONS, &[cx.topic_arn(topic)], "anyone is let in"),
        Err(why) => cannot_tell(why),
    }
}

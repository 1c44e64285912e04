//! See `checks/topic_without_source_guard.md`.

use crate::model::{Cx, Topic, cannot_tell};
use crate::value::Verdict;

/// Other services have guards of their own, which are not asked for here.
pub(super) fn run<'a>(cx: &Cx<'a>, topic: &'a Topic) -> Verdict {
    let label = "CloudTrail may publish here for trails of any account";
    match cx.documents_of_topic(topic) {
        Ok(policies) => cx.forbid_any_trail(&policies, "sns:Publish", &cx.topic_arn(topic), label),
        Err(why) => cannot_tell(why),
    }
}

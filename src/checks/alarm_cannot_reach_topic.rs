//! See `checks/alarm_cannot_reach_topic.md`.

use crate::model::{Alarm, Cx};
use crate::value::Verdict;

/// Publishing takes the topic's policy and, where it is encrypted, that of its key.
pub(super) fn run<'a>(cx: &Cx<'a>, alarm: &'a Alarm) -> Verdict {
    let each = cx.topics_of_alarm(alarm).into_iter().map(|(topic, action)| cx.alarm_may_publish(alarm, topic, action));
    each.fold(Verdict::not_applicable("it publishes to no topic that is declared in this run"), Verdict::and)
}

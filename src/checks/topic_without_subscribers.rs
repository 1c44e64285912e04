//! See `checks/topic_without_subscribers.md`.

use crate::model::{Cx, Topic};
use crate::value::{Verdict, require};

/// A subscription by mail counts once someone has confirmed it.
pub(super) fn run<'a>(cx: &Cx<'a>, topic: &'a Topic) -> Verdict {
    let _ = cx;
    if topic.subscribers.get() == Some(&None) {
        return Verdict::not_applicable("only an account knows who has confirmed a subscription");
    }
    require(topic.has_subscribers()).label("no one has confirmed a subscription")
}

//! See `checks/trail_notification_failing.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, forbid};

pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    if trail.topic.is_set().is_false() {
        return Verdict::not_applicable("it announces its deliveries on no topic");
    }
    let notifications = &trail.status.notifications;
    forbid(notifications.fails()).label(format!("the latest notification ended in {}", notifications.code()))
}

//! See `checks/trail_without_sns_topic.md`.

use crate::model::is_filled;
use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// Nobody is told of deliveries.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    require(is_filled(&trail.topic)).label("nobody is told when log files arrive, or stop arriving")
}

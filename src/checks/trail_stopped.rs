//! See `checks/trail_stopped.md`.

use crate::model::{Cx, Trail};
use crate::value::{Verdict, require};

/// The property is required: a trail without it does not deploy.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let _ = cx;
    let label = format!("`{}` is required: the trail does not deploy", trail.logging.origin.property);
    let stated = require(trail.logging.is_set()).label(label);
    let on = trail.logging.test(|logging| logging.is_none_or(|logging| logging));
    stated.and(require(on).label("the trail exists and records nothing"))
}

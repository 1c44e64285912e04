//! See `checks/trail_without_cloudwatch_logs.md`.

use crate::model::{Cx, Trail, is_filled};
use crate::value::{Truth, Verdict, require};

/// Where the role is given without the group, `trail_log_group_without_role` speaks.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let group = require(is_filled(&trail.log_group)).label("events reach the bucket only: no alarm can watch them");
    match (is_filled(&trail.log_role), &group) {
        (Truth::True(_), Verdict::Fail(..)) => {
            Verdict::not_applicable("the trail does not deploy: it has a role without a log group")
        }
        (Truth::Unknown(whys, _), Verdict::Fail(..)) if whys.iter().any(|why| why.condition.is_some()) => {
            Verdict::Unknown(whys, Vec::new(), None)
        }
        _ => group,
    }
}

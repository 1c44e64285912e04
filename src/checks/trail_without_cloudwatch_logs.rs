//! See `checks/trail_without_cloudwatch_logs.md`.

use crate::model::{Cx, Trail, is_filled};
use crate::value::{Of, Text, Truth, Verdict, require};

/// Where the role is given without the group, `trail_log_group_without_role` speaks.
pub(super) fn run<'a>(_: &Cx<'a>, trail: &'a Trail) -> Verdict {
    let group = trail.log_group.map(&|text| text.as_ref().map(unstarred));
    let group = require(is_filled(&group)).label("events reach the bucket only: no alarm can watch them");
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

/// What names a group that is not seen, without the star that is put behind its ARN: the star alone says nothing of it.
fn unstarred(arn: &Text) -> Text {
    let named =
        arn.strip_suffix(":*").filter(|own| own.hole().is_some_and(|hole| matches!(hole.of, Of::Unseen { .. })));
    named.unwrap_or_else(|| arn.clone())
}

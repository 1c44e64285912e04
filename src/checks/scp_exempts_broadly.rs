use crate::model::{Cx, Guard, OrganizationPolicy, TRAILS};
use crate::value::Verdict;

/// Each statement by itself: what another statement of the policy denies all the same is no exception.
pub(super) fn run(cx: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let guard = Guard::new(cx, policy, TRAILS);
    guard.each(|statement| guard.leaves_free(statement))
}

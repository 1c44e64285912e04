use crate::model::{Cx, Guard, MEMBERSHIP, OrganizationPolicy};
use crate::value::Verdict;

/// Only policies that speak of leaving are judged: what else binds the members is not in sight of a template.
pub(super) fn run(cx: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let guard = Guard::new(cx, policy, MEMBERSHIP);
    guard.each(|statement| guard.leaves_free(statement).or(guard.is_idle(statement)))
}

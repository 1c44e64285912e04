use crate::model::{Cx, Guard, OrganizationPolicy, TRAILS};
use crate::value::Verdict;

/// Whether anything of it can ever apply; how much it then denies is for the checks of its actions and exceptions.
pub(super) fn run(cx: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let guard = Guard::new(cx, policy, TRAILS);
    guard.each(|statement| guard.is_idle(statement))
}

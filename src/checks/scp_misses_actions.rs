use crate::model::{Cx, Guard, OrganizationPolicy, TRAILS};
use crate::value::{Truth, Verdict};

/// Reported at the first statement that denies one of the calls by name.
pub(super) fn run(cx: &Cx, policy: &OrganizationPolicy) -> Verdict {
    let first = policy.statements().iter().find(|statement| !TRAILS.means(statement).is_false());
    let guard = Guard::new(cx, policy, TRAILS);
    if first.is_none() {
        return guard.each(|_| Truth::no());
    }
    let missing: Vec<(&str, Truth)> = TRAILS.actions.iter().map(|call| (*call, guard.is_denied(call).not())).collect();
    let certain: Vec<&str> = missing.iter().filter(|(_, truth)| truth.is_true()).map(|(call, _)| *call).collect();
    let label = format!("does not deny {}", certain.join(", "));
    guard
        .each(|statement| match first {
            Some(first) if std::ptr::eq(first, statement) => {
                let misses = Truth::any(missing.iter().map(|(_, truth)| truth.clone()));
                TRAILS.means(statement).and(misses).located(&statement.actions.these.origin)
            }
            _ => Truth::no(),
        })
        .label(label)
}

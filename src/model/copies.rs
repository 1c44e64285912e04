//! Management events that several trails record: the first copy is free (aws-facts §13).

use super::{Cx, Reading, Trail};
use crate::value::{Truth, bare};

impl<'a> Cx<'a> {
    /// Whether a trail records management events that one before it records already, and the first such one. The trail of
    /// the organization comes first, then those of every Region: what remains is what can be left out.
    pub fn records_again(&self, trail: &'a Trail) -> (Truth, Option<&'a Trail>) {
        let all = self.scope.shadows.iter().chain(&self.scope.trails);
        let before = all.filter(|other| !std::ptr::eq(*other, trail) && rank(other) < rank(trail));
        let each: Vec<(Truth, &Trail)> = before.map(|other| (overlap(trail, other), other)).collect();
        let first = each.iter().find(|(truth, _)| truth.is_true()).map(|(_, other)| *other);
        let again = Truth::any(each.into_iter().map(|(truth, _)| truth));
        // It is the trail as a whole that is too much.
        (if again.is_true() { bare(again) } else { again }, first)
    }
}

/// Who comes first: what is surely so.
fn rank(trail: &Trail) -> (bool, bool, &str) {
    (!trail.organization.is(true).is_true(), !trail.multi_region.is(true).is_true(), &trail.at.address)
}

/// Whether two trails record the same events: reads or writes that both take, in a Region that both reach.
fn overlap(one: &Trail, other: &Trail) -> Truth {
    let both = |question: &dyn Fn(&Trail) -> Truth| question(one).and(question(other));
    let logs = both(&|trail| trail.logging.test(|logging| *logging == Some(true)).and(trail.at.exists()));
    let same = Truth::any(Reading::BOTH.map(|reading| both(&|trail| trail.selectors.management().any_of(reading))));
    let home = one.at.home.region.same(&other.at.home.region);
    logs.and(same).and(home.or(one.multi_region.is(true)).or(other.multi_region.is(true)))
}

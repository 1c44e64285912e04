//! Management events that several trails record: the first copy is free (aws-facts §13).

use super::{Cx, Live, Reading, Trail};
use crate::value::{Truth, bare};

impl<'a> Cx<'a> {
    /// Whether a trail records management events that one before it records already, and the first such one. The trail of
    /// the organization comes first, then those of every Region: what remains is what can be left out.
    pub fn records_again(&self, trail: &'a Trail) -> (Truth, Option<&'a Trail>) {
        let all = self.scope.shadows.iter().chain(&self.scope.trails).filter(|other| !std::ptr::eq(*other, trail));
        // What is not in sight may record them too.
        let mut again = self.scope.live.as_ref().map_or_else(Truth::no, Live::unlisted);
        for other in all {
            let before = precedes(other, trail);
            if before.is_false() {
                continue;
            }
            match before.and(overlap(trail, other)) {
                // It is the trail as a whole that is too much.
                sure @ Truth::True(_) => return (bare(sure), Some(other)),
                open => again = again.or(open),
            }
        }
        (again, None)
    }
}

/// Whether one trail comes before another: that of the organization, then that of every Region, then by address.
fn precedes(one: &Trail, other: &Trail) -> Truth {
    let by_address = if one.at.address < other.at.address { Truth::yes() } else { Truth::no() };
    let ahead = |question: &dyn Fn(&Trail) -> Truth, else_by: Truth| {
        let (mine, not_theirs) = (question(one), question(other).not());
        mine.clone().and(not_theirs.clone()).or(mine.or(not_theirs).and(else_by))
    };
    let by_reach = ahead(&|trail| trail.multi_region.is(true), by_address);
    ahead(&|trail| trail.organization.is(true), by_reach)
}

/// Whether two trails record the same events: reads or writes that both take, in a Region that both reach.
fn overlap(one: &Trail, other: &Trail) -> Truth {
    let both = |question: &dyn Fn(&Trail) -> Truth| question(one).and(question(other));
    let logs = both(&|trail| trail.logs().and(trail.at.exists()));
    let same = Truth::any(Reading::BOTH.map(|reading| both(&|trail| trail.selectors.management().any_of(reading))));
    let home = one.at.home.region.same(&other.at.home.region);
    logs.and(same).and(home.or(one.multi_region.is(true)).or(other.multi_region.is(true)))
}

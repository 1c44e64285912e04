//! See `checks/trail_without_insights.md`.

use crate::model::{Cx, InsightKind, Trail};
use crate::value::{Verdict, require};

/// A type counts on a logging trail that records what it analyses.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let [rate, errors] = InsightKind::BOTH.map(|kind| union.finds(kind));
        let label = match (rate.is_false(), errors.is_false()) {
            (true, true) => "unusual activity is not looked for",
            (true, false) => "unusual call rates are not looked for",
            _ => "unusual error rates are not looked for",
        };
        require(rate.and(errors).located(&trail.insights.origin)).label(label)
    })
}

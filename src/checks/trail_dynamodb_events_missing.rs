//! See `checks/trail_dynamodb_events_missing.md`.

use crate::model::{Cx, Reading, Trail};
use crate::value::{Truth, Verdict, require};

/// Reads and writes of items alike.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let all = Reading::BOTH.map(|reading| union.all_of_type("AWS::DynamoDB::Table", reading));
        require(Truth::all(all).located(&trail.selectors.place_of_data()))
            .label("reads and writes of items are not recorded for every table")
    })
}

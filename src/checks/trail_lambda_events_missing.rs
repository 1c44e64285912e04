//! See `checks/trail_lambda_events_missing.md`.

use crate::model::{Cx, Reading, Trail};
use crate::value::{Verdict, require};

/// An invocation is a write (Lambda's entries of the log have `readOnly` false).
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        let all = union.all_of_type("AWS::Lambda::Function", Reading::Writes);
        require(all.located(&trail.selectors.place_of_data())).label("invocations are not recorded for every function")
    })
}

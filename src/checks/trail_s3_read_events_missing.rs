//! See `checks/trail_s3_read_events_missing.md`.

use crate::model::{Cx, Reading, Trail};
use crate::value::{Verdict, require};

/// The trails' own buckets may be left out, to keep a trail from recording itself.
pub(super) fn run<'a>(cx: &Cx<'a>, trail: &'a Trail) -> Verdict {
    cx.at_widest(trail, |union| {
        require(union.all_of_type("AWS::S3::Object", Reading::Reads).located(&trail.selectors.place_of_data()))
            .label("reads of objects are not recorded for every bucket")
    })
}

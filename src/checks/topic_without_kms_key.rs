//! See `checks/topic_without_kms_key.md`.

use crate::model::{Cx, Topic, is_filled};
use crate::value::{Verdict, require};

/// AWS's own key encrypts too; that CloudTrail cannot use it is the matter of `topic_blocks_cloudtrail`.
pub(super) fn run<'a>(cx: &Cx<'a>, topic: &'a Topic) -> Verdict {
    let _ = cx;
    require(is_filled(&topic.key)).label("announcements are kept unencrypted")
}

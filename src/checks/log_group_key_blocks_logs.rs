//! See `checks/log_group_key_blocks_logs.md`.

use crate::model::{Cx, LogGroup, is_filled};
use crate::value::{Verdict, require};

/// Whatever AWS encrypts with by itself lets it in.
pub(super) fn run<'a>(cx: &Cx<'a>, group: &'a LogGroup) -> Verdict {
    if is_filled(&group.key).is_false() {
        return Verdict::not_applicable("the log group has no key of its own");
    }
    require(cx.log_group_key_may(group))
        .label("CloudWatch Logs may not use the key that encrypts the log group")
        .related("this log group is encrypted with it", group.at.span)
        .because("the key lets CloudWatch Logs encrypt and decrypt")
}

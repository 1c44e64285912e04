//! See `checks/key_rotation_off.md`.

use crate::model::{Cx, Key};
use crate::value::{Truth, Verdict, require};

/// Off by default. Keys that KMS cannot rotate are not asked.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let _ = cx;
    if key.is_told_by_primary() {
        return Verdict::not_applicable("a replica rotates with its primary");
    }
    let whose = if key.is_replica { "the material that the key has from its primary" } else { "the key's material" };
    match key.can_rotate() {
        Truth::False(_) => Verdict::not_applicable("KMS does not rotate keys of this kind"),
        can => require(can.not().or(key.rotation.is(true)).located(&key.rotation.origin))
            .label(format!("{whose} is never replaced")),
    }
}

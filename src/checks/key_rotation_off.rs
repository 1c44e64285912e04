//! See `checks/key_rotation_off.md`.

use crate::model::{Cx, Key};
use crate::value::{Truth, Verdict, require};

/// Off by default. Keys that KMS cannot rotate are not asked.
pub(super) fn run<'a>(cx: &Cx<'a>, key: &'a Key) -> Verdict {
    let _ = cx;
    match key.can_rotate() {
        Truth::False(_) => Verdict::not_applicable("KMS does not rotate keys of this kind"),
        can => require(can.not().or(key.rotation.is(true)).located(&key.rotation.origin))
            .label("the key's material is never replaced"),
    }
}

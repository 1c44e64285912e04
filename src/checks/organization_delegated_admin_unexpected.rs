//! See `checks/organization_delegated_admin_unexpected.md`.

use crate::model::{Cx, DelegatedAdministrator};
use crate::value::{Truth, Verdict, forbid};

/// Whom the run trusts is expected.
pub(super) fn run<'a>(cx: &Cx<'a>, administrator: &'a DelegatedAdministrator) -> Verdict {
    let of_cloudtrail = administrator.is_of_cloudtrail();
    if of_cloudtrail.is_false() {
        return Verdict::not_applicable("it administers another service");
    }
    let unexpected = administrator.account.ask(&|account, origin| match account.why() {
        Some(why) => Truth::unknown(why.at(origin.span)),
        None => Truth::of(!cx.trusts(account), origin),
    });
    forbid(unexpected.and(of_cloudtrail).located(&administrator.account.origin))
        .label("this account may change the organization's trails and event data stores, and is not named as trusted")
}

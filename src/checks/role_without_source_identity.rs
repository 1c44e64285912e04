//! See `checks/role_without_source_identity.md`.

use crate::model::{Cx, Identity, cannot_tell, documents, opaque_statements};
use crate::value::{Truth, Verdict, forbid};

/// Each statement is asked whether somebody comes in who left neither a source identity nor a tag.
pub(super) fn run<'a>(cx: &Cx<'a>, role: &'a Identity) -> Verdict {
    if let Some(why) = role.unlisted() {
        return cannot_tell(why);
    }
    if role.kind != "role" {
        return Verdict::not_applicable("only roles are assumed");
    }
    let trust = match documents([(&role.at, &role.trust)]) {
        Ok(trust) => trust,
        Err(why) => return cannot_tell(why),
    };
    let each = trust.iter().flat_map(|policy| {
        policy.statements().unwrap_or_default().iter().map(move |statement| {
            let principals = statement.principals(cx.names()).into_iter();
            let nameless = principals.map(|principal| cx.comes_in_nameless(policy, statement, &principal));
            forbid(Truth::any(nameless))
                .label("may come in without a source identity or a session tag")
                .part(&statement.name)
        })
    });
    each.fold(Verdict::pass("whoever assumes it leaves a name"), Verdict::and).and(opaque_statements(&trust))
}

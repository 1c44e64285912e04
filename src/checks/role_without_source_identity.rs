//! See `checks/role_without_source_identity.md`.

use crate::model::iam::{Caller, Context, Effect, Known, Meeting, Policy, Principal, Request, Statement, Who};
use crate::model::{Cx, Identity, cannot_tell, documents};
use crate::value::{Fit, Text, Truth, Verdict, forbid};

/// How accounts and their principals come in, and how those come in whom an identity provider sends.
const OWN: [&str; 1] = ["sts:AssumeRole"];
const SENT: [&str; 2] = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// Each statement is asked whether somebody comes in who left neither a source identity nor a tag.
pub(super) fn run<'a>(cx: &Cx<'a>, role: &'a Identity) -> Verdict {
    if role.kind != "role" {
        return Verdict::not_applicable("only roles are assumed");
    }
    let trust = match documents([(&role.at, &role.trust)]) {
        Ok(trust) => trust,
        Err(why) => return cannot_tell(why),
    };
    let each = trust.into_iter().flat_map(|policy| {
        let statements = policy.statements().unwrap_or_default().iter();
        statements.map(move |statement| asks(cx, policy, statement))
    });
    each.fold(Verdict::pass("whoever assumes it leaves a name"), Verdict::and)
}

fn asks(cx: &Cx, policy: &Policy, statement: &Statement) -> Verdict {
    let nameless = statement.principals(cx.names()).into_iter().map(|principal| {
        let ways: &[&str] = match principal.who {
            Who::Service | Who::Deleted | Who::Canonical => &[],
            Who::Federated => &SENT,
            _ => &OWN,
        };
        let enters = Truth::any(ways.iter().map(|action| enters(cx, policy, statement, &principal, action)));
        enters.located(&principal.origin).placed(principal.origin.span)
    });
    forbid(Truth::any(nameless)).label("may come in without a source identity or a session tag").part(&statement.name)
}

/// Whether a principal comes in by one statement, and no Deny keeps it out.
fn enters(cx: &Cx, policy: &Policy, statement: &Statement, principal: &Principal, action: &str) -> Truth {
    let meets = |statement: &Statement, action: &str| {
        let caller = Caller::Same(principal.origin.span);
        let context = nameless(policy);
        let request = Request { caller, action, resource: Text::default(), context, names: cx.names() };
        statement.meets(&request, policy.kind, policy.has_variables())
    };
    let speaks = |Meeting { sound, action, conditions, .. }: Meeting| sound.and(action).and(conditions);
    let met = meets(statement, action);
    let comes_in = statement.does(Effect::Allow).and(speaks(met.clone()).and(met.principal).some);
    let all = || policy.statements().unwrap_or_default().iter();
    let means = |other: &Statement| {
        let named = other.principals(cx.names());
        Truth::any(named.iter().map(|named| match &named.who {
            Who::Everyone => Truth::yes(),
            Who::Unknown(why) => Truth::unknown(why.clone()),
            _ => named.text.same(&principal.text),
        }))
    };
    let denied = all().map(|deny| deny.does(Effect::Deny).and(means(deny)).and(speaks(meets(deny, action)).all));
    // An identity provider sets them; all that a role can do is to let it.
    let lets = |allow: &Statement| {
        let sets = ["sts:TagSession", "sts:SetSourceIdentity"].map(|action| allow.speaks_of(action));
        allow.does(Effect::Allow).and(means(allow)).and(Fit::any(sets).some)
    };
    let provided = match principal.who {
        Who::Federated => Truth::any(all().map(lets)),
        _ => Truth::no(),
    };
    comes_in.and(Truth::any(denied).not()).and(provided.not())
}

/// A request that carries neither; what else it carries is free.
fn nameless(policy: &Policy) -> Context {
    let none = Context::of(Known::Free).without(["sts:SourceIdentity", "aws:TagKeys", "sts:TransitiveTagKeys"]);
    let statements = policy.statements().unwrap_or_default().iter();
    let tests = statements.flat_map(|statement| statement.conditions.candidates()).flatten();
    let keys = tests.flat_map(|tests| tests.tests.candidates()).flatten().map(|test| &*test.key);
    let is_tag = |key: &&str| key.to_ascii_lowercase().starts_with("aws:requesttag/");
    keys.filter(is_tag).fold(none, |context, key| context.with(key, Known::Absent))
}

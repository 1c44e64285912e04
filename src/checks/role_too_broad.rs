//! See `checks/role_too_broad.md`.

use crate::model::iam::{Caller, Effect, Element, Policy, Statement, Who};
use crate::model::{CLOUDTRAIL, Cx, Identity, cannot_tell, documents, opaque_statements};
use crate::value::{Case, Fit, Match, Pattern, Text, Truth, Verdict, forbid, require};

/// The ways to become a role.
const ASSUMING: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// What a role may do beside delivering without harm: make the group that it writes to, and look at groups.
const HARMLESS: [&str; 4] = ["logs:CreateLogStream*", "logs:PutLogEvents*", "logs:CreateLogGroup*", "logs:Describe*"];

/// Each statement by itself, and each well-known managed policy.
pub(super) fn run<'a>(cx: &Cx<'a>, role: &'a Identity) -> Verdict {
    let trust = match documents([(&role.at, &role.trust)]) {
        Ok(trust) => trust.iter().map(|policy| trusts_others(cx, policy)).fold(opaque_statements(&trust), Verdict::and),
        Err(why) => cannot_tell(why),
    };
    let trust = trust.within(&role.trust.origin.property);
    let attached = match cx.attached_to(role) {
        Ok(attached) => attached,
        Err(why) => return trust.and(cannot_tell(why)),
    };
    let written = attached.documents.iter().flat_map(|(name, policy)| {
        let statements = policy.statements().unwrap_or_default().iter();
        statements.map(|statement| more(cx, role, statement).within(name))
    });
    let managed = attached.broad().map(|(name, origin)| {
        require(Truth::of(false, origin)).label("this policy allows more than to deliver to one log group").part(name)
    });
    let seen = written.chain(managed).fold(trust, Verdict::and);
    attached.unseen.clone().map_or(seen.clone(), |why| seen.and(cannot_tell(why)))
}

fn fine() -> Verdict {
    Verdict::pass("the role may deliver, and nothing else")
}

fn trusts_others(cx: &Cx, policy: &Policy) -> Verdict {
    let each = policy.statements().unwrap_or_default().iter().map(|statement| {
        let enters =
            Fit::any(ASSUMING.map(|action| statement.speaks_of(action))).some.and(statement.does(Effect::Allow));
        let others = statement.principals(cx.names()).into_iter().map(|principal| {
            let other = principal.is(&Caller::Service(CLOUDTRAIL.into())).all.not();
            let everyone = matches!(principal.who, Who::Everyone);
            (if everyone { Truth::yes() } else { other }).located(&principal.origin).placed(principal.origin.span)
        });
        forbid(Truth::any(others).and(enters))
            .label("CloudTrail is not alone: this may assume the role too")
            .part(&statement.name)
    });
    each.fold(fine(), Verdict::and)
}

/// Whether a statement allows more: another action, or to write elsewhere.
fn more(cx: &Cx, role: &Identity, statement: &Statement) -> Verdict {
    let denies = statement.does(Effect::Allow).not();
    let few = within(&statement.actions, &|action| {
        let action = Pattern::ranging(action, Case::Ignored);
        let harmless = |pattern: &str| Pattern::new(&pattern.into(), Match::Wild, Case::Ignored).fits(&action).all;
        Truth::any(HARMLESS.map(harmless))
    });
    let too_much = few.is_false();
    let actions = require(few.or(denies.clone())).label("this is more than to write to the log group");
    if too_much {
        return actions.part(&statement.name);
    }
    let writes = Fit::any(["logs:CreateLogStream", "logs:PutLogEvents"].map(|action| statement.speaks_of(action))).some;
    let here = within(&statement.resources, &|resource| cx.is_own_group(role, resource));
    let reach = require(here.or(writes.not()).or(denies)).label("this reaches further than the trail's log group");
    actions.and(reach).part(&statement.name)
}

/// Whether all that an element names is harmless; what it names by exception never is.
fn within(element: &Element, is_harmless: &dyn Fn(&Text) -> Truth) -> Truth {
    let these = element.these.ask(&|values, _| {
        Truth::all(values.iter().flatten().map(|value| value.ask(&|text, origin| is_harmless(text).located(origin))))
    });
    these.and(element.all_but.ask(&|values, origin| Truth::of(values.is_none(), origin)))
}

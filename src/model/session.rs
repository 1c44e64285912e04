//! Sessions of roles: whether somebody comes in who leaves no name, neither a source identity nor a session tag (IAM User
//! Guide, "Monitor and control actions taken with assumed roles", "Pass session tags in AWS STS").

use super::Cx;
use super::iam::{Caller, Context, Effect, Known, Meeting, Policy, Principal, Statement, Who};
use crate::value::{Fit, Text, Truth};

/// How accounts and their principals come in.
const OWN: [&str; 1] = ["sts:AssumeRole"];

/// How those come in whom an identity provider sends.
const SENT: [&str; 2] = ["sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

/// How somebody comes in of whom nothing is known.
const ANY: [&str; 3] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"];

impl Cx<'_> {
    /// Whether a principal of one statement of a trust policy comes in without a name. Services do not count.
    pub fn comes_in_nameless(&self, policy: &Policy, statement: &Statement, principal: &Principal) -> Truth {
        let ways: &[&str] = match principal.who {
            Who::Service | Who::Deleted | Who::Canonical => &[],
            Who::Federated => &SENT,
            Who::Unknown(_) => &ANY,
            _ => &OWN,
        };
        let enters = ways.iter().map(|action| self.enters(policy, statement, principal, action));
        Truth::any(enters).located(&principal.origin).placed(principal.origin.span)
    }

    /// Whether the statement lets the principal in, and no Deny keeps it out.
    fn enters(&self, policy: &Policy, statement: &Statement, principal: &Principal, action: &str) -> Truth {
        let meets = |statement: &Statement| {
            let caller = Caller::Same(principal.origin.span);
            let context = nameless(policy);
            let request = self.request(caller, action, &Text::default(), context);
            statement.meets(&request, policy.kind, policy.has_variables())
        };
        let speaks = |Meeting { sound, action, conditions, .. }: Meeting| sound.and(action).and(conditions);
        let met = meets(statement);
        let comes_in = statement.does(Effect::Allow).and(speaks(met.clone()).and(met.principal).some);
        let all = || policy.statements().unwrap_or_default().iter();
        let means = |other: &Statement| {
            let named = other.principals(self.names());
            Truth::any(named.iter().map(|named| match &named.who {
                Who::Everyone => Truth::yes(),
                Who::Unknown(why) => Truth::unknown(why.clone()),
                _ => named.text.same(&principal.text),
            }))
        };
        let denied = all().map(|deny| deny.does(Effect::Deny).and(means(deny)).and(speaks(meets(deny)).all));
        // An identity provider sets the name; all that a role can do is to let it.
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
}

/// A request that carries neither; what else it carries is free.
fn nameless(policy: &Policy) -> Context {
    let none = Context::of(Known::Free).without(["sts:SourceIdentity", "aws:TagKeys", "sts:TransitiveTagKeys"]);
    let statements = policy.statements().unwrap_or_default().iter();
    let keys = statements.flat_map(|statement| statement.keys_below("aws:RequestTag/"));
    keys.fold(none, |context, key| context.with(key, Known::Absent))
}

//! What identity policies allow their holders to do to trails, Deny statements, policies beside them and a permissions
//! boundary counted (IAM User Guide, "Policy evaluation logic").

use super::aim::bare;
use super::guard::statements;
use super::iam::{Caller, Context, Known, Policy, Request, Statement, weigh};
use super::organization::unknown;
use super::{Cx, Identity, TRAILS, anything};
use crate::value::{
    Case, Hole, Instance, Match, Of, Origin, Pattern, Text, Truth, Value, Verdict, Why, WhyKind, forbid,
};

/// Policies of a role are at most ten of 6,144 characters and 10,240 more, and a statement has 33: what is longer does not
/// deploy, and is not compared statement by statement.
const MOST_STATEMENTS: usize = 1024;

impl<'a> Cx<'a> {
    /// Whether the policies that are written in an identity, or the policy that it is, let somebody silence a trail.
    pub fn grants_tampering(&self, identity: &Identity) -> Verdict {
        if identity.kind == "policy" && self.is_boundary_alone(identity) {
            return Verdict::not_applicable("it bounds what others allow, and allows nothing");
        }
        let Some(own) = identity.documents.get() else { return unknown(&identity.documents) };
        let beside: Vec<&Policy> = self.policies_of_role(identity).into_iter().flat_map(documents).collect();
        let mut verdict = Verdict::not_applicable("it holds no policy");
        for (n, document) in own.iter().enumerate() {
            let Some(policy) = document.get() else {
                verdict = verdict.and(unknown(document));
                continue;
            };
            let Some(policy) = policy else { continue };
            if let Err(why) = policy.statements() {
                let place = why.place.or(Some(policy.origin.span));
                verdict = verdict.and(Verdict::Unknown(vec![why], Vec::new(), place));
                continue;
            }
            let others =
                own.iter().filter_map(|other| other.get()?.as_ref()).filter(|other| !std::ptr::eq(*other, policy));
            let all: Vec<&Policy> = [policy].into_iter().chain(others).chain(beside.iter().copied()).collect();
            if all.iter().map(|policy| policy.statements().map_or(0, <[Statement]>::len)).sum::<usize>()
                > MOST_STATEMENTS
            {
                let text = "more statements than IAM takes are attached here";
                let why = Why::new(WhyKind::Unsupported, "Statement", text).at(policy.origin.span);
                verdict = verdict.and(Verdict::Unknown(vec![why], Vec::new(), Some(policy.origin.span)));
                continue;
            }
            let granted = self.granted(identity, &all);
            for statement in statements(document) {
                let truth = lets_tamper(&granted, statement).placed(statement.origin.span);
                let truth = truth.assuming(&document.assumes).assuming(&policy.statements.assumes);
                let part = match identity.kind {
                    "policy" => statement.name.clone(),
                    _ => format!("Policies[{n}].{}", statement.name),
                };
                verdict = verdict.and(forbid(truth).part(&part));
            }
        }
        verdict
    }

    /// For each call, the statements that allow it on some trail where nothing takes it away, each with how sure that is.
    fn granted<'p>(&self, identity: &Identity, all: &[&'p Policy]) -> Vec<(&'static str, Vec<(&'p Statement, Truth)>)> {
        let each = TRAILS.actions.iter().map(|call| {
            let request = self.tampering(call);
            let within = bare(self.is_within_boundary(identity, &request));
            let decision = weigh(all.iter().copied(), &request);
            let granted = decision.grants(&request).into_iter();
            (*call, granted.map(|(hit, truth)| (hit.statement, bare(truth).and(within.clone()))).collect())
        });
        each.collect()
    }

    fn tampering(&self, call: &'static str) -> Request<'a> {
        let partition = Text::from(Hole { instance: Instance(u32::MAX), of: Of::Partition });
        let any = anything();
        let parts = [
            "arn:".into(),
            partition,
            ":cloudtrail:".into(),
            any.clone(),
            ":".into(),
            any.clone(),
            ":trail/".into(),
            any,
        ];
        Request {
            caller: Caller::Member,
            action: call,
            resource: Text::concat(&parts),
            context: Context::of(Known::Free).with("aws:PrincipalIsAWSService", Known::One("false".into())),
            names: self.names(),
        }
    }

    /// Whether an identity's boundary lets a part of a request through.
    fn is_within_boundary(&self, identity: &Identity, request: &Request) -> Truth {
        identity.boundary.ask(&|arn, origin| {
            let Some(arn) = arn else { return Truth::yes() };
            let Some(boundary) = self.policy_named(arn).one() else {
                let text = "the permissions boundary is not declared in this run";
                return Truth::unknown(Why::not_visible("PermissionsBoundary", text).at(origin.span));
            };
            let decision = weigh(documents(boundary), request);
            Truth::any(decision.grants(request).into_iter().map(|(_, truth)| truth))
        })
    }

    /// Whether a policy serves as a boundary and is attached to nothing by what is declared.
    fn is_boundary_alone(&self, policy: &Identity) -> bool {
        let identities = || self.estate.scopes.iter().flat_map(|scope| &scope.identities);
        let named = |texts: Vec<&Text>| {
            texts.into_iter().any(|arn| self.policy_named(arn).one().is_some_and(|it| std::ptr::eq(it, policy)))
        };
        let bounds = |it: &Identity| named(it.boundary.candidates().into_iter().flatten().collect());
        let attached = |it: &Identity| {
            named(it.managed.candidates().into_iter().flatten().flatten().flat_map(Value::candidates).collect())
        };
        let has_roles = policy.roles.candidates().into_iter().flatten().next().is_some();
        !has_roles && identities().any(bounds) && !identities().any(attached)
    }
}

/// Whether a statement allows one of the calls; at the action that does.
fn lets_tamper(granted: &[(&'static str, Vec<(&Statement, Truth)>)], statement: &Statement) -> Truth {
    Truth::any(granted.iter().map(|(call, statements)| {
        let found = statements.iter().find(|(one, _)| std::ptr::eq(*one, statement));
        let Some((_, truth)) = found else { return Truth::no() };
        truth.clone().located(action(statement, call)).labelled(format!("allows {call}"))
    }))
}

/// The documents of an identity, as far as they are known.
fn documents(identity: &Identity) -> Vec<&Policy> {
    identity.documents.candidates().into_iter().flatten().filter_map(|document| document.get()?.as_ref()).collect()
}

/// Where the action stands by which a statement speaks of a call.
fn action<'s>(statement: &'s Statement, call: &str) -> &'s Origin {
    let subject = Pattern::subject(&call.into(), Case::Ignored);
    let speaks = |value: &&Value<Text>| {
        let fits = |text: &Text| Pattern::new(text, Match::Wild, Case::Ignored).fits(&subject);
        value.candidates().into_iter().any(|text| !fits(text).some.is_false())
    };
    let these = statement.actions.these.candidates().into_iter().flatten().flatten();
    let given = these.clone().next().is_some();
    let found = these.into_iter().find(speaks).map(|value| &value.origin);
    found.unwrap_or(if given { &statement.actions.these.origin } else { &statement.actions.all_but.origin })
}

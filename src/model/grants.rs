//! What identity policies allow their holders to do to trails, Deny statements, policies beside them and a permissions
//! boundary counted (IAM User Guide, "Policy evaluation logic").

use super::arn::{anything, anywhere_in, arn};
use super::documents::{documents_in, statements, unknown_value};
use super::iam::{Caller, Context, Kind, Known, Policy, Request, Statement, weigh};
use super::role::lets_tamper_by_name;
use super::{Cx, Identity, TRAILS};
use crate::value::{Case, Hole, Match, Of, Origin, Pattern, Text, Truth, Value, Verdict, Why, WhyKind, bare, forbid};

/// Policies of a role are at most ten of 6,144 characters and 10,240 more, and a statement has 33: what is longer does not
/// deploy, and is not compared statement by statement.
const MOST_STATEMENTS: usize = 1024;

/// For each call, the statements that allow it on some trail where nothing takes it away, each with how sure that is.
type Tampering<'p> = Vec<(&'static str, Vec<(&'p Statement, Truth)>)>;

/// Whether a policy is attached to a role, as far as it says so by a name that can be told.
fn may_be_attached(policy: &Identity, role: &Identity, is_named: bool) -> Truth {
    let open = |side: &Value<Option<Vec<Value<Text>>>>| {
        let mut listed = side.candidates().into_iter().flatten().flatten();
        let hole = listed.find_map(|value| {
            let text = value
                .candidates()
                .into_iter()
                .find(|text| matches!(text.hole(), Some(Hole { of: Of::Parameter { .. }, .. })));
            text.and_then(Text::why).map(|why| why.at(value.origin.span))
        });
        side.why().or(hole)
    };
    match (open(&policy.roles), open(&role.managed)) {
        (Some(why), _) | (None, Some(why)) if role.kind == "role" => Truth::unknown(why),
        _ if is_named => Truth::yes(),
        _ => Truth::no(),
    }
}

impl<'a> Cx<'a> {
    /// Whether the policies that are written in an identity, or the policy that it is, let somebody silence a trail.
    pub fn grants_tampering(&self, identity: &Identity) -> Verdict {
        if identity.at.is_live() {
            return Verdict::not_applicable(
                "who may silence a trail in an account is the question of identity_can_tamper",
            );
        }
        if identity.kind == "policy" && self.is_boundary_alone(identity) {
            return Verdict::not_applicable("it bounds what others allow, and allows nothing");
        }
        let Some(own) = identity.documents.get() else { return unknown_value(&identity.documents) };
        let holders = self.holders(identity);
        let mut verdict = Verdict::not_applicable("it holds no policy");
        for (n, document) in own.iter().enumerate() {
            let Some(policy) = document.get() else {
                verdict = verdict.and(unknown_value(document));
                continue;
            };
            let Some(policy) = policy else { continue };
            let cannot = |why: Why| {
                let place = why.place.unwrap_or(policy.origin.span);
                Verdict::Unknown(vec![why], Vec::new(), Some(place))
            };
            if let Err(why) = policy.statements() {
                verdict = verdict.and(cannot(why));
                continue;
            }
            let granted: Result<Vec<Tampering>, Why> =
                holders.iter().map(|holder| self.tampering_by(identity, holder, policy)).collect();
            let granted = match granted {
                Ok(granted) => granted,
                Err(why) => {
                    verdict = verdict.and(cannot(why));
                    continue;
                }
            };
            let all = statements(document);
            for (at, statement) in all.iter().enumerate() {
                if all.iter().take(at).any(|before| before.says_the_same(statement)) {
                    continue;
                }
                let truth = self.grants(&holders, &granted, policy, statement);
                let truth = truth.assuming(&document.assumes);
                let part = match identity.kind {
                    "policy" => statement.name.clone(),
                    _ => [&*identity.documents.origin.item(n), ".", &statement.name].concat(),
                };
                let again = all.iter().skip(at + 1).filter(|after| statement.says_the_same(after));
                let found = forbid(truth).part(&part);
                verdict = verdict.and(again.fold(found, |it, after| it.related("the same again", after.origin.span)));
            }
        }
        verdict.and(self.grants_by_name(identity))
    }

    /// Whether a statement lets one of the holders silence a trail who is not there to make it or to deploy.
    fn grants(&self, holders: &[&Identity], granted: &[Tampering], policy: &Policy, statement: &Statement) -> Truth {
        let each = holders.iter().zip(granted);
        let truth =
            Truth::any(each.map(|(holder, granted)| self.unless_deployer(lets_tamper(granted, statement), holder)));
        if truth.is_false() {
            return truth;
        }
        let truth = truth.and(self.makes_trails(policy, statement).not());
        truth.placed(statement.origin.span).assuming(&policy.statements.assumes)
    }

    /// A truth about a holder, unless only what deploys may assume it.
    fn unless_deployer(&self, truth: Truth, holder: &Identity) -> Truth {
        if truth.is_false() { truth } else { truth.and(self.is_deployer(holder).not()) }
    }

    /// The same of the managed policies of AWS that are attached to it.
    fn grants_by_name(&self, identity: &Identity) -> Verdict {
        let mut verdict = Verdict::not_applicable("it holds no policy");
        if identity.managed.why().is_some_and(|why| why.condition.is_some()) {
            return unknown_value(&identity.managed);
        }
        for (n, policy) in identity.managed.get().into_iter().flatten().flatten().enumerate() {
            let named = policy.ask(&|text, origin| Truth::of(lets_tamper_by_name(text), origin));
            // What the others of AWS's allow is not known here; those of one's own are judged by themselves.
            if named.is_false() || policy.why().is_some_and(|why| why.condition.is_none()) {
                continue;
            }
            let everything = Policy::full_access(Kind::Identity, &policy.origin);
            let truth = match self.tampering_by(identity, identity, &everything) {
                Ok(granted) => {
                    let all = everything.statements().unwrap_or_default().iter();
                    self.unless_deployer(Truth::any(all.map(|it| lets_tamper(&granted, it))), identity)
                }
                Err(why) => Truth::unknown(why),
            };
            let truth = bare(named).and(truth.placed(policy.origin.span)).assuming(&policy.assumes);
            verdict = verdict.and(forbid(truth).part(&identity.managed.origin.item(n)));
        }
        verdict
    }

    /// Whose policies count together with those of an identity: the identity itself, or for a policy that is attached to
    /// roles, each of them.
    fn holders<'i>(&self, identity: &'i Identity) -> Vec<&'i Identity>
    where
        'a: 'i,
    {
        let Some(Some(roles)) = identity.roles.get() else { return vec![identity] };
        let all = self.estate.scopes.iter().flat_map(|scope| &scope.identities);
        let holds = |role: &&'a Identity| {
            role.kind == "role" && self.policies_of_role(role).into_iter().any(|it| std::ptr::eq(it, identity))
        };
        let found: Vec<&'i Identity> = all.filter(holds).collect();
        if found.is_empty() || found.len() != roles.len() { vec![identity] } else { found }
    }

    /// What a policy lets a holder do, with all that counts beside it.
    fn tampering_by<'p>(
        &self,
        identity: &'p Identity,
        holder: &'p Identity,
        policy: &'p Policy,
    ) -> Result<Tampering<'p>, Why>
    where
        'a: 'p,
    {
        let open = |documents: &Vec<Value<Option<Policy>>>| documents.iter().find_map(Value::why);
        if let Some(why) = holder.documents.why().or_else(|| open(holder.documents.get()?)) {
            return Err(why);
        }
        let mut all: Vec<&Policy> = documents_in(holder);
        let mut perhaps: Vec<(&Identity, Truth)> = Vec::new();
        let attached = self.policies_of_role(holder);
        for beside in self.estate.scopes.iter().flat_map(|scope| &scope.identities) {
            if std::ptr::eq(beside, identity) || beside.kind != "policy" {
                continue;
            }
            let is_attached = attached.iter().any(|it| std::ptr::eq(*it, beside));
            let open = beside.at.exists().and(may_be_attached(beside, holder, is_attached));
            match open {
                Truth::True(_) => all.extend(documents_in(beside)),
                Truth::Unknown(..) => perhaps.push((beside, open)),
                Truth::False(_) => {}
            }
        }
        if !all.iter().any(|it| std::ptr::eq(*it, policy)) {
            all.push(policy);
        }
        if all.iter().map(|policy| policy.statements().map_or(0, <[Statement]>::len)).sum::<usize>() > MOST_STATEMENTS {
            return Err(Why::new(
                WhyKind::Unsupported,
                "Statement",
                "more statements than IAM takes are attached here",
            ));
        }
        let spoken_of = |call: &str| {
            let statements = all.iter().flat_map(|policy| policy.statements().unwrap_or_default());
            statements.into_iter().any(|statement| !statement.speaks_of(call).some.is_false())
        };
        let each = TRAILS.actions.iter().map(|call| {
            if !spoken_of(call) {
                return (*call, Vec::new());
            }
            let request = self.tampering(call);
            let denied = perhaps.iter().map(|(beside, open)| {
                let denies = weigh(documents_in(beside), &request).denies().some;
                if denies.is_false() { denies } else { denies.and(open.clone()) }
            });
            let free = bare(self.is_within_boundary(holder, &request)).and(bare(Truth::any(denied)).not());
            let decision = weigh(all.iter().copied(), &request);
            let granted = decision.grants(&request).into_iter();
            (*call, granted.map(|(hit, truth)| (hit.statement, bare(truth).and(free.clone()))).collect())
        });
        Ok(each.collect())
    }

    fn tampering(&self, call: &'static str) -> Request<'a> {
        let trail = arn(&anywhere_in(anything()), "cloudtrail", "trail/", &anything());
        let context = Context::of(Known::Free).with("aws:PrincipalIsAWSService", Known::One("false".into()));
        self.request(Caller::Member, call, &trail, context)
    }

    /// Whether an identity's boundary lets a part of a request through.
    fn is_within_boundary(&self, identity: &Identity, request: &Request) -> Truth {
        identity.boundary.ask(&|arn, origin| {
            let Some(arn) = arn else { return Truth::yes() };
            let Some(boundary) = self.policy_named(arn).one() else {
                let text = "the permissions boundary is not declared in this run";
                return Truth::unknown(Why::not_visible(&origin.property, text).at(origin.span));
            };
            let decision = weigh(documents_in(boundary), request);
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
fn lets_tamper(granted: &Tampering, statement: &Statement) -> Truth {
    Truth::any(granted.iter().map(|(call, statements)| {
        let found = statements.iter().find(|(one, _)| std::ptr::eq(*one, statement));
        let Some((_, truth)) = found else { return Truth::no() };
        truth.clone().located(action(statement, call)).labelled(format!("allows {call}"))
    }))
}

/// Where the action stands by which a statement speaks of a call.
pub(super) fn action<'s>(statement: &'s Statement, call: &str) -> &'s Origin {
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

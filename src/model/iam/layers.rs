//! The order in which policies of all kinds decide together (IAM User Guide, "Policy evaluation logic"; AWS Organizations
//! User Guide, "SCP evaluation", "RCP evaluation"; facts §9.3, §10.4).
//!
//! What an organization's policies do not bind is for whoever asks to say ([`Standing`]); nothing here knows which account
//! manages the organization.

use super::document::Effect;
use super::{Decision, Policy, Request, Who, weigh};
use crate::value::{Fit, Text, Truth};

/// Everything that has a say about a request. What is not attached is left empty.
#[derive(Clone, Debug, Default)]
pub struct Layers<'p> {
    /// The policies of the caller, his groups' among them.
    pub identity: Vec<&'p Policy>,
    /// What bounds the caller.
    pub boundary: Option<&'p Policy>,
    /// What was passed when his session began.
    pub session: Option<&'p Policy>,
    /// The policy of the resource.
    pub resource: Option<&'p Policy>,
    /// Service control policies by level: the root's, each organizational unit's, the account's of the caller.
    pub service_control: Vec<Level<'p>>,
    /// Resource control policies by level, down to the account of the resource.
    pub resource_control: Vec<Level<'p>>,
}

/// The root of an organization, a unit or an account, with what is attached to it.
#[derive(Clone, Debug)]
pub struct Level<'p> {
    /// Whether the account that is asked about is in it.
    pub holds: Truth,
    /// Its policies, each with whether it is attached. One that is not read may say anything: its truth is unknown.
    pub policies: Vec<(Option<&'p Policy>, Truth)>,
    /// Whether it has `FullAWSAccess`, where that is not among its policies.
    pub full_access: Truth,
}

/// Who asks whom, as far as accounts go.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The account of the caller; none for AWS services and for those who are not signed in.
    pub account: Option<Text>,
    /// The account that the resource is in.
    pub owner: Text,
    /// Whether service control policies bind the caller: not principals of the management account, nor service-linked
    /// roles.
    pub caller_is_bound: Truth,
    /// Whether resource control policies bind the request: not to resources of the management account, nor by
    /// service-linked roles.
    pub resource_is_bound: Truth,
}

/// How much of what a request ranges over a question is about.
#[derive(Clone, Copy, Debug)]
enum Range {
    Whole,
    Part,
}

impl Range {
    /// Whether it is allowed, as far as Allow statements tell.
    fn allowed(self, fit: Fit) -> Truth {
        match self {
            Range::Whole => fit.all,
            Range::Part => fit.some,
        }
    }

    /// Whether Deny statements take it: a part of the whole is enough, and all of what is left a part.
    fn denied(self, fit: Fit) -> Truth {
        match self {
            Range::Whole => fit.some,
            Range::Part => fit.all,
        }
    }
}

impl<'p> Level<'p> {
    /// A level that surely holds the account, with policies that surely are attached.
    pub fn of(policies: impl IntoIterator<Item = &'p Policy>) -> Level<'p> {
        let policies = policies.into_iter().map(|policy| (Some(policy), Truth::yes())).collect();
        Level { holds: Truth::yes(), policies, full_access: Truth::no() }
    }

    /// The same with one policy, of which it is given whether it is attached.
    pub fn with(policy: (Option<&'p Policy>, Truth)) -> Level<'p> {
        Level { policies: vec![policy], ..Level::of([]) }
    }

    fn any(&self, says: impl Fn(&'p Policy) -> Truth) -> Truth {
        let each = self.policies.iter().map(|(policy, attached)| match policy {
            Some(policy) => attached.clone().and(says(policy)),
            None => attached.clone(),
        });
        Truth::any(each)
    }

    /// Whether it lets a request pass, Deny statements left aside.
    fn allows(&self, request: &Request, range: Range) -> Truth {
        let allowed = self.any(|policy| range.allowed(weigh([policy], request).allows()));
        self.holds.clone().not().or(self.full_access.clone()).or(allowed)
    }

    fn denies(&self, request: &Request, range: Range) -> Truth {
        self.holds.clone().and(self.any(|policy| range.denied(weigh([policy], request).denies())))
    }

    /// Whether nothing of a request passes, though no statement denies it.
    pub fn leaves_out(&self, request: &Request) -> Truth {
        self.allows(request, Range::Part).not()
    }
}

/// What all policies say together.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether the request is allowed.
    pub allowed: Truth,
    /// Whether a statement denies it; what is neither allowed nor denied so is denied implicitly.
    pub denied: Truth,
}

impl Layers<'_> {
    /// The decision about one request: about all that it ranges over.
    pub fn decide(&self, request: &Request, standing: &Standing) -> Answer {
        self.weighed(request, standing, Range::Whole)
    }

    /// What may be allowed of a request that ranges: a part of it, at every turn by itself; and whether the whole of it is
    /// denied. A part that one policy leaves and another takes is not told.
    pub fn may(&self, request: &Request, standing: &Standing) -> Answer {
        self.weighed(request, standing, Range::Part)
    }

    fn weighed(&self, request: &Request, standing: &Standing, range: Range) -> Answer {
        let denies = |policies: &[&Policy]| range.denied(weigh(policies.iter().copied(), request).denies());
        let allows = |policies: &[&Policy]| range.allowed(weigh(policies.iter().copied(), request).allows());
        let levels = |all: &[Level], bound: &Truth| {
            let denied = Truth::any(all.iter().map(|level| level.denies(request, range)));
            let allowed = Truth::all(all.iter().map(|level| level.allows(request, range)));
            (bound.clone().and(denied), bound.clone().not().or(allowed))
        };
        let is_signed_in = Truth::from(standing.account.is_some());
        let (denied_by_scp, within_scps) =
            levels(&self.service_control, &is_signed_in.clone().and(standing.caller_is_bound.clone()));
        let (denied_by_rcp, within_rcps) = levels(&self.resource_control, &standing.resource_is_bound);
        let own: Vec<&Policy> = self.identity.iter().copied().chain(self.boundary).chain(self.session).collect();
        let resource: Vec<&Policy> = self.resource.into_iter().collect();
        let denied = Truth::any([denied_by_scp, denied_by_rcp, is_signed_in.and(denies(&own)), denies(&resource)]);
        let limits = [self.boundary, self.session].into_iter().flatten();
        let within = Truth::all(limits.map(|limit| allows(&[limit])));
        let identity = allows(&self.identity).and(within.clone());
        let granted = weigh(resource, request);
        let to_account = granted_to(&granted, request, range, |who, _| matches!(who, Who::Account(_)));
        let to_caller = granted_to(&granted, request, range, |who, _| !matches!(who, Who::Account(_)));
        let granted = match &standing.account {
            None => to_caller,
            Some(account) => {
                // What names a user itself is not limited by his boundary.
                let to_user = granted_to(&granted, request, range, |who, text| {
                    matches!(who, Who::Identity(_)) && text.after(":user/").is_some()
                });
                let enough = if must_say(request.action) { to_account.clone() } else { Truth::yes() };
                let within_account = Truth::any([to_user, to_caller.clone().and(within), identity.clone().and(enough)]);
                let across = to_account.or(to_caller).and(identity);
                let same = account.same(&standing.owner);
                same.clone().and(within_account).or(same.not().and(across))
            }
        };
        Answer { allowed: Truth::all([denied.clone().not(), within_scps, within_rcps, granted]), denied }
    }
}

/// A key's policy and a role's trust policy must agree; elsewhere the word of the caller's own policies is enough in his
/// account.
fn must_say(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    ["kms:", "sts:assumerole"].iter().any(|prefix| action.starts_with(prefix))
}

/// Whether a resource's policy allows the request to a principal of some kind.
fn granted_to(decision: &Decision, request: &Request, range: Range, is_kind: impl Fn(&Who, &Text) -> bool) -> Truth {
    let hits = decision.hits.iter().map(|hit| {
        let principals = hit.statement.principals(request.names).into_iter();
        let meant = principals.filter(|principal| is_kind(&principal.who, &principal.text));
        range.allowed(hit.fit(Effect::Allow).and(Fit::any(meant.map(|principal| principal.is(&request.caller)))))
    });
    let known = Truth::any(hits);
    decision.unknown().map_or(known.clone(), |unknown| known.or(unknown))
}

//! Who could silence the trails of an account: which of its roles and users may stop, delete, redirect or narrow them, after
//! denials, permissions boundaries and the policies of the organization.
//!
//! A request ranges over what its caller may bring about: the network, a second factor, the hour. What evidence does not
//! hold, such as tags, makes it unknown.

use super::aim::own_call;
use super::ceiling::Ceiling;
use super::grants::action;
use super::iam::{Caller, Context, Kind, Known, Layers, Policy, Statement, weigh};
use super::{Cx, Identity, Live, Organization, TRAILS, Trail, cannot_tell};
use crate::read::Arn;
use crate::value::{Origin, Text, Truth, Value, Verdict, Why, bare, forbid, require};
use std::cell::OnceCell;

/// The path of the roles that AWS services make for themselves, and nobody else may assume.
const SERVICE_LINKED: &str = "role/aws-service-role/";

/// So many identities are named in one finding.
const MOST_NAMED: usize = 5;

/// What decides for an identity, as far as the evidence holds it.
#[derive(Debug, Default)]
struct Held<'a> {
    policies: Vec<&'a Policy>,
    boundary: Option<&'a Policy>,
    /// Why there may be more that allows.
    unseen: Option<Why>,
    /// Why there may be a boundary that does not.
    unbounded: Option<Why>,
}

/// One call that an identity may make.
#[derive(Debug)]
struct Power {
    call: &'static str,
    truth: Truth,
    /// Where it is granted, in a policy.
    granted: Option<Origin>,
}

impl<'a> Cx<'a> {
    /// Whether a role or user that is not expected to may silence a trail of its account.
    pub fn can_tamper(&self, identity: &'a Identity) -> Verdict {
        let Some(live) = &self.scope.live else {
            return Verdict::not_applicable("only the evidence of an account shows all that decides");
        };
        if let Some(why) = identity.unlisted() {
            return cannot_tell(why);
        }
        if let Some(verdict) = self.is_not_asked(identity) {
            return verdict;
        }
        let trails = self.own_trails(live);
        if trails.is_empty() {
            return match self.unlisted_trails() {
                Some(why) => cannot_tell(why),
                None => Verdict::not_applicable("the account has no trail of its own"),
            };
        }
        let powers = self.powers(identity, &trails, live, &OnceCell::new());
        let truth = Truth::any(powers.iter().map(|power| power.truth.clone()));
        let place = powers.iter().find_map(|power| power.granted.as_ref());
        let truth = match place {
            Some(origin) => truth.located(origin),
            None => truth,
        };
        forbid(truth.placed(identity.at.span))
            .or_at(identity.at.span)
            .label(format!("lets {} call {}", short(identity), calls(&powers)))
            .related("who may", identity.at.span)
    }

    /// Whether somebody whom the run does not trust may silence the organization's trail from its management account.
    pub fn exposes_trail(&self, organization: &Organization) -> Verdict {
        let Some(live) = self.scope.live.as_ref().filter(|live| organization.is_managed_from(live)) else {
            return Verdict::not_applicable("only the evidence of its management account shows who may stop its trail");
        };
        let mut trails = self.own_trails(live);
        trails.retain(|trail| trail.organization.is(true).is_true());
        if trails.is_empty() {
            return match self.unlisted_trails() {
                Some(why) => cannot_tell(why),
                None => Verdict::not_applicable("no trail of the organization lives in its management account"),
            };
        }
        if let Some(why) = live.identities_listed.why() {
            return cannot_tell(why);
        }
        let asked = self.scope.identities.iter().filter(|identity| self.is_not_asked(identity).is_none());
        let ceiling = OnceCell::new();
        let each: Vec<(&Identity, Truth)> = asked
            .map(|identity| {
                let powers = self.powers(identity, &trails, live, &ceiling);
                (identity, bare(Truth::any(powers.into_iter().map(|power| power.truth))))
            })
            .collect();
        let able: Vec<&Identity> = each.iter().filter(|(_, truth)| truth.is_true()).map(|(who, _)| *who).collect();
        let label = format!("{} of the management account can stop the organization's trail", listed(&able));
        let none = Truth::any(each.iter().map(|(_, truth)| truth.clone())).not();
        let verdict = require(none).or_at(organization.at.span).label(label);
        able.iter().take(MOST_NAMED).fold(verdict, |verdict, who| verdict.related(short(who).to_owned(), who.at.span))
    }

    /// The verdict about what is no role or user, is AWS's own, or is expected.
    fn is_not_asked(&self, identity: &Identity) -> Option<Verdict> {
        let arn = &*identity.at.address;
        if !matches!(identity.kind, "role" | "user") {
            return Some(Verdict::not_applicable("it counts with the roles and users that hold it"));
        }
        if Arn::parse(arn).is_some_and(|arn| arn.resource.starts_with(SERVICE_LINKED)) {
            return Some(Verdict::not_applicable("only an AWS service acts by a service-linked role"));
        }
        self.trusts(&arn.into()).then(|| Verdict::pass("it is trusted by its name"))
    }

    fn own_trails(&self, live: &Live) -> Vec<&'a Trail> {
        let is_own = |trail: &&Trail| trail.at.home.account.literal() == Some(&*live.at.address);
        self.scope.trails.iter().filter(is_own).collect()
    }

    /// The calls by which an identity may silence one of some trails. The ceiling is that of its account.
    fn powers(
        &self,
        identity: &'a Identity,
        trails: &[&Trail],
        live: &Live,
        ceiling: &OnceCell<Ceiling<'a>>,
    ) -> Vec<Power> {
        let held = self.held_by(identity);
        // Most roles of an account speak of no trail.
        if held.policies.is_empty() && held.unseen.is_none() {
            return Vec::new();
        }
        let ceiling = ceiling.get_or_init(|| self.ceiling(live));
        let everything = Policy::full_access(Kind::Identity, &identity.groups.origin);
        let seen = Layers {
            identity: held.policies.clone(),
            boundary: held.boundary,
            service_control: ceiling.levels.clone(),
            ..Layers::default()
        };
        // At most it is what it would be if everything were allowed besides.
        let mut most = seen.clone();
        most.identity.extend(held.unseen.is_some().then_some(&everything));
        let calls = TRAILS.actions.iter();
        let mut powers: Vec<Power> = calls.map(|call| Power { call, truth: Truth::no(), granted: None }).collect();
        for trail in trails {
            let arn = Text::from(&*trail.at.address);
            let context = self.context_of_identity(identity, trail, held.all().chain(ceiling.policies()));
            for power in &mut powers {
                let request = self.request(Caller::Member, power.call, &arn, context.clone());
                let may = |layers: &Layers| bare(layers.may(&request, &ceiling.standing).allowed);
                let truth = match held.unseen.as_ref().or(held.unbounded.as_ref()) {
                    None => may(&seen),
                    Some(why) => may(&most).and(Truth::unknown(why.clone())),
                };
                if truth.is_true() && power.granted.is_none() {
                    let decision = weigh(held.policies.iter().copied(), &request);
                    let grants = decision.grants(&request);
                    power.granted = grants.first().map(|(hit, _)| action(hit.statement, power.call).clone());
                }
                power.truth = power.truth.clone().or(truth);
            }
        }
        powers
    }

    /// The policies of an identity and of its groups that speak of trails, and its boundary. Evidence of one account holds
    /// all of them.
    fn held_by(&self, identity: &'a Identity) -> Held<'a> {
        let mut held = Held::default();
        held.add(self, identity);
        held.unseen = held.unseen.or(identity.groups.why());
        for name in identity.groups.get().into_iter().flatten().flatten() {
            let is_it = |group: &&Identity| group.kind == "group" && group.name.get() == Some(&name.get().cloned());
            match self.scope.identities.iter().find(is_it) {
                Some(group) => held.add(self, group),
                None => held.unseen = Some(not_held("group", &name.origin)),
            }
        }
        match identity.boundary.get() {
            None => held.unbounded = identity.boundary.why(),
            Some(None) => {}
            Some(Some(arn)) => match self.policy_named(arn).one().map(|policy| document(&policy.documents)) {
                Some(Ok(documents)) if !documents.is_empty() => held.boundary = documents.first().copied(),
                Some(Err(why)) => held.unbounded = Some(why),
                _ => held.unbounded = Some(not_held("permissions boundary", &identity.boundary.origin)),
            },
        }
        held.policies.retain(|policy| speaks_of_trails(policy));
        held
    }

    /// What a call carries. Of the account's place and of tags the evidence does not say enough.
    fn context_of_identity<'p>(
        &self,
        identity: &Identity,
        trail: &Trail,
        policies: impl Iterator<Item = &'p Policy>,
    ) -> Context {
        let account = || Known::One(identity.at.home.account.clone());
        let organization = match self.scope.organizations.iter().find_map(|it| it.id.get()?.clone()) {
            Some(id) => Known::One(id),
            None if self.scope.live.as_ref().is_some_and(|live| live.in_organization.is(false).is_true()) => {
                Known::Absent
            }
            None => Known::Unclear("an account whose organization is not in the evidence"),
        };
        let kind = if identity.kind == "user" { "User" } else { "AssumedRole" };
        let context = own_call()
            .with("aws:PrincipalArn", Known::One(Text::from(&*identity.at.address)))
            .with("aws:PrincipalAccount", account())
            .with("aws:PrincipalType", Known::One(kind.into()))
            .with("aws:ResourceAccount", account())
            .with("aws:PrincipalOrgID", organization.clone())
            .with("aws:ResourceOrgID", organization)
            .with("aws:PrincipalOrgPaths", Known::Unclear("an account, whose place in the organization may change,"))
            .with("aws:RequestedRegion", Known::One(trail.at.home.region.clone()))
            .without(["aws:TagKeys"]);
        let statements = policies.flat_map(|policy| policy.statements().unwrap_or_default());
        statements.flat_map(Statement::tests).fold(context, |context, (_, test)| {
            let known = if test.is_below("aws:PrincipalTag/") {
                Known::Unclear("an identity whose tags are not in the evidence")
            } else if test.is_below("aws:ResourceTag/") {
                Known::Unclear("a trail whose tags' values are not in the evidence")
            } else if test.is_below("aws:RequestTag/") || !test.is_below("aws:") {
                Known::Absent
            } else {
                return context;
            };
            context.with(&test.key, known)
        })
    }
}

impl<'a> Held<'a> {
    fn add(&mut self, cx: &Cx<'a>, holder: &'a Identity) {
        let mut add = |documents: &'a Value<Vec<Value<Option<Policy>>>>| match document(documents) {
            Ok(documents) => self.policies.extend(documents),
            Err(why) => self.unseen = Some(why),
        };
        add(&holder.documents);
        let managed: Vec<&Value<Text>> = holder.managed.get().into_iter().flatten().flatten().collect();
        let found: Vec<Option<&Identity>> = managed.iter().map(|arn| cx.policy_named(arn.get()?).one()).collect();
        found.iter().flatten().for_each(|policy| add(&policy.documents));
        let is_lost = |found: &Option<&Identity>| {
            found.is_none_or(|policy| document(&policy.documents).is_ok_and(|it| it.is_empty()))
        };
        let lost = managed.iter().zip(&found).find(|(_, found)| is_lost(found));
        let lost = lost.map(|(arn, _)| not_held("managed policy", &arn.origin));
        self.unseen = self.unseen.take().or(holder.managed.why()).or(lost);
    }

    fn all(&self) -> impl Iterator<Item = &'a Policy> {
        self.policies.iter().copied().chain(self.boundary)
    }
}

/// Whether a policy may speak of one of the calls.
fn speaks_of_trails(policy: &Policy) -> bool {
    let speaks = |statement: &Statement| TRAILS.actions.iter().any(|call| !statement.speaks_of(call).some.is_false());
    policy.statements().map_or(true, |statements| statements.iter().any(speaks))
}

/// The documents of one list, or why they are not known.
fn document(documents: &Value<Vec<Value<Option<Policy>>>>) -> Result<Vec<&Policy>, Why> {
    let Some(all) = documents.get() else { return Err(documents.why().unwrap_or_else(unread)) };
    let known = all.iter().filter_map(|one| match (one.get(), one.why()) {
        (Some(policy), _) => policy.as_ref().map(Ok),
        (None, why) => Some(Err(why.unwrap_or_else(unread))),
    });
    known.collect()
}

fn unread() -> Why {
    Why::not_visible("policy", "the evidence does not hold the policy")
}

fn not_held(what: &str, origin: &Origin) -> Why {
    Why::not_visible(what, format!("the evidence does not hold this {what}")).at(origin.span)
}

/// What an identity is called in its account: `role/deploy`.
fn short(identity: &Identity) -> &str {
    identity.at.address.splitn(6, ':').last().unwrap_or_default()
}

/// The calls that are surely possible.
fn calls(powers: &[Power]) -> String {
    let possible = powers.iter().filter(|power| power.truth.is_true()).map(|power| power.call);
    possible.collect::<Vec<_>>().join(", ")
}

/// The first of some identities by name, and how many more there are.
fn listed(all: &[&Identity]) -> String {
    let named: Vec<&str> = all.iter().take(MOST_NAMED).map(|who| short(who)).collect();
    match all.len().saturating_sub(MOST_NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

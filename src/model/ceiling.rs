//! What bounds everybody in an account: the service control policies of its organization, level by level, as far as evidence
//! shows them, and whom they do not bind (AWS Organizations User Guide, "SCP evaluation"; facts §9.2, §9.3).
//!
//! The root, every unit on the way down and the account are a level each; what one of them does not allow, or denies, nobody
//! in the account may do. AWS attaches `FullAWSAccess` to each; evidence that lists it tells where it still is.

use super::account::place_of;
use super::iam::{Effect, Level, Policy, Request, Standing};
use super::{Account, Cx, Live, OrganizationPolicy, Scope, Unit};
use crate::value::{Text, Truth, Why, bare};
use std::sync::Arc;

/// What the policies of an organization leave the principals of an account.
#[derive(Clone, Debug)]
pub(super) struct Ceiling<'a> {
    /// Whom they bind.
    pub(super) standing: Standing,
    /// What they say, from the account up. One level that is not read where the policies are not seen.
    pub(super) levels: Vec<Level<'a>>,
}

impl<'a> Cx<'a> {
    /// What bounds everybody in an account whose evidence is read.
    pub(super) fn ceiling(&self, live: &Live) -> Ceiling<'a> {
        let id = Text::from(&*live.at.address);
        let mut declared = self.of_organization().flat_map(|scope| &scope.accounts);
        match declared.find(|it| it.is_named(&id)) {
            Some(account) => self.ceiling_of(account, &id, live),
            None => self.ceiling_of(&Account::of(live), &id, live),
        }
    }

    /// The same of an account that the evidence of `live` shows.
    pub(super) fn ceiling_of(&self, account: &Account, id: &Text, live: &Live) -> Ceiling<'a> {
        let policies = self.of_organization().flat_map(|scope| &scope.organization_policies);
        let policies: Vec<&OrganizationPolicy> = policies.filter(|it| !it.is_service_control().is_false()).collect();
        let bound = self.is_bound(live, id);
        let (bound, levels) = match self.unseen_policies(live) {
            _ if bound.is_false() => (bound, Vec::new()),
            Some(why) => (bound, vec![Level::with((None, Truth::unknown(why)))]),
            None => (bound.and(is_enforced(&policies)), self.levels(account, &policies)),
        };
        let standing = Standing {
            account: Some(id.clone()),
            owner: id.clone(),
            caller_is_bound: bound,
            resource_is_bound: Truth::no(),
        };
        Ceiling { standing, levels }
    }

    /// Whether policies of an organization bind the principals of an account.
    fn is_bound(&self, live: &Live, id: &Text) -> Truth {
        bare(self.is_in_organization(live).and(self.manages(id).not()).and(self.has_policies_on()))
    }

    /// What the run knows of the organization of this account: each account of it that is read may tell a part.
    pub(super) fn of_organization(&self) -> impl Iterator<Item = &'a Arc<Scope>> + use<'a> {
        let id = |scope: &Scope| scope.organizations.iter().find_map(|it| it.id.get()?.clone());
        let own = id(self.scope);
        self.estate.scopes.iter().filter(move |scope| id(scope) == own)
    }

    /// Why the policies of the organization are not seen, where no account of the run may list them.
    pub(super) fn unseen_policies(&self, live: &Live) -> Option<Why> {
        let lists = |scope: &Arc<Scope>| scope.live.as_ref().is_some_and(|it| it.policies_listed.is(true).is_true());
        if self.of_organization().any(lists) {
            return None;
        }
        let text = "the service control policies of the organization are not in this run's evidence";
        Some(live.policies_listed.why().unwrap_or_else(|| Why::not_visible("service control policies", text)))
    }

    /// The levels of an account: itself and what it is in, or may be in.
    fn levels(&self, account: &Account, policies: &[&'a OrganizationPolicy]) -> Vec<Level<'a>> {
        let way = self.way_up(account);
        let mut places: Vec<(Text, Truth)> = way.places().into_iter().map(|place| (place, Truth::yes())).collect();
        // Where it is not known what the account is in, every unit that is listed or has a policy may be above it.
        let targets = policies.iter().flat_map(|policy| policy.targets.get().into_iter().flatten().flatten());
        let targets = targets.filter_map(|target| Some((target.get()?, target.origin.span)));
        let units = self.of_organization().flat_map(|scope| &scope.units).filter_map(Unit::id);
        for (id, span) in targets.chain(units).filter(|_| !way.is_settled()) {
            let (place, holds) = (place_of(id), way.leads_to(id).placed(span));
            if !holds.is_false() && !places.iter().any(|(known, _)| *known == place) {
                places.push((place, holds));
            }
        }
        // What a policy with unknown targets says may be all that such a unit has.
        let unseen = policies.iter().find_map(|policy| policy.attachments.why());
        let hidden = unseen.filter(|_| !way.is_settled()).map(|why| (Text::unknown(why.clone()), Truth::unknown(why)));
        places.extend(hidden);
        let is_listed = policies.iter().any(|policy| policy.is_of_aws());
        let level = |(place, holds)| {
            let policies: Vec<_> = policies.iter().filter_map(|policy| attached(policy, &place)).collect();
            let full_access = if is_listed { Truth::no() } else { default_access(&policies) };
            Level { holds, policies, full_access }
        };
        places.into_iter().map(level).collect()
    }
}

impl<'a> Ceiling<'a> {
    /// The documents that bind the account or may.
    pub(super) fn policies(&self) -> impl Iterator<Item = &'a Policy> {
        self.levels.iter().flat_map(|level| &level.policies).filter_map(|(policy, _)| *policy)
    }

    /// Whether some level lets nothing of a request pass.
    pub(super) fn leaves_out(&self, request: &Request) -> Truth {
        let levels = self.levels.iter().map(|level| bare(level.leaves_out(request)));
        self.standing.caller_is_bound.clone().and(Truth::any(levels))
    }
}

/// Whether the organization has policies at all: where it has, something is attached everywhere, and where it turns them off,
/// AWS detaches them all.
fn is_enforced(policies: &[&OrganizationPolicy]) -> Truth {
    bare(Truth::any(policies.iter().map(|policy| policy.is_unattached().not())))
}

/// What a policy says at a place, and whether it is attached there; nothing where it is not.
fn attached<'a>(policy: &'a OrganizationPolicy, place: &Text) -> Option<(Option<&'a Policy>, Truth)> {
    let attached = bare(policy.is_service_control().and(policy.at.exists()).and(policy.attachments.has(place)));
    match policy.document.get() {
        _ if attached.is_false() => None,
        Some(document) => Some((Some(document.as_ref()?), attached)),
        None => Some((None, attached.and(Truth::unknown(policy.document.why()?)))),
    }
}

/// Whether a level has the `FullAWSAccess` that AWS attached, where evidence does not list it: only beside another policy
/// that allows something may it have been taken away.
fn default_access(policies: &[(Option<&Policy>, Truth)]) -> Truth {
    let mut statements = policies.iter().filter_map(|(policy, _)| policy.as_ref()?.statements().ok()).flatten();
    if statements.all(|statement| statement.does(Effect::Allow).is_false()) {
        return Truth::yes();
    }
    let text =
        "the evidence does not list `FullAWSAccess`, which may be detached from what has a list of allowed calls";
    Truth::unknown(Why::not_visible("FullAWSAccess", text))
}

//! What bounds everybody in an account: the service control policies of its organization, as far as evidence shows them, and
//! whom they do not bind (AWS Organizations User Guide, "SCP evaluation"; facts §9.2, §9.3).

use super::iam::{Effect, Kind, Layers, Policy, Request, Standing, weigh};
use super::{Account, Cx, Live, OrganizationPolicy, Scope};
use crate::value::{Origin, Text, Truth, Why, bare};
use std::sync::Arc;

/// What the policies of an organization leave the principals of an account.
#[derive(Clone, Debug)]
pub(super) struct Ceiling<'a> {
    account: Text,
    /// Whether they bind them: an account of no organization has none, and the management account is not bound.
    bound: Truth,
    /// Why they are not seen, where they are not.
    unseen: Option<Why>,
    /// Those that surely bind the account.
    policies: Vec<&'a Policy>,
    /// Those that may, each with why that is not known.
    perhaps: Vec<(Option<&'a Policy>, Truth)>,
    full_access: Policy,
}

impl<'a> Cx<'a> {
    /// What bounds everybody in an account whose evidence is read.
    pub(super) fn ceiling(&self, live: &Live) -> Ceiling<'a> {
        let account = Text::from(&*live.at.address);
        let origin = Origin { span: live.at.span, property: "".into(), written: false };
        let mut ceiling = Ceiling {
            bound: self.is_bound(live),
            unseen: self.unseen_policies(live),
            policies: Vec::new(),
            perhaps: Vec::new(),
            full_access: Policy::full_access(Kind::ServiceControl, &origin),
            account,
        };
        if ceiling.bound.is_false() || ceiling.unseen.is_some() {
            return ceiling;
        }
        let declared =
            self.of_organization().flat_map(|scope| &scope.accounts).find(|it| it.is_named(&ceiling.account));
        let of_evidence = Account::of(live);
        for policy in self.of_organization().flat_map(|scope| &scope.organization_policies) {
            ceiling.add(policy, bare(self.binds(policy, declared.unwrap_or(&of_evidence))));
        }
        ceiling
    }

    /// Whether policies of an organization bind the principals of the account.
    fn is_bound(&self, live: &Live) -> Truth {
        let account = Text::from(&*live.at.address);
        let manages = Truth::any(self.scope.organizations.iter().map(|it| it.is_managed_by(&account)));
        bare(live.in_organization.is(true).and(manages.not()))
    }

    /// What the run knows of the organization of this account: each account of it that is read may tell a part.
    fn of_organization(&self) -> impl Iterator<Item = &'a Arc<Scope>> + use<'a> {
        let id = |scope: &Scope| scope.organizations.iter().find_map(|it| it.id.get()?.clone());
        let own = id(self.scope);
        self.estate.scopes.iter().filter(move |scope| id(scope) == own)
    }

    /// Why the policies of the organization are not seen, where no account of the run may list them.
    fn unseen_policies(&self, live: &Live) -> Option<Why> {
        let lists = |scope: &Arc<Scope>| scope.live.as_ref().is_some_and(|it| it.policies_listed.is(true).is_true());
        if self.of_organization().any(lists) {
            return None;
        }
        let text = "the service control policies of the organization are not in this run's evidence";
        Some(live.policies_listed.why().unwrap_or_else(|| Why::not_visible("service control policies", text)))
    }
}

impl<'a> Ceiling<'a> {
    fn add(&mut self, policy: &'a OrganizationPolicy, binds: Truth) {
        if binds.is_false() {
            return;
        }
        let document = policy.document.get().and_then(Option::as_ref);
        match (policy.document.why(), document) {
            (Some(why), _) => self.perhaps.push((None, Truth::unknown(why))),
            (None, Some(document)) if binds.is_true() => self.policies.push(document),
            (None, Some(document)) => self.perhaps.push((Some(document), binds)),
            (None, None) => {}
        }
    }

    /// The documents that bind the account or may.
    pub(super) fn policies(&self) -> impl Iterator<Item = &'a Policy> {
        self.policies.iter().copied().chain(self.perhaps.iter().filter_map(|(policy, _)| *policy))
    }

    /// What allows everything.
    pub(super) fn full_access(&self) -> &Policy {
        &self.full_access
    }

    /// Whether somebody in the account may do a part of what a request ranges over, by his own policies and under these.
    pub(super) fn may(&self, layers: &Layers, request: &Request) -> Truth {
        let standing = |bound: &Truth| Standing {
            account: Some(self.account.clone()),
            owner: self.account.clone(),
            caller_is_bound: bound.clone(),
            resource_is_bound: Truth::no(),
        };
        let free = bare(layers.may(request, &standing(&Truth::no())).allowed);
        if free.is_false() || self.bound.is_false() {
            return free;
        }
        if let Some(why) = &self.unseen {
            return free.and(self.bound.clone().not().or(Truth::unknown(why.clone())));
        }
        // Every root, unit and account has `FullAWSAccess` unless somebody took it away.
        let level = self.policies.iter().copied().chain([&self.full_access]).collect();
        let under = Layers { service_control: vec![level], ..layers.clone() };
        let under = bare(under.may(request, &standing(&self.bound)).allowed);
        let lists =
            self.policies.iter().filter(|policy| leaves_out(policy, request)).map(|_| Truth::unknown(detached()));
        let perhaps = self.perhaps.iter().filter(|(policy, _)| policy.is_none_or(|policy| takes(policy, request)));
        let perhaps = perhaps.map(|(_, binds)| binds.clone().not());
        under.and(Truth::all(perhaps).and(Truth::all(lists)).or(self.bound.clone().not()))
    }
}

/// Whether a policy denies a request, or may, or allows other things alone.
fn takes(policy: &Policy, request: &Request) -> bool {
    !bare(weigh([policy], request).denies().all).is_false() || leaves_out(policy, request)
}

/// Whether a policy is a list of what is allowed, and the request is not on it.
fn leaves_out(policy: &Policy, request: &Request) -> bool {
    let mut statements = policy.statements().unwrap_or_default().iter();
    let is_list = statements.any(|statement| !statement.does(Effect::Allow).is_false());
    is_list && weigh([policy], request).allows().some.is_false()
}

fn detached() -> Why {
    let text =
        "whether `FullAWSAccess` is still attached beside a policy that allows other calls is not in the evidence";
    Why::not_visible("FullAWSAccess", text)
}

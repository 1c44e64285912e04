//! Whether what an account holds of the audit trail is kept from its own identities by the policies of its organization.
//!
//! Members cannot touch a trail of the organization. Some of them hold what it rests on, or a trail of their own that nothing
//! replaces; a delegated administrator may change it from afar.

use super::account::Way;
use super::aim::{Aim, EVIDENCE_BUCKETS, EVIDENCE_KEYS, EVIDENCE_LOG_GROUPS, EVIDENCE_OBJECTS, STORES};
use super::ceiling::Ceiling;
use super::iam::{Caller, Known, Request};
use super::{Account, Cx, Declared, Guard, Link, OrganizationPolicy, TRAILS, Trail, anything, cannot_tell};
use crate::read::Arn;
use crate::value::{Related, Text, Truth, Verdict, Why, bare, require};

/// A part of the audit trail that an account holds.
pub(super) struct Part {
    /// The calls that would do it harm.
    pub(super) aim: Aim,
    /// What they are made to.
    pub(super) arn: Text,
    /// What relies on it.
    pub(super) relies: Related,
}

impl Part {
    fn new(aim: Aim, arn: Text, relies: &'static str, at: &Declared) -> Part {
        Part { aim, arn, relies: Related { label: relies.into(), span: at.span } }
    }

    /// The Region in which the calls are made.
    fn region(&self) -> Known {
        let region = self.arn.literal().and_then(Arn::parse).map(|arn| arn.region).filter(|region| !region.is_empty());
        region.map_or(Known::Free, |region| Known::One(region.into()))
    }

    /// What is known of the calls that identities of the account make to it.
    fn known(&self, account: &Account) -> Vec<(&'static str, Known)> {
        let id = account.id().filter(|id| id.literal().is_some()).map_or(Known::Free, Known::One);
        vec![("aws:RequestedRegion", self.region()), ("aws:PrincipalAccount", id.clone()), ("aws:ResourceAccount", id)]
    }
}

/// What may bind the identities of an account, whatever they call.
pub(super) struct Bounds<'a> {
    /// What it is in.
    pub(super) way: Way<'a>,
    /// What the policies there leave them, where the evidence of the account is read.
    pub(super) ceiling: Option<Ceiling<'a>>,
}

impl<'a> Cx<'a> {
    /// Whether what an account holds of the audit trail is kept from its own identities.
    pub fn is_protected(&self, account: &Account) -> Verdict {
        let manages = account.id().map_or_else(Truth::no, |id| self.manages(&id));
        if manages.is_true() {
            return Verdict::not_applicable("no service control policy binds the management account");
        }
        if account.is_suspended() {
            return Verdict::not_applicable("the account is suspended: its identities can do nothing");
        }
        let mut parts = self.named_parts(account);
        if self.scope.live.is_some() {
            parts.extend(self.owned_parts(account));
            parts.extend(self.administered_parts(account));
            parts.extend(self.bucket_parts(account));
        }
        if parts.is_empty() {
            return self.of_nothing();
        }
        let bounds = Bounds {
            way: self.way_up(account),
            ceiling: self
                .scope
                .live
                .as_ref()
                .map(|live| self.ceiling_of(account, &account.id().unwrap_or_default(), live)),
        };
        let mut free: Vec<&str> = Vec::new();
        let mut kept = Truth::yes();
        for part in &parts {
            for (call, truth) in self.kept(account, &bounds, part) {
                if truth.is_false() && !free.contains(&call) {
                    free.push(call);
                }
                kept = kept.and(truth);
            }
        }
        let label = format!(
            "identities of the account may call {}: no policy that binds it keeps them from that",
            free.join(", ")
        );
        let place = account.at.span;
        let verdict = require(bare(kept.or(manages)).placed(place)).or_at(place).label(label);
        let mut relies: Vec<Related> = Vec::new();
        for part in parts {
            if !relies.contains(&part.relies) {
                relies.push(part.relies);
            }
        }
        relies.into_iter().fold(verdict, |verdict, relies| verdict.related(relies.label, relies.span))
    }

    /// The verdict about a member of which nothing shows that it holds a part: it cannot touch the organization's trail, where
    /// all that it could hold is in sight.
    fn of_nothing(&self) -> Verdict {
        let Some(live) = &self.scope.live else {
            return Verdict::not_applicable("nothing in this run shows that the account holds a part of the trail");
        };
        let trails: Vec<&Trail> = self.trails().filter(|trail| trail.organization.is(true).is_true()).collect();
        let lives = self.estate.scopes.iter().filter_map(|scope| scope.live.as_ref());
        let hidden = lives.filter(|_| trails.is_empty()).find_map(|live| live.trails_listed.why());
        if let Some(why) = hidden.or_else(|| live.administrators_listed.why()) {
            return cannot_tell(why);
        }
        if trails.is_empty() {
            return Verdict::not_applicable("no trail of the organization is there for the account to hold a part of");
        }
        let unseen = trails.iter().find_map(|trail| self.unseen_owner(trail));
        unseen.map_or_else(
            || Verdict::pass("members cannot touch the organization's trail, and this one holds nothing of it"),
            cannot_tell,
        )
    }

    /// Why it is not known which account has the bucket of a trail.
    fn unseen_owner(&self, trail: &Trail) -> Option<Why> {
        let Some(name) = trail.bucket.get() else { return trail.bucket.why() };
        match self.bucket_named(name.as_ref()?) {
            Link::One(bucket) => bucket.at.home.account.why(),
            link => Some(link.why("bucket")),
        }
    }

    /// Whether the trail of an organization is there, so that what else accounts have is beside it.
    fn is_covered(&self) -> bool {
        let shadows = self.estate.scopes.iter().flat_map(|scope| &scope.shadows);
        self.trails().chain(shadows).any(|trail| trail.organization.is(true).is_true())
    }

    fn trails(&self) -> impl Iterator<Item = &'a Trail> + use<'a> {
        self.estate.scopes.iter().flat_map(|scope| &scope.trails)
    }

    /// The trails that the record rests on: beside one of the organization, private ones are their owners' own affair.
    fn relied_on(&self) -> impl Iterator<Item = &'a Trail> + use<'a> {
        let is_covered = self.is_covered();
        self.trails().filter(move |trail| !is_covered || !trail.organization.is(true).is_false())
    }

    /// What trails and stores name by an ARN of the account.
    fn named_parts(&self, account: &Account) -> Vec<Part> {
        let trails = || self.relied_on();
        let keys = trails().map(|it| (&it.key, &it.at, EVIDENCE_KEYS, "encrypts its logs with a key of it"));
        let groups = trails().map(|it| (&it.log_group, &it.at, EVIDENCE_LOG_GROUPS, "writes to a log group of it"));
        let is_covered = self.is_covered();
        let stores = self.estate.scopes.iter().flat_map(|scope| &scope.stores);
        let stores = stores.filter(move |it| !is_covered || !it.organization.is(true).is_false());
        let stores = stores.map(|it| (&it.key, &it.at, EVIDENCE_KEYS, "encrypts its events with a key of it"));
        let named = keys.chain(groups).chain(stores).filter_map(|(text, at, aim, relies)| {
            let mut arns = text.candidates().into_iter().flatten();
            Some(Part::new(aim, arns.find(|arn| account.is_named(arn))?.clone(), relies, at))
        });
        named.collect()
    }

    /// Its own trails and event data stores: those of the organization, and others where the organization has no trail.
    fn owned_parts(&self, account: &Account) -> Vec<Part> {
        let is_covered = self.is_covered();
        let counts = |at: &Declared, organization: Truth| {
            at.is_live() && account.is_named(&at.home.account) && (organization.is_true() || !is_covered)
        };
        let trails = self.trails().filter(|it| counts(&it.at, it.organization.is(true)));
        let trails = trails.map(|it| Part::new(TRAILS, Text::from(&*it.at.address), "this trail is in it", &it.at));
        let stores = self.estate.scopes.iter().flat_map(|scope| &scope.stores);
        let stores = stores.filter(|it| counts(&it.at, it.organization.is(true)));
        let stores = stores.map(|it| Part::new(STORES, Text::from(&*it.at.address), "this store is in it", &it.at));
        trails.chain(stores).collect()
    }

    /// The organization's trails, of an account that administers CloudTrail for it.
    fn administered_parts(&self, account: &Account) -> Vec<Part> {
        let administrators = self.estate.scopes.iter().flat_map(|scope| &scope.administrators);
        let is_it = administrators
            .into_iter()
            .any(|it| it.is_of_cloudtrail().is_true() && it.account.get().is_some_and(|id| account.is_named(id)));
        let trails = self.trails().filter(|it| is_it && it.organization.is(true).is_true());
        let part =
            |it: &Trail| Part::new(TRAILS, Text::from(&*it.at.address), "the account administers this trail", &it.at);
        trails.map(part).collect()
    }

    /// The buckets of trails that are in it.
    fn bucket_parts(&self, account: &Account) -> Vec<Part> {
        let buckets = self.estate.scopes.iter().flat_map(|scope| &scope.buckets);
        let own = buckets.filter(|bucket| account.is_named(&bucket.at.home.account));
        let is_covered = self.is_covered();
        let served = own.flat_map(|bucket| self.trails_of_bucket(bucket).into_iter().map(move |it| (bucket, it.trail)));
        let served = served.filter(|(_, trail)| !is_covered || !trail.organization.is(true).is_false());
        let parts = served.flat_map(|(bucket, trail)| {
            let arn = Text::from(&*bucket.at.address);
            // Where the prefix is not known, every object may be a log.
            let logs = trail.prefix.get().map(|prefix| self.base(bucket, prefix.as_ref()));
            let logs = logs.unwrap_or_else(|| Text::concat([&arn, &"/".into()]));
            let objects = Text::concat([&logs, &anything()]);
            let part = |aim, arn| Part::new(aim, arn, "delivers to a bucket of it", &trail.at);
            [part(EVIDENCE_BUCKETS, arn), part(EVIDENCE_OBJECTS, objects)]
        });
        parts.collect()
    }

    /// For each harmful call whether the account's identities are kept from it.
    pub(super) fn kept(&self, account: &Account, bounds: &Bounds, part: &Part) -> Vec<(&'static str, Truth)> {
        let policies = self.of_organization().flat_map(|scope| &scope.organization_policies);
        // Most policies speak of other things.
        let policies = policies.filter(|policy| policy.may_deny(part.aim.actions));
        let known = part.known(account);
        let guard = |policy| Guard::of_calls(self, policy, part.aim, known.clone());
        let bound: Vec<(&OrganizationPolicy, Guard, Truth)> =
            policies.map(|policy| (policy, guard(policy), bounds.way.binds(policy))).collect();
        // What a policy says that cannot be read may be just this.
        let opaque = bound.iter().filter(|(.., binds)| self.scope.live.is_some() && !binds.is_false());
        let opaque: Vec<Truth> =
            opaque.filter_map(|(policy, ..)| Some(Truth::unknown(policy.document.why()?))).collect();
        let each = part.aim.actions.iter().map(|call| {
            let denying = bound.iter().map(|(_, guard, binds)| (guard.denies_on(call, &part.arn), binds));
            let denying: Vec<(Truth, &Truth)> = denying.filter(|(truth, _)| !truth.is_false()).collect();
            let otherwise = match &bounds.ceiling {
                Some(ceiling) => ceiling.leaves_out(&self.call_of_member(part, call)),
                None if denying.is_empty() => {
                    Truth::unknown(Why::not_visible(call, format!("no policy of this run denies {call} there")))
                }
                None => Truth::no(),
            };
            let denied = Truth::any(denying.into_iter().map(|(truth, binds)| truth.and(binds.clone())));
            (*call, denied.or(Truth::any(opaque.iter().cloned())).or(otherwise))
        });
        each.collect()
    }

    /// A call that somebody in the account makes to what it holds.
    fn call_of_member(&self, part: &Part, call: &'static str) -> Request<'a> {
        let context = part.aim.context("aws:PrincipalArn").with("aws:RequestedRegion", part.region());
        Request { caller: Caller::Member, action: call, resource: part.arn.clone(), context, names: self.names() }
    }
}

//! Who else: which principals outside a resource's account a policy lets do something, the public among them, and the
//! findings that come of it.
//!
//! Everyone is asked for as a stranger, and for what a policy pins instead: other accounts, an organization. A network is
//! no pin: whoever calls from there is let in (AWS does not call that public; S3 User Guide, "The meaning of public"). An
//! account is foreign where it is not the resource's own. A literal id may be either until the own one is known, so that
//! is unknown, unless the same policies write the own account by its symbol: who does so for one means another by a
//! literal, and the finding says that this is taken for so. What the run trusts by name is no other (`--trust`).

use super::documents::opaque_statements;
use super::iam::{
    Caller, Context, Effect, Hit, Known, NETWORK, Operator, Policy, Principal, Request, Statement, Test, Who, weigh,
    weigh_some,
};
use super::{Cx, Declared};
use crate::value::{Of, Piece, Text, Truth, Verdict, Why, WhyKind, forbid, is_account_id};
use std::collections::BTreeSet;

/// One principal whom a statement lets do what was asked.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The statement's name, for a finding's part.
    pub part: String,
    /// The principal, with its place.
    pub principal: Principal,
    /// Whether it holds, at the principal.
    pub truth: Truth,
    /// What else a finding should say of it.
    pub note: Option<String>,
}

/// The account that others are held against.
#[derive(Clone, Copy)]
struct Own<'d> {
    at: &'d Declared,
    /// Whether the policies write it by its symbol.
    is_shown: bool,
}

/// Adds a grant, or puts it in the place of one to the same principal that is less sure: what one of them surely may,
/// another's doubt does not take back.
fn add_surest(all: &mut Vec<Granted>, granted: Granted) {
    match all.iter_mut().find(|known| known.is_at_place_of(&granted)) {
        None => all.push(granted),
        Some(known) if granted.truth.is_true() && !known.truth.is_true() => *known = granted,
        Some(_) => {}
    }
}

/// What is said of those whom only a network keeps out.
const FROM_A_NETWORK: &str = "a network says where a call comes from, not who makes it";

impl Granted {
    fn new(statement: &Statement, principal: Principal, truth: Truth) -> Granted {
        let truth = truth.located(&principal.origin).placed(principal.origin.span);
        Granted { part: statement.name.clone(), principal, truth, note: None }
    }

    fn is_at_place_of(&self, other: &Granted) -> bool {
        self.principal.origin.span == other.principal.origin.span
    }
}

/// The keys by which everyone is narrowed to some accounts.
const ACCOUNTS: [&str; 4] = ["aws:PrincipalAccount", "kms:CallerAccount", "aws:PrincipalArn", "aws:SourceAccount"];

/// The same account, under two names.
const CALLERS: [&str; 2] = ["aws:PrincipalAccount", "kms:CallerAccount"];

/// The keys by which everyone is narrowed to an organization.
const ORGANIZATION: [&str; 2] = ["aws:PrincipalOrgID", "aws:PrincipalOrgPaths"];

impl<'a> Cx<'a> {
    /// Everyone who may do an action on a resource without being of any account, organization or network that a policy
    /// names: the public.
    pub fn public_grants(&self, policies: &[&Policy], action: &str, resource: &Text) -> Vec<Granted> {
        self.grants_to_all(policies, action, resource, |context| context)
    }

    /// The public, and whoever calls from a network that a policy names.
    pub fn open_to_anyone(&self, policies: &[&Policy], action: &str, resource: &Text) -> Vec<Granted> {
        let mut all = self.public_grants(policies, action, resource);
        if policies.iter().any(|policy| policy.asks_for(&NETWORK)) {
            let found = self.grants_to_all(policies, action, resource, Context::at_a_network).into_iter();
            let found = found.map(|granted| Granted { note: Some(FROM_A_NETWORK.into()), ..granted });
            found.for_each(|granted| add_surest(&mut all, granted));
        }
        all
    }

    fn grants_to_all(
        &self,
        policies: &[&Policy],
        action: &str,
        resource: &Text,
        place: fn(Context) -> Context,
    ) -> Vec<Granted> {
        let mut all: Vec<Granted> = Vec::new();
        if !policies.iter().any(|policy| self.may_be_open(policy, action)) {
            return all;
        }
        let everyone = [
            (Caller::Stranger, Context::of_stranger()),
            (Caller::Stranger, Context::of_lone_stranger()),
            (Caller::Anonymous, Context::of_nobody()),
        ];
        for (caller, context) in everyone {
            let request = self.request(caller.clone(), action, resource, place(context));
            let found = self.granted(policies, &request, &|principal| principal.is(&caller).some);
            found.into_iter().for_each(|granted| add_surest(&mut all, granted));
        }
        all
    }

    /// Whether a policy may allow an action to everyone: most do not, and need not be asked further.
    fn may_be_open(&self, policy: &Policy, action: &str) -> bool {
        let allows = policy.statements.candidates().into_iter().flatten();
        let allows = allows.filter(|statement| !statement.does(Effect::Allow).is_false());
        allows.filter(|statement| !statement.speaks_of(action).some.is_false()).any(|statement| {
            let principals = statement.principals(self.names());
            principals.iter().any(|principal| matches!(principal.who, Who::Everyone | Who::Unknown(_)))
        })
    }

    /// Everyone outside the account of `at` who may, the public among them; AWS services are not asked for.
    pub fn foreign_grants(&self, at: &Declared, policies: &[&Policy], action: &str, resource: &Text) -> Vec<Granted> {
        let mut all = self.open_to_anyone(policies, action, resource);
        let own = self.own(at, policies);
        let anyone = self.request(Caller::Stranger, action, resource, Context::of_stranger());
        // A policy may name hundreds of accounts: what cannot concern them is weighed once, not for each.
        let known = policies.iter().filter_map(|policy| Some((policy.kind, policy.statements().ok()?)));
        let each = known.flat_map(|(kind, all)| all.iter().map(move |one| (kind, one)));
        let concerning = each.filter(|(kind, one)| one.may_concern(&anyone, *kind)).map(|(_, one)| one);
        let concerning: Vec<&Statement> = concerning.collect();
        let addresses: BTreeSet<*const Statement> = concerning.iter().map(|one| std::ptr::from_ref(*one)).collect();
        let matters = |one: &Statement| addresses.contains(&std::ptr::from_ref(one));
        let allowing = concerning.into_iter().filter(|statement| !statement.does(Effect::Allow).is_false());
        for statement in allowing {
            for principal in statement.principals(self.names()) {
                let Some((caller, context)) = self.as_caller(&principal) else { continue };
                let other = self.is_other(own, &principal);
                if other.is_false() {
                    continue;
                }
                let request = self.request(caller, action, resource, context);
                let decision = weigh_some(policies.iter().copied(), &request, &matters);
                let mut grants = decision.grants(&request).into_iter();
                let here = grants.find(|(hit, _)| std::ptr::eq(hit.statement, statement));
                let note = self.taken_for_another(own, &principal);
                all.extend(
                    here.map(|(_, truth)| Granted { note, ..Granted::new(statement, principal, other.and(truth)) }),
                );
            }
            all.extend(self.pinned_grants(own, policies, statement, action, resource));
        }
        let mut seen = BTreeSet::new();
        all.retain(|granted| seen.insert(granted.principal.origin.span));
        all
    }

    /// Everyone outside the account who may, but for those of whom another check tells: what is surely told there is not
    /// told again, and where it may be, it cannot be told here.
    pub fn foreign_grants_alone(
        &self,
        at: &Declared,
        policies: &[&Policy],
        action: &str,
        resource: &Text,
        told: &[Granted],
    ) -> Vec<Granted> {
        let foreign = self.foreign_grants(at, policies, action, resource).into_iter();
        let alone = foreign.map(|one| match told.iter().find(|other| other.is_at_place_of(&one)) {
            Some(other) => Granted { truth: one.truth.and(other.truth.clone().not()), ..one },
            None => one,
        });
        alone.filter(|one| !one.truth.is_false()).collect()
    }

    /// Every role, user and session who may, of whichever account.
    pub fn identity_grants(&self, policies: &[&Policy], action: &str, resource: &Text) -> Vec<Granted> {
        let statements = policies.iter().flat_map(|policy| policy.statements.candidates()).flatten();
        let principals = statements.flat_map(|statement| statement.principals(self.names()));
        let identities = principals.filter(|principal| matches!(principal.who, Who::Identity(_)));
        let each = identities.filter_map(|principal| {
            let (caller, context) = self.as_caller(&principal)?;
            let request = self.request(caller, action, resource, context);
            let here = |other: &Principal| match other.origin.span == principal.origin.span {
                true if !self.trusts(&principal.text) => Truth::yes(),
                _ => Truth::no(),
            };
            Some(self.granted(policies, &request, &here))
        });
        each.flatten().collect()
    }

    /// A finding for each statement that grants something; its other principals are beside it.
    pub fn forbid_each(&self, grants: Vec<Granted>, label: &'static str, otherwise: &'static str) -> Verdict {
        let mut by_place: Vec<Granted> = Vec::new();
        for granted in grants {
            match by_place.iter_mut().find(|known| known.is_at_place_of(&granted)) {
                Some(known) if !known.truth.is_true() => known.truth = known.truth.clone().or(granted.truth),
                Some(_) => {}
                None => by_place.push(granted),
            }
        }
        let each = by_place.into_iter().map(|granted| {
            let verdict = forbid(granted.truth).part(&granted.part);
            match granted.note {
                Some(note) => verdict.label(format!("{label}: {note}")),
                None => verdict.label(label),
            }
        });
        each.fold(Verdict::pass(otherwise), Verdict::and).once_each()
    }

    /// Forbids statements that let anyone at all do one of these actions.
    pub fn forbid_public(
        &self,
        policies: &[&Policy],
        actions: &[&str],
        resources: &[Text],
        label: &'static str,
    ) -> Verdict {
        let asked = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
        let grants = asked.flat_map(|(action, resource)| self.open_to_anyone(policies, action, resource)).collect();
        self.forbid_each(grants, label, "no statement lets everyone in").and(opaque_statements(policies))
    }

    /// Everyone, narrowed by a condition to accounts or an organization that are others.
    fn pinned_grants(
        &self,
        own: Own,
        policies: &[&Policy],
        statement: &Statement,
        action: &str,
        resource: &Text,
    ) -> Vec<Granted> {
        let names_everyone = |principal: &Principal| principal.who == Who::Everyone;
        if !statement.principals(self.names()).iter().any(names_everyone) {
            return Vec::new();
        }
        let mut all = Vec::new();
        for (context, other, note) in self.pins(own, statement) {
            let request = self.request(Caller::Stranger, action, resource, context);
            let is_meant = |principal: &Principal| match names_everyone(principal) {
                true => other.clone(),
                false => Truth::no(),
            };
            let here = self.granted(policies, &request, &is_meant);
            let here = here.into_iter().filter(|granted| granted.part == statement.name);
            all.extend(here.map(|granted| Granted { note: note.clone(), ..granted }));
            // One that surely may is enough: they are all let in at the same place.
            if all.iter().any(|granted| granted.truth.is_true()) {
                break;
            }
        }
        all
    }

    /// What the requests of those carry whom the conditions of a statement pin, whether they are others, and what is to
    /// be said of it.
    fn pins(&self, own: Own, statement: &Statement) -> Vec<(Context, Truth, Option<String>)> {
        let of_organization = |test: &Test| ORGANIZATION.iter().any(|known| test.is_of(known));
        // No account and no organization is called by a star, where it is not taken for a wildcard.
        let values = |operator: &str, test: &Test| -> Vec<Text> {
            let is_exact = Operator::parse(operator).is_some_and(|it| it.is_exact());
            let is_star = |value: &Text| value.literal().is_some_and(|text| text.contains(['*', '?']));
            let all = test.values.candidates().into_iter().flatten().flat_map(|value| value.candidates());
            all.map(|value| self.names().resolve(value)).filter(|value| !(is_exact && is_star(value))).collect()
        };
        let trusts = |operator: &str, test: &Test| values(operator, test).iter().all(|value| self.trusts(value));
        let stranger = Context::of_stranger().at_a_network();
        // An account may be of an organization that is named beside it.
        let is_trusted = statement.tests().any(|(operator, test)| of_organization(test) && trusts(operator, test));
        let member = match is_trusted {
            true => stranger.clone(),
            false => ORGANIZATION.into_iter().fold(stranger.clone(), |all, key| all.with(key, Known::Free)),
        };
        let mut pins: Vec<(Context, Truth, Option<String>)> = Vec::new();
        for (operator, test) in statement.tests() {
            for known in ACCOUNTS.iter().filter(|known| test.is_of(known)) {
                pins.extend(values(operator, test).into_iter().map(|value| {
                    let principal = Principal::named(&value, &test.origin);
                    let other = self.is_other_account(own, &principal);
                    let account = principal.account().map_or(Known::Free, |account| Known::One(account.clone()));
                    let member = match *known {
                        "aws:SourceAccount" => member.clone(),
                        _ => CALLERS.into_iter().fold(member.clone(), |all, key| all.with(key, account.clone())),
                    };
                    let member = member.with("aws:PrincipalArn", Known::Free).with(known, Known::One(value));
                    (member, other, self.taken_for_another(own, &principal))
                }));
            }
            if of_organization(test) {
                let other = if trusts(operator, test) { Truth::no() } else { Truth::yes() };
                pins.push((stranger.clone().with(&test.key, Known::Free), other, None));
            }
        }
        pins
    }

    fn granted(&self, policies: &[&Policy], request: &Request, is_meant: &dyn Fn(&Principal) -> Truth) -> Vec<Granted> {
        let decision = weigh(policies.iter().copied(), request);
        let grants = decision.grants(request);
        let each = grants.into_iter().flat_map(|(hit, truth): (&Hit, Truth)| {
            let principals = hit.statement.principals(self.names()).into_iter();
            principals.map(move |principal| (hit.statement, principal, truth.clone()))
        });
        let meant = each.map(|(statement, principal, truth)| {
            let truth = is_meant(&principal).and(truth);
            Granted::new(statement, principal, truth)
        });
        meant.filter(|granted| !granted.truth.is_false()).collect()
    }

    /// A named principal as who asks, with what its requests carry.
    fn as_caller(&self, principal: &Principal) -> Option<(Caller, Context)> {
        let context = Context::of(Known::Free).with("aws:PrincipalIsAWSService", Known::One("false".into()));
        let context = match principal.account() {
            Some(account) => context
                .with("aws:PrincipalAccount", Known::One(account.clone()))
                .with("kms:CallerAccount", Known::One(account.clone())),
            None => context,
        };
        match &principal.who {
            Who::Account(_) => Some((Caller::Named(principal.text.clone()), context)),
            Who::Identity(_) => {
                let context = context.with("aws:PrincipalArn", Known::One(principal.text.clone()));
                Some((Caller::Named(principal.text.clone()), context))
            }
            Who::Federated | Who::Canonical | Who::Unknown(_) => Some((Caller::Same(principal.origin.span), context)),
            Who::Everyone | Who::Service | Who::Deleted => None,
        }
    }

    /// The account of `at`, as some policies write it.
    fn own<'d>(&self, at: &'d Declared, policies: &[&Policy]) -> Own<'d> {
        let account = self.names().resolve(&at.home.account);
        let symbol = account.pieces().first().filter(|_| account.hole().is_some());
        let is_shown = |symbol: &Piece| policies.iter().any(|policy| policy.writes(symbol, self.names()));
        Own { at, is_shown: symbol.is_some_and(is_shown) }
    }

    /// Whether a principal is outside the own account, and not trusted by name.
    fn is_other(&self, own: Own, principal: &Principal) -> Truth {
        match &principal.who {
            _ if self.trusts(&principal.text) => Truth::no(),
            Who::Account(_) | Who::Identity(_) => self.is_other_account(own, principal),
            Who::Federated => Truth::yes(),
            Who::Canonical => Truth::unknown(Why::new(
                WhyKind::AfterApply,
                "CanonicalUser",
                "a canonical user id does not tell whose it is",
            )),
            Who::Unknown(why) => Truth::unknown(why.clone()),
            Who::Everyone => Truth::yes(),
            Who::Service | Who::Deleted => Truth::no(),
        }
    }

    fn is_other_account(&self, own: Own, principal: &Principal) -> Truth {
        match principal.account() {
            Some(account) if self.trusts(account) || self.trusts(&principal.text) => Truth::no(),
            Some(_) if self.taken_for_another(own, principal).is_some() => Truth::yes(),
            Some(account) => account.same(&own.at.home.account).not(),
            None if principal.text.hole().is_some_and(|hole| hole.of == Of::Foreign) => Truth::yes(),
            None => match principal.text.why() {
                Some(why) => Truth::unknown(why),
                None => Truth::yes(),
            },
        }
    }

    /// That a literal id is taken for another account's, where only the company that it is in says so.
    fn taken_for_another(&self, own: Own, principal: &Principal) -> Option<String> {
        let id = principal.account()?.literal().filter(|id| own.is_shown && is_account_id(id))?;
        let is_open = matches!(Text::from(id).same(&own.at.home.account), Truth::Unknown(..));
        is_open.then(|| format!("`{id}`, beside this account's own id, is taken for another account"))
    }

    /// Whether the run trusts a principal, account or organization by its name.
    pub fn trusts(&self, name: &Text) -> bool {
        name.literal().is_some_and(|name| self.settings.trusted.iter().any(|trusted| trusted == name))
    }
}

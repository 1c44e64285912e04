//! Member accounts and organizational units as declared, and which service control policies bind an account: those that
//! are attached to it, to the units above it, or to the root (AWS Organizations User Guide, "SCP evaluation").

use super::aim::{Aim, EVIDENCE_KEYS, EVIDENCE_LOG_GROUPS};
use super::{Cx, Declared, Guard, OrganizationPolicy, properties as p};
use crate::read::Record;
use crate::value::{Hole, Of, Piece, Related, Text, Truth, Value, Verdict, Why, require};

/// A member account as declared.
#[derive(Clone, Debug)]
pub struct Account {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its id, where it exists.
    id: Value<Option<Text>>,
    /// What it is in: the root or a unit; the root, where it is left out.
    parents: Value<Option<Vec<Value<Text>>>>,
}

/// An organizational unit as declared.
#[derive(Clone, Debug)]
pub struct Unit {
    at: Declared,
    id: Value<Option<Text>>,
    parent: Value<Option<Text>>,
}

impl Account {
    pub(super) fn lower(record: &Record) -> Account {
        let block = record.block();
        Account { at: Declared::new(record), id: block.text(&p::ACCOUNT_ID), parents: block.texts(&p::ACCOUNT_PARENTS) }
    }

    /// Whether a text names it: by a reference, by its id, by an ARN of something in it.
    fn is_named(&self, text: &Text) -> bool {
        let id = self.id.get().and_then(|id| id.as_ref()?.literal());
        let is_part = |part: &str| id == Some(part);
        let is_of = |piece: &Piece| is_of(piece, &self.at, &["id", "AccountId"]);
        text.pieces().iter().any(is_of) || text.literal().is_some_and(|text| text.split(':').any(is_part))
    }
}

impl Unit {
    pub(super) fn lower(record: &Record) -> Unit {
        let block = record.block();
        Unit { at: Declared::new(record), id: block.text(&p::UNIT_ID), parent: block.text(&p::UNIT_PARENT) }
    }

    /// Whether a text is its id.
    fn is_named(&self, text: &Text) -> bool {
        let own = self.id.get().and_then(Option::as_ref);
        own == Some(text) || text.pieces().iter().any(|piece| is_of(piece, &self.at, &["id", "Id"]))
    }
}

fn is_of(piece: &Piece, at: &Declared, attributes: &[&str]) -> bool {
    match piece {
        Piece::Hole(Hole { instance, of: Of::Resource { address, attribute } }) => {
            *instance == at.instance && *address == at.address && attributes.contains(&&**attribute)
        }
        _ => false,
    }
}

/// Whether an id is that of the root; an organization has one.
fn is_root(id: &Text) -> bool {
    let attribute =
        matches!(id.hole(), Some(Hole { of: Of::Resource { attribute, .. }, .. }) if &**attribute == "RootId");
    attribute || id.literal().is_some_and(|id| id.starts_with("r-"))
}

impl<'a> Cx<'a> {
    /// Whether what an account holds of the audit trail is kept from its own identities.
    pub fn is_protected(&self, account: &Account) -> Verdict {
        let mut verdict =
            Verdict::not_applicable("nothing in this run shows that the account holds a part of the trail");
        let scopes = || self.estate.scopes.iter();
        let trails = scopes().flat_map(|scope| &scope.trails);
        let keys =
            trails.clone().map(|trail| (&trail.key, &trail.at, EVIDENCE_KEYS, "encrypts its logs with a key of it"));
        let groups =
            trails.map(|trail| (&trail.log_group, &trail.at, EVIDENCE_LOG_GROUPS, "writes to a log group of it"));
        let stores = scopes().flat_map(|scope| &scope.stores);
        let stores = stores.map(|store| (&store.key, &store.at, EVIDENCE_KEYS, "encrypts its events with a key of it"));
        for (text, holder, aim, label) in keys.chain(groups).chain(stores) {
            let mentions = |text: &&Text| account.is_named(text);
            let Some(arn) = text.candidates().into_iter().flatten().find(mentions) else { continue };
            let related = Related { label: label.into(), span: holder.span };
            verdict = verdict.and(self.is_kept(account, arn, aim, related));
        }
        verdict
    }

    fn is_kept(&self, account: &Account, arn: &Text, aim: Aim, holder: Related) -> Verdict {
        let policies = || self.estate.scopes.iter().flat_map(|scope| &scope.organization_policies);
        let each: Vec<(&str, Truth)> = aim
            .actions
            .iter()
            .map(|call| {
                let denying = policies().map(|policy| (policy, Guard::new(self, policy, aim).denies_on(call, arn)));
                let denying: Vec<(&OrganizationPolicy, Truth)> =
                    denying.filter(|(_, truth)| !truth.is_false()).collect();
                let bound = denying.iter().map(|(policy, truth)| truth.clone().and(self.binds(policy, account)));
                let none = || {
                    let why = || Why::not_visible(call, format!("no policy of this run denies {call} there"));
                    match self.scope.live.as_ref().map(|live| live.policies_listed.is(true)) {
                        Some(Truth::True(_)) => Truth::no(),
                        _ => Truth::unknown(why()),
                    }
                };
                (*call, if denying.is_empty() { none() } else { Truth::any(bound) })
            })
            .collect();
        let free: Vec<&str> = each.iter().filter(|(_, truth)| truth.is_false()).map(|(call, _)| *call).collect();
        let label =
            format!("identities of the account may call {}: the policy against it binds others", free.join(", "));
        let truth = Truth::all(each.into_iter().map(|(_, truth)| truth));
        let verdict = require(crate::value::bare(truth).placed(account.at.span)).or_at(account.at.span).label(label);
        verdict.related(holder.label, holder.span)
    }

    /// Whether a policy is attached to an account, or above it.
    fn binds(&self, policy: &OrganizationPolicy, account: &Account) -> Truth {
        let (way, is_whole) = self.way_up(account);
        let is_on_way = |target: &Text| -> Truth {
            if is_root(target) || way.contains(target) || account.is_named(target) {
                return Truth::yes();
            }
            // Another declared unit or account is not on the way; of an id, that can be said where the way is one of ids.
            let is_declared = matches!(target.hole(), Some(Hole { of: Of::Resource { .. }, .. }));
            let is_unit = target.literal().is_some_and(|id| id.starts_with("ou-"));
            let in_ids = way.iter().all(|step| step.literal().is_some());
            match target.why() {
                _ if is_whole && (is_declared || (is_unit && in_ids)) => Truth::no(),
                Some(why) => Truth::unknown(why),
                None => {
                    let text = "what lies above the account is not declared in this run";
                    Truth::unknown(Why::not_visible("organizational unit", text))
                }
            }
        };
        let attached = policy.targets.ask(&|targets, _| {
            Truth::any(targets.iter().flatten().map(|target| target.ask(&|target, _| is_on_way(target))))
        });
        policy.is_service_control().and(policy.at.exists()).and(attached)
    }

    /// The ids of what an account is in, from the nearest on, and whether the root is among them.
    fn way_up(&self, account: &Account) -> (Vec<Text>, bool) {
        let mut way = Vec::new();
        let mut next = match account.parents.get() {
            Some(None) => return (way, true),
            Some(Some(parents)) => parents.first().and_then(Value::get).cloned(),
            None => None,
        };
        let units = || self.estate.scopes.iter().flat_map(|scope| &scope.units);
        // Units nest five deep; whoever declares a circle ends here.
        while let (Some(id), true) = (&next, way.len() < 8) {
            way.push(id.clone());
            if is_root(id) {
                return (way, true);
            }
            let unit = units().find(|unit| unit.is_named(id));
            next = unit.and_then(|unit| unit.parent.get().cloned().flatten());
        }
        (way, false)
    }
}

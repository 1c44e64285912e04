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
    /// What it is in: the root or a unit; the root, where it is left out.
    parents: Value<Option<Vec<Value<Text>>>>,
}

/// An organizational unit as declared.
#[derive(Clone, Debug)]
pub struct Unit {
    at: Declared,
    parent: Value<Option<Text>>,
}

impl Account {
    pub(super) fn lower(record: &Record) -> Account {
        Account { at: Declared::new(record), parents: record.block().texts(&p::ACCOUNT_PARENTS) }
    }

    /// Whether a text names it.
    fn is_named(&self, piece: &Piece) -> bool {
        is_of(piece, &self.at, &["id", "AccountId"])
    }
}

impl Unit {
    pub(super) fn lower(record: &Record) -> Unit {
        Unit { at: Declared::new(record), parent: record.block().text(&p::UNIT_PARENT) }
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
            let mentions = |text: &&Text| text.pieces().iter().any(|piece| account.is_named(piece));
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
                let none =
                    || Truth::unknown(Why::not_visible(call, format!("no policy of this run denies {call} there")));
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
            if is_root(target) || way.contains(target) || target.pieces().iter().any(|piece| account.is_named(piece)) {
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
            let unit = units().find(|unit| id.pieces().iter().any(|piece| is_of(piece, &unit.at, &["id", "Id"])));
            next = unit.and_then(|unit| unit.parent.get().cloned().flatten());
        }
        (way, false)
    }
}

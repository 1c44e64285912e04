//! Member accounts and organizational units as declared, and which service control policies bind an account: those that
//! are attached to it, to the units above it, or to the root (AWS Organizations User Guide, "SCP evaluation").

use super::{Cx, Declared, Live, OrganizationPolicy, Scope, properties as p};
use crate::read::Record;
use crate::value::{Hole, Of, Origin, Piece, Text, Truth, Value, Why};

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

    /// The account of some evidence, where the organization's does not tell what it is in.
    pub(super) fn of(live: &Live) -> Account {
        let origin = Origin { span: live.at.span, property: "".into(), written: false };
        let why = Why::not_visible("organizational unit", "what the account is in is not in this run's evidence");
        let id = Value::known(Some(Text::from(&*live.at.address)), origin.clone());
        Account { at: live.at.clone(), id, parents: Value::unknown(why, origin) }
    }

    /// Its id, where it exists.
    pub(super) fn id(&self) -> Option<Text> {
        self.id.get()?.clone()
    }

    /// Whether a text names it: by a reference, by its id, by an ARN of something in it.
    pub(super) fn is_named(&self, text: &Text) -> bool {
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

impl Scope {
    /// By what the evidence of an account and that of its organization find each other: what hangs above it is told there.
    pub(super) fn accounts_of_organization(&self) -> impl Iterator<Item = Text> {
        let own = self.live.iter().map(|live| Text::from(&*live.at.address));
        let ids = own.chain(self.accounts.iter().filter_map(Account::id));
        ids.map(|id| Text::concat([&"account:".into(), &id]))
    }
}

/// Whether an id is that of the root; an organization has one.
fn is_root(id: &Text) -> bool {
    let attribute =
        matches!(id.hole(), Some(Hole { of: Of::Resource { attribute, .. }, .. }) if &**attribute == "RootId");
    attribute || id.literal().is_some_and(|id| id.starts_with("r-"))
}

impl<'a> Cx<'a> {
    /// Whether a policy is attached to an account, or above it.
    pub(super) fn binds(&self, policy: &OrganizationPolicy, account: &Account) -> Truth {
        let (way, is_whole) = self.way_up(account);
        let is_on_way = |target: &Text| -> Truth {
            if is_root(target) || way.contains(target) || account.is_named(target) {
                return Truth::yes();
            }
            // Another declared unit or account is not on the way; of an id, that can be said where the way is one of ids.
            let is_declared = matches!(target.hole(), Some(Hole { of: Of::Resource { .. }, .. }));
            let is_unit = target.literal().is_some_and(|id| id.starts_with("ou-"));
            // Nor is another account, where both ids are known.
            let is_id = |text: &Text| text.literal().is_some_and(|id| id.len() == 12 && !id.contains('-'));
            let is_account = is_id(target) && account.id().as_ref().is_some_and(is_id);
            let in_ids = way.iter().all(|step| step.literal().is_some());
            match target.why() {
                _ if is_account => Truth::no(),
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

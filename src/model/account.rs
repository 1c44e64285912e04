//! Member accounts and organizational units as declared, and which service control policies bind an account: those that
//! are attached to it, to the units above it, or to the root (AWS Organizations User Guide, "SCP evaluation").

use super::{Cx, Declared, Live, OrganizationPolicy, Scope, properties as p};
use crate::read::Record;
use crate::source::Span;
use crate::value::{Hole, Of, Origin, Piece, Text, Truth, Value, Why, is_account_id};

/// A member account as declared.
#[derive(Clone, Debug)]
pub struct Account {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its id, where it exists.
    id: Value<Option<Text>>,
    /// What it is in: the root or a unit; the root, where it is left out.
    parents: Value<Option<Vec<Value<Text>>>>,
    /// `ACTIVE`, `SUSPENDED` and so on, which only evidence says.
    state: Value<Option<Text>>,
}

/// An organizational unit as declared.
#[derive(Clone, Debug)]
pub struct Unit {
    pub(super) at: Declared,
    id: Value<Option<Text>>,
    parent: Value<Option<Text>>,
}

impl Account {
    pub(super) fn lower(record: &Record) -> Account {
        let block = record.block();
        Account {
            at: Declared::new(record),
            id: block.text(&p::ACCOUNT_ID),
            parents: block.texts(&p::ACCOUNT_PARENTS),
            state: block.word(&p::ACCOUNT_STATE),
        }
    }

    /// The account of some evidence, where the organization's does not tell what it is in.
    pub(super) fn of(live: &Live) -> Account {
        let origin = Origin { span: live.at.span, property: "".into(), written: false };
        let why = Why::not_visible("organizational unit", "what the account is in is not in this run's evidence");
        let id = Value::known(Some(Text::from(&*live.at.address)), origin.clone());
        let state = Value::known(None, origin.clone());
        Account { at: live.at.clone(), id, parents: Value::unknown(why, origin), state }
    }

    /// Whether it is closed, so that nobody acts in it.
    pub(super) fn is_suspended(&self) -> bool {
        self.state.get().and_then(|state| state.as_ref()?.literal()) == Some("SUSPENDED")
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

    /// Its id and where it stands, where it exists.
    pub(super) fn id(&self) -> Option<(&Text, Span)> {
        Some((self.id.get()?.as_ref()?, self.id.origin.span))
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

/// An account and what it is in, as far as the run shows it.
#[derive(Clone, Debug)]
pub(super) struct Way<'a> {
    account: &'a Account,
    /// The ids of what it is in, from the nearest on.
    steps: Vec<Text>,
    /// Whether they lead to the root.
    is_whole: bool,
    /// Why there may be more, where they do not.
    unseen: Why,
}

impl Way<'_> {
    /// Whether the account is in what has this id, or is it.
    pub(super) fn leads_to(&self, target: &Text) -> Truth {
        if is_root(target) || self.steps.contains(target) || self.account.is_named(target) {
            return Truth::yes();
        }
        // Another declared unit or account is not on the way; of an id, that can be said where the way is one of ids.
        let is_declared = matches!(target.hole(), Some(Hole { of: Of::Resource { .. }, .. }));
        let is_unit = target.literal().is_some_and(|id| id.starts_with("ou-"));
        // Nor is another account, where both ids are known.
        let is_id = |text: &Text| text.literal().is_some_and(is_account_id);
        let is_account = is_id(target) && self.account.id().as_ref().is_some_and(is_id);
        match target.why() {
            _ if is_account => Truth::no(),
            _ if (self.is_whole && is_declared) || (self.is_settled() && is_unit) => Truth::no(),
            Some(why) => Truth::unknown(why),
            None => Truth::unknown(self.unseen.clone()),
        }
    }

    /// Whether a policy is attached to the account, or above it.
    pub(super) fn binds(&self, policy: &OrganizationPolicy) -> Truth {
        let attached = policy.targets.ask(&|targets, _| {
            Truth::any(targets.iter().flatten().map(|target| target.ask(&|target, _| self.leads_to(target))))
        });
        policy.is_service_control().and(policy.at.exists()).and(attached)
    }

    /// All that the account is known to be in, the root last, and itself.
    pub(super) fn places(&self) -> Vec<Text> {
        let units = self.steps.iter().filter(|step| !is_root(step)).cloned();
        self.account.id().into_iter().chain(units).chain([place_of(&"r-".into())]).collect()
    }

    /// Whether it is in nothing else.
    pub(super) fn is_settled(&self) -> bool {
        self.is_whole && self.steps.iter().all(|step| step.literal().is_some())
    }
}

/// What an id is looked up by: an organization has one root, whatever it is called.
pub(super) fn place_of(id: &Text) -> Text {
    if is_root(id) { Text::from("r-") } else { id.clone() }
}

impl<'a> Cx<'a> {
    /// What an account is in.
    pub(super) fn way_up<'b>(&self, account: &'b Account) -> Way<'b> {
        let text = "what lies above the account is not in this run";
        let unlisted = self.of_organization().find_map(|scope| scope.live.as_ref()?.unlisted_tree());
        let unseen = unlisted.unwrap_or_else(|| Why::not_visible("organizational unit", text));
        let mut way = Way { account, steps: Vec::new(), is_whole: false, unseen };
        let mut next = match account.parents.get() {
            Some(None) => return Way { is_whole: true, ..way },
            Some(Some(parents)) => parents.first().and_then(Value::get).cloned(),
            None => None,
        };
        let units = || self.estate.scopes.iter().flat_map(|scope| &scope.units);
        // Units nest five deep; whoever declares a circle ends here.
        while let (Some(id), true) = (&next, way.steps.len() < 8) {
            way.steps.push(id.clone());
            if is_root(id) {
                return Way { is_whole: true, ..way };
            }
            let unit = units().find(|unit| unit.is_named(id));
            next = unit.and_then(|unit| unit.parent.get().cloned().flatten());
        }
        way
    }
}

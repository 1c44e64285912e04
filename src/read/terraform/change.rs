//! What a plan changes: the two sides of it as states of their own, and what becomes of each resource.

use super::plan::{Known, Plan, Side};
use super::root::Root;
use super::types;
use crate::read::{Change, Fate};
use crate::source::Span;

impl Root {
    /// What its plan is about to do; none where it does nothing to what is read.
    pub(super) fn planned_change(&self) -> Option<Change<'_>> {
        let plan = self.plan.as_deref()?;
        let managed = || plan.resources.values().filter(|known| !known.is_data && types::wanted(&known.kind));
        if managed().all(|known| known.actions.is_no_op()) {
            return None;
        }
        let fate = |known: &Known| match known.actions {
            actions if actions.replaces() => Fate::Replaced,
            actions if actions.delete => Fate::Destroyed,
            _ => Fate::Stays,
        };
        let fates = managed().map(|known| (known.address.clone(), (fate(known), self.place_of(plan, known))));
        Some(Change {
            before: Box::new(self.beside(plan.as_state(Side::Before))),
            after: Box::new(self.beside(plan.as_state(Side::After))),
            fates: fates.collect(),
        })
    }

    /// Where to show what becomes of a resource: what forces it to be replaced, else its block; the plan, where the sources
    /// are not there or declare it no more.
    fn place_of(&self, plan: &Plan, known: &Known) -> Span {
        let Some((_, resource)) = self.declaration(&known.address).filter(|_| !plan.is_alone) else {
            return known.span;
        };
        let forced = known.forced_by.as_deref().and_then(|name| resource.body.get(name));
        forced.map_or(resource.span, |expr| expr.span)
    }

    /// Where the resource of an address is declared, whatever its keys are; none where the sources do not declare it.
    pub fn declared_at(&self, address: &str) -> Option<Span> {
        Some(self.declaration(address)?.1.span)
    }
}

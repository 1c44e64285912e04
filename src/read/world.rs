//! A world: what is taken as given while an estate is looked at.
//!
//! A subject is judged in the world in which it exists, and where a verdict hangs on a condition, in the worlds with that
//! condition set each way. Assigning a condition carries what it implies: in the world where `IsProd` (`Env` equals
//! `prod`) holds, `Env` *is* `prod`, and `IsDev` does not hold. The dialect's reader works out the implications; this
//! type only keeps them.

use crate::value::{Condition, Hole, Of};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is taken as given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct World {
    assigned: BTreeMap<Condition, bool>,
    bound: BTreeMap<Hole, Arc<str>>,
    excluded: BTreeSet<(Hole, Arc<str>)>,
    released: BTreeSet<Hole>,
    atoms: BTreeMap<Arc<str>, bool>,
}

impl World {
    /// The conditions that were set, and how.
    pub fn assigned(&self) -> &BTreeMap<Condition, bool> {
        &self.assigned
    }

    /// How a condition was set.
    pub fn get(&self, condition: &Condition) -> Option<bool> {
        self.assigned.get(condition).copied()
    }

    /// The value that a hole must have.
    pub fn bound(&self, hole: &Hole) -> Option<&Arc<str>> {
        self.bound.get(&plain(hole))
    }

    /// Whether a hole cannot have a value.
    pub fn excludes(&self, hole: &Hole, literal: &str) -> bool {
        self.excluded.contains(&(plain(hole), literal.into()))
    }

    /// Whether the default of a parameter counts no more, because what was set contradicts it.
    pub fn releases(&self, hole: &Hole) -> bool {
        self.released.contains(&plain(hole))
    }

    /// How an expression that is neither true nor false by itself was set.
    pub fn atom(&self, expression: &str) -> Option<bool> {
        self.atoms.get(expression).copied()
    }

    /// Sets a condition. False where it was set the other way.
    pub fn assign(&mut self, condition: Condition, value: bool) -> bool {
        *self.assigned.entry(condition).or_insert(value) == value
    }

    /// Binds a hole to a value. False where it cannot have it.
    pub fn bind(&mut self, hole: &Hole, literal: &str) -> bool {
        !self.excludes(hole, literal) && &**self.bound.entry(plain(hole)).or_insert_with(|| literal.into()) == literal
    }

    /// Rules out a value of a hole. False where it must have it.
    pub fn exclude(&mut self, hole: &Hole, literal: &str) -> bool {
        let free = self.bound(hole).is_none_or(|value| &**value != literal);
        self.excluded.insert((plain(hole), literal.into()));
        free
    }

    /// Lets go of a parameter's default.
    pub fn release(&mut self, hole: &Hole) {
        self.released.insert(plain(hole));
    }

    /// Sets an expression. False where it was set the other way.
    pub fn set_atom(&mut self, expression: &str, value: bool) -> bool {
        *self.atoms.entry(expression.into()).or_insert(value) == value
    }
}

/// A parameter's hole by its identity alone: what is known of its content grows from world to world.
fn plain(hole: &Hole) -> Hole {
    match &hole.of {
        Of::Parameter { name, .. } => {
            Hole { instance: hole.instance, of: Of::Parameter { name: name.clone(), filled: false, plain: false } }
        }
        _ => hole.clone(),
    }
}

//! A world: what is taken as given while an estate is looked at.
//!
//! A subject is judged in the world in which it exists, and where a verdict hangs on a condition, in the worlds with that
//! condition set each way. Assigning a condition carries what it implies: in the world where `IsProd` (`Env` equals
//! `prod`) holds, `Env` *is* `prod`, and `IsDev` does not hold. The dialect's reader works out the implications; this
//! type only keeps them.

use crate::value::{Condition, Hole, Of};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What is taken as given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct World {
    assigned: BTreeMap<Condition, bool>,
    bound: BTreeMap<Hole, Arc<str>>,
    excluded: BTreeSet<(Hole, Arc<str>)>,
    released: BTreeSet<Hole>,
    atoms: BTreeMap<Arc<str>, bool>,
    watch: Watch,
}

/// Something that a world may say of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Condition(Condition),
    Hole(Hole),
    Atom(Arc<str>),
}

/// What was asked of a world while something was worked out: in every world that says nothing of these, it comes out the
/// same.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<BTreeSet<Key>>);

/// Which of several things may come out otherwise in a world.
#[derive(Debug, Default)]
pub struct Dependents(BTreeMap<Key, Vec<usize>>);

impl Asked {
    /// What was asked for one thing and for another.
    pub fn and(&self, other: &Asked) -> Asked {
        match (self.0.is_empty(), other.0.is_empty()) {
            (true, _) => other.clone(),
            (_, true) => self.clone(),
            _ => Asked(Arc::new(self.0.union(&other.0).cloned().collect())),
        }
    }
}

impl Dependents {
    /// From what each of them asked, in the world in which nothing is taken as given.
    pub fn new<'a>(all: impl Iterator<Item = &'a Asked>) -> Dependents {
        let mut places: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (place, asked) in all.enumerate() {
            for key in asked.0.iter() {
                places.entry(key.clone()).or_default().push(place);
            }
        }
        Dependents(places)
    }

    /// The places of those that asked for something that a world says.
    pub fn of(&self, world: &World) -> BTreeSet<usize> {
        let conditions = world.assigned.keys().cloned().map(Key::Condition);
        let holes = world.bound.keys().chain(&world.released).chain(world.excluded.iter().map(|(hole, _)| hole));
        let keys = conditions.chain(holes.cloned().map(Key::Hole)).chain(world.atoms.keys().cloned().map(Key::Atom));
        keys.filter_map(|key| self.0.get(&key)).flatten().copied().collect()
    }
}

/// The lists of what is asked, the innermost last; none where it is not noted. Two worlds are one however they are watched.
#[derive(Clone, Debug, Default)]
struct Watch(Option<Arc<Mutex<Vec<BTreeSet<Key>>>>>);

impl PartialEq for Watch {
    fn eq(&self, _: &Watch) -> bool {
        true
    }
}

impl Eq for Watch {}

impl PartialOrd for Watch {
    fn partial_cmp(&self, other: &Watch) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Watch {
    fn cmp(&self, _: &Watch) -> Ordering {
        Ordering::Equal
    }
}

impl Watch {
    fn lists(&self) -> Option<MutexGuard<'_, Vec<BTreeSet<Key>>>> {
        Some(self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, key: impl FnOnce() -> Key) {
        if let Some(list) = self.lists().as_mut().and_then(|lists| lists.last_mut()) {
            list.insert(key());
        }
    }
}

impl World {
    /// The same world, where what it is asked is noted, by those that are made of it too.
    pub fn watched(&self) -> World {
        World { watch: Watch(Some(Arc::default())), ..self.clone() }
    }

    /// Whether what it is asked is noted.
    pub fn is_watched(&self) -> bool {
        self.watch.0.is_some()
    }

    /// Works something out, with what it asked of the world; what is worked out around it asked the same.
    pub fn noting<T>(&self, work: impl FnOnce() -> T) -> (T, Asked) {
        match self.watch.lists() {
            Some(mut lists) => lists.push(BTreeSet::new()),
            None => return (work(), Asked::default()),
        }
        let done = work();
        let asked = self.watch.lists().and_then(|mut lists| lists.pop()).unwrap_or_default();
        let asked = Asked(Arc::new(asked));
        self.note(&asked);
        (done, asked)
    }

    /// Notes what was asked when something was worked out that is used again.
    pub fn note(&self, asked: &Asked) {
        if let Some(list) = self.watch.lists().as_mut().and_then(|lists| lists.last_mut()) {
            list.extend(asked.0.iter().cloned());
        }
    }

    /// The conditions that were set, and how.
    pub fn assigned(&self) -> &BTreeMap<Condition, bool> {
        &self.assigned
    }

    /// How a condition was set.
    pub fn get(&self, condition: &Condition) -> Option<bool> {
        self.watch.note(|| Key::Condition(condition.clone()));
        self.assigned.get(condition).copied()
    }

    /// The value that a hole must have.
    pub fn bound(&self, hole: &Hole) -> Option<&Arc<str>> {
        let hole = plain(hole);
        let bound = self.bound.get(&hole);
        self.watch.note(|| Key::Hole(hole));
        bound
    }

    /// Whether a hole cannot have a value.
    pub fn excludes(&self, hole: &Hole, literal: &str) -> bool {
        let hole = plain(hole);
        self.watch.note(|| Key::Hole(hole.clone()));
        self.excluded.contains(&(hole, literal.into()))
    }

    /// Whether the default of a parameter counts no more, because what was set contradicts it.
    pub fn releases(&self, hole: &Hole) -> bool {
        let hole = plain(hole);
        self.watch.note(|| Key::Hole(hole.clone()));
        self.released.contains(&hole)
    }

    /// How an expression that is neither true nor false by itself was set.
    pub fn atom(&self, expression: &str) -> Option<bool> {
        self.watch.note(|| Key::Atom(expression.into()));
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

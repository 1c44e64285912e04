//! What an evaluation may still do, and what it is in the middle of.
//!
//! An evaluation starts others: a side of an `Fn::If` is looked at in the world with its condition set, and to set a
//! condition is to evaluate what it implies. All of them share one [`Work`]: one depth, one budget, one list of the names
//! that are being worked out, so that what refers to itself is found wherever the way leads through. What was worked out
//! once in a world is kept there.

use crate::read::tri::{Defaults, Tri};
use crate::read::weight::{too_large, weight};
use crate::read::{Asked, Datum, World};
use crate::source::Span;
use crate::value::{Condition, Why, WhyKind};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Most values that an evaluation makes, and so many more for each resource of the stack: loops, copies of large values and
/// conditions that lead to conditions end here.
const MAX_STEPS: usize = 500_000;
const STEPS_PER_RESOURCE: usize = 2_000;

/// Deepest chain from one place to another: values in values, conditions, nested stacks, outputs.
const MAX_DEPTH: usize = 400;

/// So many values are copied in the time in which one is made.
const COPIED_IN_A_STEP: usize = 8;

/// Something with a name that others refer to, in a frame.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Named {
    /// A condition.
    Condition(Condition),
    /// What a reference to a resource, or to an attribute of it, gives.
    Resource(usize, Arc<str>),
    /// What a nested stack was passed for a parameter.
    Parameter(usize, Arc<str>),
    /// An output of a nested stack.
    Output(usize, Arc<str>),
}

impl Named {
    /// Why it is unknown where it rests on itself.
    pub(super) fn rests_on_itself(&self) -> Why {
        let (what, name) = match self {
            Named::Condition(condition) => ("condition ", &condition.name),
            Named::Resource(_, name) => ("", name),
            Named::Parameter(_, name) => ("parameter ", name),
            Named::Output(_, name) => ("output ", name),
        };
        Why::new(WhyKind::Unsupported, name.clone(), format!("{what}`{name}` refers to itself"))
    }
}

/// A world that a condition was set in, with what is known there.
pub(super) struct Setting {
    pub(super) world: World,
    pub(super) memory: Rc<Memory>,
}

/// A world, a condition that is set in it, and how; and what counts there.
type Step = (World, Condition, bool, Defaults);

/// The worlds in which conditions were set; none where one cannot be so.
type Settings = BTreeMap<Step, (Option<Rc<Setting>>, Asked)>;

/// What was worked out in one world.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) conditions: RefCell<BTreeMap<Condition, (Tri, Asked)>>,
    /// Values by their names, and whether they were made to be compared.
    values: RefCell<BTreeMap<(Named, bool), (Datum, Asked)>>,
}

/// What evaluations share that one evaluation starts.
pub(super) struct Work {
    left: Cell<usize>,
    depth: Cell<usize>,
    /// How many comparisons of conditions are being worked out.
    comparing: Cell<usize>,
    open: RefCell<Vec<Named>>,
    circular: RefCell<BTreeSet<Named>>,
    settings: RefCell<Settings>,
}

impl Work {
    /// What is allowed for a stack of so many resources.
    pub(super) fn new(resources: usize) -> Rc<Work> {
        Rc::new(Work {
            left: Cell::new(resources.saturating_mul(STEPS_PER_RESOURCE).saturating_add(MAX_STEPS)),
            depth: Cell::new(0),
            comparing: Cell::new(0),
            open: RefCell::default(),
            circular: RefCell::default(),
            settings: RefCell::default(),
        })
    }

    /// Takes steps; false where there are not so many left, and then there are none for anything else either.
    fn spends(&self, steps: usize) -> bool {
        let left = self.left.get().checked_sub(steps);
        self.left.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Does something one level deeper; none where that is too deep, or too much was done.
    pub(super) fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        if !self.spends(1) || self.depth.get() >= MAX_DEPTH {
            return None;
        }
        self.depth.set(self.depth.get() + 1);
        let done = work();
        self.depth.set(self.depth.get() - 1);
        Some(done)
    }

    /// A value that may be a copy, where there is room for it.
    pub(super) fn bounded(&self, datum: Datum) -> Datum {
        match weight(&datum) {
            Some(weight) if self.spends(weight / COPIED_IN_A_STEP) => datum,
            _ => too_large(datum.span),
        }
    }

    /// Works out something that has a name; none where it rests on itself.
    pub(super) fn within<T>(&self, named: &Named, work: impl FnOnce() -> T) -> Option<T> {
        let at = self.open.borrow().iter().position(|open| open == named);
        if let Some(at) = at {
            // All between rest on themselves too.
            self.circular.borrow_mut().extend(self.open.borrow().iter().skip(at).cloned());
            return None;
        }
        self.open.borrow_mut().push(named.clone());
        let done = work();
        self.open.borrow_mut().pop();
        Some(done)
    }

    /// Whether something was found to rest on itself.
    pub(super) fn is_circular(&self, named: &Named) -> bool {
        self.circular.borrow().contains(named)
    }

    /// What was found to rest on itself.
    pub(super) fn circles(&self) -> BTreeSet<Named> {
        self.circular.borrow().clone()
    }

    /// Works out the sides of a comparison: conditions in them are told apart by whoever compares, not by worlds.
    pub(super) fn comparing<T>(&self, work: impl FnOnce() -> T) -> T {
        self.comparing.set(self.comparing.get() + 1);
        let done = work();
        self.comparing.set(self.comparing.get() - 1);
        done
    }

    /// Whether a comparison is being worked out.
    pub(super) fn compares(&self) -> bool {
        self.comparing.get() > 0
    }

    /// A value with a name, worked out once in a world; that it refers to itself, where it does.
    pub(super) fn remembered(
        &self,
        (world, memory): (&World, &Memory),
        named: Named,
        span: Span,
        work: impl FnOnce() -> Datum,
    ) -> Datum {
        let key = (named, self.compares());
        if let Some((known, asked)) = memory.values.borrow().get(&key) {
            world.note(asked);
            return self.bounded(Datum { span, ..known.clone() });
        }
        let (value, asked) = world.noting(|| self.within(&key.0, work));
        let Some(value) = value else {
            return Datum::unknown(key.0.rests_on_itself().at(span), span);
        };
        let value = self.bounded(value);
        memory.values.borrow_mut().insert(key, (value.clone(), asked));
        Datum { span, ..value }
    }

    /// The world with a condition set, worked out once.
    pub(super) fn setting(
        &self,
        world: &World,
        condition: &Condition,
        value: bool,
        defaults: Defaults,
        work: impl FnOnce() -> Option<World>,
    ) -> Option<Rc<Setting>> {
        let key = (world.clone(), condition.clone(), value, defaults);
        if let Some((known, asked)) = self.settings.borrow().get(&key) {
            world.note(asked);
            return known.clone();
        }
        let (next, asked) = world.noting(work);
        let setting = next.map(|world| Rc::new(Setting { world, memory: Rc::default() }));
        self.settings.borrow_mut().insert(key, (setting.clone(), asked));
        setting
    }
}

//! Estates in worlds, each lowered once; and which units can have to do with one another.

use crate::model::{Estate, Scope, Spot, TYPES};
use crate::read::{Again, Dependents, Groups, Record, Unit, World};
use crate::value::{Instance, Piece};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Most resources that are lowered over all the worlds that one unit is tried in: what would need more keeps its conditions
/// open.
const MAX_LOWERED: usize = 100_000;

/// Most resources that are lowered over the worlds in which the subjects of one unit exist. A subject beyond that is unknown.
const MAX_OWN: usize = 250_000;

/// As much as so many resources is a world itself, and one in which all resources are lowered again.
const A_WORLD: usize = 24;
const A_WHOLE_WORLD: usize = 192;

/// In so many worlds a unit may be tried however large it is.
const AT_LEAST: usize = 16;

/// What trying one condition takes.
const BOTH_SIDES: usize = 2;

/// The most units that one name links all with one another.
const MANY: usize = 64;

pub(super) fn lower(unit: &dyn Unit, world: &World) -> Scope {
    lower_but(unit, world, &[])
}

fn lower_but(unit: &dyn Unit, world: &World, left_out: &[&str]) -> Scope {
    let records = unit.records(world, &|kind| is_read(kind) && !left_out.contains(&kind));
    Scope::lower(&records.into_iter().map(Record::where_it_exists).collect::<Vec<_>>())
}

fn is_read(kind: &str) -> bool {
    TYPES.contains(&kind)
}

/// A unit in the world in which nothing is taken as given, with what it takes to see it in another one.
struct Lowered {
    scope: Scope,
    /// Where what was lowered from each group stands; none for what is under no condition.
    groups: Vec<Vec<Option<Spot>>>,
    dependents: Dependents,
}

impl Lowered {
    fn of(unit: &dyn Unit) -> Option<Lowered> {
        let Groups { records, groups } = unit.groups(&is_read)?;
        let records: Vec<Record> = records.into_iter().map(Record::where_it_exists).collect();
        let (scope, spots) = Scope::lower_in_place(&records);
        let dependents = Dependents::new(groups.iter().map(|(_, asked)| asked));
        let spots =
            |(places, _): &(Vec<usize>, _)| places.iter().map(|place| spots.get(*place).copied().flatten()).collect();
        Some(Lowered { scope, groups: groups.iter().map(spots).collect(), dependents })
    }

    /// The scope in a world, for which only what rests on something that the world says is lowered again; and how much that
    /// is. None where the world holds
    /// resources that are not there otherwise.
    fn in_world(&self, unit: &dyn Unit, world: &World) -> Option<(Scope, usize)> {
        let touched: Vec<usize> = self.dependents.of(world).into_iter().collect();
        let Again { records, effort } = unit.groups_in(world, &is_read, &touched)?;
        let mut changes = Vec::new();
        for (group, records) in touched.iter().zip(records) {
            let mut left: Vec<Record> = records.into_iter().map(Record::where_it_exists).collect();
            for spot in self.groups.get(*group)? {
                let spot = (*spot)?;
                let at = left.iter().position(|record| self.scope.is_at(spot, record));
                changes.push((spot, at.map(|at| left.swap_remove(at))));
            }
            if !left.is_empty() {
                return None;
            }
        }
        Some((self.scope.with(&changes)?, effort))
    }
}

/// What others may have to do with of a unit, in the world in which nothing is taken as given.
pub(super) fn shared(unit: &dyn Unit) -> Scope {
    lower_but(unit, &World::default(), unit.private())
}

/// By what a unit may be linked with others.
#[derive(Default)]
pub(super) struct Links {
    /// The literal names that it mentions, and whether it declares what is called so.
    names: BTreeMap<String, bool>,
    /// What of other units it refers to, through imports.
    instances: BTreeSet<Instance>,
    /// Whether others may import from it.
    exports: bool,
}

impl Links {
    pub(super) fn of(unit: &dyn Unit, scope: &Scope) -> Links {
        let mut links = Links { exports: unit.exports_values(), ..Links::default() };
        let own = scope.names_own().into_iter().map(|text| (text, true));
        for (text, declared) in scope.mentions().into_iter().map(|text| (text, false)).chain(own) {
            links.names.extend(text.literal().map(|name| (name.to_owned(), declared)));
            links.instances.extend(text.pieces().iter().filter_map(instance_of).filter(|of| !unit.holds(*of)));
        }
        links
    }

    /// Whether no other unit can have to do with it.
    pub(super) fn are_none(&self) -> bool {
        self.names.is_empty() && self.instances.is_empty() && !self.exports
    }
}

/// What units share, and the units that each is linked with. Those that can be linked with none are left out.
pub(super) struct Neighbours {
    scopes: Vec<Option<Arc<Scope>>>,
    around: Vec<Vec<usize>>,
    /// The other units of the same account and Region, as far as imports tell.
    at_home: Vec<BTreeSet<Instance>>,
}

impl Neighbours {
    /// Units are linked by a literal name that both mention, and by references that came through an import. What more than
    /// [`MANY`] units mention links each of them with those that declare it, as the members of an organization with the
    /// owner of the bucket of its trail.
    pub(super) fn new(units: &[&dyn Unit], linked: Vec<Option<(Arc<Scope>, Links)>>) -> Neighbours {
        let mut by_name: BTreeMap<&str, Vec<(usize, bool)>> = BTreeMap::new();
        let mut around: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); linked.len()];
        let mut at_home: Vec<BTreeSet<Instance>> = vec![BTreeSet::new(); linked.len()];
        let first = |index: usize| units.get(index).map(|unit| unit.first_instance());
        let owner = |instance: Instance| units.partition_point(|unit| unit.first_instance() <= instance).checked_sub(1);
        for (index, one) in linked.iter().enumerate() {
            let Some((_, links)) = one else { continue };
            for (name, declared) in &links.names {
                by_name.entry(name).or_default().push((index, *declared));
            }
            for other in links.instances.iter().filter_map(|instance| owner(*instance)).filter(|other| *other != index)
            {
                link(&mut around, index, other);
                for (one, other) in [(index, other), (other, index)] {
                    at_home.get_mut(one).into_iter().for_each(|units| units.extend(first(other)));
                }
            }
        }
        for group in by_name.values() {
            let is_rare = group.len() <= MANY;
            let tells: Vec<_> = group.iter().filter(|(_, declared)| is_rare || *declared).collect();
            // A name that hundreds of units give to something of theirs says nothing about which of them belong together.
            for (one, _) in tells.iter().filter(|_| tells.len() <= MANY) {
                group.iter().filter(|(other, _)| other != one).for_each(|(other, _)| link(&mut around, *one, *other));
            }
        }
        let around = around.into_iter().map(|each| each.into_iter().collect()).collect();
        Neighbours { scopes: linked.into_iter().map(|one| Some(one?.0)).collect(), around, at_home }
    }

    /// What a unit shares.
    pub(super) fn scope(&self, index: usize) -> Option<&Arc<Scope>> {
        self.scopes.get(index)?.as_ref()
    }

    /// The other units that are known to be in the account and Region of one.
    pub(super) fn at_home(&self, index: usize) -> Vec<Instance> {
        self.at_home.get(index).into_iter().flatten().copied().collect()
    }

    /// The scopes of the units linked with one, itself aside.
    pub(super) fn around(&self, index: usize) -> Vec<Arc<Scope>> {
        let linked = self.around.get(index).into_iter().flatten();
        linked.filter_map(|other| self.scope(*other).cloned()).collect()
    }
}

fn link(around: &mut [BTreeSet<usize>], one: usize, other: usize) {
    for (from, to) in [(one, other), (other, one)] {
        if let Some(links) = around.get_mut(from) {
            links.insert(to);
        }
    }
}

fn instance_of(piece: &Piece) -> Option<Instance> {
    match piece {
        Piece::Hole(hole) => Some(hole.instance),
        _ => None,
    }
}

/// The estate around one unit, with that unit in different worlds.
pub(super) struct Estates<'a> {
    pub(super) unit: &'a dyn Unit,
    /// The unit in the world in which nothing is taken as given.
    pub(super) base: Arc<Scope>,
    around: Vec<Arc<Scope>>,
    at_home: Vec<Instance>,
    parts: OnceCell<Option<Lowered>>,
    lowered: RefCell<BTreeMap<World, Rc<Estate>>>,
    /// How many resources may still be lowered for worlds that are tried, and how many of them for the subjects at hand.
    tries: Cell<usize>,
    share: Cell<usize>,
    /// How many more may be for the worlds in which subjects exist.
    own: Cell<usize>,
    /// The most that a world has taken.
    dearest: Cell<usize>,
}

impl<'a> Estates<'a> {
    /// `shared` is what the unit shares with those around it.
    pub(super) fn new(unit: &'a dyn Unit, shared: Arc<Scope>, around: Vec<Arc<Scope>>, at_home: Vec<Instance>) -> Self {
        let least = AT_LEAST * (A_WHOLE_WORLD + unit.size());
        let (tries, own) = (Cell::new(MAX_LOWERED.max(least)), Cell::new(MAX_OWN.max(least)));
        let (share, dearest) = (tries.clone(), Cell::new(A_WORLD));
        let (parts, lowered) = (OnceCell::new(), RefCell::default());
        let mut estates = Estates { unit, base: shared, around, at_home, parts, lowered, tries, share, own, dearest };
        // Where other units are in the same account or say which organization they are in, that is to be known.
        let organizations = estates.around.iter().any(|other| other.names.knows_organizations());
        if organizations || !estates.at_home.is_empty() || !unit.private().is_empty() {
            estates.base = estates.lower(&World::default()).0;
        }
        estates.add(World::default(), estates.base.clone());
        estates
    }

    /// Begins with some of the subjects that are left: they have their share of what may be tried, and of the worlds of
    /// others only the one in which nothing is taken as given is kept.
    pub(super) fn begin(&self, some: usize, left: usize) {
        self.lowered.borrow_mut().retain(|world, _| *world == World::default());
        let (tries, even) = (self.tries.get(), self.tries.get().saturating_mul(some) / left.max(1));
        self.share.set(even.max(BOTH_SIDES * self.dearest.get()).min(tries));
    }

    /// Tries all of some worlds, or none of them; whether there was room for them.
    pub(super) fn try_all<'w>(&self, worlds: impl Iterator<Item = &'w World>) -> bool {
        let new: Vec<&World> = worlds.filter(|world| self.known(world).is_none()).collect();
        new.len() * self.dearest.get() <= self.share.get()
            && new.into_iter().all(|world| self.in_world(world).is_some())
    }

    /// The estate with the unit in the world in which a subject exists; none where too many were asked for.
    pub(super) fn own(&self, world: &World) -> Option<Rc<Estate>> {
        self.known(world).or_else(|| self.spend(world, &[&self.own]))
    }

    /// The estate with the unit in a world that is tried, its scope first; none where too many were asked for.
    pub(super) fn in_world(&self, world: &World) -> Option<Rc<Estate>> {
        self.known(world).or_else(|| self.spend(world, &[&self.share, &self.tries]))
    }

    fn known(&self, world: &World) -> Option<Rc<Estate>> {
        self.lowered.borrow().get(world).cloned()
    }

    fn spend(&self, world: &World, from: &[&Cell<usize>]) -> Option<Rc<Estate>> {
        if from.iter().any(|left| left.get() == 0) {
            return None;
        }
        let (scope, cost) = self.lower(world);
        from.iter().for_each(|left| left.set(left.get().saturating_sub(cost)));
        self.dearest.set(self.dearest.get().max(cost));
        Some(self.add(world.clone(), scope))
    }

    /// The unit in a world, and what that took.
    fn lower(&self, world: &World) -> (Arc<Scope>, usize) {
        let parts = || self.parts.get_or_init(|| Lowered::of(self.unit)).as_ref();
        let is_other = *world != World::default();
        let shared = is_other.then(parts).flatten().and_then(|parts| parts.in_world(self.unit, world));
        let whole = || (lower(self.unit, world), A_WHOLE_WORLD + self.unit.size());
        let (mut own, cost) = shared.map_or_else(whole, |(scope, effort)| (scope, A_WORLD + effort));
        self.at_home.iter().for_each(|other| own.names.share_home(self.unit.first_instance(), *other));
        self.around.iter().for_each(|other| own.names.know_organizations(&other.names));
        (Arc::new(own), cost)
    }

    fn add(&self, world: World, own: Arc<Scope>) -> Rc<Estate> {
        let estate = Rc::new(Estate { scopes: [own].into_iter().chain(self.around.iter().cloned()).collect() });
        self.lowered.borrow_mut().insert(world, estate.clone());
        estate
    }
}

//! Estates in worlds, each lowered once; and which stacks can have to do with one another.

use crate::model::{Estate, Scope, TYPES};
use crate::parallel;
use crate::read::World;
use crate::read::cloudformation::Stack;
use crate::value::{Instance, Piece};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// Most worlds that one stack is lowered in, and most resources that are lowered over all of them. What would need more is
/// judged as unknown, which keeps the work linear.
const MAX_WORLDS: usize = 512;
const MAX_LOWERED: usize = 100_000;

fn lower(stack: &Stack, world: &World) -> Scope {
    Scope::lower(&stack.records(world, &|kind| TYPES.contains(&kind)))
}

/// Every stack in the world in which nothing is taken as given, and the stacks that each is linked with.
pub(super) struct Neighbours {
    scopes: Vec<Arc<Scope>>,
    around: Vec<Vec<usize>>,
}

impl Neighbours {
    /// Stacks are linked by a literal name that both mention, and by references that came through an import.
    pub(super) fn new(stacks: &[Stack]) -> Neighbours {
        let scopes: Vec<Arc<Scope>> = parallel::map(stacks.len(), |index| {
            Arc::new(stacks.get(index).map(|stack| lower(stack, &World::default())).unwrap_or_default())
        });
        let mut by_name: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        let mut around: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); scopes.len()];
        let owner =
            |instance: Instance| stacks.partition_point(|stack| stack.first_instance() <= instance).checked_sub(1);
        for (index, scope) in scopes.iter().enumerate() {
            for text in scope.mentions() {
                if let Some(name) = text.literal() {
                    by_name.entry(name.to_owned()).or_default().insert(index);
                }
                for other in
                    text.pieces().iter().filter_map(instance_of).filter_map(owner).filter(|other| *other != index)
                {
                    link(&mut around, index, other);
                }
            }
        }
        for group in by_name.values().filter(|group| group.len() > 1) {
            for index in group {
                for other in group.iter().filter(|other| *other != index) {
                    link(&mut around, *index, *other);
                }
            }
        }
        Neighbours { scopes, around: around.into_iter().map(|each| each.into_iter().collect()).collect() }
    }

    /// A stack's scope in the world in which nothing is taken as given.
    pub(super) fn scope(&self, index: usize) -> Option<&Arc<Scope>> {
        self.scopes.get(index)
    }

    /// The scopes of the stacks linked with one, itself aside.
    pub(super) fn around(&self, index: usize) -> Vec<Arc<Scope>> {
        let linked = self.around.get(index).into_iter().flatten();
        linked.filter_map(|other| self.scopes.get(*other).cloned()).collect()
    }
}

fn link(around: &mut [BTreeSet<usize>], one: usize, other: usize) {
    // A name that hundreds of templates share tells nothing about which of them belong together.
    const MAX_LINKS: usize = 64;
    for (from, to) in [(one, other), (other, one)] {
        if let Some(links) = around.get_mut(from).filter(|links| links.len() < MAX_LINKS) {
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

/// The estate around one stack, with that stack in different worlds.
pub(super) struct Estates<'a> {
    stack: &'a Stack,
    around: Vec<Arc<Scope>>,
    lowered: RefCell<BTreeMap<World, Rc<Estate>>>,
    most: usize,
}

impl<'a> Estates<'a> {
    /// `base` is the stack's scope in the world in which nothing is taken as given.
    pub(super) fn new(stack: &'a Stack, base: Arc<Scope>, around: Vec<Arc<Scope>>) -> Self {
        let resources: usize = stack.templates().map(|template| template.resource_count()).sum();
        let most = (MAX_LOWERED / resources.max(1)).clamp(16, MAX_WORLDS);
        let estates = Estates { stack, around, lowered: RefCell::default(), most };
        estates.add(World::default(), base);
        estates
    }

    /// The estate with the stack in a world, its scope first; none where too many worlds were asked for.
    pub(super) fn in_world(&self, world: &World) -> Option<Rc<Estate>> {
        if let Some(known) = self.lowered.borrow().get(world) {
            return Some(known.clone());
        }
        if self.lowered.borrow().len() > self.most {
            return None;
        }
        Some(self.add(world.clone(), Arc::new(lower(self.stack, world))))
    }

    fn add(&self, world: World, own: Arc<Scope>) -> Rc<Estate> {
        let estate = Rc::new(Estate { scopes: [own].into_iter().chain(self.around.iter().cloned()).collect() });
        self.lowered.borrow_mut().insert(world, estate.clone());
        estate
    }
}

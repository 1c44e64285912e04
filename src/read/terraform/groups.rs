//! The records of a root module in groups that can be evaluated again by themselves: a group is a family of resources that
//! are joined, or may be.

use super::eval::{Eval, Frame};
use super::joins;
use super::memory::Within;
use super::module::Resource;
use super::root::Root;
use super::types;
use crate::read::tri::Defaults;
use crate::read::{Asked, Groups, Record};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// What the groups of a root module are made of, the same in every world.
#[derive(Debug, Default)]
pub(super) struct Families {
    /// The family of each resource, by address.
    of: HashMap<Arc<str>, usize>,
    /// Those that have no resource.
    bare: BTreeSet<usize>,
    /// The blocks that each is declared by: the path of the module and the address in it.
    blocks: Vec<BTreeSet<Within>>,
}

/// A resource as it is before it is joined, with the block that declares it.
struct Raw {
    block: Within,
    /// None of a block or call that has no instance, which it may have in another world.
    record: Option<Record>,
    asked: Asked,
}

impl<'a> Eval<'a> {
    /// Notes that something rests on there being a use of a module.
    pub(super) fn note_frame(&self, frame: &Rc<Frame<'a>>) {
        if self.world.is_watched() {
            let above = |frame: &Rc<Frame<'a>>| frame.above.as_ref().map(|(call, above, _)| (*call, above.clone()));
            let way = std::iter::successors(above(frame), |(_, frame)| above(frame));
            way.for_each(|(call, above)| drop(self.children_of(&above, call)));
        }
    }

    /// The records in this world, which is watched, and what their groups are made of.
    pub(super) fn groups(&self, wanted: &dyn Fn(&str) -> bool) -> (Groups, Families) {
        self.count_all(&self.top);
        let mut raw = Vec::new();
        self.collect_raw(&self.top, &|_| true, &mut raw);
        let mut families = Families::default();
        let mut joined: Vec<(bool, usize, usize, Record)> = Vec::new();
        let mut asked: Vec<Asked> = Vec::new();
        for own in in_families(raw) {
            let family = families.blocks.len();
            let there = || own.iter().filter_map(|(place, raw)| Some((*place, raw.record.as_ref()?)));
            let of: HashMap<Arc<str>, (usize, Arc<str>)> =
                there().map(|(place, record)| (record.address.clone(), (place, record.kind.clone()))).collect();
            let own_records = there().map(|(_, record)| record.clone()).collect();
            let (records, more) = self.world.noting(|| self.alone(own_records, wanted));
            for record in records {
                let (place, is_made) = match of.get(&record.address) {
                    Some((place, kind)) => (*place, !is_of(kind, &record.kind)),
                    None => (usize::MAX, true),
                };
                joined.push((is_made, place, family, record));
            }
            asked.push(own.iter().fold(more, |all, (_, raw)| all.and(&raw.asked)));
            if of.is_empty() {
                families.bare.insert(family);
            }
            families.of.extend(of.into_keys().map(|address| (address, family)));
            families.blocks.push(own.into_iter().map(|(_, raw)| raw.block).collect());
        }
        // As they are declared, and behind them what was made of others.
        joined.sort_by_key(|(is_made, place, ..)| (*is_made, *place));
        let mut groups: Vec<(Vec<usize>, Asked)> = asked.into_iter().map(|asked| (Vec::new(), asked)).collect();
        for (place, (_, _, family, _)) in joined.iter().enumerate() {
            if let Some((places, _)) = groups.get_mut(*family) {
                places.push(place);
            }
        }
        (Groups { records: joined.into_iter().map(|(.., record)| record).collect(), groups }, families)
    }

    /// The records of some families in this world; none where one has instances that it has in no other.
    pub(super) fn groups_of(
        &self,
        families: &Families,
        places: &[usize],
        wanted: &dyn Fn(&str) -> bool,
    ) -> Option<Vec<Vec<Record>>> {
        self.count_all(&self.top);
        let blocks: BTreeSet<&Within> =
            places.iter().filter_map(|place| families.blocks.get(*place)).flatten().collect();
        let mut raw = Vec::new();
        self.collect_raw(&self.top, &|block| blocks.contains(block), &mut raw);
        let mut by_family: BTreeMap<usize, Vec<Record>> = places.iter().map(|place| (*place, Vec::new())).collect();
        for record in raw.into_iter().filter_map(|raw| raw.record) {
            if let Some(all) = by_family.get_mut(families.of.get(&record.address)?) {
                all.push(record);
            }
        }
        // What had no instance may have some now.
        if places.iter().any(|place| families.bare.contains(place)) {
            return None;
        }
        Some(places.iter().map(|place| self.alone(by_family.remove(place).unwrap_or_default(), wanted)).collect())
    }

    fn alone(&self, raw: Vec<Record>, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        let mut records = joins::records(raw, &|condition| self.world.get(condition));
        records.retain(|record| wanted(&record.kind));
        records
    }

    fn collect_raw(&self, frame: &Rc<Frame<'a>>, is_meant: &dyn Fn(&Within) -> bool, raw: &mut Vec<Raw>) {
        let declared = frame.module.resources.iter().filter(|it| !it.is_data && types::wanted(&it.kind));
        for resource in declared {
            let block = (frame.path.clone(), resource.address.clone());
            if is_meant(&block) {
                raw.extend(self.raw(frame, resource, &block));
            }
        }
        for call in &frame.module.calls {
            let (children, asked) = self.world.noting(|| self.children_of(frame, call));
            let children = children.unwrap_or_default();
            let block = (frame.path.clone(), Arc::from(format!("module.{}", call.name)));
            if children.is_empty() && is_meant(&block) {
                raw.push(Raw { block, record: None, asked });
            }
            children.iter().for_each(|child| self.collect_raw(child, is_meant, raw));
        }
    }

    fn raw(&self, frame: &Rc<Frame<'a>>, resource: &'a Resource, block: &Within) -> Vec<Raw> {
        let (places, around) = self.world.noting(|| {
            self.note_frame(frame);
            self.places_of(frame, resource)
        });
        if places.is_empty() {
            return vec![Raw { block: block.clone(), record: None, asked: around }];
        }
        let each = places.iter().map(|place| {
            let (record, asked) = self.world.noting(|| self.record(frame, resource, place));
            Raw { block: block.clone(), record, asked: asked.and(&around) }
        });
        each.collect()
    }
}

impl Root {
    /// The records in groups; none where a plan or state tells more than the source does.
    pub(super) fn grouped(&self, wanted: &dyn Fn(&str) -> bool) -> Option<Groups> {
        if self.plan.is_some() {
            return None;
        }
        let world = self.nothing.watched();
        let (groups, families) = Eval::new(self, &world, Defaults::Count).groups(wanted);
        self.families.set(families).is_ok().then_some(groups)
    }
}

/// What is joined together, each with its place among all. What has no record is by itself.
fn in_families(raw: Vec<Raw>) -> Vec<Vec<(usize, Raw)>> {
    let (there, records): (Vec<usize>, Vec<Record>) =
        raw.iter().enumerate().filter_map(|(place, raw)| Some((place, raw.record.clone()?))).unzip();
    let first = joins::families(&records);
    let family: HashMap<usize, usize> =
        there.iter().zip(first).filter_map(|(place, first)| Some((*place, *there.get(first)?))).collect();
    let mut all: BTreeMap<usize, Vec<(usize, Raw)>> = BTreeMap::new();
    for (place, raw) in raw.into_iter().enumerate() {
        all.entry(family.get(&place).copied().unwrap_or(place)).or_default().push((place, raw));
    }
    all.into_values().collect()
}

/// Whether a record is what a resource of a type is, and not something that was made of it.
fn is_of(terraform: &str, model: &str) -> bool {
    types::model_type(terraform).is_some_and(|(own, _)| own == model)
}

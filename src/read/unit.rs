//! What is judged as one: a stack with its nested stacks, a Terraform root module with its modules.

use super::{Asked, Notice, Record, World};
use crate::source::{FileId, Span};
use crate::value::{Condition, Instance};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A source that can be read in worlds.
pub trait Unit: Sync {
    /// The resources of the wanted types (as CloudFormation names them), evaluated in a world. Those that do not exist
    /// there are left out.
    fn records(&self, world: &World, wanted: &dyn Fn(&str) -> bool) -> Vec<Record>;

    /// The same records in the world in which nothing is taken as given, in groups that can be evaluated again by themselves;
    /// none where no such groups can be told.
    fn groups(&self, _wanted: &dyn Fn(&str) -> bool) -> Option<Groups> {
        None
    }

    /// Some of these groups, by their places, in another world; none where there are others than these.
    fn groups_in(&self, _world: &World, _wanted: &dyn Fn(&str) -> bool, _places: &[usize]) -> Option<Again> {
        None
    }

    /// The world with a condition set, and what that implies; none where it cannot be.
    fn assume(&self, world: &World, condition: &Condition, value: bool) -> Option<World>;

    /// How defaults decide a condition, where they do.
    fn by_default(&self, world: &World, condition: &Condition) -> Option<bool>;

    /// The names of the parameters whose defaults a condition may rest on.
    fn parameters_of(&self, condition: &Condition) -> Vec<String>;

    /// The first of its instances; the others follow it without a gap.
    fn first_instance(&self) -> Instance;

    /// Whether an instance is one of its own.
    fn holds(&self, instance: Instance) -> bool;

    /// Whether other units may import from it.
    fn exports_values(&self) -> bool;

    /// About how many resources it declares.
    fn size(&self) -> usize;

    /// The types of resources that no other unit can have to do with.
    fn private(&self) -> &'static [&'static str] {
        &[]
    }

    /// What is about to change, where the source is a plan that changes something.
    fn change(&self) -> Option<Change<'_>> {
        None
    }

    /// A file that tells it from others: one of the root module, the template of the stack.
    fn file(&self) -> Option<FileId> {
        None
    }

    /// What could not be followed, once it was judged.
    fn notices(&self) -> Vec<Notice> {
        Vec::new()
    }

    /// The calls that lead to a file, by way of the module that holds an address; none where it is the user's own file from
    /// the start.
    fn calls_to(&self, _address: &str, _file: FileId) -> Option<Called> {
        None
    }

    /// The calls of the modules, or the nested stacks, that hold an address, the nearest first.
    fn calls_around(&self, _address: &str) -> Vec<Span> {
        Vec::new()
    }

    /// Whether a condition is one of its own.
    fn owns(&self, condition: &Condition) -> bool {
        self.holds(condition.instance)
    }
}

/// Records in groups: what is joined stands in one.
#[derive(Debug, Default)]
pub struct Groups {
    /// All records, in the order of the source.
    pub records: Vec<Record>,
    /// The places of the records of each group, and what their evaluation asked of the world.
    pub groups: Vec<(Vec<usize>, Asked)>,
}

/// Groups that were evaluated again.
#[derive(Debug)]
pub struct Again {
    /// The records of each.
    pub records: Vec<Vec<Record>>,
    /// As how many resources that counts: what few of them rest on may be much to work out.
    pub effort: usize,
}

/// How a file is part of what the user wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Called {
    /// It was downloaded, and is in no repository of the user's; the call that leads there is.
    Downloaded(Span),
    /// It lies in the user's repository too; the calls that lead there, the nearest first.
    Local(Vec<Span>),
}

/// What a plan is about to do.
pub struct Change<'a> {
    /// What exists now, as the plan found it.
    pub before: Box<dyn Unit + 'a>,
    /// What there will be, as far as the plan alone says it: the counterpart of `before`, without the source.
    pub after: Box<dyn Unit + 'a>,
    /// What becomes of each resource, by address, and where that is to be shown.
    pub fates: BTreeMap<Arc<str>, (Fate, Span)>,
}

/// What a plan does to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is left, changed in place, or made.
    Stays,
    /// It is destroyed and made anew.
    Replaced,
    /// It is destroyed.
    Destroyed,
}

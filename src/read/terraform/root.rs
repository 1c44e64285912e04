//! Root modules: a directory that is applied by itself, with the modules that it calls.

use super::{Files, Folder, Values};
use crate::read::{Record, Unit, World};
use crate::source::Span;
use crate::value::{Condition, Instance};

/// A root module with the modules that it calls.
#[derive(Debug)]
pub struct Root {
    first: u32,
}

/// Something of a root module that could not be followed.
#[derive(Clone, Debug)]
pub struct Notice {
    /// What and why: lower case, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What it means for the run.
    pub kind: NoticeKind,
}

/// What it means for a run that something could not be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It is wrong, so a part of the run was not done: a module that calls itself, a loop that was cut.
    Problem,
    /// A module is not there; its source as written.
    Missing(String),
}

/// Puts folders together to root modules: those that are named and that none of the others calls.
pub fn roots(folders: Vec<Folder>, files: Files, values: &Values, first: u32) -> Vec<Root> {
    let _ = (folders, files, values, first);
    Vec::new()
}

impl Root {
    /// What could not be followed.
    pub fn problems(&self) -> Vec<Notice> {
        Vec::new()
    }
}

impl Unit for Root {
    fn records(&self, world: &World, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        let _ = (world, wanted);
        Vec::new()
    }

    fn assume(&self, world: &World, condition: &Condition, value: bool) -> Option<World> {
        let _ = (condition, value);
        Some(world.clone())
    }

    fn by_default(&self, world: &World, condition: &Condition) -> Option<bool> {
        let _ = (world, condition);
        None
    }

    fn parameters_of(&self, condition: &Condition) -> Vec<String> {
        let _ = condition;
        Vec::new()
    }

    fn first_instance(&self) -> Instance {
        Instance(self.first)
    }

    fn holds(&self, instance: Instance) -> bool {
        instance.0 == self.first
    }

    fn exports_values(&self) -> bool {
        false
    }

    fn size(&self) -> usize {
        0
    }
}

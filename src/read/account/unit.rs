//! An account as what is judged as one. Evidence has no conditions, so there is one world.

use super::reader::Reader;
use super::{Evidence, Unasked, trails};
use crate::read::{Record, Unit, World};
use crate::value::{Condition, Instance};

/// An account with everything that its evidence shows.
#[derive(Debug)]
pub struct Account {
    instance: Instance,
    records: Vec<Record>,
}

/// The accounts of a run, one for each file. Their instances begin at `first`.
pub fn accounts(files: &[Evidence], unasked: Unasked, first: u32) -> Vec<Account> {
    let account = |(number, evidence)| {
        let instance = Instance(number);
        Account { instance, records: records(&Reader { evidence, unasked, instance }) }
    };
    (first..).zip(files).map(account).collect()
}

fn records(reader: &Reader) -> Vec<Record> {
    trails::records(reader)
}

impl Unit for Account {
    fn records(&self, _: &World, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        self.records.iter().filter(|record| wanted(&record.kind)).cloned().collect()
    }

    fn assume(&self, world: &World, _: &Condition, _: bool) -> Option<World> {
        Some(world.clone())
    }

    fn by_default(&self, _: &World, _: &Condition) -> Option<bool> {
        None
    }

    fn parameters_of(&self, _: &Condition) -> Vec<String> {
        Vec::new()
    }

    fn first_instance(&self) -> Instance {
        self.instance
    }

    fn holds(&self, instance: Instance) -> bool {
        instance == self.instance
    }

    fn exports_values(&self) -> bool {
        false
    }

    fn size(&self) -> usize {
        self.records.len()
    }
}

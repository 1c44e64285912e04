//! An account as what is judged as one. Evidence has no conditions, so there is one world.

use super::reader::Reader;
use super::{Evidence, Unasked, buckets, identities, itself, keys, logs, organization, stores, topics, trails};
use crate::read::{Record, Unit, World};
use crate::value::{Condition, Instance};
use std::collections::{BTreeMap, BTreeSet};

/// An account with everything that its evidence shows.
#[derive(Debug)]
pub struct Account {
    instance: Instance,
    records: Vec<Record>,
}

/// The accounts of a run, one for each file. Their instances begin at `first`.
pub fn accounts(files: &[Evidence], unasked: Unasked, first: u32) -> Vec<Account> {
    let reader = |(number, evidence)| Reader { evidence, unasked, instance: Instance(number) };
    let readers: Vec<Reader> = (first..).zip(files).map(reader).collect();
    let owned: BTreeSet<&str> = readers.iter().flat_map(buckets::own).collect();
    // A trail is told once, where it lives, or else by the first account that sees it.
    let mut told: BTreeMap<String, Record> = BTreeMap::new();
    let seen: Vec<_> = readers.iter().map(|reader| (reader, trails::seen(reader))).collect();
    let owners_first = |pass: bool| {
        seen.iter().flat_map(move |(reader, trails)| {
            trails
                .iter()
                .filter(move |trail| trail.is_own(reader) == pass)
                .map(move |trail| trails::record(reader, trail))
        })
    };
    for record in owners_first(true).chain(owners_first(false)) {
        told.entry(record.address.to_string()).or_insert(record);
    }
    let account = |(reader, trails): &(&Reader, Vec<trails::Listed>)| {
        let trails = trails.iter().filter_map(|trail| told.get(trail.arn())).cloned().map(|mut record| {
            if record.instance != reader.instance {
                record.kind = "AWS::CloudTrail::ShadowTrail".into();
            }
            record
        });
        let records = trails.chain(records(reader, &owned)).collect();
        Account { instance: reader.instance, records }
    };
    seen.iter().map(account).collect()
}

/// Everything but the trails. `owned` are the buckets that some account of the run lists as its own.
fn records(reader: &Reader, owned: &BTreeSet<&str>) -> Vec<Record> {
    let elsewhere = |name: &str| owned.contains(name);
    [
        vec![itself::record(reader)],
        stores::records(reader),
        buckets::records(reader, &elsewhere),
        keys::records(reader),
        logs::records(reader),
        topics::records(reader),
        identities::records(reader),
        organization::records(reader),
    ]
    .concat()
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

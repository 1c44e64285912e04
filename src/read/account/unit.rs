//! An account as what is judged as one. Evidence has no conditions, so there is one world.

use super::reader::Reader;
use super::{Evidence, Unasked, buckets, identities, itself, keys, logs, organization, stores, topics, trails};
use crate::read::{Content, Record, Unit, World};
use crate::value::{Condition, Instance, Why};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An account with everything that its evidence shows.
#[derive(Debug)]
pub struct Account {
    instance: Instance,
    records: Vec<Record>,
    unanswered: Vec<Why>,
}

impl Account {
    /// Why calls were not answered, each with its place.
    pub fn unanswered(&self) -> &[Why] {
        &self.unanswered
    }
}

/// The accounts of a run, one for each file. Their instances begin at `first`.
///
/// What several accounts see is told once: by the one that has it, which may read all of it, or else by the first. The
/// trails of an organization stay in sight of its members, which they record.
pub fn accounts(files: &[Evidence], unasked: Unasked, first: u32) -> Vec<Account> {
    let reader = |(number, evidence)| Reader { evidence, unasked, instance: Instance(number) };
    let all: Vec<(Reader, Vec<Record>)> =
        (first..).zip(files).map(reader).map(|reader| (reader, records(&reader))).collect();
    let mut told: BTreeMap<(String, Arc<str>), (Instance, &Record)> = BTreeMap::new();
    for pass in [true, false] {
        for (reader, records) in &all {
            for record in records.iter().filter(|record| is_own(record, reader) == pass) {
                told.entry(same(record)).or_insert((reader.instance, record));
            }
        }
    }
    let account = |(reader, records): &(Reader, Vec<Record>)| {
        let kept = records.iter().filter_map(|record| match told.get(&same(record)) {
            Some((instance, _)) if *instance == reader.instance || is_of_each(record) => Some(record.clone()),
            Some((_, other)) if &*record.kind == TRAIL => Some(Record { kind: SHADOW.into(), ..(*other).clone() }),
            _ => None,
        });
        let own_calls = reader.evidence.calls.iter().filter(|call| !call.is_about_others(&reader.evidence.account));
        let failed = own_calls.filter_map(|call| reader.failure(call));
        let whys = failed.filter_map(|datum| match datum.content {
            Content::Unknown(why) => Some(why),
            _ => None,
        });
        Account { instance: reader.instance, records: kept.collect(), unanswered: whys.collect() }
    };
    all.iter().map(account).collect()
}

const TRAIL: &str = "AWS::CloudTrail::Trail";

/// A trail of another account; the name is made as those of CloudFormation are.
const SHADOW: &str = "AWS::CloudTrail::ShadowTrail";

/// By what two accounts mean the same thing.
fn same(record: &Record) -> (String, Arc<str>) {
    (record.kind.replace("Replica", ""), record.address.clone())
}

/// Whether what a record tells is in the account that was asked.
fn is_own(record: &Record, reader: &Reader) -> bool {
    record.home.account.literal() == Some(reader.evidence.account.as_str())
}

/// Whether each account has one of its own, though all are called alike: what it knows of its organization, and the managed
/// policies of AWS.
fn is_of_each(record: &Record) -> bool {
    &*record.kind == "AWS::Organizations::Organization" || record.home.account.literal() == Some("aws")
}

fn records(reader: &Reader) -> Vec<Record> {
    [
        vec![itself::record(reader)],
        trails::records(reader),
        stores::records(reader),
        buckets::records(reader),
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

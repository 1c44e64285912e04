//! Several policies for one bucket or topic. The services keep one, and which one that is hangs on the order in which they
//! are applied: each is a side of the condition that it is the last.

use super::owners::{Kinds, Meant, Owners, means_the_same, note, own_condition};
use super::{Resource, Settled};
use crate::read::shape::{member, set, take};
use crate::read::{Content, Datum, Member, Record};
use crate::value::{Condition, Text};
use std::collections::{BTreeSet, HashMap};

/// The policies of which there is one for each owner: their types, what they are for, and how they name it.
const POLICIES: [(&str, Kinds, &str); 2] =
    [("aws_s3_bucket_policy", Kinds::BUCKETS, "bucket"), ("aws_sns_topic_policy", Kinds::TOPICS, "arn")];

/// What a policy is surely for.
#[derive(PartialEq, Eq, Hash)]
enum Target {
    Declared(usize),
    Named(Text),
}

/// Makes one policy of those that are surely for one owner: what it says is what one of them says.
pub(super) fn settle(resources: &mut Vec<Resource>, settled: Settled) {
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    for (kind, kinds, aim) in POLICIES {
        let owners = Owners::of(kinds, resources);
        let mut found: HashMap<Target, Vec<usize>> = HashMap::new();
        for (place, resource) in resources.iter().enumerate().filter(|(_, resource)| &*resource.terraform == kind) {
            if let Some(target) = target(&owners, resources, resource, aim) {
                found.entry(target).or_default().push(place);
            }
        }
        for (target, rivals) in found {
            if let [first, others @ ..] = rivals.as_slice() {
                gone.extend(others);
                unite(resources, *first, others, settled);
                if let Target::Declared(owner) = target {
                    note_all(resources, owner, others);
                }
            }
        }
    }
    let mut place = 0;
    resources.retain(|_| {
        place += 1;
        !gone.contains(&(place - 1))
    });
}

/// What a policy is for, where that is sure and it is there whenever that is.
fn target(owners: &Owners, resources: &[Resource], policy: &Resource, aim: &str) -> Option<Target> {
    let aim = member(&policy.record.properties, aim)?;
    match owners.meant(aim).as_slice() {
        [(place, Meant::Surely)] => {
            let owner = resources.get(*place)?;
            own_condition(&policy.record, &owner.record).is_none().then_some(Target::Declared(*place))
        }
        [] if policy.record.undecided.is_none() && aim.as_text().literal().is_some() => {
            Some(Target::Named(aim.as_text()))
        }
        _ => None,
    }
}

fn note_all(resources: &mut [Resource], owner: usize, rivals: &[usize]) {
    let rivals: Vec<_> = rivals.iter().filter_map(|at| resources.get(*at)).map(|it| it.record.clone()).collect();
    if let Some(Resource { record, .. }) = resources.get_mut(owner) {
        rivals.iter().for_each(|rival| note(record, rival));
    }
}

fn unite(resources: &mut [Resource], first: usize, others: &[usize], settled: Settled) {
    let rivals = [first].into_iter().chain(others.iter().copied()).filter_map(|at| resources.get(at));
    let mut different: Vec<(Condition, Member)> = Vec::new();
    for Resource { record, .. } in rivals {
        let Some(policy) = taken(record) else { continue };
        if !different.iter().any(|(_, known)| means_the_same(&known.value, &policy.value)) {
            let name = format!("{} is applied last", record.address).into();
            different.push((Condition { instance: record.instance, name }, policy));
        }
    }
    let Some((_, last)) = different.pop() else { return };
    let value = different.into_iter().rev().fold(last.value, |rest, (condition, own)| match settled(&condition) {
        Some(true) => own.value,
        Some(false) => rest,
        None => {
            let span = own.value.span;
            Datum::new(Content::Either(condition, Box::new(own.value), Box::new(rest)), span)
        }
    });
    if let Some(Resource { record, .. }) = resources.get_mut(first) {
        set(&mut record.properties, "policy", value.span, value);
    }
}

/// The policy of a resource, with its place.
fn taken(record: &Record) -> Option<Member> {
    take(&mut record.properties.clone(), "policy")
}

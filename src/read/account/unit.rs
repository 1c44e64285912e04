//! An account as what is judged as one. Evidence has no conditions, so there is one world.

use super::evidence::Call;
use super::organization::Member;
use super::reader::Reader;
use super::stacks::{self, Made};
use super::{Evidence, Unasked, buckets, identities, itself, keys, logs, organization, stores, topics, trails};
use crate::parallel;
use crate::read::{Content, Datum, Record, Unit, World, shape};
use crate::value::{Condition, Instance, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An account with everything that its evidence shows.
///
/// Its identities are most of it, concern nobody else, and are read anew each time: an organization has many accounts.
#[derive(Debug)]
pub struct Account {
    evidence: Arc<Evidence>,
    unasked: Unasked,
    instance: Instance,
    /// Everything but its identities.
    records: Vec<Record>,
    /// How many identities it has, where somebody asked for them.
    identities: Option<usize>,
    unanswered: Vec<Why>,
    looked: Looked,
    asked_itself: bool,
    made: Vec<(String, Made)>,
    members: Vec<Member>,
}

/// Whether the calls that show what an account has were made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Its trails were listed somewhere, or something else of it was asked for.
    Yes,
    /// Its trails could be listed nowhere, for this reason.
    Refused(String),
    /// Nothing was asked for.
    No,
}

impl Looked {
    fn of(reader: &Reader) -> Looked {
        let listed = || reader.calls(("cloudtrail", "DescribeTrails"));
        if listed().any(|call| call.output().is_some()) {
            return Looked::Yes;
        }
        let refused = listed().chain(reader.calls(("sts", "AssumeRole"))).find_map(|call| why(reader.failure(call)?));
        // Who the caller is, which Regions there are and which organization: nothing that is judged.
        let is_beside = |call: &Call| {
            matches!((&*call.service, &*call.operation), ("sts" | "account", _) | (_, "DescribeOrganization"))
        };
        match refused {
            Some(why) => Looked::Refused(why.text.to_string()),
            None if reader.calls.all.iter().all(is_beside) => Looked::No,
            None => Looked::Yes,
        }
    }
}

impl Account {
    fn new(evidence: &Arc<Evidence>, unasked: Unasked, instance: Instance) -> Account {
        let calls = evidence.calls();
        let reader = Reader { evidence, calls: &calls, unasked, instance };
        let (records, identities, unanswered) = (records(&reader), identities::count(&reader), unanswered(&reader));
        let (made, members, looked) = (stacks::made(&reader), organization::members(&reader), Looked::of(&reader));
        Account {
            evidence: evidence.clone(),
            unasked,
            instance,
            records,
            identities,
            unanswered,
            looked,
            asked_itself: itself::is_asked_itself(&reader),
            made,
            members,
        }
    }

    /// The account's id.
    pub fn id(&self) -> &str {
        self.evidence.account()
    }

    /// What stacks have made, by ARN.
    pub fn made_by_stacks(&self) -> &[(String, Made)] {
        &self.made
    }

    /// The accounts of its organization, as far as it may list them.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Why calls were not answered, each with its place.
    pub fn unanswered(&self) -> &[Why] {
        &self.unanswered
    }

    /// Whether it says that it belongs to no organization.
    fn is_alone(&self) -> bool {
        let own = self.records.iter().find(|record| &*record.kind == itself::KIND);
        let says = own.and_then(|own| shape::member(&own.properties, itself::IN_ORGANIZATION));
        says.is_some_and(|says| says.as_text().literal() == Some("false"))
    }

    /// Whether the calls that show what it has were made.
    pub fn looked(&self) -> &Looked {
        &self.looked
    }

    /// The trails of others that it sees, with their owners: by account, then where they are named.
    fn trails_of_others(&self) -> impl Iterator<Item = (&str, &Record)> {
        let trails = self.records.iter().filter(|record| [TRAIL, SHADOW].contains(&&*record.kind));
        trails.filter_map(|trail| Some((trail.home.account.literal()?, trail))).filter(|(owner, _)| *owner != self.id())
    }

    fn identities(&self) -> Vec<Record> {
        if self.identities.is_none() {
            return Vec::new();
        }
        let calls = self.evidence.calls();
        let reader = Reader { evidence: &self.evidence, calls: &calls, unasked: self.unasked, instance: self.instance };
        identities::records(&reader)
    }
}

fn unanswered(reader: &Reader) -> Vec<Why> {
    let own = reader.calls.all.iter().filter(|call| !call.is_about_others(&reader.evidence.account));
    let failed = own.filter_map(|call| reader.failure(call));
    failed.filter_map(why).collect()
}

fn why(datum: Datum) -> Option<Why> {
    match datum.content {
        Content::Unknown(why) => Some(why),
        _ => None,
    }
}

/// The accounts of a run, one for each file. Their instances begin at `first`.
///
/// What several accounts see is told once: by the one that has it, which may read all of it, or else by the first. The
/// trails of an organization stay in sight of its members, which they record.
pub fn accounts(files: &[Arc<Evidence>], unasked: Unasked, first: u32) -> Vec<Account> {
    let numbered: Vec<(u32, &Arc<Evidence>)> = (first..).zip(files).collect();
    let account = |(number, evidence): &(u32, &Arc<Evidence>)| Account::new(evidence, unasked, Instance(*number));
    let all = parallel::map(numbered.len(), |index| numbered.get(index).map(account));
    let mut all: Vec<Account> = all.into_iter().flatten().collect();
    let mut told: BTreeMap<(String, Arc<str>), Instance> = BTreeMap::new();
    let mut trails: BTreeMap<Arc<str>, Record> = BTreeMap::new();
    for pass in [true, false] {
        for account in &all {
            for record in account.records.iter().filter(|record| is_own(record, account) == pass) {
                told.entry(same(record)).or_insert(account.instance);
                if &*record.kind == TRAIL && !trails.contains_key(&record.address) {
                    trails.insert(record.address.clone(), Record { kind: SHADOW.into(), ..record.clone() });
                }
            }
        }
    }
    for account in &mut all {
        let kept =
            std::mem::take(&mut account.records).into_iter().filter_map(|record| match told.get(&same(&record)) {
                Some(instance) if *instance == account.instance || is_of_each(&record) => Some(record),
                _ if &*record.kind == TRAIL => trails.get(&record.address).cloned(),
                _ => None,
            });
        account.records = kept.collect();
    }
    share_organization(&mut all);
    all
}

/// What accounts did not ask, or may not, another of the run was told: which organization they belong to. The management
/// account is where an organization is judged, so it stands there as if that account had asked.
fn share_organization(all: &mut [Account]) {
    let told = |teller: &Account| {
        let record = teller.records.iter().find(|record| &*record.kind == organization::DECLARED)?.clone();
        let path = ["DescribeOrganization", "Organization", "MasterAccountId"];
        let manager = path.iter().try_fold(&record.properties, |datum, key| shape::member(datum, key));
        let manager = manager.and_then(|id| id.as_text().literal().map(str::to_owned)).unwrap_or_default();
        let members = teller.members.iter().map(|member| member.id.clone()).chain([manager.clone()]);
        Some((members.collect::<BTreeSet<String>>(), manager, record))
    };
    let told: Vec<_> = all.iter().filter_map(told).collect();
    for account in all {
        let id = account.evidence.account.clone();
        let knows = account.records.iter().any(|record| &*record.kind == organization::DECLARED);
        let found = told.iter().find(|(members, ..)| !knows && members.contains(&id));
        let Some((_, manager, record)) = found.filter(|_| !account.is_alone()) else { continue };
        let kind = if *manager == id { organization::DECLARED } else { "Trailproof::KnownOrganization" };
        account.records.push(Record { kind: kind.into(), instance: account.instance, ..record.clone() });
        let own = account.records.iter_mut().find(|record| &*record.kind == itself::KIND);
        own.into_iter().for_each(|own| {
            shape::set(&mut own.properties, itself::IN_ORGANIZATION, own.span, Datum::text("true", own.span));
        });
    }
}

/// Accounts that were not asked what they have, though the run rests on it: by id, with a trail of theirs that others see.
pub fn not_asked(accounts: &[Account]) -> BTreeMap<&str, Option<&Record>> {
    let asked: BTreeSet<&str> =
        accounts.iter().filter(|account| account.asked_itself).map(|account| account.id()).collect();
    let beside = accounts.iter().map(|account| (account.id(), None));
    let owners = accounts.iter().filter(|account| account.unasked == Unasked::NotVisible);
    let owners = owners.flat_map(Account::trails_of_others).map(|(owner, trail)| (owner, Some(trail)));
    let mut left_out = BTreeMap::new();
    for (id, trail) in beside.chain(owners).filter(|(id, _)| !asked.contains(id)) {
        let known: &mut Option<&Record> = left_out.entry(id).or_default();
        *known = known.or(trail);
    }
    left_out
}

const TRAIL: &str = "AWS::CloudTrail::Trail";

/// A trail of another account; the name is made as those of CloudFormation are.
const SHADOW: &str = "AWS::CloudTrail::ShadowTrail";

/// By what two accounts mean the same thing.
fn same(record: &Record) -> (String, Arc<str>) {
    (record.kind.replace("Replica", ""), record.address.clone())
}

/// Whether what a record tells is in the account that was asked. An organization is told whole by the first that lists it.
fn is_own(record: &Record, account: &Account) -> bool {
    record.home.account.literal() == Some(account.evidence.account.as_str())
        || record.kind.starts_with("AWS::Organizations::")
        || &*record.kind == "AWS::CloudTrail::DelegatedAdministrator"
}

/// Whether each account has one of its own, though all are called alike: what it knows of its organization, the policies of
/// AWS there, and what is not there.
fn is_of_each(record: &Record) -> bool {
    matches!(&*record.kind, "AWS::Organizations::Organization" | "Trailproof::NoBucket" | "Trailproof::NoLogGroup")
        || record.home.account.literal() == Some("aws")
}

fn records(reader: &Reader) -> Vec<Record> {
    let all = [
        vec![itself::record(reader)],
        trails::records(reader),
        stores::records(reader),
        buckets::records(reader),
        keys::records(reader),
        logs::records(reader),
        topics::records(reader),
        organization::records(reader),
        identities::unlisted(reader).into_iter().collect(),
    ];
    all.into_iter().flatten().collect()
}

impl Unit for Account {
    fn records(&self, _: &World, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        let own = self.records.iter().filter(|record| wanted(&record.kind)).cloned();
        let of_identities = identities::TYPES.iter().any(|kind| wanted(kind));
        let identities = if of_identities { self.identities() } else { Vec::new() };
        own.chain(identities.into_iter().filter(|record| wanted(&record.kind))).collect()
    }

    fn private(&self) -> &'static [&'static str] {
        identities::TYPES
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
        self.records.len() + self.identities.unwrap_or(0)
    }
}

//! The organization, as far as the account may look: its policies and what they are attached to, its units and accounts,
//! and who administers CloudTrail for it.

use super::evidence::Call;
use super::reader::{Operation, Reader, mapping};
use crate::read::{Content, Datum, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use std::collections::BTreeMap;

pub(super) const ORGANIZATION: Operation = ("organizations", "DescribeOrganization");
pub(super) const ROOTS: Operation = ("organizations", "ListRoots");
pub(super) const UNITS: Operation = ("organizations", "ListOrganizationalUnitsForParent");
pub(super) const ACCOUNTS: Operation = ("organizations", "ListAccountsForParent");
pub(super) const POLICIES: Operation = ("organizations", "ListPolicies");
const POLICY: Operation = ("organizations", "DescribePolicy");
const TARGETS: Operation = ("organizations", "ListTargetsForPolicy");
pub(super) const ADMINISTRATORS: Operation = ("organizations", "ListDelegatedAdministrators");

/// The organization, as one of its accounts is told of it.
pub(super) const DECLARED: &str = "AWS::Organizations::Organization";

/// A member, as the organization lists it.
const ACCOUNT: &str = "AWS::Organizations::Account";

/// Most units above an account: a root and five levels of units (AWS Organizations User Guide, "Quotas"), and some to come.
const MAX_LEVELS: usize = 16;

/// What an account is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The names of the root and the organizational units above it, `/` between them, where all of them are listed.
    pub path: Option<String>,
}

/// The accounts that the organization lists.
pub(super) fn members(reader: &Reader) -> Vec<Member> {
    let roots = reader.listed(ROOTS, "Roots").map(|(_, root)| (None, root));
    let units = reader.listed(UNITS, "OrganizationalUnits").map(|(call, unit)| (call.text("ParentId"), unit));
    let each = roots.chain(units).filter_map(|(parent, unit)| {
        Some((named(unit, "Id")?.0, (named(unit, "Name")?.0, parent.map(|(parent, _)| parent))))
    });
    let units: BTreeMap<&str, (&str, Option<&str>)> = each.collect();
    let path = |parent: &str| -> Option<String> {
        let (mut names, mut above) = (Vec::new(), Some(parent));
        while let Some(id) = above.filter(|_| names.len() < MAX_LEVELS) {
            let (name, parent) = units.get(id)?;
            names.push(*name);
            above = *parent;
        }
        names.reverse();
        above.is_none().then(|| names.join("/"))
    };
    let member = |(call, entry): (&Call, &Node)| {
        let name = named(entry, "Name").map(|(name, _)| name.to_owned()).filter(|name| !name.is_empty());
        let path = call.text("ParentId").and_then(|(parent, _)| path(parent));
        Some(Member { id: named(entry, "Id")?.0.to_owned(), name, path })
    };
    reader.listed(ACCOUNTS, "Accounts").filter_map(member).collect()
}

/// Everything of the organization.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let about = |kind: &str, address: &str, span: Span, answers: Vec<(&str, Datum)>| {
        reader.record(kind, address, span, reader.home(None, None), answers)
    };
    let mut records = Vec::new();
    for call in reader.calls(ORGANIZATION) {
        let organization = call.output().and_then(|output| output.get("Organization"));
        let Some((arn, node)) = organization.and_then(|it| named(it, "Arn").or_else(|| named(it, "Id"))) else {
            continue;
        };
        let mut answers = vec![(ORGANIZATION.1, reader.answer(ORGANIZATION, Some(call), node.span))];
        answers.extend(policy_types(reader).map(|types| ("PolicyTypes", types)));
        records.push(about(DECLARED, arn, node.span, answers));
    }
    for (list, entries, kind) in
        [(UNITS, "OrganizationalUnits", "AWS::Organizations::OrganizationalUnit"), (ACCOUNTS, "Accounts", ACCOUNT)]
    {
        for (call, entry) in reader.listed(list, entries) {
            let Some((id, node)) = named(entry, "Id") else { continue };
            let parent = call.text("ParentId").map(|(text, _)| Datum::text(text, node.span));
            let mut answers = vec![("Id", Datum::text(id, node.span))];
            answers.extend(parent.map(|parent| ("ParentId", parent)));
            // The older of the two is on its way out.
            let state = named(entry, "State").or_else(|| named(entry, "Status"));
            answers.extend(state.map(|(state, node)| ("State", Datum::text(state, node.span))));
            let mut record = about(kind, named(entry, "Arn").map_or(id, |(arn, _)| arn), node.span, answers);
            if kind == ACCOUNT {
                // The organization lists it; yet it is a place of its own.
                record.home.account = id.into();
            }
            records.push(record);
        }
    }
    let managed = managed(reader);
    for (id, span) in policies(reader) {
        let told = reader.call(POLICY, "PolicyId", &[id]);
        let describe = match told.and_then(Call::output) {
            None if id == FULL_ACCESS && managed.contains_key(id) => full_access(span),
            _ => described(reader, told, id, span),
        };
        let targets = reader.answer(TARGETS, reader.call(TARGETS, "PolicyId", &[id]), span);
        let answers = vec![(POLICY.1, describe), (TARGETS.1, ids(targets))];
        let mut record = about("AWS::Organizations::Policy", id, span, answers);
        match managed.get(id) {
            // `RCPFullAWSAccess` is attached everywhere and cannot be detached: it says nothing.
            Some(Some("RESOURCE_CONTROL_POLICY")) => continue,
            Some(_) => record.home.account = "aws".into(),
            None => {}
        }
        records.push(record);
    }
    for (call, entry) in reader.listed(ADMINISTRATORS, "DelegatedAdministrators") {
        let (Some((id, node)), Some((service, _))) = (named(entry, "Id"), call.text("ServicePrincipal")) else {
            continue;
        };
        let answers = vec![("Id", Datum::text(id, node.span)), ("ServicePrincipal", Datum::text(service, node.span))];
        let mut record = about("AWS::CloudTrail::DelegatedAdministrator", id, node.span, answers);
        record.home.account = id.into();
        records.push(record);
    }
    records
}

/// What was answered about a policy; of one whose text may not be read, the list says the type.
fn described(reader: &Reader, told: Option<&Call>, id: &str, place: Span) -> Datum {
    let answer = reader.answer(POLICY, told, place);
    let listed = reader.listed(POLICIES, "Policies").map(|(_, entry)| entry);
    let mut own = listed.filter(|entry| named(entry, "Id").is_some_and(|(other, _)| other == id));
    match (&answer.content, own.find_map(|entry| named(entry, "Type"))) {
        (Content::Unknown(_), Some((kind, node))) => {
            let summary = mapping(place, vec![("Type", Datum::text(kind, node.span))]);
            mapping(place, vec![("Policy", mapping(place, vec![("PolicySummary", summary), ("Content", answer)]))])
        }
        _ => answer,
    }
}

/// The types of policies that are turned on at the root; nothing where no answer speaks of them: what is attached somewhere
/// is on, for AWS detaches all of a type that is turned off.
fn policy_types(reader: &Reader) -> Option<Datum> {
    let refused = reader.calls(ROOTS).find_map(|call| reader.failure(call).or_else(|| reader.cut(call)));
    if refused.is_some() {
        return refused;
    }
    let (_, types) = reader.listed(ROOTS, "Roots").find_map(|(call, root)| Some((call, root.get("PolicyTypes")?)))?;
    let is_on = |entry: &&Node| named(entry, "Status").is_none_or(|(status, _)| status == "ENABLED");
    let on = types.items().iter().filter(is_on).filter_map(|entry| named(entry, "Type"));
    let on = on.map(|(kind, node)| Datum::text(kind, node.span)).collect();
    Some(Datum::new(Content::List(on), types.span))
}

/// The policy of AWS that hangs on every place at first.
const FULL_ACCESS: &str = "p-FullAWSAccess";

/// What it says, which nobody can change.
fn full_access(place: Span) -> Datum {
    let text = |text: &str| Datum::text(text, place);
    let statement = vec![("Effect", text("Allow")), ("Action", text("*")), ("Resource", text("*"))];
    let statements = Datum::new(Content::List(vec![mapping(place, statement)]), place);
    let content = mapping(place, vec![("Version", text("2012-10-17")), ("Statement", statements)]);
    let summary = mapping(place, vec![("Type", text("SERVICE_CONTROL_POLICY"))]);
    mapping(place, vec![("Policy", mapping(place, vec![("PolicySummary", summary), ("Content", content)]))])
}

fn named<'a>(entry: &'a Node, key: &str) -> Option<(&'a str, &'a Node)> {
    let node = entry.get(key)?;
    Some((node.text()?, node))
}

/// The policies that are listed or were asked about, by id.
fn policies<'a>(reader: &Reader<'a>) -> BTreeMap<&'a str, Span> {
    let mut found = BTreeMap::new();
    let told = summaries(reader).filter_map(|entry| named(entry, "Id"));
    let asked = reader.calls(POLICY).filter_map(|call| call.text("PolicyId"));
    for (id, node) in told.chain(asked) {
        found.entry(id).or_insert(node.span);
    }
    found
}

/// Those that are AWS's own, each with its type.
fn managed<'a>(reader: &Reader<'a>) -> BTreeMap<&'a str, Option<&'a str>> {
    let text = |entry: &'a Node, key| Some(named(entry, key)?.0);
    let own = summaries(reader).filter(|entry| text(entry, "AwsManaged") == Some("true"));
    own.filter_map(|entry| Some((text(entry, "Id")?, text(entry, "Type")))).collect()
}

fn summaries<'a>(reader: &Reader<'a>) -> impl Iterator<Item = &'a Node> {
    let told = reader.calls(POLICY).filter_map(|call| call.output()?.get("Policy")?.get("PolicySummary"));
    told.chain(reader.listed(POLICIES, "Policies").map(|(_, entry)| entry))
}

/// The ids of targets alone.
fn ids(mut answer: Datum) -> Datum {
    if let Some(targets) = shape::take(&mut answer, "Targets") {
        let mut list = targets.value;
        if let Content::List(items) = &mut list.content {
            *items = items.iter().filter_map(|item| shape::member(item, "TargetId").cloned()).collect();
        }
        shape::set(&mut answer, "Targets", targets.span, list);
    }
    answer
}

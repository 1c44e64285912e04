//! The organization, as far as the account may look: its policies and what they are attached to, its units and accounts,
//! and who administers CloudTrail for it.

use super::evidence::Call;
use super::reader::{Operation, Reader};
use crate::read::{Content, Datum, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use std::collections::BTreeMap;

const ORGANIZATION: Operation = ("organizations", "DescribeOrganization");
const UNITS: Operation = ("organizations", "ListOrganizationalUnitsForParent");
const ACCOUNTS: Operation = ("organizations", "ListAccountsForParent");
const POLICIES: Operation = ("organizations", "ListPolicies");
const POLICY: Operation = ("organizations", "DescribePolicy");
const TARGETS: Operation = ("organizations", "ListTargetsForPolicy");
const ADMINISTRATORS: Operation = ("organizations", "ListDelegatedAdministrators");

/// A member, as the organization lists it.
const ACCOUNT: &str = "AWS::Organizations::Account";

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
        let answer = reader.answer(ORGANIZATION, Some(call), node.span);
        records.push(about("AWS::Organizations::Organization", arn, node.span, vec![(ORGANIZATION.1, answer)]));
    }
    for (list, entries, kind) in
        [(UNITS, "OrganizationalUnits", "AWS::Organizations::OrganizationalUnit"), (ACCOUNTS, "Accounts", ACCOUNT)]
    {
        for (call, entry) in reader.listed(list, entries) {
            let Some((id, node)) = named(entry, "Id") else { continue };
            let parent = input(call, "ParentId").map(|(text, _)| Datum::text(text, node.span));
            let mut answers = vec![("Id", Datum::text(id, node.span))];
            answers.extend(parent.map(|parent| ("ParentId", parent)));
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
        let describe = reader.answer(POLICY, reader.call(POLICY, "PolicyId", &[id]), span);
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
        let (Some((id, node)), Some((service, _))) = (named(entry, "Id"), input(call, "ServicePrincipal")) else {
            continue;
        };
        let answers = vec![("Id", Datum::text(id, node.span)), ("ServicePrincipal", Datum::text(service, node.span))];
        records.push(about("AWS::CloudTrail::DelegatedAdministrator", id, node.span, answers));
    }
    records
}

fn named<'a>(entry: &'a Node, key: &str) -> Option<(&'a str, &'a Node)> {
    let node = entry.get(key)?;
    Some((node.text()?, node))
}

fn input<'a>(call: &'a Call, key: &str) -> Option<(&'a str, &'a Node)> {
    named(call.input.as_ref()?, key)
}

/// The policies that are listed or were asked about, by id.
fn policies<'a>(reader: &Reader<'a>) -> BTreeMap<&'a str, Span> {
    let mut found = BTreeMap::new();
    let told = summaries(reader).filter_map(|entry| named(entry, "Id"));
    let asked = reader.calls(POLICY).filter_map(|call| input(call, "PolicyId"));
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

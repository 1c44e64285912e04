//! Roles, users, groups and managed policies, as the details of the account's authorization list them.

use super::reader::{Operation, Reader};
use crate::read::{Arn, Content, Datum, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use std::collections::BTreeMap;

pub(super) const DETAILS: Operation = ("iam", "GetAccountAuthorizationDetails");

/// The lists of identities: their names, the type, and the list of the policies that are written in them.
const HOLDERS: [(&str, &str, &str); 3] = [
    ("RoleDetailList", "AWS::IAM::Role", "RolePolicyList"),
    ("UserDetailList", "AWS::IAM::User", "UserPolicyList"),
    ("GroupDetailList", "AWS::IAM::Group", "GroupPolicyList"),
];

/// The types of the records.
pub(super) const TYPES: &[&str] =
    &["AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", UNLISTED];

/// What stands for the identities of an account that could not be listed.
const UNLISTED: &str = "Trailproof::UnlistedIdentities";

/// How many identities the details list, where they were asked for.
pub(super) fn count(reader: &Reader) -> Option<usize> {
    let lists = HOLDERS.iter().map(|(list, ..)| *list).chain(["Policies"]);
    reader.calls(DETAILS).next()?;
    Some(lists.map(|list| reader.listed(DETAILS, list).count()).sum())
}

/// Everything that the details list.
pub(super) fn records(reader: &Reader) -> Vec<Record> {
    let mut records = Vec::new();
    for (list, kind, written) in HOLDERS {
        for (_, entry) in reader.listed(DETAILS, list) {
            records.extend(identity(reader, entry, kind, |details| holder(details, written)));
        }
    }
    records.extend(unread(reader));
    for (_, entry) in reader.listed(DETAILS, "Policies") {
        records.extend(identity(reader, entry, "AWS::IAM::ManagedPolicy", default_version));
    }
    records
}

/// What stands for the identities of the account, where none, or not all, of the details are there.
pub(super) fn unlisted(reader: &Reader) -> Option<Record> {
    let asked = reader.calls(DETAILS).next().is_some();
    let open = reader.calls(DETAILS).find_map(|call| reader.failure(call).or_else(|| reader.cut(call)));
    let place = reader.evidence.span;
    let open = open.or_else(|| (!asked).then(|| reader.unasked(DETAILS, place)))?;
    let is_open = matches!(open.content, Content::Unknown(_));
    let record =
        || reader.record(UNLISTED, &reader.evidence.account, place, reader.home(None, None), vec![(DETAILS.1, open)]);
    is_open.then(record)
}

/// The roles that trails name, where the details could not be read.
fn unread(reader: &Reader) -> Vec<Record> {
    let Some(answer) = reader.calls(DETAILS).find_map(|call| reader.failure(call)) else { return Vec::new() };
    let mut roles: BTreeMap<&str, Span> = BTreeMap::new();
    for (_, trail) in reader.listed(("cloudtrail", "DescribeTrails"), "trailList") {
        if let Some((arn, node)) = trail.get("CloudWatchLogsRoleArn").and_then(|node| Some((node.text()?, node))) {
            roles.entry(arn).or_insert(node.span);
        }
    }
    let own = |arn: &Arn| arn.account == reader.evidence.account;
    let role = |(arn, span): (&str, Span)| {
        let parsed = Arn::parse(arn).filter(own)?;
        let answers = vec![("RoleName", Datum::text(parsed.name(), span)), (DETAILS.1, answer.clone())];
        Some(reader.record("AWS::IAM::Role", arn, span, reader.home(Some(&parsed), None), answers))
    };
    roles.into_iter().filter_map(role).collect()
}

fn identity(reader: &Reader, entry: &Node, kind: &str, change: impl Fn(Datum) -> Datum) -> Option<Record> {
    let node = entry.get("Arn")?;
    let arn = node.text()?;
    let details = change(reader.tree().at(entry, node.span));
    let home = reader.home(Arn::parse(arn).as_ref(), None);
    Some(reader.record(kind, arn, node.span, home, vec![(DETAILS.1, details)]))
}

/// What is attached by its ARN alone, and what is written by one name for all kinds.
fn holder(mut details: Datum, written: &str) -> Datum {
    if let Some(inline) = shape::take(&mut details, written) {
        shape::set(&mut details, "PolicyList", inline.span, inline.value);
    }
    if let Some(attached) = shape::take(&mut details, "AttachedManagedPolicies") {
        let mut list = attached.value;
        if let Content::List(items) = &mut list.content {
            *items = items.iter().filter_map(|item| shape::member(item, "PolicyArn").cloned()).collect();
        }
        shape::set(&mut details, "AttachedManagedPolicies", attached.span, list);
    }
    details
}

/// The document that counts.
fn default_version(mut details: Datum) -> Datum {
    let counts = |version: &&Datum| {
        let text = |key: &str| shape::member(version, key).map(Datum::as_text);
        text("IsDefaultVersion").is_some_and(|is| is.literal() == Some("true"))
    };
    let document = match shape::member(&details, "PolicyVersionList").map(|list| &list.content) {
        Some(Content::List(versions)) => versions.iter().find(counts).and_then(|it| shape::member(it, "Document")),
        _ => None,
    };
    if let Some(document) = document.cloned() {
        shape::set(&mut details, "Document", document.span, document);
    }
    details
}

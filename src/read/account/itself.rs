//! The account itself: what its evidence says of it, and which lists of it are complete.

use super::evidence::{Answer, Call};
use super::identities::DETAILS as IDENTITIES;
use super::organization::{ACCOUNTS, ADMINISTRATORS, ORGANIZATION, POLICIES, ROOTS, UNITS};
use super::reader::{Operation, Reader, mapping};
use super::{CLOUDTRAIL, Unasked};
use crate::read::{Content, Datum, Record};
use crate::syntax::Node;
use crate::value::Why;
use std::collections::{BTreeMap, BTreeSet};

const TRAILS: Operation = ("cloudtrail", "DescribeTrails");
const REGIONS: Operation = ("account", "ListRegions");
const EVENTS: Operation = ("cloudtrail", "LookupEvents");

/// The record of an account.
pub(super) const KIND: &str = "Trailproof::Account";

/// Whether it belongs to an organization, in that record.
pub(super) const IN_ORGANIZATION: &str = "InOrganization";

/// The record of the account.
pub(super) fn record(reader: &Reader) -> Record {
    let asked_itself = if is_asked_itself(reader) { "true" } else { "false" };
    let mut answers = vec![
        ("AskedItself", Datum::text(asked_itself, reader.evidence.span)),
        (IN_ORGANIZATION, whether(reader, ORGANIZATION)),
        ("TrailsListed", whether_listed(reader, TRAILS)),
        ("AllTrailsListed", whether_everywhere(reader, TRAILS)),
        ("PoliciesListed", whether(reader, POLICIES)),
        ("TreeListed", tree(reader)),
        ("IdentitiesListed", whether(reader, IDENTITIES)),
        ("AdministratorsListed", whether(reader, ADMINISTRATORS)),
        ("Regions", regions(reader)),
        ("RegionsListed", refused(reader, REGIONS).unwrap_or_else(|| Datum::text("true", reader.evidence.span))),
        ("TrailCounts", counts(reader)),
        ("Events", events(reader)),
        ("EventsListed", whether_everywhere(reader, EVENTS)),
    ];
    answers.extend(asked(reader).map(|names| ("EventsAsked", names)));
    let (id, span) = (&reader.evidence.account, reader.evidence.span);
    reader.record(KIND, id, span, reader.home(None, None), answers)
}

/// Whether the account was asked what it has, and not about its organization alone, as a run does with who asks where others
/// are chosen.
pub(super) fn is_asked_itself(reader: &Reader) -> bool {
    let is_asked = |operation| reader.calls(operation).next().is_some();
    let is_of_organization = [POLICIES, ADMINISTRATORS].into_iter().any(is_asked);
    !(reader.evidence.is_of_no_region && is_of_organization && !is_asked(TRAILS))
}

/// The calls of an operation that ask for all that is wanted of it, and not for a part.
fn asking<'a>(reader: &Reader<'a>, operation: Operation) -> impl Iterator<Item = &'a Call> {
    reader.calls(operation).filter(move |call| {
        let text = |key: &str| call.text(key).map(|(text, _)| text);
        let names_some = |key: &str| call.argument(key).is_some_and(|list| !list.items().is_empty());
        match operation {
            TRAILS => {
                let lists = call.output().is_none_or(|output| output.get("trailList").is_some());
                lists && !names_some("trailNameList") && text("includeShadowTrails") != Some("false")
            }
            POLICIES => text("Filter").is_none_or(|kind| kind == "SERVICE_CONTROL_POLICY"),
            // Without a service, the list does not say what its accounts administer.
            ADMINISTRATORS => text("ServicePrincipal").map_or(call.output().is_none(), |it| it == CLOUDTRAIL),
            IDENTITIES => !names_some("Filter"),
            _ => true,
        }
    })
}

/// Whether a list was given by any of the calls for it.
fn whether_listed(reader: &Reader, operation: Operation) -> Datum {
    let is_answered = asking(reader, operation).any(|call| call.output().is_some() && reader.cut(call).is_none());
    let is_example = reader.unasked == Unasked::Nothing && reader.calls(operation).next().is_none();
    match is_answered || is_example {
        true => Datum::text("true", reader.evidence.span),
        false => whether(reader, operation),
    }
}

/// Why one of the calls for something was not answered, or not to its end, where that is so.
fn refused(reader: &Reader, operation: Operation) -> Option<Datum> {
    let mut failed = asking(reader, operation).filter_map(|call| reader.failure(call).or_else(|| reader.cut(call)));
    failed.find(|failed| matches!(failed.content, Content::Unknown(_)))
}

/// What it means that nothing was asked: unknown, or as given.
fn unasked(reader: &Reader, operation: Operation, otherwise: &str) -> Datum {
    let place = reader.evidence.span;
    match reader.unasked(operation, place) {
        unknown @ Datum { content: Content::Unknown(_), .. } => unknown,
        _ => Datum::text(otherwise, place),
    }
}

/// Whether there is what a call asks for; unknown where one of the calls failed.
fn whether(reader: &Reader, operation: Operation) -> Datum {
    refused(reader, operation).unwrap_or_else(|| match asking(reader, operation).next() {
        Some(call) => {
            let there = matches!(call.answer, Answer::Output(..));
            Datum::text(if there { "true" } else { "false" }, reader.evidence.span)
        }
        None => unasked(reader, operation, "false"),
    })
}

/// Whether every part of the organization's tree was listed.
fn tree(reader: &Reader) -> Datum {
    let refused = [ROOTS, UNITS, ACCOUNTS].into_iter().find_map(|operation| refused(reader, operation));
    refused.unwrap_or_else(|| whether(reader, ACCOUNTS))
}

/// Whether a list was given in every Region in which the account was asked at all; never that it was not: then it is unknown.
fn whether_everywhere(reader: &Reader, operation: Operation) -> Datum {
    // Where the list of Regions was refused, there may be more than those that were asked.
    if let Some(refused) = refused(reader, operation).or_else(|| refused(reader, REGIONS)) {
        return refused;
    }
    let is_asked = |region: &str| asking(reader, operation).any(|call| call.region == region);
    let (regions, place) = (&reader.evidence.regions, reader.evidence.span);
    if regions.is_empty() && asking(reader, operation).next().is_some() && reader.unasked == Unasked::NotVisible {
        let text = "`regions` is missing in the evidence: without the list of all Regions that were asked, no list in it \
                    is known to be whole";
        return Datum::unknown(Why::not_visible("regions", text).at(place), place);
    }
    match !regions.is_empty() && regions.iter().all(|(region, _)| is_asked(region)) {
        true => Datum::text("true", place),
        false => unasked(reader, operation, "true"),
    }
}

fn regions(reader: &Reader) -> Datum {
    let regions = reader.evidence.regions.iter().map(|(region, span)| Datum::text(region.as_str(), *span));
    Datum::new(Content::List(regions.collect()), reader.evidence.span)
}

/// How many trails each Region lists.
fn counts(reader: &Reader) -> Datum {
    let count = |call: &Call| {
        let (key, node) = call.output()?.entry("trailList")?;
        let trails = Datum::text(node.items().len().to_string().as_str(), key.span);
        Some(mapping(key.span, vec![("Region", Datum::text(call.region.as_str(), key.span)), ("Trails", trails)]))
    };
    Datum::new(Content::List(reader.calls(TRAILS).filter_map(count).collect()), reader.evidence.span)
}

/// What the event history holds; what was tried in vain changed nothing.
fn events(reader: &Reader) -> Datum {
    let event = |event: &Node| {
        let name = event.get("EventName").filter(|_| !failed(event))?;
        let text = |key: &'static str| {
            let node = event.get(key)?;
            Some((key, Datum::text(node.text()?, node.span)))
        };
        let members = ["EventName", "EventTime", "Username"].into_iter().filter_map(text).collect();
        Some(mapping(name.span, members))
    };
    let all = reader.listed(EVENTS, "Events").filter_map(|(_, node)| event(node)).collect();
    Datum::new(Content::List(all), reader.evidence.span)
}

/// The names of events that the history was asked for in every Region; nothing where it was asked for all everywhere.
fn asked(reader: &Reader) -> Option<Datum> {
    if reader.unasked == Unasked::Nothing {
        return None;
    }
    let (mut whole, mut names) = (BTreeSet::new(), BTreeMap::<&str, BTreeSet<&str>>::new());
    for call in reader.calls(EVENTS) {
        match looked_for(call) {
            Some(Sought::All) => drop(whole.insert(&*call.region)),
            Some(Sought::Name(name)) => drop(names.entry(name).or_default().insert(&*call.region)),
            None => {}
        }
    }
    let (regions, place) = (&reader.evidence.regions, reader.evidence.span);
    if regions.iter().all(|(region, _)| whole.contains(region.as_str())) && (names.is_empty() || !whole.is_empty()) {
        return None;
    }
    let is_asked = |at: &BTreeSet<&str>, region: &str| at.contains(region) || whole.contains(region);
    names.retain(|_, at| regions.iter().all(|(region, _)| is_asked(at, region)));
    let names = names.into_keys().map(|name| Datum::text(name, place)).collect();
    Some(Datum::new(Content::List(names), place))
}

/// What a call looks for in the history.
enum Sought<'a> {
    /// Everything of CloudTrail.
    All,
    /// The events of one name.
    Name(&'a str),
}

/// What a call looks for; nothing that counts where it leaves out a part of the ninety days, or events by who or what.
fn looked_for(call: &Call) -> Option<Sought<'_>> {
    if call.argument("StartTime").or_else(|| call.argument("EndTime")).is_some() {
        return None;
    }
    let Some(attribute) = call.argument("LookupAttributes").and_then(|list| list.items().first()) else {
        return Some(Sought::All);
    };
    let text = |key| attribute.get(key).and_then(Node::text);
    match (text("AttributeKey")?, text("AttributeValue")?) {
        ("EventName", name) => Some(Sought::Name(name)),
        ("EventSource", CLOUDTRAIL) => Some(Sought::All),
        _ => None,
    }
}

/// Whether an event tells of a call that failed: its record, JSON in a text or as it is, has the code of an error.
fn failed(event: &Node) -> bool {
    let Some(record) = event.get("CloudTrailEvent") else { return false };
    let code = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok()?.get("errorCode").cloned();
    record.get("errorCode").is_some_and(|code| !code.is_null())
        || record.text().and_then(code).is_some_and(|code| !code.is_null())
}

//! What a team decided: why a result is held back, and results about exceptions themselves.

use super::{Places, hash, level, message, text};
use crate::judge::Suppressed;
use crate::report::escape::visible;
use crate::report::{Exception, Report, State};
use serde_json::Value;
use serde_sarif::sarif;
use std::collections::{BTreeMap, BTreeSet};

/// Why a result is held back.
pub(super) fn suppression(held: &Suppressed, places: &Places) -> sarif::Suppression {
    let kind = match held.by {
        "configuration" | "baseline" | "base" => "external",
        _ => "inSource",
    };
    let mut words = visible(&held.reason);
    let further = [("owner", held.owner.as_deref()), ("until", held.until.as_deref()), ("kind", held.kind)];
    for (key, value) in further.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        words.push_str(&format!("; {key}: {}", visible(value)));
    }
    let mut suppression = sarif::Suppression::builder().kind(Value::from(kind)).justification(words).build();
    let place = held.place.and_then(|span| places.physical(span));
    suppression.location = place.map(|place| sarif::Location::builder().physical_location(place).build());
    suppression
}

/// The rules of the states that occur, which stand behind those of the checks.
pub(super) fn rules(report: &Report) -> Vec<sarif::ReportingDescriptor> {
    states(report).into_iter().map(rule).collect()
}

fn states(report: &Report) -> BTreeSet<State> {
    report.exceptions.iter().map(|exception| exception.state).collect()
}

fn rule(state: State) -> sarif::ReportingDescriptor {
    let properties = BTreeMap::from([
        ("security-severity".to_owned(), Value::from("2.0")),
        ("problem.severity".to_owned(), Value::from("recommendation")),
        ("precision".to_owned(), Value::from("very-high")),
    ]);
    let bag = sarif::PropertyBag::builder()
        .tags(vec!["audit-trail".to_owned(), "exception".to_owned()])
        .additional_properties(properties)
        .build();
    let help_uri = format!("{}/blob/main/docs/configuration.md", env!("CARGO_PKG_REPOSITORY"));
    sarif::ReportingDescriptor::builder()
        .id(state.as_str())
        .name(state.as_str())
        .short_description(text(state.title()))
        .full_description(text(state.title()))
        .help(text(state.title()))
        .help_uri(help_uri)
        .properties(bag)
        .build()
}

/// A result for each exception that does not simply hold.
pub(super) fn results(report: &Report, places: &Places) -> Vec<sarif::Result> {
    let states = states(report);
    let one = |(exception, print): (&Exception, String)| {
        let place = places.physical(exception.span)?;
        let index = states.iter().position(|state| *state == exception.state)?;
        let mut prints = BTreeMap::from([("trailproof/v1".to_owned(), print.clone())]);
        if report.path(exception.span.file).starts_with('/') {
            prints.insert("primaryLocationLineHash".to_owned(), format!("{}:1", hash(&print)));
        }
        let result = sarif::Result::builder()
            .rule_id(exception.state.as_str())
            .rule_index(i64::try_from(report.checks.len() + index).ok()?)
            .kind(sarif::ResultKind::Fail)
            .level(level(Exception::SEVERITY))
            .message(message(&format!("{}: {}", exception.state.title(), exception.message)))
            .locations(vec![sarif::Location::builder().physical_location(place).build()])
            .partial_fingerprints(prints)
            .build();
        Some(result)
    };
    report.exceptions.iter().zip(report.fingerprints_of_exceptions()).filter_map(one).collect()
}

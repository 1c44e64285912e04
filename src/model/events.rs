//! Events that stand for all that selectors tell apart: of each field one of every value that they mention, and one of none.

use super::selectors::{Event, FRESH, Rule, mentioned};
use crate::value::{Text, Why, WhyKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Most combinations of representatives that are looked at; real selectors need a few dozen.
const MAX_EVENTS: usize = 20_000;

/// All combinations of the given values with the representatives of every other field that the rules mention.
pub(super) fn events(rules: &[&Rule], given: &[(&str, Vec<Text>)]) -> Result<Vec<Event>, Why> {
    let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
    for each in rules.iter().flat_map(|rule| &rule.fields) {
        names.extend(each.name.candidates().into_iter().filter_map(Text::literal).map(Arc::from));
    }
    let mut events = vec![Event::new()];
    let others = names.into_iter().filter(|name| !given.iter().any(|(given, _)| *given == &**name));
    let others = others.map(|name| {
        let values: Vec<Text> = mentioned(rules.iter().copied(), &name).into_iter().chain([FRESH.into()]).collect();
        (name, values)
    });
    for (name, values) in given.iter().map(|(name, values)| (Arc::from(*name), values.clone())).chain(others) {
        if events.len().saturating_mul(values.len()) > MAX_EVENTS {
            return Err(Why::new(
                WhyKind::Unsupported,
                "selectors",
                "these selectors have too many combinations to look at each",
            ));
        }
        let extend = |event: &Event| {
            values
                .iter()
                .map(|value| {
                    let mut event = event.clone();
                    event.insert(name.clone(), value.clone());
                    event
                })
                .collect::<Vec<_>>()
        };
        events = events.iter().flat_map(extend).collect();
    }
    Ok(events)
}

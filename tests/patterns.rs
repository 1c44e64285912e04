//! What metric filters and event patterns mean (law 8): against second readings, and for the texts that people use.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests stop at the first surprise")]

#[path = "patterns/naive.rs"]
mod naive;
#[path = "patterns/published.rs"]
mod published;

use naive::{Numbers, Tree, event};
use serde_json::Value;
use trailproof::patterns::{Cover, Domain, Event, Formula, Node, Path, Sample, Shape, cover, filter, rule};
use trailproof::value::Text;

fn sample(value: &Value) -> Sample {
    match value {
        Value::Null => Sample::Null,
        Value::Bool(value) => Sample::Bool(*value),
        Value::Number(number) => Sample::Number(number.as_f64().unwrap()),
        Value::String(text) => Sample::Text(text.as_str().into()),
        Value::Array(items) => Sample::List(items.iter().map(sample).collect()),
        Value::Object(_) => Sample::Object,
    }
}

fn flat(value: &Value, path: &Path, found: &mut Vec<(Path, Sample)>) {
    if !path.0.is_empty() {
        found.push((path.clone(), sample(value)));
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        flat(value, &Path(path.0.iter().cloned().chain([name.as_str().into()]).collect()), found);
    }
}

fn whole(event: &Value) -> Event {
    let mut found = Vec::new();
    flat(event, &Path::default(), &mut found);
    Event::whole(found)
}

/// Whether a pattern matches an event that is known whole.
fn matches(formula: &Formula, event: &Value) -> Option<bool> {
    match cover(&[formula], &whole(event)) {
        Cover::All => Some(true),
        Cover::None => Some(false),
        Cover::But(_) | Cover::Unknown(_) => None,
    }
}

pub(crate) fn node(value: &Value) -> Node {
    let shape = match value {
        Value::Null => Shape::Null,
        Value::Bool(value) => Shape::Bool(*value),
        Value::Number(number) => Shape::Number(number.as_f64().unwrap()),
        Value::String(text) => Shape::Text(text.as_str().into()),
        Value::Array(items) => Shape::List(items.iter().map(node).collect()),
        Value::Object(members) => {
            Shape::Object(members.iter().map(|(key, value)| (key.as_str().into(), node(value))).collect())
        }
    };
    Node { shape, at: 0 }
}

#[test]
fn filters_mean_what_a_second_reading_says() {
    let mut numbers = Numbers::new(8);
    let mut matched = 0;
    for _ in 0..3000 {
        let tree = Tree::draw(&mut numbers, 2);
        let text = format!("{{{}}}", tree.write(&mut numbers, false));
        let formula = filter(&text.as_str().into()).unwrap_or_else(|why| panic!("{text}: {why:?}"));
        for _ in 0..8 {
            let event = event(&mut numbers);
            let wanted = tree.matches(&event);
            assert_eq!(matches(&formula, &event), Some(wanted), "{text}\n{event}");
            matched += usize::from(wanted);
        }
    }
    assert!(matched > 3000, "too few events matched to tell: {matched}");
}

#[test]
fn rules_mean_what_another_matcher_says() {
    let rows: Vec<(Value, Value, bool)> = serde_json::from_str(include_str!("patterns/rules.json")).unwrap();
    assert!(rows.len() >= 500);
    for (pattern, event, wanted) in &rows {
        let formula = rule(&node(pattern)).unwrap_or_else(|why| panic!("{pattern}: {why:?}"));
        assert_eq!(matches(&formula, event), Some(*wanted), "{pattern}\n{event}");
    }
}

/// The events of a kind in a small universe: every way in which its free fields may be.
fn universe(kind: &[(&'static str, Vec<Value>)]) -> Vec<Value> {
    let mut all = vec![serde_json::json!({})];
    for (field, values) in kind {
        let put = |event: &Value, value: &Value| {
            let mut event = event.clone();
            if value.as_str() != Some("(absent)") {
                match field.split_once('.') {
                    Some((outer, inner)) => event[outer][inner] = value.clone(),
                    None => event[*field] = value.clone(),
                }
            }
            event
        };
        all = all.iter().flat_map(|event| values.iter().map(|value| put(event, value)).collect::<Vec<_>>()).collect();
    }
    all
}

/// What is said of all events of a kind holds for each of them in a universe, and what is said to be missed is.
#[test]
fn what_is_covered_is_matched() {
    let texts = |more: &[&str]| -> Vec<Value> {
        ["StopLogging", "DeleteTrail", "AccessDenied", "xLogging", "arn:aws:iam::1:role/x", "other", "Stopx", ""]
            .iter()
            .chain(more)
            .map(|text| Value::from(*text))
            .collect()
    };
    let fields = [
        ("eventName", vec![Value::from("StopLogging")]),
        ("errorCode", texts(&["(absent)", "AccessDeniedx"])),
        ("userIdentity.arn", texts(&["SxpxLx"])),
        ("mfa", texts(&["(absent)"])),
    ];
    let events = universe(&fields);
    let text = |optional| Domain::Text { optional, but: Vec::new() };
    let kind = Event::whole([])
        .with_text("eventName", "StopLogging")
        .where_in("errorCode", text(true))
        .where_in("userIdentity.arn", text(false))
        .where_in("mfa", text(true));
    let mut numbers = Numbers::new(9);
    let mut seen = [0; 4];
    for _ in 0..1200 {
        let trees: Vec<Tree> = (0..1 + numbers.below(2)).map(|_| Tree::draw(&mut numbers, 2)).collect();
        let written: Vec<String> =
            trees.iter().map(|tree| format!("{{{}}}", tree.write(&mut numbers, false))).collect();
        let formulas: Vec<Formula> = written.iter().map(|text| filter(&text.as_str().into()).unwrap()).collect();
        let count = events.iter().filter(|event| trees.iter().any(|tree| tree.matches(event))).count();
        let answer = cover(&formulas.iter().collect::<Vec<_>>(), &kind);
        match &answer {
            Cover::All => assert_eq!(count, events.len(), "{written:?}"),
            Cover::None => assert_eq!(count, 0, "{written:?}"),
            Cover::But(gaps) => {
                assert!(count < events.len(), "{written:?} misses {gaps:?}");
                assert!(count == 0 || !gaps.is_empty(), "{written:?}: nothing is named");
            }
            Cover::Unknown(_) => {}
        }
        let place = match answer {
            Cover::All => 0,
            Cover::None => 1,
            Cover::But(_) => 2,
            Cover::Unknown(_) => 3,
        };
        seen[place] += 1;
    }
    assert!(seen[..3].iter().all(|count| *count > 50), "each answer is met: {seen:?}");
    assert!(seen[3] * 50 < seen.iter().sum::<usize>(), "unknown is the last resort: {seen:?}");
}

#[test]
fn hostile_patterns_end() {
    let stars = format!("{{ $.eventName = \"{}\" }}", "*a".repeat(490));
    let deep = format!("{{ {}$.a = 1{} }}", "(".repeat(500), ")".repeat(500));
    let wide = (0..20).map(|n| format!("$.f{n} = \"*{n}*\"")).collect::<Vec<_>>().join(" && ");
    let many = (0..40).map(|n| format!("$.f = \"*{n}*\"")).collect::<Vec<_>>().join(" || ");
    let long = "a*".repeat(30_000);
    for text in
        [stars, deep, format!("{{ {wide} }}"), format!("{{ {many} }}"), long, "{".repeat(1000), "(".repeat(1000)]
    {
        if let Ok(formula) = filter(&Text::from(text.as_str())) {
            let event = Event::record().with_text("eventName", "a".repeat(128).as_str());
            let _ = cover(&[&formula], &event);
        }
    }
    let mut pattern = serde_json::json!(["x"]);
    for _ in 0..200 {
        pattern = serde_json::json!({ "a": pattern });
    }
    assert!(rule(&node(&pattern)).is_err());
}

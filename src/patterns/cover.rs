//! Whether patterns match all events of a kind: by trying every way in which the fields that they ask of may be.
//!
//! A formula has no negation above its tests, and is decided by what the fields are that its tests ask of. The module's
//! own doc says why a bounded number of tries is enough.

use super::event::{Domain, Event};
use super::{Ask, Formula, Matcher, Path, Sample, Test};
use crate::value::{Truth, Why, WhyKind};
use std::fmt;

/// What patterns match of the events of a kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Cover {
    /// All of them.
    All,
    /// Not those.
    But(Vec<Gap>),
    /// None.
    None,
    /// It cannot be told.
    Unknown(Why),
}

/// Events that are not matched: those in which a field is so.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// The field.
    pub path: Path,
    /// What it is.
    pub value: Sample,
    /// The test that keeps them out.
    pub at: Option<usize>,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.value {
            Sample::Absent => write!(f, "those without `{path}`"),
            Sample::Other => write!(f, "those with another `{path}` than the pattern names"),
            Sample::Text(text) => match text.literal() {
                Some(literal) => write!(f, "those whose `{path}` is `{literal}`"),
                None => write!(f, "those whose `{path}` is the one that the pattern names"),
            },
            Sample::Bool(value) => write!(f, "those whose `{path}` is {value}"),
            Sample::Number(value) => write!(f, "those whose `{path}` is {value}"),
            Sample::Null => write!(f, "those whose `{path}` is null"),
            Sample::Object | Sample::List(_) => write!(f, "those whose `{path}` has parts"),
        }
    }
}

/// Most ways that are tried one by one.
const MAX_WAYS: usize = 2048;

/// Most open matchers of one field whose answers are combined.
const MAX_OPEN: usize = 6;

/// Gaps that are named.
const MAX_GAPS: usize = 3;

/// A way in which a field may be.
#[derive(Clone, Debug)]
enum State {
    Is(Sample),
    /// Some text to which the open matchers answer so; perhaps there is none.
    Open(Vec<bool>),
}

struct Field<'f> {
    path: &'f Path,
    open: Vec<&'f Matcher>,
    states: Vec<State>,
}

/// What patterns match together of the events of a kind.
pub fn cover(patterns: &[&Formula], event: &Event) -> Cover {
    let whole = Formula::Any(patterns.iter().map(|pattern| settle(pattern, event)).collect());
    let fields = fields(&whole, event);
    let ways = fields.as_ref().map(|fields| fields.iter().fold(1usize, |all, it| all.saturating_mul(it.states.len())));
    let Ok(fields) = &fields else { return Cover::Unknown(too_many()) };
    let mut tried = Tried::default();
    if ways.is_ok_and(|ways| ways <= MAX_WAYS) {
        let mut way = vec![0; fields.len()];
        loop {
            tried.add(&whole, fields, &way);
            if !next(&mut way, fields) {
                break;
            }
        }
        return tried.cover(&whole, fields);
    }
    // Each field by itself beside the first way of all others: what is missed is missed, and no more is known.
    let first = vec![0; fields.len()];
    for (n, field) in fields.iter().enumerate() {
        for state in 0..field.states.len() {
            let mut way = first.clone();
            if let Some(here) = way.get_mut(n) {
                *here = state;
            }
            tried.add(&whole, fields, &way);
        }
    }
    match (tried.matched.is_some() && tried.missed.is_some(), tried.cover(&whole, fields)) {
        (true, but @ Cover::But(_)) => but,
        _ => Cover::Unknown(too_many()),
    }
}

fn too_many() -> Why {
    Why::new(WhyKind::Unsupported, "pattern", "this pattern asks of more fields at once than are tried")
}

/// The next way, counted like a number; false after the last.
fn next(way: &mut [usize], fields: &[Field]) -> bool {
    for (digit, field) in way.iter_mut().zip(fields) {
        *digit += 1;
        if *digit < field.states.len() {
            return true;
        }
        *digit = 0;
    }
    false
}

#[derive(Default)]
struct Tried {
    matched: Option<Vec<usize>>,
    /// Whether there are events that are matched so.
    is_certain: bool,
    missed: Option<Vec<usize>>,
    /// Whether any may be matched, and any missed.
    some: bool,
    other: bool,
    why: Option<Why>,
}

impl Tried {
    fn add(&mut self, whole: &Formula, fields: &[Field], way: &[usize]) {
        let is_certain = fields.iter().zip(way).all(|(it, state)| matches!(it.states.get(*state), Some(State::Is(_))));
        match holds(whole, fields, way) {
            Truth::True(_) => {
                self.some = true;
                if self.matched.is_none() || (is_certain && !self.is_certain) {
                    (self.matched, self.is_certain) = (Some(way.to_vec()), is_certain);
                }
            }
            Truth::False(_) => {
                self.other = true;
                if is_certain && self.missed.is_none() {
                    self.missed = Some(way.to_vec());
                }
            }
            Truth::Unknown(whys, _) => {
                (self.some, self.other) = (true, true);
                self.why = self.why.take().or_else(|| whys.into_iter().next());
            }
        }
    }

    fn cover(self, whole: &Formula, fields: &[Field]) -> Cover {
        match (self.some, self.other) {
            (true, false) => return Cover::All,
            (false, _) => return Cover::None,
            _ => {}
        }
        match (&self.missed, self.why) {
            (Some(missed), _) => Cover::But(gaps(whole, fields, self.matched.as_deref(), missed)),
            (None, Some(why)) => Cover::Unknown(why),
            (None, None) => {
                let text = "whether the wildcards of this pattern match everything together is not decided";
                Cover::Unknown(Why::new(WhyKind::Unsupported, "pattern", text))
            }
        }
    }
}

fn holds(whole: &Formula, fields: &[Field], way: &[usize]) -> Truth {
    whole.holds(&|test| {
        let found = fields.iter().zip(way).find(|(field, _)| *field.path == test.path);
        match found.and_then(|(field, state)| Some((field, field.states.get(*state)?))) {
            Some((_, State::Is(value))) => answer(test, value),
            Some((field, State::Open(answers))) => open_answer(test, field, answers),
            None => Truth::no(),
        }
    })
}

/// What keeps events out: each field that does so alone; else the first on the way from what is matched to what is missed.
fn gaps(whole: &Formula, fields: &[Field], matched: Option<&[usize]>, missed: &[usize]) -> Vec<Gap> {
    let Some(matched) = matched else { return Vec::new() };
    let gap = |field: &Field, state: usize| match field.states.get(state) {
        Some(State::Is(value)) => {
            let keeps = |test: &&&Test| test.path == *field.path && !answer(test, value).is_true();
            let at = whole.tests().iter().find(keeps).map(|test| test.at);
            Some(Gap { path: field.path.clone(), value: value.clone(), at })
        }
        _ => None,
    };
    let mut found = Vec::new();
    for (n, field) in fields.iter().enumerate() {
        let fails = |state: &usize| {
            let mut way = matched.to_vec();
            if let Some(here) = way.get_mut(n) {
                *here = *state;
            }
            holds(whole, fields, &way).is_false()
        };
        let is_other = |state: &usize| matches!(field.states.get(*state), Some(State::Is(Sample::Other)));
        let all: Vec<usize> = (0..field.states.len()).filter(fails).collect();
        let best = all.iter().copied().find(is_other).or(all.first().copied());
        found.extend(best.and_then(|state| gap(field, state)));
    }
    let mut way = matched.to_vec();
    for (n, field) in fields.iter().enumerate().filter(|_| found.is_empty()) {
        let state = missed.get(n).copied().unwrap_or_default();
        if let Some(here) = way.get_mut(n) {
            *here = state;
        }
        if holds(whole, fields, &way).is_false() {
            found.extend(gap(field, state));
            break;
        }
    }
    found.truncate(MAX_GAPS);
    found
}

/// The same formula for events of a kind, without what their known fields decide.
fn settle(formula: &Formula, event: &Event) -> Formula {
    match formula {
        Formula::All(parts) => {
            let mut left = Vec::new();
            for part in parts.iter().map(|part| settle(part, event)) {
                match part {
                    Formula::Any(none) if none.is_empty() => return Formula::nothing(),
                    Formula::All(inner) => left.extend(inner),
                    part => left.push(part),
                }
            }
            Formula::All(left)
        }
        Formula::Any(parts) => {
            let mut left = Vec::new();
            for part in parts.iter().map(|part| settle(part, event)) {
                match part {
                    Formula::All(none) if none.is_empty() => return Formula::everything(),
                    Formula::Any(inner) => left.extend(inner),
                    part => left.push(part),
                }
            }
            Formula::Any(left)
        }
        Formula::Test(test) => match settled(test, event) {
            Some(Truth::True(_)) => Formula::everything(),
            Some(Truth::False(_)) => Formula::nothing(),
            Some(Truth::Unknown(whys, _)) => whys.into_iter().next().map_or_else(Formula::nothing, Formula::Unknown),
            None => formula.clone(),
        },
        Formula::Unknown(_) => formula.clone(),
    }
}

/// What the known fields of events answer.
fn settled(test: &Test, event: &Event) -> Option<Truth> {
    if let Ask::Word(word) | Ask::NoWord(word) = &test.ask {
        let is = |value: &Sample| matches!(value, Sample::Text(text) if text.literal().is_some() && text == word);
        let why = || Why::new(WhyKind::AfterApply, "pattern", "where in an event a word stands is not known before");
        let found = match event.known().any(|(_, value)| is(value)) {
            true => Truth::yes(),
            false => Truth::unknown(word.why().unwrap_or_else(why)),
        };
        return Some(if matches!(test.ask, Ask::Word(_)) { found } else { found.not() });
    }
    let Domain::OneOf(values) = event.domain(&test.path) else { return None };
    let answers: Vec<Truth> = values.iter().map(|value| answer(test, value)).collect();
    let same = |is: fn(&Truth) -> bool| answers.iter().all(is);
    (same(Truth::is_true) || same(Truth::is_false) || answers.len() == 1).then(|| answers.into_iter().next()).flatten()
}

/// Whether a value passes a test.
fn answer(test: &Test, value: &Sample) -> Truth {
    let fits = |matchers: &[Matcher], value: &Sample| {
        matchers.iter().fold(Truth::no(), |truth, one| if truth.is_true() { truth } else { truth.or(one.fits(value)) })
    };
    let is_leaf = |value: &Sample| !matches!(value, Sample::Absent | Sample::Object | Sample::List(_));
    let inner = |value: &Sample| Why::new(WhyKind::AfterApply, "pattern", inner_words(value));
    match (&test.ask, value) {
        (Ask::Is(_) | Ask::IsNot(_) | Ask::Present, Sample::List(items)) if test.each => {
            items.iter().fold(Truth::no(), |truth, item| truth.or(answer(test, item)))
        }
        (Ask::Is(matchers), value) => fits(matchers, value),
        (Ask::IsNot(matchers), value) if is_leaf(value) => fits(matchers, value).not(),
        (Ask::IsNot(_), _) => Truth::no(),
        (Ask::Absent | Ask::Present, Sample::Object) if test.each => Truth::unknown(inner(value)),
        (Ask::Absent, Sample::List(items)) if test.each && items.is_empty() => Truth::unknown(inner(value)),
        (Ask::Present, value) => (*value != Sample::Absent).into(),
        (Ask::Absent, value) => (*value == Sample::Absent).into(),
        (Ask::Word(_) | Ask::NoWord(_), _) => Truth::no(),
    }
}

fn inner_words(value: &Sample) -> &'static str {
    match value {
        Sample::Object => "EventBridge does not say what `exists` means of a field that has parts",
        _ => "EventBridge does not say what `exists` means of an empty list",
    }
}

/// Whether a text passes a test to which the open matchers answer so. It is none of the texts that are named.
fn open_answer(test: &Test, field: &Field, answers: &[bool]) -> Truth {
    let one = |matcher: &Matcher| match field.open.iter().position(|open| *open == matcher) {
        Some(at) => answers.get(at).copied().unwrap_or_default().into(),
        None => matcher.fits(&Sample::Other),
    };
    let fits = |matchers: &[Matcher]| matchers.iter().fold(Truth::no(), |truth, matcher| truth.or(one(matcher)));
    match &test.ask {
        Ask::Is(matchers) => fits(matchers),
        Ask::IsNot(matchers) => fits(matchers).not(),
        Ask::Present => Truth::yes(),
        Ask::Absent | Ask::Word(_) | Ask::NoWord(_) => Truth::no(),
    }
}

/// The fields that a formula asks of, with every way in which each may be.
fn fields<'f>(whole: &'f Formula, event: &Event) -> Result<Vec<Field<'f>>, Why> {
    let mut found: Vec<(&Path, Vec<&Matcher>, bool)> = Vec::new();
    for test in whole.tests() {
        let matchers: &[Matcher] = match &test.ask {
            Ask::Is(matchers) | Ask::IsNot(matchers) => matchers,
            _ => &[],
        };
        let at = found.iter().position(|(path, ..)| **path == test.path);
        let at = at.unwrap_or_else(|| {
            found.push((&test.path, Vec::new(), test.each));
            found.len() - 1
        });
        if let Some((_, known, _)) = found.get_mut(at) {
            let new: Vec<&Matcher> = matchers.iter().filter(|one| !known.contains(one)).collect();
            known.extend(new);
        }
    }
    found.into_iter().map(|(path, matchers, each)| field(path, &matchers, each, &event.domain(path))).collect()
}

fn field<'f>(path: &'f Path, matchers: &[&'f Matcher], each: bool, domain: &Domain) -> Result<Field<'f>, Why> {
    let samples: Vec<Sample> = matchers.iter().flat_map(|matcher| matcher.samples()).collect();
    let (optional, but, anything) = match domain {
        Domain::OneOf(values) => {
            let states = values.iter().cloned().map(State::Is).collect();
            return Ok(Field { path, open: Vec::new(), states });
        }
        Domain::Text { optional, but } => (*optional, but.as_slice(), false),
        Domain::Anything => (true, [].as_slice(), true),
    };
    let mut values: Vec<Sample> = Vec::new();
    let mut add = |value: Sample| {
        if !values.contains(&value) {
            values.push(value);
        }
    };
    let is_out =
        |text: &Sample| matches!(text, Sample::Text(text) if text.literal().is_some_and(|it| but.contains(&it)));
    let is_text = |value: &&Sample| matches!(value, Sample::Text(_));
    samples.iter().filter(is_text).filter(|value| !is_out(value)).for_each(|value| add(value.clone()));
    add(Sample::Other);
    if optional {
        add(Sample::Absent);
    }
    if anything {
        samples.iter().filter(|value| !is_text(value)).for_each(|value| add(value.clone()));
        [Sample::Null, Sample::Bool(true), Sample::Bool(false), Sample::Object].into_iter().for_each(&mut add);
    }
    if anything && each {
        add(Sample::List(samples.iter().cloned().chain([Sample::Other]).collect()));
        add(Sample::List(Vec::new()));
    }
    let open: Vec<&Matcher> = matchers.iter().copied().filter(|matcher| matcher.is_open()).collect();
    if open.len() > MAX_OPEN {
        return Err(too_many());
    }
    // Each combination of what the open ones answer, but those that a value gives which is written in no test.
    let given = |value: &Sample| -> Option<Vec<bool>> {
        let named = matchers.iter().any(|one| !one.is_open() && !one.is_total() && one.fits(value).is_true());
        let answers = open.iter().map(|one| one.fits(value));
        let answers: Option<Vec<bool>> =
            answers.map(|it| (it.is_true() || it.is_false()).then(|| it.is_true())).collect();
        answers.filter(|_| !named && (is_text(&value) || *value == Sample::Other))
    };
    let known: Vec<Vec<bool>> = values.iter().filter_map(given).collect();
    let all = (0..1usize << open.len()).map(|bits| (0..open.len()).map(|n| bits >> n & 1 == 1).collect::<Vec<bool>>());
    let mixed = all.filter(|answers| !known.contains(answers)).map(State::Open);
    let states = values.iter().cloned().map(State::Is).chain(mixed.filter(|_| !open.is_empty())).collect();
    Ok(Field { path, open, states })
}

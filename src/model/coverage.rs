//! What the trails of a scope record together.
//!
//! An event is recorded if any logging trail records it, so coverage is a question to the union (aws-facts §2.6). For
//! management events it is asked of events outside the home Region where any trail records those: a single-Region trail
//! does not make up for what the others miss there.

use super::events::events;
use super::selectors::{Event, FRESH, Rule, field, mentioned};
use super::{Scope, Trail};
use crate::value::{Ground, Piece, Text, Truth, Why};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The sources that management events may be recorded without, by a documented setting.
pub const EXCLUDABLE: [&str; 2] = ["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// Reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Events that change nothing.
    Reads,
    /// Events that change something.
    Writes,
}

impl Reading {
    /// Both.
    pub const BOTH: [Reading; 2] = [Reading::Reads, Reading::Writes];

    pub(super) fn read_only(self) -> &'static str {
        match self {
            Reading::Reads => "true",
            Reading::Writes => "false",
        }
    }
}

/// Trails that count together, each with whether it does.
#[derive(Clone, Debug)]
pub struct Union<'a> {
    pub(super) members: Vec<(&'a Trail, Truth)>,
    /// Whether one of them counts at least, whichever.
    is_filled: bool,
}

impl<'a> Union<'a> {
    /// The logging trails of a scope; all of them where none logs.
    pub fn of(scope: &'a Scope) -> Union<'a> {
        // Whether the only trail logs is `trail_stopped`'s question; here it is looked at as if it did. A condition is tried
        // both ways.
        let is_alone = scope.all_trails().nth(1).is_none();
        let logs = |trail: &Trail| match trail.logs() {
            Truth::Unknown(whys, _) if is_alone && whys.iter().all(|why| why.condition.is_none()) => Truth::yes(),
            truth => truth,
        };
        let any = Truth::any(scope.all_trails().map(|trail| trail.at.exists().and(logs(trail))));
        let counts = |trail: &'a Trail| (trail, trail.at.exists().and(logs(trail).or(any.clone().not())));
        let members = scope.all_trails().map(counts).filter(|(_, counts)| !counts.is_false());
        Union { members: members.collect(), is_filled: true }
    }

    /// The trails of a scope that count for something.
    pub fn of_those(scope: &'a Scope, counts: impl Fn(&Trail) -> Truth) -> Union<'a> {
        let members = scope.all_trails().map(|trail| (trail, trail.at.exists().and(counts(trail))));
        Union { members: members.filter(|(_, counts)| !counts.is_false()).collect(), is_filled: false }
    }

    /// One trail by itself.
    pub fn only(trail: &'a Trail) -> Union<'a> {
        Union { members: vec![(trail, Truth::yes())], is_filled: true }
    }

    /// Whether any of the trails is as asked.
    pub fn any(&self, question: impl Fn(&Trail) -> Truth) -> Truth {
        let known = Truth::any(self.members.iter().map(|(trail, counts)| counts.clone().and(question(trail))));
        match known {
            Truth::Unknown(..) if self.is_filled => known.or(self.all(question)),
            known => known,
        }
    }

    /// Whether all of them are: then it does not matter which of them count.
    fn all(&self, question: impl Fn(&Trail) -> Truth) -> Truth {
        if self.members.is_empty() { Truth::no() } else { Truth::all(self.members.iter().map(|(it, _)| question(it))) }
    }

    /// The trail to point at for what all of them miss: every Region before one, then the most management events.
    pub fn widest(&self) -> Option<&'a Trail> {
        if let [(only, _)] = self.members.as_slice() {
            return Some(only);
        }
        let rank = |(trail, counts): &(&'a Trail, Truth)| {
            let alone = trail.selectors.management();
            let recorded = alone.cells.iter().filter(|(_, truth)| truth.is_true()).count();
            (counts.is_true(), recorded > 0, trail.multi_region.is(true).is_true(), !alone.is_narrowed(), recorded)
        };
        let best = self.members.iter().map(rank).max()?;
        let ties = self.members.iter().filter(|member| rank(member) == best);
        ties.map(|(trail, _)| *trail).min_by(|a, b| a.at.address.cmp(&b.at.address))
    }

    /// The condition on which it hangs which trails count, or how wide they are, where there are several.
    pub fn wavering(&self) -> Option<Why> {
        let open = |truth: &Truth| match truth {
            Truth::Unknown(whys, _) => whys.iter().find(|why| why.condition.is_some()).cloned(),
            _ => None,
        };
        let several = self.members.len() > 1;
        let of = |(trail, counts): &(&'a Trail, Truth)| {
            open(counts)
                .or_else(|| open(&trail.multi_region.is(true)))
                .or_else(|| open(&trail.selectors.management().any()))
        };
        self.members.iter().filter(|_| several).find_map(of)
    }

    /// The trails that record management events of every Region.
    fn wide(&self) -> Union<'a> {
        let wide = |trail: &Trail| trail.multi_region.is(true);
        let members = self.members.iter().filter(|(trail, _)| !wide(trail).is_false());
        let members = members.map(|(trail, counts)| (*trail, counts.clone().and(wide(trail)))).collect();
        Union { members, is_filled: self.is_filled && self.all(wide).is_true() }
    }

    /// Whether any trail records management events of every Region.
    fn reaches_every_region(&self) -> Truth {
        self.any(|trail| trail.multi_region.is(true).and(trail.selectors.management().any()))
    }

    /// Whether a trail that records management events, if any does, records those of every Region.
    pub fn records_every_region(&self) -> Truth {
        self.of_recorders(|trail| trail.multi_region.is(true))
    }

    /// Whether events of global services are recorded: they belong to one Region, which a multi-Region trail includes.
    pub fn records_global_events(&self) -> Truth {
        self.of_recorders(|trail| {
            trail.global_events.ask(&|included, origin| match included {
                Some(true) => trail.multi_region.is(true).or(trail.is_where_global_events_are(origin)),
                _ => Truth::of(false, origin),
            })
        })
    }

    /// Whether any trail that records management events is as asked; any trail, where none records them.
    fn of_recorders(&self, question: impl Fn(&Trail) -> Truth) -> Truth {
        let records = |trail: &Trail| trail.selectors.management().any();
        let none_does = self.members.iter().all(|(trail, _)| records(trail).is_false());
        let known = self.any(|trail| if none_does { question(trail) } else { question(trail).and(records(trail)) });
        // Where all of them are as asked, it does not matter which of them record anything.
        match known {
            Truth::Unknown(..) if self.is_filled => known.or(self.all(question)),
            known => known,
        }
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        self.members.iter().flat_map(|(trail, _)| trail.selectors.known_rules())
    }

    pub(super) fn matches(&self, event: &Event) -> Truth {
        self.any(|trail| trail.selectors.matches(event))
    }

    /// Which management events they record: of every Region where any trail does so, else of some.
    pub fn management(&self) -> Cow<'a, Management> {
        if let [(only, Truth::True(ground))] = self.members.as_slice()
            && ground.assumes.is_empty()
        {
            return Cow::Borrowed(only.selectors.management());
        }
        let rules: Vec<&Rule> = self.rules().filter(|rule| rule.may_be("Management")).collect();
        let wide = self.wide();
        Cow::Owned(match self.reaches_every_region() {
            Truth::True(_) => management(rules, &|event| wide.matches(event)),
            Truth::False(_) => management(rules, &|event| self.matches(event)),
            Truth::Unknown(whys, _) => management(rules, &|event| {
                let certain = |trail: &Trail| match trail.multi_region.is(true) {
                    Truth::Unknown(..) => Truth::yes(),
                    truth => truth,
                };
                let everywhere = Truth::any(
                    self.members
                        .iter()
                        .map(|(trail, counts)| counts.clone().and(certain(trail)).and(trail.selectors.matches(event))),
                );
                match (everywhere, self.matches(event)) {
                    (Truth::Unknown(..), Truth::True(a)) if self.all(|it| it.selectors.matches(event)).is_true() => {
                        Truth::True(a)
                    }
                    (Truth::True(a), Truth::True(_)) => Truth::True(a),
                    (Truth::False(a), Truth::False(_)) => Truth::False(a),
                    _ => Truth::Unknown(whys.clone(), Ground::default()),
                }
            }),
        })
    }
}

/// A kind of management events: representatives that agree on what the checks ask for.
#[derive(Clone, Debug, PartialEq)]
struct Cell {
    reading: Reading,
    source: Option<usize>,
    /// Whether no rule mentions any of its values: it stands for all the rest.
    plain: bool,
}

/// Which management events are recorded.
#[derive(Clone, Debug)]
pub struct Management {
    cells: Vec<(Cell, Truth)>,
    /// Whether reads or writes are recorded where it cannot be told which: `ReadWriteType` without a value.
    either_half: Option<Truth>,
    too_many: Option<Why>,
}

/// Asks a union of rules about every kind of management event.
pub(super) fn management(rules: Vec<&Rule>, matches: &dyn Fn(&Event) -> Truth) -> Management {
    let fresh = || Text::from(FRESH);
    let sources = mentioned(rules.iter().copied(), field::SOURCE).into_iter();
    let sources: BTreeSet<Text> = sources.chain(EXCLUDABLE.map(Text::from)).chain([fresh()]).collect();
    let given = [
        (field::CATEGORY, vec!["Management".into()]),
        (field::READ_ONLY, vec!["true".into(), "false".into()]),
        (field::SOURCE, sources.into_iter().collect()),
    ];
    let (events, too_many) = match events(&rules, &given) {
        Ok(events) => (events, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let cell = |event: &Event| {
        let value = |name: &str| event.get(name).and_then(Text::literal).unwrap_or_default();
        let others = event.iter().filter(|(name, _)| ![field::CATEGORY, field::READ_ONLY].contains(&&***name));
        Cell {
            reading: if value(field::READ_ONLY) == "true" { Reading::Reads } else { Reading::Writes },
            source: EXCLUDABLE.iter().position(|source| *source == value(field::SOURCE)),
            plain: others.into_iter().all(|(_, value)| value.literal() == Some(FRESH)),
        }
    };
    // What is left out under a name that is not known may be one of the sources that may be left out.
    let answer = |event: &Event| match (event.get(field::SOURCE).and_then(Text::why), matches(event)) {
        (Some(why), Truth::False(_)) => Truth::unknown(why),
        (_, truth) => truth,
    };
    let cells: Vec<(Cell, Truth)> = events.iter().map(|event| (cell(event), answer(event))).collect();
    let told = cells.iter().any(|(_, truth)| truth.is_true()) || !rules.iter().all(|rule| rule.takes_a_half());
    let either_half =
        (!told && too_many.is_none()).then(|| Truth::any(events.iter().map(|event| answer(&halfless(event)))));
    Management { cells, either_half, too_many }
}

/// An event that may be a read or a write: rules that take one of the two, whichever it is, match it.
fn halfless(event: &Event) -> Event {
    event
        .iter()
        .filter(|(name, _)| &***name != field::READ_ONLY)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

impl Management {
    fn some(&self, filter: impl Fn(&Cell) -> bool) -> Truth {
        self.fold(filter, false)
    }

    fn every(&self, filter: impl Fn(&Cell) -> bool) -> Truth {
        self.fold(filter, true)
    }

    fn fold(&self, filter: impl Fn(&Cell) -> bool, all: bool) -> Truth {
        if let Some(why) = &self.too_many {
            return Truth::unknown(why.clone());
        }
        let truths = self.cells.iter().filter(|(cell, _)| filter(cell)).map(|(_, truth)| truth.clone());
        if all { Truth::all(truths) } else { Truth::any(truths) }
    }

    /// Whether every management event is recorded.
    pub fn all(&self) -> Truth {
        self.every(|_| true)
    }

    /// Whether any management event is recorded.
    pub fn any(&self) -> Truth {
        self.either_half.clone().unwrap_or_else(|| self.some(|_| true))
    }

    /// Whether any read or any write is.
    pub fn any_of(&self, reading: Reading) -> Truth {
        self.some(|cell| cell.reading == reading)
    }

    /// Whether the events of a source are left out of what is recorded otherwise.
    pub fn excludes(&self, source: &str) -> Truth {
        let index = EXCLUDABLE.iter().position(|name| *name == source);
        Truth::any(Reading::BOTH.map(|reading| {
            let rest = self.some(|cell| cell.reading == reading && cell.plain);
            rest.and(self.some(|cell| cell.reading == reading && cell.source == index).not())
        }))
    }

    /// Whether events are left out by name, identity or another field: recorded in part, and no rule has the rest.
    pub fn narrowed(&self) -> Truth {
        let sources = [None, Some(0), Some(1)];
        Truth::any(Reading::BOTH.into_iter().flat_map(|reading| sources.map(|source| (reading, source))).map(
            |(reading, source)| {
                let here = move |cell: &Cell| cell.reading == reading && cell.source == source;
                self.some(here).and(self.every(here).not())
            },
        ))
    }

    fn is_narrowed(&self) -> bool {
        self.narrowed().is_true()
    }
}

/// Whether a text holds a star, which selectors take for itself.
pub(super) fn has_star(text: &Text) -> bool {
    text.pieces().iter().any(|piece| matches!(piece, Piece::Literal(literal) if literal.contains('*')))
}

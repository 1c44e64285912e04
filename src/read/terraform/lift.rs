//! Work on values with several sides: it is done on each side, and the results stand where the sides stood.
//!
//! One condition is taken the same way wherever it occurs. Both the depth and the number of results are bounded; beyond
//! the bounds the result is unknown, for the condition that would have come next.

use super::refusal::is_refused;
use crate::read::weight::Room;
use crate::read::{Content, Datum, Member};
use crate::source::Span;
use crate::value::{Condition, MAX_EVIDENCE, Text, Why};
use std::cell::Cell;

/// So many different conditions are tried both ways for one result.
const MAX_CONDITIONS: usize = 3;

/// So many results are worked out for one.
const MAX_RESULTS: usize = 64;

/// Nothing is looked for below this level: what is nested by references has no limit of its own.
const MAX_DEPTH: usize = 200;

/// How far into the arguments sides are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The arguments themselves.
    Top,
    /// The elements of lists too. One that is left out on a side is not in the list there.
    Lists,
    /// All that they hold.
    All,
    /// All that they hold, as far as something there hangs on a condition that the language refuses.
    Refused,
}

/// Does work on arguments that have no sides within reach. What the arguments rest on, the result rests on.
pub(super) fn lift(arguments: &[Datum], span: Span, reach: Reach, work: &dyn Fn(&[Datum]) -> Datum) -> Datum {
    let lift = Lift { span, reach, work, left: Cell::new(MAX_RESULTS), copies: Room::new(), results: Room::new() };
    lift.go(arguments, 0, 0)
}

struct Lift<'w> {
    span: Span,
    reach: Reach,
    work: &'w dyn Fn(&[Datum]) -> Datum,
    left: Cell<usize>,
    /// What the sides of the arguments and the results may weigh, all together.
    copies: Room,
    results: Room,
}

/// What is to be decided next.
enum Fork<'d> {
    Either(&'d Condition),
    OneOf(&'d Text, &'d Why, usize),
}

/// A decision.
enum Choice<'c> {
    Side(&'c Condition, bool),
    Value(&'c Text, usize),
    Hole(&'c Text),
}

impl Lift<'_> {
    fn go(&self, arguments: &[Datum], conditions: usize, depth: usize) -> Datum {
        let Some(fork) = arguments.iter().find_map(|datum| self.fork(datum, 0)) else {
            self.left.set(self.left.get().saturating_sub(1));
            let result = (self.work)(arguments);
            let result = if depth > 0 { self.results.put(result) } else { result };
            return arguments.iter().fold(result, |result, argument| result.assuming(&argument.assumes));
        };
        let choose = |choice: &Choice<'_>| -> Vec<Datum> {
            arguments.iter().map(|datum| self.chosen(datum, choice, 0)).collect()
        };
        let over = depth >= MAX_RESULTS || !arguments.iter().all(|argument| self.copies.takes(argument));
        match fork {
            Fork::Either(condition) if over || conditions >= MAX_CONDITIONS || self.left.get() < 2 => {
                Datum::unknown(Why::condition(condition.clone()), self.span)
            }
            Fork::OneOf(_, why, count) if over || count == 0 || self.left.get() < count => {
                Datum::unknown(why.clone(), self.span)
            }
            Fork::Either(condition) => {
                let side = |holds| self.go(&choose(&Choice::Side(condition, holds)), conditions + 1, depth + 1);
                either(condition.clone(), side(true), side(false), self.span)
            }
            Fork::OneOf(text, why, count) => {
                let each = |n| self.go(&choose(&Choice::Value(text, n)), conditions, depth + 1);
                let values: Vec<Datum> = (0..count).map(each).collect();
                // As a text it is what the same work makes of the hole.
                let whole = self.go(&choose(&Choice::Hole(text)), conditions, depth + 1);
                let text = match whole.content {
                    Content::Text { text, .. } => text,
                    _ => Text::unknown(why.clone()),
                };
                one_of(text, why.clone(), values, self.span)
            }
        }
    }

    fn fork<'d>(&self, datum: &'d Datum, depth: usize) -> Option<Fork<'d>> {
        match &datum.content {
            Content::Either(..) | Content::OneOf { .. }
                if self.reach == Reach::Refused && !refused_below(datum, depth) =>
            {
                None
            }
            Content::Either(condition, ..) => Some(Fork::Either(condition)),
            Content::OneOf { text, why, values } => Some(Fork::OneOf(text, why, values.len())),
            _ if depth > MAX_DEPTH => None,
            Content::List(items) if self.reach != Reach::Top => {
                items.iter().find_map(|item| self.fork(item, depth + 1))
            }
            Content::Map { members, .. } if matches!(self.reach, Reach::All | Reach::Refused) => {
                members.iter().find_map(|member| self.fork(&member.value, depth + 1))
            }
            _ => None,
        }
    }

    fn chosen(&self, datum: &Datum, choice: &Choice<'_>, depth: usize) -> Datum {
        let decided = |side: &Datum| self.chosen(side, choice, depth).assuming(&datum.assumes);
        match (&datum.content, choice) {
            (Content::Either(own, yes, no), Choice::Side(condition, holds)) if own == *condition => {
                decided(if *holds { yes } else { no })
            }
            (Content::OneOf { text, values, why }, Choice::Value(wanted, n)) if text == *wanted => match values.get(*n)
            {
                Some(value) => decided(value),
                None => Datum::unknown(why.clone(), datum.span).assuming(&datum.assumes),
            },
            (Content::OneOf { text, .. }, Choice::Hole(wanted)) if text == *wanted => {
                Datum::text(text.clone(), datum.span).assuming(&datum.assumes)
            }
            (Content::Either(own, yes, no), _) => {
                let side = |side: &Datum| Box::new(self.chosen(side, choice, depth));
                Datum { content: Content::Either(own.clone(), side(yes), side(no)), ..hull(datum) }
            }
            _ if depth > MAX_DEPTH => datum.clone(),
            (Content::List(items), _) if self.reach != Reach::Top => {
                let mut kept = Vec::with_capacity(items.len());
                for item in items {
                    let one = self.chosen(item, choice, depth + 1);
                    let left_out = one.content == Content::Absent && item.content != Content::Absent;
                    if !left_out {
                        kept.push(one);
                    }
                }
                Datum { content: Content::List(kept), ..hull(datum) }
            }
            (Content::Map { members, rest }, _) if matches!(self.reach, Reach::All | Reach::Refused) => {
                let member = |member: &Member| Member {
                    value: self.chosen(&member.value, choice, depth + 1),
                    key: member.key.clone(),
                    span: member.span,
                };
                let members = members.iter().map(member).collect();
                Datum { content: Content::Map { members, rest: rest.clone() }, ..hull(datum) }
            }
            _ => datum.clone(),
        }
    }
}

/// Whether something in a value is refused, on whichever side.
fn refused_below(datum: &Datum, depth: usize) -> bool {
    let below = |datum: &Datum| refused_below(datum, depth + 1);
    match &datum.content {
        _ if depth > MAX_DEPTH => false,
        Content::Unknown(why) => is_refused(why),
        Content::List(items) | Content::OneOf { values: items, .. } => items.iter().any(below),
        Content::Map { members, .. } => members.iter().any(|member| below(&member.value)),
        Content::Either(_, yes, no) => below(yes) || below(no),
        Content::Absent | Content::Text { .. } => false,
    }
}

/// What a value is beside its content.
fn hull(datum: &Datum) -> Datum {
    Datum { content: Content::Absent, span: datum.span, assumes: datum.assumes.clone() }
}

/// Either of two results; one, where they are alike.
pub(super) fn either(condition: Condition, yes: Datum, no: Datum, span: Span) -> Datum {
    if alike(&yes, &no) {
        return yes.assuming(&no.assumes);
    }
    Datum::new(Content::Either(condition, Box::new(yes), Box::new(no)), span)
}

/// One of several results; where they are all alike it does not matter which.
pub(super) fn one_of(text: Text, why: Why, values: Vec<Datum>, span: Span) -> Datum {
    match values.split_first() {
        Some((first, others)) if others.iter().all(|other| alike(first, other)) => {
            others.iter().fold(first.clone(), |all, other| all.assuming(&other.assumes))
        }
        Some(_) => Datum::new(Content::OneOf { text, why, values }, span),
        None => Datum::unknown(why, span),
    }
}

/// Whether two values are the same, wherever they are written and whatever they rest on.
pub(super) fn alike(one: &Datum, other: &Datum) -> bool {
    alike_below(one, other, 0)
}

fn alike_below(one: &Datum, other: &Datum, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    let same = |a: &Datum, b: &Datum| alike_below(a, b, depth + 1);
    let all = |a: &[Datum], b: &[Datum]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b));
    match (&one.content, &other.content) {
        (Content::List(a), Content::List(b)) => all(a, b),
        (Content::Map { members: a, rest: more }, Content::Map { members: b, rest }) => {
            let reason = |why: &Option<Why>| why.as_ref().map(|why| (why.kind, why.name.clone()));
            reason(more) == reason(rest)
                && a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.key == b.key && same(&a.value, &b.value))
        }
        (Content::OneOf { text: a, values: these, .. }, Content::OneOf { text: b, values: those, .. }) => {
            a == b && all(these, those)
        }
        (Content::Either(a, yes, no), Content::Either(b, other_yes, other_no)) => {
            a == b && same(yes, other_yes) && same(no, other_no)
        }
        (a, b) => a == b,
    }
}

/// The same value, resting on all that is inside it too: for a result that is no longer made of parts.
pub(super) fn resting_on(result: Datum, arguments: &[Datum]) -> Datum {
    let mut found = Vec::new();
    arguments.iter().for_each(|argument| gather(argument, 0, &mut found));
    result.assuming(&found)
}

fn gather(datum: &Datum, depth: usize, found: &mut Vec<crate::value::Assumption>) {
    for one in &datum.assumes {
        if found.len() < MAX_EVIDENCE && !found.contains(one) {
            found.push(one.clone());
        }
    }
    if depth > MAX_DEPTH || found.len() >= MAX_EVIDENCE {
        return;
    }
    match &datum.content {
        Content::List(items) | Content::OneOf { values: items, .. } => {
            items.iter().for_each(|item| gather(item, depth + 1, found));
        }
        Content::Map { members, .. } => members.iter().for_each(|member| gather(&member.value, depth + 1, found)),
        Content::Either(_, yes, no) => [yes, no].into_iter().for_each(|side| gather(side, depth + 1, found)),
        _ => {}
    }
}

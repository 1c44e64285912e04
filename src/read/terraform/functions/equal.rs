//! Whether two values are equal, in three values.

use super::json;
use crate::read::terraform::arithmetic::order;
use crate::read::{Content, Datum, Member};
use crate::value::{Hole, Of, Sure, Text, Truth, Why, WhyKind};
use std::cmp::Ordering;

const MAX_DEPTH: usize = 200;

/// Whether two values are equal, whatever the holes become: as `==` and `contains` compare them.
pub(in crate::read::terraform) fn equals(one: &Datum, other: &Datum) -> Truth {
    below(one, other, 0).assuming(&one.assumes).assuming(&other.assumes)
}

fn below(one: &Datum, other: &Datum, depth: usize) -> Truth {
    if depth > MAX_DEPTH {
        return Truth::unknown(Why::new(WhyKind::Unsupported, "==", "these values are nested too deep to compare"));
    }
    let same = |a: &Datum, b: &Datum| below(a, b, depth + 1);
    match (&one.content, &other.content) {
        (Content::Either(condition, yes, no), _) => {
            Truth::either(condition.clone(), same(yes, other), same(no, other), one.span)
        }
        (_, Content::Either(condition, yes, no)) => {
            Truth::either(condition.clone(), same(one, yes), same(one, no), other.span)
        }
        // The same choice is the same on both sides.
        (Content::OneOf { text: a, .. }, Content::OneOf { text: b, .. }) if a == b && a.hole().is_some() => {
            Truth::yes()
        }
        (Content::OneOf { values, why, .. }, _) => {
            Truth::one_of(values.iter().map(|value| same(value, other)), why.clone())
        }
        (_, Content::OneOf { values, why, .. }) => {
            Truth::one_of(values.iter().map(|value| same(one, value)), why.clone())
        }
        (Content::Unknown(why), _) | (_, Content::Unknown(why)) => Truth::unknown(why.clone()),
        (Content::Absent, Content::Absent) => Truth::yes(),
        (Content::Absent, Content::Text { text, .. }) | (Content::Text { text, .. }, Content::Absent) => null(text),
        (Content::Text { text: a, plain }, Content::Text { text: b, plain: other }) => {
            match (a.literal(), b.literal()) {
                (Some(_), Some(_)) if plain != other => Truth::no(),
                (Some(a), Some(b)) if *plain && plainly(a, b) => Truth::yes(),
                _ => a.same(b),
            }
        }
        (Content::List(a), Content::List(b)) => {
            if let Some(why) = a.iter().chain(b).find_map(super::wavers) {
                return Truth::unknown(why);
            }
            if a.len() != b.len() {
                return Truth::no();
            }
            Truth::all(a.iter().zip(b).map(|(a, b)| same(a, b)))
        }
        (Content::Map { members: a, rest: more }, Content::Map { members: b, rest }) => {
            let value = |members: &[Member], key: &str| members.iter().find(|member| *member.key == *key).cloned();
            let missing = |members: &[Member], others: &[Member], open: &Option<Why>| {
                open.is_none() && members.iter().any(|member| value(others, &member.key).is_none())
            };
            if missing(a, b, rest) || missing(b, a, more) {
                return Truth::no();
            }
            let shared = a.iter().filter_map(|member| Some((member, value(b, &member.key)?)));
            let truth = Truth::all(shared.map(|(member, other)| same(&member.value, &other.value)));
            match more.as_ref().or(rest.as_ref()) {
                Some(why) => truth.and(Truth::unknown(why.clone())),
                None => truth,
            }
        }
        // JSON text is kept as what it says; what is not known at all may be a list.
        (Content::Text { text, plain: false }, Content::List(_) | Content::Map { .. }) => json(other).same(text),
        (Content::List(_) | Content::Map { .. }, Content::Text { text, plain: false }) => json(one).same(text),
        (Content::Text { text, .. }, _) | (_, Content::Text { text, .. }) => match text.why() {
            Some(why) => Truth::unknown(why),
            None => Truth::no(),
        },
        _ => Truth::no(),
    }
}

/// Whether two numbers or booleans are equal: `1e3` is `1000`.
pub(in crate::read::terraform) fn plainly(one: &str, other: &str) -> bool {
    one == other || order(one, other).is_some_and(Ordering::is_eq)
}

/// Whether a text is null: one with known characters is not, nor is the name of something that is deployed.
fn null(text: &Text) -> Truth {
    match (text.hole(), text.why()) {
        (
            Some(Hole {
                of:
                    Of::Parameter { filled: false, .. }
                    | Of::Unseen { sure: Sure::Nothing, .. }
                    | Of::Expression(_)
                    | Of::Made(..)
                    | Of::Undeclared(_),
                ..
            }),
            Some(why),
        ) => Truth::unknown(why),
        (Some(Hole { of: Of::Resource { attribute, .. }, .. }), Some(why))
            if !matches!(&**attribute, "" | "id" | "arn" | "name" | "bucket" | "key_id") =>
        {
            Truth::unknown(why)
        }
        (None, Some(why)) if text.pieces().len() == 1 => Truth::unknown(why),
        _ => Truth::no(),
    }
}

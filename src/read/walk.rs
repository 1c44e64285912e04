//! Following a property's path through an evaluated value, and reading what is found there.

use super::datum::{Content, Datum};
use super::property::Dialect;
use crate::value::{Condition, Origin, Value, What, Why, WhyKind};

/// What stands at a path; none where it is left out.
pub(super) type Found<'a> = Value<Option<&'a Datum>>;

/// The places of what a path leads to.
#[derive(Clone, Copy)]
pub(super) struct Places<'p> {
    /// Of what is written.
    pub(super) here: &'p Origin,
    /// Of what is left out.
    pub(super) silent: &'p Origin,
}

/// A value with what stands for nothing filled in.
pub(super) fn replace_none<T: Clone>(value: Value<Option<T>>, fill: &Result<T, Why>) -> Value<T> {
    let what = match (value.what, fill) {
        (What::Known(Some(known)), _) => What::Known(known),
        (What::Known(None), Ok(default)) => What::Known(default.clone()),
        (What::Known(None), Err(why)) => What::Unknown(why.clone()),
        (What::Either(condition, yes, no), _) => {
            What::Either(condition, Box::new(replace_none(*yes, fill)), Box::new(replace_none(*no, fill)))
        }
        (What::OneOf(why, values), _) => {
            What::OneOf(why, values.into_iter().map(|value| replace_none(value, fill)).collect())
        }
        (What::Unknown(why), _) => What::Unknown(why),
    };
    Value { what, origin: value.origin, assumes: value.assumes }
}

/// A condition that decides whether an element is there at all.
pub(super) fn wavers(item: &Datum) -> Option<&Condition> {
    match &item.content {
        Content::Either(condition, yes, no) => {
            let absent = |side: &Datum| side.content == Content::Absent;
            if absent(yes) != absent(no) { Some(condition) } else { wavers(yes).or_else(|| wavers(no)) }
        }
        _ => None,
    }
}

/// What an element may be where it is there, each with the first condition that decides whether it is.
pub(super) fn sides(item: &Datum) -> Vec<(Option<&Condition>, &Datum)> {
    match &item.content {
        Content::Absent => Vec::new(),
        Content::Either(condition, yes, no) if wavers(item).is_some() => {
            let there = [yes, no].into_iter().flat_map(|side| sides(side));
            there.map(|(_, side)| (Some(condition), side)).collect()
        }
        _ => vec![(None, item)],
    }
}

/// Follows a path, dots between its parts.
pub(super) fn walk<'a>(datum: &'a Datum, path: &str, dialect: Dialect, places: Places) -> Found<'a> {
    let found = |what| {
        let origin = Origin { span: datum.span, ..places.here.clone() };
        Value { what, origin, assumes: datum.assumes.clone() }
    };
    // What an answer leaves out, the answer shows.
    let nearest = if dialect == Dialect::Account { datum.span } else { places.silent.span };
    let silent = || {
        let origin = Origin { span: nearest, ..places.silent.clone() };
        Value { what: What::Known(None), origin, assumes: datum.assumes.clone() }
    };
    match &datum.content {
        Content::Either(condition, yes, no) => found(What::Either(
            condition.clone(),
            Box::new(walk(yes, path, dialect, places)),
            Box::new(walk(no, path, dialect, places)),
        )),
        Content::Unknown(why) => found(What::Unknown(why.clone())),
        // A name is the hole that it is; what stands for a setting is each of its values.
        Content::OneOf { why, values, .. } if !path.is_empty() => {
            found(What::OneOf(why.clone(), values.iter().map(|value| walk(value, path, dialect, places)).collect()))
        }
        // What is written as left out is the place to write something else.
        Content::Absent => found(What::Known(None)),
        _ if path.is_empty() => found(What::Known(Some(datum))),
        Content::Map { members, rest } => {
            let (first, more) = path.split_once('.').unwrap_or((path, ""));
            match (members.iter().find(|member| dialect.is_same(&member.key, first)), rest) {
                (Some(member), _) => {
                    let mut inner = walk(&member.value, more, dialect, places);
                    inner.assumes.extend_from_slice(&datum.assumes);
                    inner
                }
                (None, Some(why)) => found(What::Unknown(why.clone())),
                (None, None) => silent(),
            }
        }
        Content::List(items) if dialect == Dialect::Terraform => {
            let mut there = items.iter().filter(|item| item.content != Content::Absent);
            match (there.next(), there.next(), items.iter().find_map(wavers)) {
                (None, ..) => silent(),
                (Some(block), None, _) => {
                    let mut inner = walk(block, path, dialect, places);
                    inner.assumes.extend_from_slice(&datum.assumes);
                    inner
                }
                (Some(_), Some(_), Some(condition)) => found(What::Unknown(Why::condition(condition.clone()))),
                (Some(_), Some(_), None) => found(What::Unknown(misfit(datum, "one block"))),
            }
        }
        Content::Text { .. } | Content::List(_) | Content::OneOf { .. } => {
            found(What::Unknown(misfit(datum, "a mapping")))
        }
    }
}

/// What is left out as nothing.
pub(super) fn or_empty<T: std::default::Default>(value: Value<Option<T>>) -> Value<T> {
    let each = |value: Box<Value<Option<T>>>| Box::new(or_empty(*value));
    let what = match value.what {
        What::Known(known) => What::Known(known.unwrap_or_default()),
        What::Either(condition, yes, no) => What::Either(condition, each(yes), each(no)),
        What::OneOf(why, values) => What::OneOf(why, values.into_iter().map(or_empty).collect()),
        What::Unknown(why) => What::Unknown(why),
    };
    Value { what, origin: value.origin, assumes: value.assumes }
}

/// What is found, read as something else where it can be.
pub(super) fn convert<'a, T: Clone>(found: Found<'a>, f: &dyn Fn(&'a Datum) -> Result<T, Why>) -> Value<Option<T>> {
    let what = match found.what {
        What::Known(None) => What::Known(None),
        What::Known(Some(datum)) => match (f(datum), &datum.content) {
            (Ok(value), _) => What::Known(Some(value)),
            (Err(_), Content::OneOf { why, values, .. }) => {
                let each = |value: &'a Datum| Value {
                    what: What::Known(Some(value)),
                    origin: found.origin.clone(),
                    assumes: Vec::new(),
                };
                What::OneOf(why.clone(), values.iter().map(|value| convert(each(value), f)).collect())
            }
            (Err(why), _) => What::Unknown(why),
        },
        What::OneOf(why, values) => What::OneOf(why, values.into_iter().map(|value| convert(value, f)).collect()),
        What::Either(condition, yes, no) => {
            What::Either(condition, Box::new(convert(*yes, f)), Box::new(convert(*no, f)))
        }
        What::Unknown(why) => What::Unknown(why),
    };
    Value { what, origin: found.origin, assumes: found.assumes }
}

/// Why a datum cannot be read as what was asked for: its hole, or its shape.
pub(super) fn misfit(datum: &Datum, wanted: &str) -> Why {
    let hole = match &datum.content {
        Content::Text { text, .. } => text.why(),
        Content::OneOf { why, .. } => Some(why.clone()),
        _ => None,
    };
    hole.unwrap_or_else(|| Why::new(WhyKind::Unsupported, wanted, format!("this is not {wanted}")).at(datum.span))
}

/// CloudFormation takes `yes`, `on` and their like where they are plain; `"true"` as a string is one everywhere.
pub(super) fn boolean(datum: &Datum, dialect: Dialect) -> Option<bool> {
    let Content::Text { text, plain } = &datum.content else { return None };
    if dialect != Dialect::CloudFormation {
        return text.literal()?.parse().ok();
    }
    match (text.literal()?.to_ascii_lowercase().as_str(), plain) {
        ("true", _) | ("yes" | "on", true) => Some(true),
        ("false", _) | ("no" | "off", true) => Some(false),
        _ => None,
    }
}

/// A finite number.
pub(super) fn number(datum: &Datum) -> Option<f64> {
    let Content::Text { text, .. } = &datum.content else { return None };
    text.literal()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

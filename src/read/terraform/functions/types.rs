//! Conversions, and what only marks a value.

use super::{Answer, Call, Function, numbers};
use crate::read::{Content, Datum, Member};
use crate::value::{Text, Why};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "sensitive" | "nonsensitive" | "ephemeralasnull" => Function::passing(|call| {
            call.takes(1, 1)?;
            call.argument(0).cloned()
        }),
        "tobool" => Function::passing(to_bool),
        "tonumber" => Function::passing(to_number),
        "tostring" => Function::passing(to_string),
        "tolist" => Function::passing(|call| {
            call.takes(1, 1)?;
            let argument = call.argument(0)?;
            match argument.content {
                Content::Absent => Ok(argument.clone()),
                _ => {
                    alike(call, call.list(0)?)?;
                    call.lists(unified(call.list(0)?))
                }
            }
        }),
        "tomap" => Function::passing(to_map),
        _ => None,
    }
}

/// Refuses scalars and collections in one collection.
pub(super) fn alike(call: &Call<'_>, items: &[Datum]) -> Result<(), Why> {
    let scalar = |item: &Datum| matches!(&item.content, Content::Text { text, .. } if text.literal().is_some());
    let list = |item: &Datum| matches!(item.content, Content::List(_));
    let map = |item: &Datum| matches!(item.content, Content::Map { .. });
    let kinds = [items.iter().any(scalar), items.iter().any(list), items.iter().any(map)];
    if kinds.iter().filter(|there| **there).count() > 1 {
        return Err(call.fails("the elements are of different types"));
    }
    Ok(())
}

/// Elements of one type: where texts stand beside numbers or booleans, those are texts too.
pub(super) fn unified(items: &[Datum]) -> Vec<Datum> {
    let is = |wanted: bool| {
        items.iter().any(|item| matches!(&item.content, Content::Text { plain, text } if *plain == wanted && text.literal().is_some()))
    };
    let mixed = is(true) && is(false);
    items.iter().map(|item| if mixed { quoted(item) } else { item.clone() }).collect()
}

/// A scalar as a text.
pub(super) fn quoted(datum: &Datum) -> Datum {
    match &datum.content {
        Content::Text { text, .. } => {
            Datum { content: Content::Text { text: text.clone(), plain: false }, ..datum.clone() }
        }
        _ => datum.clone(),
    }
}

/// A value as a scalar: null stays null, holes stay holes.
fn scalar(call: &Call<'_>, plain: bool, convert: impl Fn(&str) -> Option<String>) -> Answer {
    call.takes(1, 1)?;
    let argument = call.argument(0)?;
    match &argument.content {
        Content::Text { text, .. } => {
            let text = match text.literal() {
                Some(literal) => {
                    Text::from(&*convert(literal).ok_or_else(|| call.fails("the value is of another type"))?)
                }
                None => text.clone(),
            };
            Ok(Datum { content: Content::Text { text, plain }, ..argument.clone() })
        }
        Content::Absent | Content::Unknown(_) => Ok(argument.clone()),
        // JSON text is kept as what it says.
        Content::List(_) | Content::Map { .. } if !plain => Ok(argument.clone()),
        _ => Err(call.misfit(argument, "the value is of another type")),
    }
}

fn to_bool(call: &Call<'_>) -> Answer {
    if let [Datum { content: Content::Text { text, plain: true }, .. }] = call.arguments
        && matches!(text.literal(), Some("0" | "1"))
    {
        return Err(call.fails("a number is no boolean"));
    }
    scalar(call, true, |literal| match literal {
        "true" | "1" => Some("true".into()),
        "false" | "0" => Some("false".into()),
        _ => None,
    })
}

fn to_number(call: &Call<'_>) -> Answer {
    // Whole numbers may have more digits than double precision keeps.
    scalar(call, true, |literal| {
        let digits = literal.strip_prefix('-').unwrap_or(literal);
        let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        if whole { Some(literal.to_owned()) } else { numbers::parse(literal).map(numbers::show) }
    })
}

fn to_string(call: &Call<'_>) -> Answer {
    scalar(call, false, |literal| Some(literal.to_owned()))
}

fn to_map(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let argument = call.argument(0)?;
    if argument.content == Content::Absent {
        return Ok(argument.clone());
    }
    let (members, rest) = call.members(0)?;
    let values: Vec<Datum> = members.iter().map(|member| member.value.clone()).collect();
    alike(call, &values)?;
    let values = unified(&values);
    let member = |(member, value): (&Member, Datum)| Member { value, ..member.clone() };
    call.maps(members.iter().zip(values).map(member).collect(), rest.cloned())
}

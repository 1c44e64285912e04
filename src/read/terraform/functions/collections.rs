//! Functions on lists. An unknown element of a list stands for any number of elements.

use super::equal::equals;
use super::{Answer, Call, Function, counted, wavers};
use crate::read::terraform::lift;
use crate::read::{Content, Datum};
use crate::value::{Truth, Why};

/// Deepest nesting that is flattened.
const MAX_DEPTH: usize = 200;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "alltrue" => Function::listing(|call| every(call, false)),
        "anytrue" => Function::listing(|call| every(call, true)),
        "chunklist" => Function::passing(chunks),
        "coalesce" => Function::passing(coalesce),
        "coalescelist" => Function::passing(coalesce_list),
        "compact" => Function::listing(compact),
        "concat" => Function::passing(concat),
        "contains" => Function::listing(contains),
        "element" => Function::passing(element),
        "flatten" => Function::listing(flatten),
        "index" => Function::listing(index),
        "length" => Function::passing(length),
        "matchkeys" => Function::listing(match_keys),
        "one" => Function::passing(only),
        "reverse" => Function::passing(|call| {
            call.takes(1, 1)?;
            call.lists(call.list(0)?.iter().rev().cloned().collect())
        }),
        "slice" => Function::passing(slice),
        _ => None,
    }
}

fn every(call: &Call<'_>, decisive: bool) -> Answer {
    call.takes(1, 1)?;
    let mut unknown = None;
    if let Some(why) = call.list(0)?.iter().find_map(|item| wrong_bool(call, item)) {
        return Err(why);
    }
    for item in call.list(0)? {
        match &item.content {
            Content::Absent => return call.truth(false),
            Content::Unknown(why) => unknown = unknown.or_else(|| Some(why.clone())),
            _ => match call.bool_of(item) {
                Ok(holds) if holds == decisive => return call.truth(decisive),
                Ok(_) => {}
                Err(why) if super::failed(&why) => return Err(why),
                Err(why) => unknown = unknown.or(Some(why)),
            },
        }
    }
    unknown.map_or_else(|| call.truth(!decisive), Err)
}

/// Why an element makes the whole list an error: it is no boolean.
fn wrong_bool(call: &Call<'_>, item: &Datum) -> Option<Why> {
    match item.content {
        Content::Absent | Content::Unknown(_) => None,
        _ => call.bool_of(item).err().filter(super::failed),
    }
}

fn chunks(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (items, size) = (call.list(0)?, call.whole(1)?);
    let size = usize::try_from(size).map_err(|_| call.fails("the size is negative"))?;
    if let Some(why) = items.iter().find_map(wavers) {
        return Err(why);
    }
    let chunk = |items: &[Datum]| Datum::new(Content::List(items.to_vec()), call.span);
    match size {
        0 if items.is_empty() => call.lists(Vec::new()),
        0 => call.lists(vec![chunk(items)]),
        size => call.lists(items.chunks(size).map(chunk).collect()),
    }
}

/// The first of some values that is neither null nor empty.
fn first_of<'d>(call: &Call<'_>, values: &'d [Datum], is_empty: impl Fn(&Datum) -> Truth) -> Result<&'d Datum, Why> {
    let mut perhaps: Option<(&Datum, Why)> = None;
    for value in values {
        let next = match is_empty(value) {
            Truth::True(_) => continue,
            Truth::False(_) => None,
            Truth::Unknown(whys, _) => {
                Some(whys.into_iter().next().unwrap_or_else(|| call.beyond("a value is not known")))
            }
        };
        match (&perhaps, next) {
            // It does not matter whether one is empty where the next one is the same.
            (Some((first, why)), _) if !lift::alike(first, value) => return Err(why.clone()),
            (Some((first, _)), None) => return Ok(first),
            (None, None) => return Ok(value),
            (Some(_), Some(_)) => {}
            (None, Some(why)) => perhaps = Some((value, why)),
        }
    }
    perhaps.map(|(value, _)| value).ok_or_else(|| call.fails("all values are null or empty"))
}

fn coalesce(call: &Call<'_>) -> Answer {
    let empty = |datum: &Datum| match &datum.content {
        Content::Absent => Truth::yes(),
        Content::Text { text, .. } => text.is_empty().or(equals(datum, &Datum::new(Content::Absent, datum.span))),
        Content::Unknown(why) => Truth::unknown(why.clone()),
        _ => Truth::no(),
    };
    let first = first_of(call, call.arguments, empty)?;
    // All are of one type: a text where one of them is.
    let is_text =
        |datum: &Datum| matches!(&datum.content, Content::Text { text, plain: false } if text.hole().is_none());
    Ok(if call.arguments.iter().any(is_text) { super::types::quoted(first) } else { first.clone() })
}

fn coalesce_list(call: &Call<'_>) -> Answer {
    let empty = |datum: &Datum| match &datum.content {
        Content::Absent => Truth::yes(),
        Content::List(items) if items.iter().all(|item| wavers(item).is_some()) => {
            items.first().and_then(wavers).map_or_else(Truth::yes, Truth::unknown)
        }
        Content::Map { members, rest } if members.is_empty() => rest.clone().map_or_else(Truth::yes, Truth::unknown),
        Content::List(_) | Content::Map { .. } => Truth::no(),
        Content::Unknown(why) => Truth::unknown(why.clone()),
        _ => Truth::unknown(call.misfit(datum, "a list is wanted")),
    };
    first_of(call, call.arguments, empty).cloned()
}

fn compact(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let kept = call.list(0)?.iter().filter_map(|item| match &item.content {
        Content::Absent => None,
        Content::Text { text, .. } => match text.is_empty() {
            Truth::True(_) => None,
            Truth::False(_) => Some(item.clone()),
            Truth::Unknown(..) => Some(maybe(item, text.why())),
        },
        _ => Some(item.clone()),
    });
    call.lists(kept.collect())
}

/// An element that may be in a list, or not.
pub(super) fn maybe(item: &Datum, why: Option<Why>) -> Datum {
    match why {
        Some(why) => Datum::unknown(why, item.span).assuming(&item.assumes),
        None => item.clone(),
    }
}

fn concat(call: &Call<'_>) -> Answer {
    // Any number of elements after any number of elements, for one reason, is once any number of elements.
    fn put(all: &mut Vec<Datum>, item: Datum) {
        let again = |last: &Datum| matches!(item.content, Content::Unknown(_)) && lift::alike(last, &item);
        if !all.last().is_some_and(again) {
            all.push(item);
        }
    }
    let mut all = Vec::new();
    for argument in call.arguments {
        match &argument.content {
            Content::List(items) => {
                call.holds(all.len() + items.len())?;
                items.iter().for_each(|item| put(&mut all, item.clone().assuming(&argument.assumes)));
            }
            _ => match call.misfit(argument, "a list is wanted") {
                why if super::failed(&why) => return Err(why),
                why => put(&mut all, Datum::unknown(why, argument.span)),
            },
        }
    }
    call.lists(all)
}

fn contains(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let wanted = call.argument(1)?;
    if wanted.content == Content::Absent {
        return Err(call.fails("null is looked for"));
    }
    match Truth::any(call.list(0)?.iter().map(|item| equals(item, wanted))) {
        Truth::True(_) => call.truth(true),
        Truth::False(_) => call.truth(false),
        Truth::Unknown(whys, _) => Err(whys.into_iter().next().unwrap_or_else(|| call.beyond("a value is not known"))),
    }
}

fn element(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (items, at) = (call.list(0)?, call.whole(1)?);
    let Ok(at) = usize::try_from(at) else {
        counted(items)?;
        let back = usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX);
        // OpenTofu counts from the end; Terraform refuses.
        let item = items.len().checked_sub(back).and_then(|at| items.get(at));
        return item.cloned().ok_or_else(|| call.fails("the index is out of range"));
    };
    let known = items.iter().position(|item| wavers(item).is_some()).unwrap_or(items.len());
    if at < known
        && let Some(item) = items.get(at)
    {
        return Ok(item.clone());
    }
    counted(items)?;
    let item = at.checked_rem(items.len()).and_then(|at| items.get(at));
    item.cloned().ok_or_else(|| call.fails("the list is empty"))
}

fn flatten(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    fn spread(call: &Call<'_>, items: &[Datum], depth: usize, flat: &mut Vec<Datum>) -> Result<(), Why> {
        if depth > MAX_DEPTH {
            return Err(call.beyond("the lists are nested too deep"));
        }
        for item in items {
            match &item.content {
                Content::List(inner) => {
                    let from = flat.len();
                    spread(call, inner, depth + 1, flat)?;
                    if !item.assumes.is_empty() {
                        for one in flat.iter_mut().skip(from) {
                            *one =
                                std::mem::replace(one, Datum::new(Content::Absent, item.span)).assuming(&item.assumes);
                        }
                    }
                }
                _ => flat.push(item.clone()),
            }
            call.holds(flat.len())?;
        }
        Ok(())
    }
    let mut flat = Vec::new();
    spread(call, call.list(0)?, 0, &mut flat)?;
    call.lists(flat)
}

fn index(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let wanted = call.argument(1)?;
    for (n, item) in call.list(0)?.iter().enumerate() {
        match equals(item, wanted) {
            Truth::True(_) => return call.plain(n.to_string()),
            Truth::False(_) => {}
            Truth::Unknown(whys, _) => {
                return Err(whys.into_iter().next().unwrap_or_else(|| call.beyond("a value is not known")));
            }
        }
    }
    Err(call.fails("the list has no such element"))
}

fn length(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let argument = call.argument(0)?;
    match &argument.content {
        Content::List(items) => {
            counted(items)?;
            call.plain(items.len().to_string())
        }
        Content::Map { rest: Some(why), .. } => Err(why.clone()),
        Content::Map { members, rest: None } => call.plain(members.len().to_string()),
        Content::Text { text, plain: true } if text.literal().is_some() => Err(call.fails("this has no length")),
        _ => {
            let text = call.text(0)?;
            call.plain(call.characters(&text)?.chars().count().to_string())
        }
    }
}

fn match_keys(call: &Call<'_>) -> Answer {
    call.takes(3, 3)?;
    let (values, keys, wanted) = (call.list(0)?, call.list(1)?, call.list(2)?);
    counted(values)?;
    counted(keys)?;
    if values.len() != keys.len() {
        return Err(call.fails("there are not as many keys as values"));
    }
    let mut kept = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        match Truth::any(wanted.iter().map(|one| equals(one, key))) {
            Truth::True(_) => kept.push(value.clone()),
            Truth::False(_) => {}
            Truth::Unknown(whys, _) => kept.push(maybe(value, whys.into_iter().next())),
        }
    }
    call.lists(kept)
}

fn only(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let items = call.list(0)?;
    match items {
        // One that is there or not is what it is: null where it is left out.
        [item] if !matches!(item.content, Content::Unknown(_)) => Ok(item.clone()),
        [] => Ok(Datum::new(Content::Absent, call.span)),
        items => {
            counted(items)?;
            Err(call.fails("the list has more than one element"))
        }
    }
}

fn slice(call: &Call<'_>) -> Answer {
    call.takes(3, 3)?;
    let (items, from, to) = (call.list(0)?, call.whole(1)?, call.whole(2)?);
    let bounds = usize::try_from(from).ok().zip(usize::try_from(to).ok()).filter(|(from, to)| from <= to);
    let (from, to) = bounds.ok_or_else(|| call.fails("the indexes are out of range"))?;
    counted(items.get(..to).unwrap_or(items))?;
    match items.get(from..to) {
        Some(items) => call.lists(items.to_vec()),
        None => Err(call.fails("the indexes are out of range")),
    }
}

//! Sets, and what makes lists of lists: a set is a list without equal elements, those that are known in order.

use super::collections::maybe;
use super::equal::equals;
use super::{Answer, Call, Function, MAX_ELEMENTS, counted};
use crate::read::weight::Room;
use crate::read::{Content, Datum};
use crate::value::{Truth, Why};
use std::collections::BTreeSet;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "distinct" => Function::listing(|call| {
            call.takes(1, 1)?;
            super::types::alike(call, call.list(0)?)?;
            call.lists(distinct(call, &super::types::unified(call.list(0)?))?)
        }),
        "sort" => Function::listing(sort),
        "toset" => Function::listing(to_set),
        "setunion" => Function::listing(union),
        "setintersection" => Function::listing(|call| sifted(call, true)),
        "setsubtract" => Function::listing(|call| {
            call.takes(2, 2)?;
            sifted(call, false)
        }),
        "setproduct" => Function::listing(product),
        _ => None,
    }
}

/// Most comparisons that one call makes of elements that are no known texts.
const MAX_COMPARISONS: usize = 1_000_000;

/// Elements without those that surely equal one before them.
fn distinct(call: &Call<'_>, items: &[Datum]) -> Result<Vec<Datum>, Why> {
    let mut texts: BTreeSet<(&str, bool)> = BTreeSet::new();
    let mut others: Vec<&Datum> = Vec::new();
    let mut kept = Vec::new();
    let mut comparisons = 0;
    for item in items {
        match &item.content {
            Content::Text { text, plain } if text.literal().is_some() => {
                if text.literal().is_some_and(|text| !texts.insert((text, *plain))) {
                    continue;
                }
            }
            Content::Unknown(_) => {}
            _ => {
                comparisons += others.len();
                if comparisons > MAX_COMPARISONS {
                    return Err(call.beyond("too many values to compare"));
                }
                if others.iter().any(|other| equals(other, item).is_true()) {
                    continue;
                }
                others.push(item);
            }
        }
        kept.push(item.clone());
    }
    Ok(kept)
}

/// Known texts in their order, then the others as they came.
fn in_order(mut items: Vec<Datum>) -> Vec<Datum> {
    let rank = |datum: &Datum| match &datum.content {
        Content::Text { text, plain } => match text.literal() {
            Some(text) if *plain => (0, super::numbers::parse(text), Some(text.to_owned())),
            Some(text) => (1, None, Some(text.to_owned())),
            None => (2, None, None),
        },
        _ => (2, None, None),
    };
    let by = |a: &Datum, b: &Datum| rank(a).partial_cmp(&rank(b)).unwrap_or(std::cmp::Ordering::Equal);
    items.sort_by(by);
    items
}

fn sort(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let items = call.list(0)?;
    let unknown = items.iter().find_map(|item| call.text_of(item).map_or_else(Some, |text| text.why()));
    match unknown {
        Some(why) if super::failed(&why) => Err(why),
        // The same elements, in an order that is not known.
        _ => call.lists(in_order(items.iter().map(super::types::quoted).collect())),
    }
}

fn to_set(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    if call.argument(0)?.content == Content::Absent {
        return Ok(call.argument(0)?.clone());
    }
    super::types::alike(call, call.list(0)?)?;
    set(call, super::types::unified(call.list(0)?))
}

fn set(call: &Call<'_>, items: Vec<Datum>) -> Answer {
    call.lists(in_order(distinct(call, &items)?))
}

fn union(call: &Call<'_>) -> Answer {
    let mut all = Vec::new();
    for argument in call.arguments {
        match &argument.content {
            Content::Unknown(_) => all.push(argument.clone()),
            _ => all.extend(call.list_of(argument)?.iter().cloned()),
        }
        call.holds(all.len())?;
    }
    set(call, super::types::unified(&all))
}

/// The elements of the first set that are, or are not, in all others.
fn sifted(call: &Call<'_>, wanted: bool) -> Answer {
    // All sets are of one type.
    let lists = call.arguments.iter().filter_map(|argument| call.list_of(argument).ok());
    let items: Vec<Datum> = lists.flatten().cloned().collect();
    let mut items = super::types::unified(&items).into_iter();
    let one_type = |argument: &Datum| match &argument.content {
        Content::List(own) => {
            Datum { content: Content::List(items.by_ref().take(own.len()).collect()), ..argument.clone() }
        }
        _ => argument.clone(),
    };
    let arguments: Vec<Datum> = call.arguments.iter().map(one_type).collect();
    sifted_alike(&Call { arguments: &arguments, ..*call }, wanted)
}

fn sifted_alike(call: &Call<'_>, wanted: bool) -> Answer {
    let mut kept = Vec::new();
    let others = call.arguments.get(1..).unwrap_or_default();
    let mut sizes = 0;
    for argument in others {
        if !matches!(argument.content, Content::Unknown(_)) {
            sizes += call.list_of(argument)?.len();
        }
    }
    let items = call.list(0)?;
    if items.len().saturating_mul(sizes) > MAX_COMPARISONS {
        return Err(call.beyond("too many values to compare"));
    }
    for item in items {
        let inside = |argument: &Datum| match &argument.content {
            Content::Unknown(why) => Truth::unknown(why.clone()),
            Content::List(items) => Truth::any(items.iter().map(|other| equals(other, item))),
            _ => Truth::no(),
        };
        let truth = Truth::all(others.iter().map(inside));
        match if wanted { truth } else { truth.not() } {
            Truth::True(_) => kept.push(item.clone()),
            Truth::False(_) => {}
            Truth::Unknown(whys, _) => kept.push(maybe(item, whys.into_iter().next())),
        }
    }
    set(call, kept)
}

fn product(call: &Call<'_>) -> Answer {
    call.takes(2, usize::MAX)?;
    let mut rows: Vec<Vec<Datum>> = vec![Vec::new()];
    for argument in call.arguments {
        let items = call.list_of(argument)?;
        counted(items)?;
        let size = rows.len().saturating_mul(items.len());
        if size.saturating_mul(call.arguments.len()) > MAX_ELEMENTS {
            return Err(call.beyond("it would have too many elements"));
        }
        let room = Room::new();
        let mut longer = Vec::new();
        for row in &rows {
            for item in items {
                if !row.iter().chain([item]).all(|one| room.takes(one)) {
                    return Err(call.beyond("it would be too large"));
                }
                longer.push(row.iter().chain([item]).cloned().collect());
            }
        }
        rows = longer;
    }
    call.lists(rows.into_iter().map(|row| Datum::new(Content::List(row), call.span)).collect())
}

//! Functions on mappings. Where keys may be there that are not known, they may stand anywhere, and be any key.

use super::{Answer, Call, Function, counted};
use crate::read::terraform::lift;
use crate::read::weight::Room;
use crate::read::{Content, Datum, Member};
use crate::value::{Text, Why};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many values may be meant by a key that is not known.
const MAX_CHOICES: usize = 64;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "keys" => Function::passing(keys),
        "lookup" => Function::passing(lookup),
        "merge" => Function::passing(merge),
        "transpose" => Function::listing(transpose),
        "values" => Function::passing(values),
        "zipmap" => Function::listing(zip),
        _ => None,
    }
}

/// Members in the order of their keys.
fn sorted(members: &[Member]) -> Vec<&Member> {
    let mut members: Vec<&Member> = members.iter().collect();
    members.sort_by(|a, b| a.key.cmp(&b.key));
    members
}

fn keys(call: &Call<'_>) -> Answer {
    listed(call, |member| Datum::text(&*member.key, member.span))
}

fn values(call: &Call<'_>) -> Answer {
    listed(call, |member| member.value.clone())
}

fn listed(call: &Call<'_>, item: fn(&Member) -> Datum) -> Answer {
    call.takes(1, 1)?;
    let (members, rest) = call.members(0)?;
    // Keys that are not known may stand before all others.
    let unknown = rest.map(|why| Datum::unknown(why.clone(), call.span));
    call.lists(unknown.into_iter().chain(sorted(members).into_iter().map(item)).collect())
}

fn lookup(call: &Call<'_>) -> Answer {
    call.takes(2, 3)?;
    let (members, rest) = call.members(0)?;
    let key = call.text(1)?;
    let default = call.arguments.get(2);
    if let Some(key) = key.literal() {
        return match (members.iter().find(|member| &*member.key == key), rest, default) {
            (Some(member), ..) => Ok(member.value.clone()),
            (None, Some(why), _) => Err(why.clone()),
            (None, None, Some(default)) => Ok(default.clone()),
            (None, None, None) => Err(call.fails("the mapping has no such key")),
        };
    }
    let why = key.why().unwrap_or_else(|| call.beyond("the key is not known"));
    if rest.is_some() {
        return Err(why);
    }
    let meant = members.iter().filter(|member| !key.same(&Text::from(&*member.key)).is_false());
    let choices: Vec<Datum> = meant.map(|member| &member.value).chain(default).cloned().collect();
    if choices.len() > MAX_CHOICES {
        return Err(why);
    }
    Ok(lift::one_of(Text::unknown(why.clone()), why, choices, call.span))
}

fn merge(call: &Call<'_>) -> Answer {
    let mut merged: BTreeMap<Arc<str>, Member> = BTreeMap::new();
    let mut rest: Option<Why> = None;
    let mut null = !call.arguments.is_empty();
    // Any key that is known so far may be there too.
    let open = |merged: &mut BTreeMap<_, Member>, why: &Why| {
        for member in merged.values_mut() {
            member.value = Datum::unknown(why.clone(), member.span);
        }
    };
    for argument in call.arguments {
        null &= argument.content == Content::Absent;
        match &argument.content {
            Content::Absent => {}
            Content::Map { members, rest: more } => {
                if let Some(why) = more {
                    open(&mut merged, why);
                    rest = rest.or_else(|| Some(why.clone()));
                }
                for member in members {
                    let value = member.value.clone().assuming(&argument.assumes);
                    merged.insert(member.key.clone(), Member { value, ..member.clone() });
                }
            }
            _ => match call.misfit(argument, "a mapping is wanted") {
                why if super::failed(&why) => return Err(why),
                why => {
                    open(&mut merged, &why);
                    rest = rest.or(Some(why));
                }
            },
        }
    }
    if null {
        return Ok(Datum::new(Content::Absent, call.span));
    }
    call.maps(merged.into_values().collect(), rest)
}

fn transpose(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let (members, rest) = call.members(0)?;
    if let Some(why) = rest {
        return Err(why.clone());
    }
    let mut turned: BTreeMap<String, Vec<Datum>> = BTreeMap::new();
    let mut made = 0;
    let room = Room::new();
    for member in sorted(members) {
        for item in call.list_of(&member.value)? {
            let text = call.text_of(item)?;
            let key = call.characters(&text)?.to_owned();
            made += 1;
            call.holds(made)?;
            let name = Datum::text(&*member.key, member.span);
            if !room.takes(&name) {
                return Err(call.beyond("it would be too large"));
            }
            turned.entry(key).or_default().push(name);
        }
    }
    let member = |(key, items): (String, Vec<Datum>)| {
        let value = Datum::new(Content::List(items), call.span);
        Member { key: key.into(), span: call.span, value }
    };
    call.maps(turned.into_iter().map(member).collect(), None)
}

fn zip(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let (keys, values) = (call.list(0)?, call.list(1)?);
    counted(keys)?;
    counted(values)?;
    if keys.len() != values.len() {
        return Err(call.fails("there are not as many keys as values"));
    }
    let mut members: Vec<Member> = Vec::new();
    let mut rest: Option<Why> = None;
    for (key, value) in keys.iter().zip(values) {
        let text = call.text_of(key)?;
        match text.literal() {
            Some(literal) => members.push(Member { key: literal.into(), span: key.span, value: value.clone() }),
            None => rest = rest.or_else(|| text.why()),
        }
    }
    // Of equal keys the last one counts.
    members.reverse();
    members.sort_by(|a, b| a.key.cmp(&b.key));
    members.dedup_by(|later, kept| later.key == kept.key);
    if let Some(why) = &rest {
        members.iter_mut().for_each(|member| member.value = Datum::unknown(why.clone(), member.span));
    }
    call.maps(members, rest)
}

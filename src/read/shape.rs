//! Small steps on evaluated values: taking members out, putting them in, changing texts and blocks on every side.

use crate::read::{Content, Datum, Member};
use crate::source::Span;
use crate::value::{Text, Why, WhyKind};

/// A member of a mapping.
pub(super) fn member<'d>(map: &'d Datum, key: &str) -> Option<&'d Datum> {
    match &map.content {
        Content::Map { members, .. } => members.iter().find(|member| &*member.key == key).map(|member| &member.value),
        _ => None,
    }
}

/// Takes a member out of a mapping.
pub(super) fn take(map: &mut Datum, key: &str) -> Option<Member> {
    let Content::Map { members, .. } = &mut map.content else { return None };
    let at = members.iter().position(|member| &*member.key == key)?;
    Some(members.remove(at))
}

/// Puts a member into a mapping, in place of one that is there.
pub(super) fn set(map: &mut Datum, key: &str, span: Span, value: Datum) {
    take(map, key);
    if let Content::Map { members, .. } = &mut map.content {
        members.push(Member { key: key.into(), span, value });
    }
}

/// A mapping with one member.
pub(super) fn mapping(key: &str, value: Datum) -> Datum {
    let span = value.span;
    let mut map = Datum::new(Content::Map { members: Vec::new(), rest: None }, span);
    set(&mut map, key, span, value);
    map
}

/// Whether a value says nothing: null, an empty text, no block.
pub(super) fn is_nothing(content: &Content) -> bool {
    match content {
        Content::Absent => true,
        Content::Text { text, .. } => text.literal() == Some(""),
        Content::List(items) => items.iter().all(|item| item.content == Content::Absent),
        _ => false,
    }
}

/// The one block of a list; the same value where it is none.
pub(super) fn one_block(list: Datum) -> Datum {
    let Datum { content, span, assumes } = list;
    match content {
        Content::List(items) => {
            let mut there = items.into_iter().filter(|item| item.content != Content::Absent);
            match (there.next(), there.next()) {
                (None, _) => Datum { content: Content::Absent, span, assumes },
                (Some(only), None) => only.assuming(&assumes),
                _ => Datum::unknown(Why::new(WhyKind::Unsupported, "block", "there may be one such block"), span),
            }
        }
        Content::Either(condition, yes, no) => {
            let (yes, no) = (Box::new(one_block(*yes)), Box::new(one_block(*no)));
            Datum { content: Content::Either(condition, yes, no), span, assumes }
        }
        content => Datum { content, span, assumes },
    }
}

/// Changes every mapping that a value may be, or that is in the list that it may be.
pub(super) fn each_block(value: &mut Datum, change: &dyn Fn(&mut Datum)) {
    match &mut value.content {
        Content::Map { .. } => change(value),
        Content::List(items) => items.iter_mut().for_each(|item| each_block(item, change)),
        Content::OneOf { values, .. } => values.iter_mut().for_each(|item| each_block(item, change)),
        Content::Either(_, yes, no) => {
            each_block(yes, change);
            each_block(no, change);
        }
        Content::Absent | Content::Text { .. } | Content::Unknown(_) => {}
    }
}

/// A value with its texts replaced by something else, where the function says by what.
pub(super) fn replace_texts(value: Datum, to: &dyn Fn(&Text) -> Option<Content>) -> Datum {
    let Datum { content, span, assumes } = value;
    let content = match content {
        Content::Text { text, plain } => to(&text).unwrap_or(Content::Text { text, plain }),
        Content::Either(condition, yes, no) => {
            Content::Either(condition, Box::new(replace_texts(*yes, to)), Box::new(replace_texts(*no, to)))
        }
        Content::OneOf { text, why, values } => {
            let values = values.into_iter().map(|value| replace_texts(value, to)).collect();
            Content::OneOf { text, why, values }
        }
        other => other,
    };
    Datum { content, span, assumes }
}

/// A switch as one of two words; unknown where it is a hole.
pub(super) fn words(value: Datum, on: &str, off: &str) -> Datum {
    replace_texts(value, &|text| match (text.literal(), text.why()) {
        (Some("true"), _) => Some(Content::Text { text: on.into(), plain: false }),
        (Some(_), _) => Some(Content::Text { text: off.into(), plain: false }),
        (None, Some(why)) => Some(Content::Unknown(why)),
        (None, None) => None,
    })
}

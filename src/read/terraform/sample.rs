//! Values for tests, written as JSON: `${account}` in a text is a hole, the text `?x` is unknown, a mapping with `if`,
//! `then`, `else` has two sides, one with `oneof` is one of several.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use super::functions::failed;
use crate::read::{Content, Datum, Member, embedded, json_text};
use crate::source::{FileId, Span};
use crate::value::{Condition, Hole, Instance, Of, Piece, Text, Why};

/// Where everything stands that only a test has written.
pub(super) const SPAN: Span = Span { file: FileId(0), start: 0, end: 1 };

fn hole(name: &str) -> Piece {
    let of = match name {
        "account" => Of::Account,
        "partition" => Of::Partition,
        "region" => Of::Region,
        "bucket" => Of::Resource { address: "module.a[\"x\"].aws_s3_bucket.this[0]".into(), attribute: "id".into() },
        "thing" => Of::Resource { address: "aws_thing.a".into(), attribute: "id".into() },
        name => Of::Parameter { name: name.into(), filled: false, plain: false },
    };
    Piece::Hole(Hole { instance: Instance(0), of })
}

/// The values of a list.
pub(super) fn given(written: &str) -> Vec<Datum> {
    let mut text = Text::default();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, behind) = after.split_once('}').unwrap();
        text.push(Piece::Literal(before.into()));
        text.push(hole(name));
        rest = behind;
    }
    text.push(Piece::Literal(rest.into()));
    let Some(Ok(list)) = embedded::value(&text, SPAN, None) else { panic!("{written}") };
    let Content::List(items) = sides(list).content else { panic!("{written}") };
    items
}

fn sides(datum: Datum) -> Datum {
    let content = match datum.content {
        Content::Text { text, .. } if text.literal().is_some_and(|text| text.starts_with('?')) => {
            Content::Unknown(Why::parameter(text.literal().unwrap_or_default()))
        }
        Content::List(items) => Content::List(items.into_iter().map(sides).collect()),
        Content::Map { members, .. } => {
            let member = |member: Member| Member { value: sides(member.value), ..member };
            let members: Vec<Member> = members.into_iter().map(member).collect();
            let named =
                |name: &str| members.iter().find(|member| &*member.key == name).map(|member| member.value.clone());
            match (named("if"), named("then"), named("else"), named("oneof")) {
                (Some(name), Some(yes), Some(no), _) => {
                    let name = name.as_text().literal().unwrap().into();
                    Content::Either(Condition { instance: Instance(0), name }, Box::new(yes), Box::new(no))
                }
                (.., Some(Datum { content: Content::List(values), .. })) => {
                    let text = Text::from(Hole { instance: Instance(0), of: Of::Account });
                    Content::OneOf { text, why: Why::parameter("P"), values }
                }
                _ => Content::Map { members, rest: None },
            }
        }
        content => content,
    };
    Datum { content, ..datum }
}

/// A value as the tables write it.
pub(super) fn shown(datum: &Datum) -> String {
    match &datum.content {
        Content::Unknown(why) if failed(why) => "fails".into(),
        Content::Unknown(_) => "unknown".into(),
        Content::Either(condition, yes, no) => format!("{} ? {} : {}", condition.name, shown(yes), shown(no)),
        Content::OneOf { text, values, .. } => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("one of {} as {}", values.join(" | "), shown(&Datum::text(text.clone(), SPAN)))
        }
        _ => {
            let mut line = String::new();
            let mut text = Text::default();
            json_text::write(datum, json_text::Form::Canonical, &mut text);
            for piece in text.pieces() {
                match piece {
                    Piece::Literal(literal) => line.push_str(literal),
                    Piece::Hole(Hole { of: Of::Resource { attribute, .. }, .. }) => {
                        line.push_str(&format!("${{{attribute}}}"))
                    }
                    Piece::Unknown(_) | Piece::Hole(Hole { of: Of::Made(..), .. }) => line.push('?'),
                    Piece::Hole(hole) => line.push_str(&format!("${{{}}}", hole.why().name)),
                }
            }
            line
        }
    }
}

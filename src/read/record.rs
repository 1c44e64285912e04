//! Records and how they are asked.
//!
//! [`Block`] answers for a resource or for a mapping inside it, with the origin of each answer, whether the
//! property was written or not.

use super::datum::{Content, Datum};
use super::property::{Default, Property};
use crate::source::Span;
use crate::value::{Assumption, Condition, Instance, Origin, Text, Value, What, Why, WhyKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Where a resource is deployed to: known, or the holes of its instance.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// The partition.
    pub partition: Text,
    /// The Region.
    pub region: Text,
    /// The account's id.
    pub account: Text,
}

/// A resource as a reader hands it on.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its type as CloudFormation names it.
    pub kind: Arc<str>,
    /// Its address: the logical id, below nested stacks `Parent/Child`.
    pub address: Arc<str>,
    /// Where its name stands.
    pub span: Span,
    /// The instance that declares it.
    pub instance: Instance,
    /// Where it is deployed to.
    pub home: Home,
    /// The conditions under which it exists.
    pub conditions: Vec<Condition>,
    /// The first of them that may go either way in this world.
    pub undecided: Option<Condition>,
    /// Its properties.
    pub properties: Datum,
    /// The addresses of the resources that exist before it.
    pub after: BTreeSet<Arc<str>>,
}

impl Record {
    /// The resource as a block to ask.
    pub fn block(&self) -> Block<'_> {
        Block { datum: &self.properties, owner: self.span, path: Arc::from(""), assumes: Vec::new() }
    }
}

/// A mapping to ask for its properties: a resource, or a part of it.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    datum: &'a Datum,
    owner: Span,
    path: Arc<str>,
    assumes: Vec<Assumption>,
}

type Found<'a> = Value<Option<&'a Datum>>;

impl<'a> Block<'a> {
    /// Where the block itself stands.
    pub fn origin(&self) -> Origin {
        Origin { span: self.datum.span, property: self.path.clone(), written: true }
    }

    /// The mapping as it was evaluated.
    pub fn datum(&self) -> &'a Datum {
        self.datum
    }

    /// A boolean with a default.
    pub fn bool(&self, property: &Property) -> Value<bool> {
        self.or_default(self.optional_bool(property), property, |default| match default {
            Default::Bool(value) => Some(value),
            _ => None,
        })
    }

    /// A boolean, or none.
    pub fn optional_bool(&self, property: &Property) -> Value<Option<bool>> {
        convert(self.find(property), &|datum| boolean(datum).ok_or_else(|| misfit(datum, "a boolean")))
    }

    /// A number, or none.
    pub fn number(&self, property: &Property) -> Value<Option<f64>> {
        convert(self.find(property), &|datum| number(datum).ok_or_else(|| misfit(datum, "a number")))
    }

    /// A number with a default.
    pub fn number_or(&self, property: &Property) -> Value<f64> {
        self.or_default(self.number(property), property, |default| match default {
            Default::Number(value) => Some(value),
            _ => None,
        })
    }

    /// A text, or none.
    pub fn text(&self, property: &Property) -> Value<Option<Text>> {
        convert(self.find(property), &|datum| match &datum.content {
            // Several exports of one name: each of them may be meant, and none has a name in common.
            Content::OneOf { text, why, .. } if text.hole().is_none() => Err(why.clone()),
            _ => Ok(datum.as_text()),
        })
    }

    /// A word of a fixed vocabulary, or none: where a parameter's declaration lists its values, each of them.
    pub fn word(&self, property: &Property) -> Value<Option<Text>> {
        convert(self.find(property), &|datum| match &datum.content {
            Content::OneOf { why, .. } => Err(why.clone()),
            _ => Ok(datum.as_text()),
        })
    }

    /// A word with a default.
    pub fn word_or(&self, property: &Property) -> Value<Text> {
        self.or_default(self.word(property), property, |default| match default {
            Default::Text(value) => Some(value.into()),
            _ => None,
        })
    }

    /// Whether anything is given.
    pub fn given(&self, property: &Property) -> Value<bool> {
        convert(self.find(property), &|_| Ok(())).map(&|value| value.is_some())
    }

    /// The blocks of a list, none where it is left out. A single mapping counts as a list of one.
    pub fn blocks(&self, property: &Property) -> Value<Vec<Block<'a>>> {
        self.listed(self.find(property))
    }

    fn listed(&self, found: Found<'a>) -> Value<Vec<Block<'a>>> {
        let path = found.origin.property.clone();
        let items = convert(found, &|datum| {
            let block = |path: Arc<str>, datum: &'a Datum| Block {
                datum,
                owner: self.owner,
                path,
                assumes: datum.assumes.clone(),
            };
            match &datum.content {
                Content::List(items) => {
                    if let Some(condition) = items.iter().find_map(wavers) {
                        return Err(Why::condition(condition.clone()));
                    }
                    let there = items.iter().filter(|item| item.content != Content::Absent).enumerate();
                    Ok(there.map(|(n, item)| block([&*path, "[", &n.to_string(), "]"].concat().into(), item)).collect())
                }
                _ => Ok(vec![block(path.clone(), datum)]),
            }
        });
        or_empty(items)
    }

    /// The texts of a list, or none.
    pub fn texts(&self, property: &Property) -> Value<Option<Vec<Value<Text>>>> {
        let found = self.find(property);
        if let What::Known(None) = found.what {
            return Value { what: What::Known(None), origin: found.origin, assumes: found.assumes };
        }
        self.listed(found).map(&|blocks| Some(blocks.iter().map(Block::as_text).collect()))
    }

    /// The block itself as a text.
    pub fn as_text(&self) -> Value<Text> {
        let mut text = or_empty(convert(self.whole(), &|datum| match &datum.content {
            // A row of a mapping whose key is not known: each of them may be meant.
            Content::OneOf { text, why, .. } if text.hole().is_none() => Err(why.clone()),
            _ => Ok(datum.as_text()),
        }));
        text.assumes.extend_from_slice(&self.assumes);
        text
    }

    /// The block itself, whatever it is.
    fn whole(&self) -> Found<'a> {
        let origin = self.origin();
        walk(self.datum, "", &origin, &origin)
    }

    /// The keys of the block, where they are known.
    pub fn keys(&self) -> Value<Vec<Arc<str>>> {
        let keys = convert(self.whole(), &|datum| match &datum.content {
            Content::Map { rest: Some(why), .. } => Err(why.clone()),
            Content::Map { members, rest: None } => Ok(members
                .iter()
                .filter(|member| member.value.content != Content::Absent)
                .map(|member| member.key.clone())
                .collect()),
            _ => Err(misfit(datum, "a mapping")),
        });
        or_empty(keys)
    }

    /// The members of a mapping whose keys are no fixed vocabulary, each with the place of its key.
    pub fn members(&self) -> Value<Vec<(Arc<str>, Block<'a>)>> {
        let members = convert(self.whole(), &|datum| match &datum.content {
            Content::Map { rest: Some(why), .. } => Err(why.clone()),
            Content::Map { members, rest: None } => {
                let there = members.iter().filter(|member| member.value.content != Content::Absent);
                let each = there.map(|member| {
                    let path = [&*self.path, ".", &member.key].concat().into();
                    let block =
                        Block { datum: &member.value, owner: member.span, path, assumes: datum.assumes.clone() };
                    (member.key.clone(), block)
                });
                Ok(each.collect())
            }
            _ => Err(misfit(datum, "a mapping")),
        });
        or_empty(members)
    }

    /// The texts of a list that the block itself is; a single text counts as a list of one.
    pub fn as_texts(&self) -> Value<Vec<Value<Text>>> {
        or_empty(self.texts(&Property::optional("")))
    }

    /// Whether it is a mapping, where that can be told.
    pub fn is_mapping(&self) -> Value<bool> {
        let shape = convert(self.whole(), &|datum| match &datum.content {
            Content::Map { .. } => Ok(true),
            Content::OneOf { why, .. } => Err(why.clone()),
            Content::Text { text, .. } => match text.why() {
                Some(why) if text.literal().is_none() && text.hole().is_some() => Err(why),
                _ => Ok(false),
            },
            _ => Ok(false),
        });
        or_empty(shape)
    }

    fn inner(&self, property: &Property) -> Arc<str> {
        match (self.path.is_empty(), property.cloudformation.is_empty()) {
            (true, _) => property.cloudformation.into(),
            (_, true) => self.path.clone(),
            _ => [&*self.path, ".", property.cloudformation].concat().into(),
        }
    }

    fn find(&self, property: &Property) -> Found<'a> {
        let name = self.inner(property);
        let silent = Origin { span: self.owner, property: name.clone(), written: false };
        let here = Origin { span: self.datum.span, property: name, written: true };
        let mut found = walk(self.datum, property.cloudformation, &here, &silent);
        found.assumes.extend_from_slice(&self.assumes);
        found
    }

    fn or_default<T: Clone>(
        &self,
        value: Value<Option<T>>,
        property: &Property,
        pick: fn(Default) -> Option<T>,
    ) -> Value<T> {
        let fill = match (pick(property.default), property.default) {
            (Some(default), _) => Ok(default),
            (None, Default::Unknown(text)) => Err(Why::new(WhyKind::AfterApply, property.cloudformation, text)),
            (None, _) => Err(Why::new(WhyKind::Unsupported, property.cloudformation, "required, but left out")),
        };
        replace_none(value, &fill)
    }
}

fn replace_none<T: Clone>(value: Value<Option<T>>, fill: &Result<T, Why>) -> Value<T> {
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

/// A condition on which it hangs whether an element is there at all.
fn wavers(item: &Datum) -> Option<&Condition> {
    match &item.content {
        Content::Either(condition, yes, no) => {
            let absent = |side: &Datum| side.content == Content::Absent;
            if absent(yes) != absent(no) { Some(condition) } else { wavers(yes).or_else(|| wavers(no)) }
        }
        _ => None,
    }
}

/// Follows a path, dots between its parts. `here` is the place of the datum, `silent` the place for what is left out.
fn walk<'a>(datum: &'a Datum, path: &str, here: &Origin, silent: &Origin) -> Found<'a> {
    let found = |what| {
        let origin = Origin { span: datum.span, ..here.clone() };
        Value { what, origin, assumes: datum.assumes.clone() }
    };
    match &datum.content {
        Content::Either(condition, yes, no) => found(What::Either(
            condition.clone(),
            Box::new(walk(yes, path, here, silent)),
            Box::new(walk(no, path, here, silent)),
        )),
        Content::Unknown(why) => found(What::Unknown(why.clone())),
        // A name is the hole that it is; what stands for a setting is each of its values.
        Content::OneOf { why, values, .. } if !path.is_empty() => {
            found(What::OneOf(why.clone(), values.iter().map(|value| walk(value, path, here, silent)).collect()))
        }
        // What is written as left out is the place to write something else.
        Content::Absent => found(What::Known(None)),
        _ if path.is_empty() => found(What::Known(Some(datum))),
        Content::Map { members, rest } => {
            let (first, more) = path.split_once('.').unwrap_or((path, ""));
            match (members.iter().find(|member| &*member.key == first), rest) {
                (Some(member), _) => {
                    let mut inner = walk(&member.value, more, here, silent);
                    inner.assumes.extend_from_slice(&datum.assumes);
                    inner
                }
                (None, Some(why)) => found(What::Unknown(why.clone())),
                (None, None) => {
                    Value { what: What::Known(None), origin: silent.clone(), assumes: datum.assumes.clone() }
                }
            }
        }
        Content::Text { .. } | Content::List(_) | Content::OneOf { .. } => {
            found(What::Unknown(misfit(datum, "a mapping")))
        }
    }
}

/// What is left out as nothing.
fn or_empty<T: std::default::Default>(value: Value<Option<T>>) -> Value<T> {
    let each = |value: Box<Value<Option<T>>>| Box::new(or_empty(*value));
    let what = match value.what {
        What::Known(known) => What::Known(known.unwrap_or_default()),
        What::Either(condition, yes, no) => What::Either(condition, each(yes), each(no)),
        What::OneOf(why, values) => What::OneOf(why, values.into_iter().map(or_empty).collect()),
        What::Unknown(why) => What::Unknown(why),
    };
    Value { what, origin: value.origin, assumes: value.assumes }
}

fn convert<'a, T: Clone>(found: Found<'a>, f: &dyn Fn(&'a Datum) -> Result<T, Why>) -> Value<Option<T>> {
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
fn misfit(datum: &Datum, wanted: &str) -> Why {
    let hole = match &datum.content {
        Content::Text { text, .. } => text.why(),
        Content::OneOf { why, .. } => Some(why.clone()),
        _ => None,
    };
    hole.unwrap_or_else(|| Why::new(WhyKind::Unsupported, wanted, format!("this is not {wanted}")).at(datum.span))
}

/// CloudFormation takes `yes`, `on` and their like where they are plain, and `"true"` as a string too.
fn boolean(datum: &Datum) -> Option<bool> {
    let Content::Text { text, plain } = &datum.content else { return None };
    match (text.literal()?.to_ascii_lowercase().as_str(), plain) {
        ("true", _) | ("yes" | "on", true) => Some(true),
        ("false", _) | ("no" | "off", true) => Some(false),
        _ => None,
    }
}

fn number(datum: &Datum) -> Option<f64> {
    let Content::Text { text, .. } = &datum.content else { return None };
    text.literal()?.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

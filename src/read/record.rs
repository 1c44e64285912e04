//! Records and how they are asked.
//!
//! [`Block`] answers for a resource or for a mapping inside it, with the origin of each answer, whether the
//! property was written or not.

use super::datum::{Content, Datum};
use super::property::{Default, Dialect, Property};
use super::walk::{Found, Places, boolean, convert, misfit, number, or_empty, replace_none, sides, walk, wavers};
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
    /// How its properties are spelled.
    pub dialect: Dialect,
    /// Its type as CloudFormation names it.
    pub kind: Arc<str>,
    /// Its address: the logical id, below nested stacks `Parent/Child`; in Terraform the address as it prints it.
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
    /// The resources that were joined into it: their addresses, and where their names stand.
    pub joined: Vec<(Arc<str>, Span)>,
}

impl Record {
    /// What the resource says where it exists: the other sides of its own conditions are never deployed.
    pub fn where_it_exists(mut self) -> Record {
        if self.undecided.is_some() {
            let own = self.conditions.iter();
            self.properties = own.fold(self.properties, |properties, condition| properties.where_holds(condition));
        }
        self
    }

    /// The resource as a block to ask.
    pub fn block(&self) -> Block<'_> {
        let path = Arc::from("");
        Block { dialect: self.dialect, datum: &self.properties, owner: self.span, path, assumes: Vec::new() }
    }
}

/// A mapping to ask for its properties: a resource, or a part of it.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    dialect: Dialect,
    datum: &'a Datum,
    owner: Span,
    path: Arc<str>,
    assumes: Vec<Assumption>,
}

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
        self.required(self.optional_bool(property), property)
    }

    /// A boolean, or none.
    pub fn optional_bool(&self, property: &Property) -> Value<Option<bool>> {
        let opposite = self.dialect == Dialect::Terraform && property.opposite;
        let read = |datum: &Datum| match boolean(datum, self.dialect) {
            Some(value) => Ok(value != opposite),
            None => Err(misfit(datum, "a boolean")),
        };
        self.or_default(convert(self.find(property), &read), property, |default| match default {
            Default::Bool(value) => Some(value),
            _ => None,
        })
    }

    /// A number, or none.
    pub fn number(&self, property: &Property) -> Value<Option<f64>> {
        let value = convert(self.find(property), &|datum| number(datum).ok_or_else(|| misfit(datum, "a number")));
        self.or_default(value, property, |default| match default {
            Default::Number(value) => Some(value),
            _ => None,
        })
    }

    /// A number with a default.
    pub fn number_or(&self, property: &Property) -> Value<f64> {
        self.required(self.number(property), property)
    }

    /// A text, or none.
    pub fn text(&self, property: &Property) -> Value<Option<Text>> {
        let value = convert(self.find(property), &|datum| match &datum.content {
            // Several exports of one name: each of them may be meant, and none has a name in common.
            Content::OneOf { text, why, .. } if text.hole().is_none() => Err(why.clone()),
            _ => Ok(datum.as_text()),
        });
        self.or_default(value, property, text_of)
    }

    /// A word of a fixed vocabulary, or none: where a parameter's declaration lists its values, each of them.
    pub fn word(&self, property: &Property) -> Value<Option<Text>> {
        let value = convert(self.find(property), &|datum| match &datum.content {
            Content::OneOf { why, .. } => Err(why.clone()),
            _ => Ok(datum.as_text()),
        });
        self.or_default(value, property, text_of)
    }

    /// A word with a default.
    pub fn word_or(&self, property: &Property) -> Value<Text> {
        self.required(self.word(property), property)
    }

    /// Whether anything is given.
    pub fn given(&self, property: &Property) -> Value<bool> {
        convert(self.find(property), &|_| Ok(())).map(&|value| value.is_some())
    }

    /// The blocks of a list, none where it is left out. A single mapping counts as a list of one.
    pub fn blocks(&self, property: &Property) -> Value<Vec<Block<'a>>> {
        self.listed(self.find(property))
    }

    fn listed(&self, mut found: Found<'a>) -> Value<Vec<Block<'a>>> {
        let path = found.origin.property.clone();
        // A list is unknown where the element stands that may be missing, not where the list begins.
        if let What::Known(Some(Datum { content: Content::List(items), .. })) = &found.what
            && let Some(item) = items.iter().find(|item| wavers(item).is_some())
        {
            found.origin.span = item.span;
        }
        let items = convert(found, &|datum| match &datum.content {
            Content::List(items) => {
                if let Some(condition) = items.iter().find_map(wavers) {
                    return Err(Why::condition(condition.clone()));
                }
                let there = items.iter().enumerate().filter(|(_, item)| item.content != Content::Absent);
                Ok(there.map(|(n, item)| self.element(&path, n, item)).collect())
            }
            _ => Ok(vec![self.part(path.clone(), datum)]),
        });
        or_empty(items)
    }

    /// The blocks of a list that are or may be there, each with the first condition that decides whether it is: for
    /// lists whose elements count one by one.
    pub fn elements(&self, property: &Property) -> Value<Vec<(Block<'a>, Option<Condition>)>> {
        let found = self.find(property);
        let path = found.origin.property.clone();
        or_empty(convert(found, &|datum| match &datum.content {
            Content::List(items) => {
                let each = items.iter().enumerate().flat_map(|(n, item)| {
                    sides(item).into_iter().map(move |(condition, side)| (n, condition.cloned(), side))
                });
                Ok(each.map(|(n, condition, side)| (self.element(&path, n, side), condition)).collect())
            }
            _ => Ok(vec![(self.part(path.clone(), datum), None)]),
        }))
    }

    fn part(&self, path: Arc<str>, datum: &'a Datum) -> Block<'a> {
        Block { dialect: self.dialect, datum, owner: self.owner, path, assumes: datum.assumes.clone() }
    }

    /// An element keeps the place that it has where it is written, whatever is left out before it.
    fn element(&self, list: &str, n: usize, datum: &'a Datum) -> Block<'a> {
        self.part([list, "[", &n.to_string(), "]"].concat().into(), datum)
    }

    /// The texts of a list, or none.
    pub fn texts(&self, property: &Property) -> Value<Option<Vec<Value<Text>>>> {
        let found = self.find(property);
        if let What::Known(None) = found.what {
            return Value { what: What::Known(None), origin: found.origin, assumes: found.assumes };
        }
        self.listed(found).map(&|blocks| Some(blocks.iter().map(Block::as_text).collect()))
    }

    /// Whether it is, or may be, a text.
    pub fn is_text(&self) -> bool {
        !matches!(self.datum.content, Content::Map { .. } | Content::List(_) | Content::Absent)
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
        walk(self.datum, "", self.dialect, Places { here: &origin, silent: &origin })
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
                    let (dialect, assumes) = (self.dialect, datum.assumes.clone());
                    (member.key.clone(), Block { dialect, datum: &member.value, owner: member.span, path, assumes })
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

    fn find(&self, property: &Property) -> Found<'a> {
        let paths = property.path(self.dialect);
        let mut found = match paths.map(|paths| paths.split('|')) {
            None => {
                let origin = Origin { span: self.owner, property: self.path.clone(), written: false };
                match &self.datum.content {
                    Content::Unknown(why) => Value::unknown(why.clone(), origin),
                    _ => Value::known(None, origin),
                }
            }
            Some(mut paths) => {
                let first = self.at(paths.next().unwrap_or_default());
                let silent = |found: &Found| matches!(found.what, What::Known(None)) && !found.origin.written;
                match silent(&first) {
                    true => paths.map(|path| self.at(path)).find(|found| !silent(found)).unwrap_or(first),
                    false => first,
                }
            }
        };
        // Terraform's providers cannot tell nothing at all from an empty text or no block.
        if let (Dialect::Terraform, What::Known(Some(datum)), false) = (self.dialect, &found.what, paths == Some("")) {
            let empty = match &datum.content {
                Content::Text { text, .. } => text.literal() == Some(""),
                Content::List(items) => items.is_empty(),
                _ => false,
            };
            if empty {
                found.what = What::Known(None);
            }
        }
        found.assumes.extend_from_slice(&self.assumes);
        found
    }

    /// What stands at a path.
    fn at(&self, path: &str) -> Found<'a> {
        let name: Arc<str> = match (self.path.is_empty(), path.is_empty()) {
            (true, _) => self.dialect.spell(path).into(),
            (_, true) => self.path.clone(),
            _ => [&*self.path, ".", &self.dialect.spell(path)].concat().into(),
        };
        let silent = Origin { span: self.owner, property: name.clone(), written: false };
        let here = Origin { span: self.datum.span, property: name, written: true };
        walk(self.datum, path, self.dialect, Places { here: &here, silent: &silent })
    }

    /// A value with the property's default, where it has one of this kind.
    fn or_default<T: Clone>(
        &self,
        value: Value<Option<T>>,
        property: &Property,
        pick: fn(Default) -> Option<T>,
    ) -> Value<Option<T>> {
        match pick(property.default(self.dialect)) {
            None => value,
            Some(default) => replace_none(value, &Ok(default)).map(&|value| Some(value.clone())),
        }
    }

    /// A value that a resource does not deploy without, or of which the sources do not say what its absence means.
    fn required<T: Clone>(&self, value: Value<Option<T>>, property: &Property) -> Value<T> {
        let name = property.path(self.dialect).unwrap_or_default();
        let why = match property.default(self.dialect) {
            Default::Unknown(text) => Why::new(WhyKind::AfterApply, name, text),
            Default::Unseen(name, text) => Why::not_visible(name, text),
            _ => Why::new(WhyKind::Unsupported, name, "required, but left out"),
        };
        replace_none(value, &Err(why))
    }
}

fn text_of(default: Default) -> Option<Text> {
    match default {
        Default::Text(value) => Some(value.into()),
        _ => None,
    }
}

//! Bodies of resources as mappings, with the blocks that `dynamic` blocks make; and the records of all resources.

use super::eval::{Env, Eval, Frame};
use super::expand::{self, Place};
use super::lift::{Reach, either, lift};
use super::module::Resource;
use super::refusal::refusal;
use super::{joins, types};
use crate::read::containers::{self, Container, container};
use crate::read::weight::Room;
use crate::read::{Content, Datum, Dialect, Member, Notice, NoticeKind, Record, UnseenKind};
use crate::source::{FileId, Span};
use crate::syntax::hcl::{Block, Body, Name};
use crate::value::{Condition, Text, Why, WhyKind};
use std::rc::Rc;
use std::sync::Arc;

impl<'a> Eval<'a> {
    /// The body of a resource as a mapping: blocks of one kind are a list. Arguments of the language itself are left out.
    pub(super) fn body(&self, env: &Env<'a>, body: &Body) -> Content {
        let mut members: Vec<Member> = Vec::new();
        let room = Room::new();
        let arguments = body.attributes.iter().filter(|attribute| !is_meta(&attribute.name.text));
        for attribute in arguments {
            let value = room.put(self.placed(env, &attribute.value, attribute.name.span));
            members.push(Member { key: Arc::from(&*attribute.name.text), span: attribute.name.span, value });
        }
        for block in body.blocks.iter().filter(|block| !is_meta(&block.kind.text)) {
            let (kind, span, items) = match (&*block.kind.text, block.labels.first()) {
                ("dynamic", Some(label)) => {
                    let items = self.dynamic(env, block, label).into_iter().map(|item| room.put(item));
                    (&label.text, label.span, items.collect())
                }
                _ => {
                    let content = self.body(env, &block.body);
                    (&block.kind.text, block.kind.span, vec![Datum::new(content, block.kind.span)])
                }
            };
            let known = members.iter_mut().find(|member| *member.key == **kind).map(|member| &mut member.value.content);
            match known {
                Some(Content::List(all)) => all.extend(items),
                _ => {
                    let value = Datum::new(Content::List(items), span);
                    members.push(Member { key: Arc::from(&**kind), span, value });
                }
            }
        }
        Content::Map { members, rest: body.is_broken.then(unread) }
    }

    /// The blocks that a `dynamic` block makes.
    pub(super) fn dynamic(&self, env: &Env<'a>, block: &Block, label: &Name) -> Vec<Datum> {
        let span = label.span;
        let Some(over) = block.body.get("for_each") else { return Vec::new() };
        let Some(content) = block.body.blocks("content").next() else { return Vec::new() };
        let iterator = block.body.get("iterator").map(super::references::shown);
        let iterator: Arc<str> = iterator.as_deref().unwrap_or(&label.text).into();
        let is_set = self.is_set(env, over);
        let over = self.expr(env, over);
        let mut made = Vec::new();
        let room = Room::new();
        self.spread(&over, &mut Vec::new(), &mut |leaf, conditions| {
            let items: Vec<Datum> = match (expand::entries(leaf), &leaf.content) {
                (Some(entries), _) => entries
                    .into_iter()
                    .map(|(key, value)| {
                        lift(&[value], span, Reach::Top, &|value| match value {
                            [value] => {
                                let member =
                                    |key: &str, value: &Datum| Member { key: key.into(), span, value: value.clone() };
                                let members =
                                    vec![member("key", if is_set { value } else { &key }), member("value", value)];
                                let object = Datum::new(Content::Map { members, rest: None }, span);
                                let inner = env.naming([(iterator.clone(), object)]);
                                Datum::new(self.body(&inner, &content.body), written_at(value, span))
                            }
                            _ => Datum::new(Content::Absent, span),
                        })
                    })
                    .collect(),
                // Terraform takes null for an empty collection here no more than elsewhere; nothing is made of it.
                (None, Content::Absent) => Vec::new(),
                (None, _) => {
                    let why = match &leaf.content {
                        Content::Unknown(why) => Some(why.clone()),
                        _ => leaf.as_text().why(),
                    };
                    vec![Datum::unknown(
                        why.unwrap_or_else(|| refusal("this cannot be gone through")).at(leaf.span),
                        span,
                    )]
                }
            };
            for item in items {
                let wavering = conditions.iter().rev().fold(item, |item, condition| {
                    either(condition.clone(), item, Datum::new(Content::Absent, span), span)
                });
                made.push(room.put(wavering.assuming(&over.assumes)));
            }
        });
        made
    }

    /// The records of every resource that matters, in this world.
    pub(super) fn records(&self, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        let mut raw = Vec::new();
        // What there is comes before what it says: it must not get lost where that is too much to work out.
        self.count_all(&self.top);
        self.collect(&self.top, &mut raw);
        if self.is_exhausted() {
            let place = self.top.module.resources.first().map_or(Span::new(FileId(0), 0..0), |resource| resource.span);
            self.root.problem("this root module is too large to work out: what is left is unknown".to_owned(), place);
        }
        raw.extend(self.undeclared());
        let mut records = joins::records(raw, &|condition| self.world.get(condition));
        records.retain(|record| wanted(&record.kind));
        records
    }

    /// Works out the instances of everything.
    pub(super) fn count_all(&self, frame: &Rc<Frame<'a>>) {
        for resource in frame.module.resources.iter().filter(|it| !it.is_data && types::wanted(&it.kind)) {
            self.places_of(frame, resource);
        }
        for call in &frame.module.calls {
            self.children_of(frame, call).iter().flat_map(|all| all.iter()).for_each(|child| self.count_all(child));
        }
    }

    fn collect(&self, frame: &Rc<Frame<'a>>, raw: &mut Vec<Record>) {
        for resource in frame.module.resources.iter().filter(|it| !it.is_data && types::wanted(&it.kind)) {
            for place in self.places_of(frame, resource).iter() {
                raw.extend(self.record(frame, resource, place));
            }
        }
        if *self.world == self.root.nothing {
            self.tell_unopened(frame);
        }
        for call in &frame.module.calls {
            for child in self.children_of(frame, call).iter().flat_map(|all| all.iter()) {
                self.collect(child, raw);
            }
        }
    }

    /// Tells of the resources that make what a template declares: none is opened.
    fn tell_unopened(&self, frame: &Rc<Frame<'a>>) {
        for resource in frame.module.resources.iter().filter(|it| !it.is_data) {
            let Some(row) = container(&resource.kind).filter(|row| row.terraform == Some(&*resource.kind)) else {
                continue;
            };
            let places = self.places_of(frame, resource);
            for record in places.iter().filter_map(|place| self.record(frame, resource, place)) {
                self.root.notice(unopened(row, &record));
            }
        }
    }

    pub(super) fn record(&self, frame: &Rc<Frame<'a>>, resource: &'a Resource, place: &Place) -> Option<Record> {
        let mut conditions: Vec<Condition> = frame.conditions.clone();
        conditions.extend(place.conditions.iter().filter(|condition| !frame.conditions.contains(condition)).cloned());
        let mut undecided = None;
        for condition in &conditions {
            let settled = match self.world.get(condition) {
                Some(value) => Some(value),
                None => self.root.formula(condition).and_then(|formula| self.settled(&formula)),
            };
            match settled {
                Some(true) => {}
                Some(false) => return None,
                None => undecided = undecided.or_else(|| Some(condition.clone())),
            }
        }
        let env = Env::with(frame, place.each.clone());
        let content = self.body(&env, &resource.body);
        let content = self.tagged(&env, &resource.kind, &resource.body, content);
        let address = frame.address(&format!("{}{}", resource.address, place.suffix));
        let mut properties = self.with_known(&address, Datum::new(content, resource.span));
        // That a subject is there is what it is judged for; what belongs to one says something by being there.
        if !types::is_subject(&resource.kind) {
            properties = properties.assuming(&place.assumes);
        }
        let mut after = self.standing(&resource.kind, &address);
        if types::is_ordered(&resource.kind) {
            after.extend(self.earlier_than(frame, resource));
        }
        Some(Record {
            kind: resource.kind.clone(),
            address,
            span: resource.span,
            instance: self.root.instance(),
            home: self.home(&env, &resource.kind, &resource.body),
            conditions,
            undecided,
            properties,
            after,
            joined: Vec::new(),
            dialect: Dialect::Terraform,
        })
    }
}

/// Why nothing is known of what a block says.
pub(super) fn unread() -> Why {
    Why::new(WhyKind::Unsupported, "block", "this could not be read, or not all of it")
}

/// Where the block stands that is made of an element: where an object is written, since that is what says what the block
/// does; else at the label.
fn written_at(element: &Datum, label: Span) -> Span {
    match &element.content {
        Content::Map { members, .. } if !members.is_empty() => element.span,
        _ => label,
    }
}

/// Arguments that are the language's own.
fn is_meta(name: &str) -> bool {
    matches!(name, "count" | "for_each" | "provider" | "providers" | "depends_on" | "provisioner" | "connection")
}

fn unopened(row: &Container, record: &Record) -> Notice {
    let members = match &record.properties.content {
        Content::Map { members, .. } => members.as_slice(),
        _ => &[],
    };
    let written = |name: &str| {
        let member = members.iter().find(|member| &*member.key == name);
        member.map(|member| &member.value).filter(|value| value.content != Content::Absent)
    };
    let body = row.body.and_then(|(_, name)| written(name));
    let address = written(row.address.1).map(Datum::as_text).filter(|_| body.is_none());
    let message = containers::unopened(row.called, &record.address, address.as_ref().and_then(Text::literal));
    let what = if body.is_some() { UnseenKind::Body } else { UnseenKind::Template };
    let may_hold_trail = body.is_none_or(containers::may_hold_trail);
    let kind = NoticeKind::Unseen { what, name: record.address.to_string(), may_hold_trail };
    Notice { span: record.span, message, kind }
}

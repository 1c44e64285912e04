//! Values as a plan writes them, with what is not known yet and what nobody may see.
//!
//! `after_unknown` and `after_sensitive` have the shape of the values: `true` stands for all that is at its place. A value
//! that is marked sensitive is read as one that is there and cannot be seen, and its characters are noted, so that
//! whoever keeps the text can blot them out: what is not there can reach no output. So is every equal text elsewhere:
//! providers copy values without their marks (`tags_all` of `tags`).

use crate::read::shape::is_nothing;
use crate::read::{Content, Datum, Member, embedded};
use crate::source::Span;
use crate::syntax::{Kind, Node};
use crate::value::{Text, Why, WhyKind};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Texts shorter than this are too common to be told by themselves: `true`, `aws`, `prod`.
const SHORTEST: usize = 6;

/// Reads values out of a kept text.
pub(super) struct Reader<'t> {
    /// The text in which the nodes stand.
    pub(super) text: &'t str,
    /// What must not be shown: where it begins and ends.
    pub(super) hidden: BTreeMap<usize, usize>,
    /// The texts among it, to find where else they are written.
    pub(super) secrets: BTreeSet<Box<str>>,
}

/// What goes with a value: its parts that are not known, and those that nobody may see.
#[derive(Clone, Copy, Default)]
pub(super) struct Marks<'n> {
    pub(super) unknown: Option<&'n Node>,
    pub(super) sensitive: Option<&'n Node>,
}

impl<'n> Marks<'n> {
    fn below(self, key: &str) -> Marks<'n> {
        let of = |marks: Option<&'n Node>| marks.and_then(|marks| marks.get(key));
        Marks { unknown: of(self.unknown), sensitive: of(self.sensitive) }
    }

    fn item(self, index: usize) -> Marks<'n> {
        let of = |marks: Option<&'n Node>| marks.and_then(|marks| marks.items().get(index));
        Marks { unknown: of(self.unknown), sensitive: of(self.sensitive) }
    }
}

/// Whether a mark stands for everything.
fn all(mark: Option<&Node>) -> bool {
    mark.and_then(Node::text) == Some("true")
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader { text, hidden: BTreeMap::new(), secrets: BTreeSet::new() }
    }

    /// A value of the attribute `name`. Without a node it is one of which only the marks are there.
    pub(super) fn value(&mut self, name: &str, node: Option<&Node>, marks: Marks<'_>, span: Span) -> Datum {
        if all(marks.sensitive)
            && let Some(node) = node
        {
            self.hide(node);
        }
        if all(marks.unknown) {
            return Datum::unknown(after_apply(name), span);
        }
        let Some(node) = node else {
            // Nothing of it is known but the shape of what is not.
            let unknown = marks.unknown.is_some_and(holds_marks);
            return Datum::new(if unknown { Content::Unknown(after_apply(name)) } else { Content::Absent }, span);
        };
        if all(marks.sensitive) && !node.is_null() {
            return unseen(name, node, span);
        }
        let content = match &node.kind {
            _ if node.is_null() => Content::Absent,
            Kind::Scalar { text, plain: false } if self.secrets.contains(text) => {
                self.hide(node);
                return unseen(name, node, span);
            }
            Kind::Scalar { text, plain } => {
                let text = Text::from(&**text);
                if !plain {
                    let written = self.text.get(node.span.range()).map(|source| (source, node.span.start as usize));
                    if let Some(document) = embedded::document(&text, span, written).filter(is_mapping) {
                        return document;
                    }
                }
                Content::Text { text, plain: *plain }
            }
            Kind::List(items) => {
                let more = marks.unknown.map_or(0, |unknown| unknown.items().len());
                let item = |at| {
                    let (node, marks): (Option<&Node>, _) = (items.get(at), marks.item(at));
                    let first = node.and_then(|node| node.entries().first()).map(|(key, _)| key.span);
                    let place = match node.map(|node| (&node.kind, node.span)) {
                        Some((Kind::Scalar { .. }, place)) => place,
                        _ => first.unwrap_or(span),
                    };
                    self.value(name, node, marks, place)
                };
                Content::List((0..items.len().max(more)).map(item).collect())
            }
            Kind::Map(entries) => {
                let mut members = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let place = if matches!(value.kind, Kind::Scalar { .. }) { value.span } else { key.span };
                    let value = self.value(&key.text, Some(value), marks.below(&key.text), place);
                    members.push(Member { key: key.text.as_ref().into(), span: key.span, value });
                }
                for (key, mark) in marks.unknown.map_or(&[][..], Node::entries) {
                    if node.get(&key.text).is_none() && holds_marks(mark) {
                        let value = self.value(&key.text, None, marks.below(&key.text), key.span);
                        members.push(Member { key: key.text.as_ref().into(), span: key.span, value });
                    }
                }
                drop_computed(&mut members);
                Content::Map { members, rest: None }
            }
        };
        Datum::new(content, span)
    }

    /// A value that is marked by what stands elsewhere, or is not.
    pub(super) fn shielded(&mut self, name: &str, node: &Node, hidden: bool) -> Datum {
        if !hidden || node.is_null() {
            return self.value(name, Some(node), Marks::default(), node.span);
        }
        self.hide(node);
        unseen(name, node, node.span)
    }

    /// Notes that nothing of a value may be shown.
    pub(super) fn hide(&mut self, node: &Node) {
        let Range { start, end } = node.span.range();
        let known = self.hidden.entry(start).or_insert(end);
        *known = end.max(*known);
        self.remember(node);
    }

    fn remember(&mut self, node: &Node) {
        match &node.kind {
            Kind::Scalar { text, plain } => {
                if !plain && text.len() >= SHORTEST {
                    self.secrets.insert(text.clone());
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.remember(item)),
            Kind::Map(entries) => entries.iter().for_each(|(_, value)| self.remember(value)),
        }
    }
}

/// The operators of a field selector.
const OPERATORS: [&str; 6] = ["equals", "not_equals", "starts_with", "not_starts_with", "ends_with", "not_ends_with"];

/// Leaves out the operators of a field selector that are not written: those of a new event data store are computed by the
/// provider (5.100), so that a plan marks them as not known. Which one is meant is known. Those of a trail are not
/// computed: where one of them is known to hold nothing, those that are open are written.
fn drop_computed(members: &mut Vec<Member>) {
    let is_operator = |member: &Member| OPERATORS.contains(&&*member.key);
    let is_open = |member: &Member| matches!(member.value.content, Content::Unknown(_));
    let holds_nothing = |member: &Member| match &member.value.content {
        Content::List(items) => items.is_empty(),
        content => is_nothing(content),
    };
    let is_selector = members.iter().any(|member| &*member.key == "field");
    let mut known = members.iter().filter(|member| is_operator(member) && !is_open(member)).peekable();
    if is_selector && known.peek().is_some() && !known.any(holds_nothing) {
        members.retain(|member| !(is_operator(member) && is_open(member)));
    }
}

/// What stands for a value that is there and may not be seen.
fn unseen(name: &str, node: &Node, span: Span) -> Datum {
    let why = Why::not_visible(name, format!("`{name}` is marked sensitive, and is not looked at"));
    match node.kind {
        Kind::Scalar { .. } => Datum::text(Text::unknown(why), span),
        _ => Datum::unknown(why, span),
    }
}

fn is_mapping(datum: &Datum) -> bool {
    matches!(datum.content, Content::Map { .. })
}

/// Whether anything in there is marked.
pub(super) fn holds_marks(mark: &Node) -> bool {
    all(Some(mark))
        || mark.items().iter().any(holds_marks)
        || mark.entries().iter().any(|(_, inner)| holds_marks(inner))
}

pub(super) fn after_apply(name: &str) -> Why {
    Why::new(WhyKind::AfterApply, name, format!("`{name}` is known only after the plan was applied"))
}

/// The text with the hidden ranges blotted out: every character but line breaks gives way to one as wide, so that all
/// places stay as they are.
pub(super) fn blot(text: &str, hidden: &BTreeMap<usize, usize>) -> String {
    let mut blotted = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in hidden {
        let (start, end) = ((*start).max(done), *end);
        if end <= start {
            continue;
        }
        blotted.push_str(text.get(done..start).unwrap_or_default());
        for character in text.get(start..end).unwrap_or_default().chars() {
            blotted.push(match (character, character.len_utf8()) {
                ('\n' | '\r', _) => character,
                (_, 1) => '*',
                (_, 2) => '\u{b7}',
                (_, 3) => '\u{2022}',
                _ => '\u{1f784}',
            });
        }
        done = end;
    }
    blotted.push_str(text.get(done..).unwrap_or_default());
    blotted
}

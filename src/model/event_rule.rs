//! Rules of EventBridge: which events are handed on, and to what.

use super::{Declared, properties as p};
use crate::patterns::{Formula, Node, Refused, Shape, rule};
use crate::read::{Block, Content, Datum, Record};
use crate::source::Span;
use crate::value::{Hole, Of, Text, Truth, Value, Why, WhyKind};

/// A rule as declared.
#[derive(Clone, Debug)]
pub struct EventRule {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// The bus that it listens to; none is the default one.
    pub bus: Value<Option<Text>>,
    /// `ENABLED`, `DISABLED`, or enabled for reads too.
    pub state: Value<Option<Text>>,
    /// Which events it hands on; none where it is a schedule.
    pub pattern: Value<Option<EventPattern>>,
    /// To what, by ARN.
    pub targets: Value<Vec<Value<Option<Text>>>>,
}

/// An event pattern as written.
#[derive(Clone, Debug, PartialEq)]
pub struct EventPattern {
    node: Node,
    /// Where its values stand, by their numbers.
    places: Vec<Span>,
}

/// Deeper patterns are cut off, which makes them unknown.
const MAX_DEPTH: usize = 70;

impl EventRule {
    pub(super) fn lower(record: &Record) -> EventRule {
        let block = record.block();
        let pattern = block.blocks(&p::RULE_PATTERN).map(&|all| all.first().map(EventPattern::of));
        EventRule {
            at: Declared::new(record),
            name: block.text(&p::RULE_NAME),
            bus: block.text(&p::RULE_BUS),
            state: block.word(&p::RULE_STATE),
            pattern,
            targets: block
                .blocks(&p::RULE_TARGETS)
                .map(&|all| all.iter().map(|target| target.text(&p::TARGET_ARN)).collect()),
        }
    }

    /// What its pattern means; none for a schedule.
    ///
    /// # Errors
    ///
    /// EventBridge does not take it, or it cannot be told what it is.
    pub fn formula(&self) -> Option<Result<Formula, Refused>> {
        match (self.pattern.get(), self.pattern.why()) {
            (Some(Some(pattern)), _) => Some(rule(&pattern.node)),
            (Some(None), _) => None,
            (None, why) => {
                let unknown = || Why::new(WhyKind::AfterApply, "pattern", "the pattern is not known");
                Some(Err(Refused::Unknown(why.unwrap_or_else(unknown))))
            }
        }
    }

    /// Where a value of its pattern stands.
    pub fn place(&self, at: usize) -> Option<Span> {
        self.pattern.get()?.as_ref()?.places.get(at).copied()
    }

    /// Whether a word stands in any text of its pattern.
    pub fn mentions(&self, word: &str) -> bool {
        self.pattern.candidates().into_iter().flatten().any(|pattern| pattern.node.mentions(word))
    }

    /// Whether it is on.
    pub fn is_enabled(&self) -> Truth {
        self.state.ask(&|state, origin| match state.as_ref() {
            None => Truth::of(true, origin),
            Some(text) => match text.literal() {
                Some(state) => Truth::of(state != "DISABLED", origin),
                None => text.why().map_or_else(Truth::yes, Truth::unknown),
            },
        })
    }

    /// Whether it hands events on to anything.
    pub fn has_target(&self) -> Truth {
        self.targets.test(|targets| !targets.is_empty())
    }

    /// Whether it listens where AWS's own events come: to the default bus.
    pub fn is_on_default_bus(&self) -> Truth {
        self.bus.ask(&|bus, origin| match bus {
            None => Truth::of(true, origin),
            // What is declared is no default bus.
            Some(bus) if matches!(bus.hole(), Some(Hole { of: Of::Resource { .. }, .. })) => Truth::of(false, origin),
            Some(bus) => {
                let name = bus.after(":event-bus/").unwrap_or_else(|| bus.clone());
                match name.same(&"default".into()) {
                    Truth::True(_) => Truth::of(true, origin),
                    Truth::False(_) => Truth::of(false, origin),
                    unknown => unknown,
                }
            }
        })
    }
}

impl EventPattern {
    fn of(block: &Block) -> EventPattern {
        let mut places = Vec::new();
        let node = node(block.datum(), 0, &mut places);
        EventPattern { node, places }
    }
}

fn node(datum: &Datum, depth: usize, places: &mut Vec<Span>) -> Node {
    let at = places.len();
    places.push(datum.span);
    let unknown = |why: Why| Shape::Unknown(why.at(datum.span));
    let shape = match &datum.content {
        _ if depth > MAX_DEPTH => {
            unknown(Why::new(WhyKind::Unsupported, "pattern", "this pattern is nested deeper than is followed"))
        }
        Content::Map { rest: Some(why), .. } => unknown(why.clone()),
        Content::Map { members, rest: None } => {
            let each = members.iter().map(|member| (member.key.clone(), node(&member.value, depth + 1, places)));
            Shape::Object(each.collect())
        }
        Content::List(items) => Shape::List(items.iter().map(|item| node(item, depth + 1, places)).collect()),
        Content::Absent => Shape::Null,
        Content::Text { text, plain } => match text.literal().filter(|_| *plain) {
            Some("true") => Shape::Bool(true),
            Some("false") => Shape::Bool(false),
            Some(literal) => literal.parse().map_or_else(|_| Shape::Text(text.clone()), Shape::Number),
            None => Shape::Text(text.clone()),
        },
        Content::OneOf { why, .. } => unknown(why.clone()),
        Content::Either(condition, ..) => unknown(Why::condition(condition.clone())),
        Content::Unknown(why) => unknown(why.clone()),
    };
    Node { shape, at }
}

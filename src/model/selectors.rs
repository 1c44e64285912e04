//! Event selectors, and which events they match.
//!
//! Basic and advanced selectors become the same thing: a union of [`Rule`]s, each a conjunction over fields. A question
//! about a set of events is asked of representatives: for each field, every value that the rules mention, whatever begins
//! or ends with what they mention, and one value that nobody mentions. Two events that agree on these are matched by the
//! same rules, so the answer for the representatives is the answer for all (aws-facts §2.3 gives the semantics: rules are
//! or-ed, fields and operators and-ed, values or-ed, no wildcards, strings compared as they are).

use crate::value::{Hole, Of, Origin, Piece, Sure, Text, Truth, Value, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// A value that nobody mentions. No AWS name, ARN or key as a template can write it holds this character.
pub const FRESH: &str = "\u{1}";

/// Field names (exact casing, aws-facts §2.3).
pub mod field {
    #![allow(missing_docs, reason = "each is the name that it spells")]
    pub const CATEGORY: &str = "eventCategory";
    pub const READ_ONLY: &str = "readOnly";
    pub const SOURCE: &str = "eventSource";
    pub const TYPE: &str = "resources.type";
    pub const ARN: &str = "resources.ARN";
    pub const EVENT: &str = "eventName";
    pub const CONSOLE: &str = "sessionCredentialFromConsole";
    pub const ERROR_CODE: &str = "errorCode";
    /// The partition of the ARNs of an event, where a question knows it; no field of selectors.
    pub const PARTITION: &str = "\u{1}partition";
}

/// The categories of events that a trail may be there for alone, beside one for management events.
pub const OTHER_CATEGORIES: [&str; 2] = ["Data", "NetworkActivity"];

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// One of the values.
    Equals,
    /// None of the values.
    NotEquals,
    /// Begins with one of the values.
    StartsWith,
    /// Begins with none of them.
    NotStartsWith,
    /// Ends with one of them.
    EndsWith,
    /// Ends with none of them.
    NotEndsWith,
}

/// A field with its operators.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name.
    pub name: Value<Text>,
    /// What to underline for it.
    pub origin_of: Place,
    /// The operators and their values.
    pub operators: Vec<(Operator, Value<Vec<Value<Text>>>)>,
}

/// An origin that takes no part in equality.
#[derive(Clone, Debug)]
pub struct Place(pub Origin);

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

/// A conjunction over fields: an advanced selector, or what a basic one says of management events or of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What to underline for it.
    pub place: Place,
    /// Whether it counts: `IncludeManagementEvents` for the management part of a basic selector.
    pub active: Value<bool>,
    /// The fields.
    pub fields: Vec<Field>,
    /// Whether a basic selector says so: those take the ARN of a bucket for its objects only with a slash at its end.
    pub basic: bool,
}

/// The selectors of a trail or event data store. None at all means all management events.
#[derive(Clone, Debug, PartialEq)]
pub struct Selectors {
    /// The property that holds them, or the resource where there is none.
    pub place: Place,
    /// The rules.
    pub rules: Value<Vec<Rule>>,
    pub(super) management: Remembered,
}

/// Which management events the rules take, worked out once; it takes no part in equality, which the rules decide.
#[derive(Clone, Debug, Default)]
pub(super) struct Remembered(pub(super) OnceLock<super::Management>);

impl PartialEq for Remembered {
    fn eq(&self, _: &Remembered) -> bool {
        true
    }
}

/// An event to ask about: its fields.
pub type Event = BTreeMap<Arc<str>, Text>;

impl Selectors {
    /// The rules, none where they are not known.
    pub fn known_rules(&self) -> Vec<&Rule> {
        self.rules.candidates().into_iter().flatten().collect()
    }

    /// Whether an event is recorded.
    pub fn matches(&self, event: &Event) -> Truth {
        self.rules.ask(&|rules, _| Truth::any(rules.iter().map(|rule| rule.matches(event))))
    }
}

impl Rule {
    /// Whether it matches an event.
    pub fn matches(&self, event: &Event) -> Truth {
        let mut fields: Vec<Truth> = self.fields.iter().map(|field| field.matches(event)).collect();
        fields.push(self.has_category());
        let fields = fields.into_iter();
        // The order keeps the work small: most rules are of another category, and that is decided first.
        let mut truth = Truth::yes();
        for next in fields.chain([self.active.is(true)]) {
            truth = truth.and(next);
            if truth.is_false() {
                return Truth::no();
            }
        }
        truth
    }

    /// Whether it says which category of events it is for: by `Equals` with one value, the only form that there is.
    fn has_category(&self) -> Truth {
        if let Some(why) = self.hidden() {
            return Truth::unknown(why);
        }
        let said = |field: &Field| match field.operators.as_slice() {
            [(Operator::Equals, values)] => values.get().is_none_or(|values| values.len() == 1),
            _ => false,
        };
        let mut named = self.fields.iter().filter(|field| field.is_named(field::CATEGORY));
        match (named.next(), self.fields.iter().find_map(|field| field.name.get()?.why())) {
            (Some(field), _) if said(field) => Truth::yes(),
            (Some(_), _) => Truth::no(),
            (None, Some(why)) => Truth::unknown(why),
            (None, None) => Truth::no(),
        }
    }

    /// Why it is not known what it says, where nothing of it is.
    pub(super) fn hidden(&self) -> Option<Why> {
        self.active.why().filter(|_| self.fields.is_empty())
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.is_named(name))
    }

    /// Whether some value of `readOnly` is matched, whatever the values without a value become.
    pub(super) fn takes_a_half(&self) -> bool {
        let half = |value: &Text| value.literal().is_none_or(|literal| ["true", "false"].contains(&literal));
        let halves = |values: &Value<Vec<Value<Text>>>| {
            let fits = |all: &Vec<Value<Text>>| !all.is_empty() && all.iter().flat_map(Value::candidates).all(half);
            values.candidates().into_iter().all(fits)
        };
        let mut about = self.fields.iter().filter(|each| each.is_named(field::READ_ONLY));
        let fits = |each: &Field| matches!(each.operators.as_slice(), [(Operator::Equals, values)] if halves(values));
        about.next().is_none_or(fits) && about.next().is_none()
    }

    /// Whether it may be about events of a category.
    pub fn may_be(&self, category: &str) -> bool {
        let event = Event::from([(field::CATEGORY.into(), category.into())]);
        let fields = self.fields.iter().filter(|each| each.is_named(field::CATEGORY));
        !self.has_category().and(Truth::all(fields.map(|each| each.matches(&event)))).is_false()
    }
}

impl Field {
    /// Whether the field has this name.
    pub fn is_named(&self, name: &str) -> bool {
        self.name.get().and_then(Text::literal) == Some(name)
    }

    /// Whether no event with this value of the field is matched.
    pub fn rules_out(&self, name: &str, value: &str) -> bool {
        self.matches(&Event::from([(name.into(), value.into())])).is_false()
    }

    fn matches(&self, event: &Event) -> Truth {
        self.name.ask(&|name, _| match name.literal() {
            Some(name) => match event.get(name) {
                Some(value) => {
                    let partition = event.get(field::PARTITION).and_then(Text::literal);
                    let each = self.operators.iter();
                    Truth::all(each.map(|(operator, values)| compare(name, value, partition, *operator, values)))
                }
                None => Truth::yes(),
            },
            None => Truth::unknown(name.why().unwrap_or_else(|| Why::parameter("Field"))),
        })
    }
}

fn compare(
    name: &str,
    event: &Text,
    partition: Option<&str>,
    operator: Operator,
    values: &Value<Vec<Value<Text>>>,
) -> Truth {
    use Operator::{EndsWith, Equals, NotEndsWith, NotEquals, NotStartsWith, StartsWith};
    let one = |value: &Text| {
        let elsewhere = partition.zip(super::dead::partition(value)).is_some_and(|(own, written)| own != written);
        if name == field::ARN && elsewhere {
            return Truth::no();
        }
        let value =
            if name == field::ARN { value.after_partition().unwrap_or_else(|| value.clone()) } else { value.clone() };
        match operator {
            Equals | NotEquals => equal(event, &value),
            StartsWith | NotStartsWith => begins(event, &value),
            EndsWith | NotEndsWith => ends(event, &value),
        }
    };
    let any = values.ask(&|values, _| Truth::any(values.iter().map(|value| value.ask(&|text, _| one(text)))));
    if matches!(operator, NotEquals | NotStartsWith | NotEndsWith) { any.not() } else { any }
}

fn is_fresh(piece: &Piece) -> bool {
    matches!(piece, Piece::Literal(text) if text.contains(FRESH))
}

/// Whether an event's value is this text. A value that nobody mentions differs from whatever a hole becomes.
fn equal(event: &Text, value: &Text) -> Truth {
    if event.pieces().iter().any(is_fresh) && !value.pieces().iter().any(|piece| matches!(piece, Piece::Unknown(_))) {
        return if event == value { Truth::yes() } else { Truth::no() };
    }
    event.same(value)
}

/// Whether an event's value begins with this text, holes compared by name.
fn begins(event: &Text, prefix: &Text) -> Truth {
    let mut rest = event.clone();
    let mut pieces = prefix.pieces().iter().peekable();
    let mut begun = false;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Literal(literal) => match rest.strip_prefix(literal) {
                Some(more) => rest = more,
                None if rest.literal().is_some() || rest.starts_with(literal).is_false() => return Truth::no(),
                None => return undecided(&rest, prefix),
            },
            Piece::Hole(hole) => {
                let mut same = Text::default();
                same.push(piece.clone());
                if let Some(more) = rest.strip_text(&same) {
                    rest = more;
                } else {
                    // A value that nobody mentions is none of what the hole may become, unless the hole may be nothing or
                    // hold a whole ARN.
                    let bounded = begun && (pieces.peek().is_some() || !may_be_empty(hole));
                    let fresh = rest
                        .pieces()
                        .first()
                        .is_some_and(|piece| matches!(piece, Piece::Literal(text) if text.starts_with(FRESH)));
                    return if bounded && fresh { Truth::no() } else { undecided(prefix, &rest) };
                }
            }
            Piece::Unknown(why) => return Truth::unknown(why.clone()),
        }
        begun = true;
    }
    Truth::yes()
}

/// Whether nothing is known of what fills a hole: nothing may, or a whole ARN.
pub(super) fn may_be_empty(hole: &Hole) -> bool {
    matches!(
        hole.of,
        Of::Parameter { filled: false, .. } | Of::Unseen { sure: Sure::Nothing, .. } | Of::Expression(_) | Of::Made(..)
    )
}

/// Whether an event's value ends with this text.
fn ends(event: &Text, suffix: &Text) -> Truth {
    match (event.pieces().last(), suffix.literal()) {
        (_, Some("")) => Truth::yes(),
        (Some(Piece::Literal(text)), Some(suffix)) if text.len() >= suffix.len() || event.literal().is_some() => {
            if text.ends_with(suffix) { Truth::yes() } else { Truth::no() }
        }
        _ => undecided(suffix, event),
    }
}

fn undecided(one: &Text, other: &Text) -> Truth {
    match one.why().or_else(|| other.why()) {
        Some(why) => Truth::unknown(why),
        None => Truth::no(),
    }
}

/// The values of a field that tell rules apart, without the one that nobody mentions.
pub fn mentioned<'a>(rules: impl Iterator<Item = &'a Rule>, name: &str) -> BTreeSet<Text> {
    let mut whole = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    let mut endings = BTreeSet::new();
    for field in rules.flat_map(|rule| &rule.fields).filter(|field| field.is_named(name)) {
        for (operator, values) in &field.operators {
            for value in values.candidates().into_iter().flatten().flat_map(Value::candidates) {
                let value = if name == field::ARN {
                    value.after_partition().unwrap_or_else(|| value.clone())
                } else {
                    value.clone()
                };
                if value.pieces().iter().any(|piece| matches!(piece, Piece::Unknown(_))) {
                    continue;
                }
                match operator {
                    Operator::Equals | Operator::NotEquals => whole.insert(value),
                    Operator::StartsWith | Operator::NotStartsWith => beginnings.insert(value),
                    Operator::EndsWith | Operator::NotEndsWith => endings.insert(value),
                };
            }
        }
    }
    let fresh = Text::from(FRESH);
    let nothing = Text::default();
    for beginning in beginnings.iter().chain([&nothing]) {
        for ending in endings.iter().chain([&nothing]) {
            if beginning != &nothing || ending != &nothing {
                whole.insert(Text::concat([beginning, &fresh, ending]));
            }
        }
    }
    whole
}

//! Event selectors, and which events they match.
//!
//! Basic and advanced selectors become the same thing: a union of [`Rule`]s, each a conjunction over fields. A question
//! about a set of events is asked of representatives: for each field, every value that the rules mention, whatever begins
//! or ends with what they mention, and one value that nobody mentions. Two events that agree on these are matched by the
//! same rules, so the answer for the representatives is the answer for all (aws-facts §2.3 gives the semantics: rules are
//! or-ed, fields and operators and-ed, values or-ed, no wildcards, strings compared as they are).

use super::properties as p;
use crate::read::{Block, Property};
use crate::value::{Hole, Of, Origin, Piece, Text, Truth, Value, What, Why, WhyKind};
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
}

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
    pub(super) fn lower(block: &Block) -> Selectors {
        let basic = block.blocks(&p::EVENT_SELECTORS);
        let advanced = block.blocks(&p::ADVANCED_EVENT_SELECTORS);
        let empty = |value: &Value<Vec<Block>>| {
            !matches!(value.what, What::Unknown(_)) && value.candidates().iter().all(|blocks| blocks.is_empty())
        };
        let (place, rules) = match (empty(&basic), empty(&advanced)) {
            (false, false) => {
                let why = hangs_on(&basic).or_else(|| hangs_on(&advanced)).unwrap_or_else(|| {
                    Why::new(
                        WhyKind::Unsupported,
                        "EventSelectors",
                        "a trail has either `EventSelectors` or `AdvancedEventSelectors`, not both",
                    )
                });
                (basic.origin.clone(), Value::unknown(why, basic.origin))
            }
            (true, false) => (advanced.origin.clone(), rules(&advanced, &|block| vec![advanced_rule(block)])),
            (_, true) => (basic.origin.clone(), rules(&basic, &basic_rules)),
        };
        Selectors { place: Place(place), rules, management: Remembered::default() }
    }

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
        let fields = self.fields.iter().map(|field| field.matches(event));
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

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.is_named(name))
    }

    /// Whether it may be about events of a category.
    pub fn may_be(&self, category: &str) -> bool {
        let event = Event::from([(field::CATEGORY.into(), category.into())]);
        let fields = self.fields.iter().filter(|each| each.is_named(field::CATEGORY));
        !Truth::all(fields.map(|each| each.matches(&event))).is_false()
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
                Some(value) => Truth::all(self.operators.iter().map(|(operator, values)| compare(name, value, *operator, values))),
                None => Truth::yes(),
            },
            None => Truth::unknown(name.why().unwrap_or_else(|| Why::parameter("Field"))),
        })
    }
}

fn compare(name: &str, event: &Text, operator: Operator, values: &Value<Vec<Value<Text>>>) -> Truth {
    use Operator::{EndsWith, Equals, NotEndsWith, NotEquals, NotStartsWith, StartsWith};
    let one = |value: &Text| {
        let value = if name == field::ARN { value.after_partition().unwrap_or_else(|| value.clone()) } else { value.clone() };
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
                    let fresh = rest.pieces().first().is_some_and(|piece| matches!(piece, Piece::Literal(text) if text.starts_with(FRESH)));
                    return if bounded && fresh { Truth::no() } else { undecided(prefix, &rest) };
                }
            }
            Piece::Unknown(why) => return Truth::unknown(why.clone()),
        }
        begun = true;
    }
    Truth::yes()
}

fn may_be_empty(hole: &Hole) -> bool {
    matches!(hole.of, Of::Parameter { filled: false, .. } | Of::Expression(_))
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
                let value = if name == field::ARN { value.after_partition().unwrap_or_else(|| value.clone()) } else { value.clone() };
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

/// The condition that decides which list of selectors there is.
fn hangs_on(blocks: &Value<Vec<Block>>) -> Option<Why> {
    match &blocks.what {
        What::Either(condition, ..) => Some(Why::condition(condition.clone())),
        What::Unknown(why) if why.condition.is_some() => Some(why.clone()),
        _ => None,
    }
}

/// The rules of a list of selectors; without any, all management events are recorded.
fn rules<'a>(blocks: &Value<Vec<Block<'a>>>, each: &dyn Fn(&Block<'a>) -> Vec<Rule>) -> Value<Vec<Rule>> {
    let origin = &blocks.origin;
    blocks.map(&|blocks| match blocks.as_slice() {
        [] => vec![Rule {
            place: Place(origin.clone()),
            active: Value::known(true, origin.clone()),
            fields: vec![fixed(field::CATEGORY, "Management", origin)],
        }],
        blocks => blocks.iter().flat_map(each).collect(),
    })
}

fn fixed(name: &str, value: &str, origin: &Origin) -> Field {
    let values = vec![Value::known(Text::from(value), origin.clone())];
    computed(name, Operator::Equals, Value::known(values, origin.clone()), origin)
}

fn computed(name: &str, operator: Operator, values: Value<Vec<Value<Text>>>, origin: &Origin) -> Field {
    Field {
        name: Value::known(name.into(), origin.clone()),
        origin_of: Place(origin.clone()),
        operators: vec![(operator, values)],
    }
}

/// What a basic selector says: of management events, and of each resource that it names.
fn basic_rules(block: &Block) -> Vec<Rule> {
    let kinds = block.word_or(&p::READ_WRITE_TYPE);
    let each = |values: &[&str]| values.iter().map(|value| Value::known(Text::from(*value), kinds.origin.clone())).collect();
    let read_only = kinds.try_map(&|kind| match kind.literal() {
        Some("All") => Ok(each(&["true", "false"])),
        Some("ReadOnly") => Ok(each(&["true"])),
        Some("WriteOnly") => Ok(each(&["false"])),
        Some(other) => Err(Why::new(WhyKind::Unsupported, "ReadWriteType", format!("`{other}` is no `ReadWriteType`"))),
        None => Err(kind.why().unwrap_or_else(|| Why::parameter("ReadWriteType"))),
    });
    let reading = || computed(field::READ_ONLY, Operator::Equals, read_only.clone(), &kinds.origin);
    let mut management = vec![fixed(field::CATEGORY, "Management", &block.origin()), reading()];
    let excluded = block.texts(&p::EXCLUDE_SOURCES);
    management.push(computed(
        field::SOURCE,
        Operator::NotEquals,
        excluded.map(&|sources| sources.clone().unwrap_or_default()),
        &excluded.origin,
    ));
    let mut rules = vec![Rule {
        place: Place(block.origin()),
        active: block.bool(&p::INCLUDE_MANAGEMENT_EVENTS),
        fields: management,
    }];
    let resources = block.blocks(&p::DATA_RESOURCES);
    match &resources.what {
        What::Known(resources) => rules.extend(resources.iter().flat_map(|resource| data_rules(resource, &reading()))),
        _ => rules.push(Rule {
            place: Place(resources.origin.clone()),
            active: resources.try_map(&|_| Err(Why::parameter("DataResources"))),
            fields: vec![fixed(field::CATEGORY, "Data", &resources.origin), reading()],
        }),
    }
    rules
}

/// A rule for each value of a data resource.
fn data_rules(block: &Block, reading: &Field) -> Vec<Rule> {
    let kind = super::trail::required_text(block, &p::DATA_RESOURCE_TYPE);
    let values = block.texts(&p::DATA_RESOURCE_VALUES);
    let all_of_type = |value: &Text| {
        let rest = value.after_partition();
        matches!(rest.as_ref().and_then(Text::literal), Some("lambda" | "dynamodb"))
    };
    let rule = |origin: &Origin, values: Value<Vec<Value<Text>>>, operator: Operator| Rule {
        place: Place(origin.clone()),
        active: Value::known(true, origin.clone()),
        fields: vec![
            fixed(field::CATEGORY, "Data", origin),
            reading.clone(),
            computed(field::TYPE, Operator::Equals, Value { what: What::Known(vec![kind.clone()]), ..values.clone() }, origin),
            computed(field::ARN, operator, values, origin),
        ],
    };
    match &values.what {
        What::Known(listed) => {
            let one = |value: &Value<Text>| {
                let is_prefix = kind.get().and_then(Text::literal) == Some("AWS::S3::Object")
                    || value.candidates().into_iter().any(all_of_type);
                let operator = if is_prefix { Operator::StartsWith } else { Operator::Equals };
                rule(&value.origin, Value::known(vec![value.clone()], value.origin.clone()), operator)
            };
            listed.iter().flatten().map(one).collect()
        }
        _ => {
            let unknown = values.map(&|all| all.clone().unwrap_or_default());
            vec![rule(&values.origin, unknown, Operator::StartsWith)]
        }
    }
}

const OPERATORS: [(Operator, Property); 6] = [
    (Operator::Equals, p::EQUALS),
    (Operator::NotEquals, p::NOT_EQUALS),
    (Operator::StartsWith, p::STARTS_WITH),
    (Operator::NotStartsWith, p::NOT_STARTS_WITH),
    (Operator::EndsWith, p::ENDS_WITH),
    (Operator::NotEndsWith, p::NOT_ENDS_WITH),
];

fn advanced_rule(block: &Block) -> Rule {
    let fields = block.blocks(&p::FIELD_SELECTORS);
    let (active, fields) = match &fields.what {
        What::Known(listed) => (Value::known(true, block.origin()), listed.iter().map(field_selector).collect()),
        _ => (fields.try_map(&|_| Err(Why::parameter("FieldSelectors"))), Vec::new()),
    };
    Rule { place: Place(block.origin()), active, fields }
}

fn field_selector(block: &Block) -> Field {
    let operators = OPERATORS.iter().filter_map(|(operator, property)| {
        let values = block.texts(property);
        match values.what {
            What::Known(None) => None,
            _ => Some((*operator, values.map(&|values| values.clone().unwrap_or_default()))),
        }
    });
    Field {
        name: super::trail::required_text(block, &p::FIELD),
        origin_of: Place(block.origin()),
        operators: operators.collect(),
    }
}

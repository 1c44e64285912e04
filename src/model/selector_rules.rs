//! Basic and advanced selectors, lowered to the rules that they mean.

use super::properties as p;
use super::selectors::{Field, Operator, Place, Remembered, Rule, Selectors, field, may_be_empty};
use crate::read::{Block, Property};
use crate::value::{Origin, Text, Value, What, Why, WhyKind};

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
                    let text = "a trail has either basic or advanced event selectors, not both";
                    Why::new(WhyKind::Unsupported, basic.origin.property.clone(), text)
                });
                (basic.origin.clone(), Value::unknown(why, basic.origin))
            }
            (true, false) => (advanced.origin.clone(), rules(&advanced, &|block| vec![advanced_rule(block)])),
            (_, true) => (basic.origin.clone(), rules(&basic, &basic_rules)),
        };
        Selectors { place: Place(place), rules, management: Remembered::default() }
    }
}

/// What decides which list of selectors there is.
fn hangs_on(blocks: &Value<Vec<Block>>) -> Option<Why> {
    match &blocks.what {
        What::Either(condition, ..) => Some(Why::condition(condition.clone())),
        What::Unknown(why) => Some(why.clone()),
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
            basic: false,
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
    let each =
        |values: &[&str]| values.iter().map(|value| Value::known(Text::from(*value), kinds.origin.clone())).collect();
    let read_only = kinds.try_map(&|kind| match kind.literal() {
        Some("All") => Ok(each(&["true", "false"])),
        Some("ReadOnly") => Ok(each(&["true"])),
        Some("WriteOnly") => Ok(each(&["false"])),
        Some(other) => {
            let text = format!("`{other}` is none of `All`, `ReadOnly` and `WriteOnly`");
            Err(Why::new(WhyKind::Unsupported, kinds.origin.property.clone(), text))
        }
        None => Err(kind.why().unwrap_or_else(|| Why::parameter(&kinds.origin.property))),
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
        basic: true,
    }];
    let resources = block.blocks(&p::DATA_RESOURCES);
    match &resources.what {
        What::Known(resources) => rules.extend(resources.iter().flat_map(|resource| data_rules(resource, &reading()))),
        _ => rules.push(Rule {
            place: Place(resources.origin.clone()),
            active: unsettled(&resources),
            fields: vec![fixed(field::CATEGORY, "Data", &resources.origin), reading()],
            basic: true,
        }),
    }
    rules
}

/// Whether a rule counts whose parts are not known.
fn unsettled<T>(parts: &Value<T>) -> Value<bool> {
    let why = parts.why().unwrap_or_else(|| Why::parameter(&parts.origin.property));
    Value::unknown(why, parts.origin.clone())
}

/// A rule for each value of a data resource.
fn data_rules(block: &Block, reading: &Field) -> Vec<Rule> {
    let kind = super::trail::required_text(block, &p::DATA_RESOURCE_TYPE);
    let values = block.texts(&p::DATA_RESOURCE_VALUES);
    let all_of_type = |value: &Text| {
        let rest = value.after_partition();
        let is_service = matches!(rest.as_ref().and_then(Text::literal), Some("lambda" | "dynamodb"));
        // What is not given may turn out to be the service alone.
        is_service || value.hole().is_some_and(may_be_empty)
    };
    let rule = |origin: &Origin, values: Value<Vec<Value<Text>>>, operator: Operator| Rule {
        place: Place(origin.clone()),
        active: Value::known(true, origin.clone()),
        fields: vec![
            fixed(field::CATEGORY, "Data", origin),
            reading.clone(),
            computed(
                field::TYPE,
                Operator::Equals,
                Value { what: What::Known(vec![kind.clone()]), ..values.clone() },
                origin,
            ),
            computed(field::ARN, operator, values, origin),
        ],
        basic: true,
    };
    match &values.what {
        What::Known(listed) => {
            let one = |value: &Value<Text>| {
                // A type that is not known may be that of objects.
                let is_prefix = matches!(kind.get().and_then(Text::literal), Some("AWS::S3::Object") | None)
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
        _ => (unsettled(&fields), Vec::new()),
    };
    Rule { place: Place(block.origin()), active, fields, basic: false }
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

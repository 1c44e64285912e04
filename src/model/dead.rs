//! What in a trail's data selectors can match no event.
//!
//! Selectors know no wildcards and compare letter by letter (aws-facts §2.3), so a value that no event carries is dead.
//! Each is told at the value itself; fields that contradict one another at their selector. What is dead in an exclusion
//! leaves nothing out: that loses no event, and is only said.

use super::Trail;
use super::coverage::has_star;
use super::places::can_match;
use super::selectors::{Field, Operator, Rule, Selectors, field};
use crate::value::{Of, Origin, Piece, Text, Truth, Value, Why};

/// The names of fields (aws-facts §2.3).
const FIELDS: [&str; 11] = [
    field::CATEGORY,
    field::READ_ONLY,
    field::SOURCE,
    field::TYPE,
    field::ARN,
    field::EVENT,
    "eventType",
    field::CONSOLE,
    "userIdentity.arn",
    field::ERROR_CODE,
    "vpcEndpointId",
];

/// The categories of events that selectors are for (aws-facts §2.3).
const CATEGORIES: [&str; 7] =
    ["Management", "Data", "NetworkActivity", "Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog"];

/// The types of resources whose events carry ARNs of one service for certain; the list of types is open.
const SERVICES: [(&str, &str); 15] = [
    (OBJECTS, "s3"),
    ("AWS::S3::AccessPoint", "s3"),
    ("AWS::S3Express::Object", "s3express"),
    ("AWS::S3ObjectLambda::AccessPoint", "s3-object-lambda"),
    ("AWS::S3Outposts::Object", "s3-outposts"),
    ("AWS::Lambda::Function", "lambda"),
    ("AWS::DynamoDB::Table", "dynamodb"),
    ("AWS::DynamoDB::Stream", "dynamodb"),
    ("AWS::SNS::Topic", "sns"),
    ("AWS::SNS::PlatformEndpoint", "sns"),
    ("AWS::SQS::Queue", "sqs"),
    ("AWS::EC2::Snapshot", "ec2"),
    ("AWS::RDS::DBCluster", "rds"),
    ("AWS::Glue::Table", "glue"),
    ("AWS::KinesisVideo::Stream", "kinesisvideo"),
];

const OBJECTS: &str = "AWS::S3::Object";

/// The service that the ARNs of a type of resources are of, where that is known.
pub(super) fn service_of(kind: &str) -> Option<&'static str> {
    SERVICES.iter().find(|(known, _)| *known == kind).map(|(_, service)| *service)
}

/// Something in a selector that may match no event.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is, by its path.
    pub name: String,
    /// Whether it can match anything; where not, with the reason beside it.
    pub alive: Truth,
}

impl Selectors {
    /// Everything in the data selectors that may match nothing.
    pub fn dead_parts(&self, trail: &Trail) -> Vec<Part> {
        let Some(rules) = self.rules.get() else {
            return self.rules.why().map(|why| unknown(&self.place.0, why)).into_iter().collect();
        };
        let parts = rules.iter().filter(|rule| is_about_data(rule)).flat_map(|rule| parts(rule, trail));
        parts.map(|part| Part { alive: part.alive.assuming(&self.rules.assumes), ..part }).collect()
    }

    /// The first exclusion of the data selectors that leaves nothing out, and why it does not.
    pub fn idle_exclusion(&self, trail: &Trail) -> Option<String> {
        let rules = self.known_rules().into_iter().filter(|rule| is_about_data(rule));
        let fields = rules.flat_map(|rule| rule.fields.iter().map(move |each| (rule, each)));
        let values = fields.flat_map(|(rule, each)| {
            let lists = each.operators.iter().filter_map(|(operator, values)| Some((opposite(*operator)?, values)));
            let all =
                lists.flat_map(|(operator, values)| values.get().into_iter().flatten().map(move |it| (operator, it)));
            all.map(move |(operator, value)| (rule, each, operator, value))
        });
        let idle = |(rule, each, operator, value): (&Rule, &Field, Operator, &Value<Text>)| {
            let Truth::False(ground) = alive(rule, each, operator, value, trail) else { return None };
            let why = ground.facts.into_iter().find_map(|fact| fact.label)?;
            Some(format!("`{}` leaves nothing out: {why}", value.origin.property))
        };
        values.into_iter().find_map(idle)
    }
}

fn unknown(origin: &Origin, why: Why) -> Part {
    Part { name: origin.property.to_string(), alive: Truth::unknown(why) }
}

/// Whether a rule may be for data events, or was meant to be.
fn is_about_data(rule: &Rule) -> bool {
    let is_like = |text: &Value<Text>, wanted: &str| {
        text.get().and_then(Text::literal).is_some_and(|text| text.eq_ignore_ascii_case(wanted))
    };
    let means_data = |each: &Field| {
        let mut values = each.operators.iter().filter_map(|(_, values)| values.get()).flatten();
        is_like(&each.name, field::CATEGORY) && values.any(|value| is_like(value, "Data"))
    };
    rule.may_be("Data") || rule.fields.iter().any(means_data)
}

/// What a negative operator leaves out, as a positive one.
fn opposite(operator: Operator) -> Option<Operator> {
    match operator {
        Operator::NotEquals => Some(Operator::Equals),
        Operator::NotStartsWith => Some(Operator::StartsWith),
        Operator::NotEndsWith => Some(Operator::EndsWith),
        Operator::Equals | Operator::StartsWith | Operator::EndsWith => None,
    }
}

fn parts(rule: &Rule, trail: &Trail) -> Vec<Part> {
    if let Some(why) = rule.active.why() {
        return vec![unknown(&rule.place.0, why)];
    }
    let mut parts = Vec::new();
    for each in &rule.fields {
        // What a basic selector says of reads and writes is no value of its resources.
        if rule.basic && !each.is_named(field::ARN) && !each.is_named(field::TYPE) {
            continue;
        }
        parts.extend(misspelt(&each.name, &FIELDS).map(|alive| Part { name: path(&each.name), alive }));
        for (operator, values) in each.operators.iter().filter(|(operator, _)| opposite(*operator).is_none()) {
            match (values.get(), values.why()) {
                (Some(listed), _) => parts.extend(listed.iter().map(|value| Part {
                    name: path(value),
                    alive: alive(rule, each, *operator, value, trail).assuming(&values.assumes),
                })),
                (None, Some(why)) => parts.push(unknown(&values.origin, why)),
                (None, None) => {}
            }
        }
    }
    // A dead value says why its selector matches nothing.
    if !rule.basic && !parts.iter().any(|part| part.alive.is_false()) {
        let contradiction = "the fields of this selector contradict one another: it matches no event";
        let alive = can_match(rule).located(&rule.place.0).labelled(contradiction);
        parts.push(Part { name: rule.place.0.property.to_string(), alive });
    }
    parts
}

fn path(value: &Value<Text>) -> String {
    value.origin.property.to_string()
}

/// That a word is one of a vocabulary but for its letters' case, where it is.
fn misspelt(word: &Value<Text>, vocabulary: &[&str]) -> Option<Truth> {
    let written = word.get()?.literal()?;
    let meant = vocabulary.iter().find(|known| known.eq_ignore_ascii_case(written))?;
    (*meant != written).then(|| dead(&word.origin, format!("this is spelled `{meant}`, letter by letter")))
}

fn dead(origin: &Origin, why: impl Into<std::borrow::Cow<'static, str>>) -> Truth {
    Truth::of(false, origin).labelled(why)
}

/// Whether a value of a field can match anything.
fn alive(rule: &Rule, each: &Field, operator: Operator, value: &Value<Text>, trail: &Trail) -> Truth {
    let name = each.name.get().and_then(Text::literal);
    value.ask(&|text, origin| {
        if has_star(text) {
            return dead(origin, "selectors know no wildcards: this asks for a star");
        }
        let word = Value::known(text.clone(), origin.clone());
        let spelled = |vocabulary: &[&str]| misspelt(&word, vocabulary).unwrap_or_else(|| Truth::of(true, origin));
        match (name, text.literal()) {
            (Some(field::READ_ONLY | field::CONSOLE), Some(word)) if !["true", "false"].contains(&word) => {
                dead(origin, "this is either `true` or `false`, letter by letter: no event has another value")
            }
            (Some(field::CATEGORY), _) => spelled(&CATEGORIES),
            (Some(field::TYPE), _) => spelled(&SERVICES.map(|(kind, _)| kind)),
            (Some(field::ARN), _) if operator != Operator::EndsWith => arn(rule, operator, text, origin, trail),
            // What stands for a whole value may hold a star.
            _ if text.hole().is_some() => text.why().map_or_else(|| Truth::of(true, origin), Truth::unknown),
            _ => Truth::of(true, origin),
        }
    })
}

/// Whether some resource of the rule's type has an ARN that is, or begins, as asked.
fn arn(rule: &Rule, operator: Operator, text: &Text, origin: &Origin, trail: &Trail) -> Truth {
    let begins =
        |whole: &str| operator == Operator::StartsWith && text.literal().is_some_and(|it| whole.starts_with(it));
    if text.starts_with("arn:").is_false() && !begins("arn:") {
        return dead(origin, "this is no ARN, and each resource is named by its ARN here");
    }
    if let Some(partition) = partition(text) {
        if text.after_partition().is_none() {
            return dead(origin, format!("AWS has no partition `{partition}`"));
        }
        if let Some(own) = trail.partition().filter(|own| *own != partition) {
            let why = format!("the trail is in the partition `{own}`: no event of it carries an ARN of `{partition}`");
            return dead(origin, why);
        }
    }
    let Some(rest) = text.after_partition() else {
        return match (text.why(), text.hole().map(|hole| &hole.of)) {
            // An ARN of another resource of the source is a whole one.
            (Some(_), Some(Of::Resource { .. })) if !rule.basic => Truth::of(true, origin),
            (Some(why), _) => Truth::unknown(why),
            (None, _) => Truth::of(true, origin),
        };
    };
    let kinds = rule.fields.iter().filter(|each| each.is_named(field::TYPE)).flat_map(|each| &each.operators);
    Truth::all(kinds.map(|(_, kinds)| {
        kinds.ask(&|kinds, _| {
            Truth::any(kinds.iter().map(|kind| {
                kind.ask(&|kind, _| match kind.literal() {
                    Some(kind) => of_kind(kind, rule, operator, &rest, origin),
                    None => Truth::unknown(kind.why().unwrap_or_else(|| Why::parameter(field::TYPE))),
                })
            }))
        })
    }))
}

/// Whether a resource of a type has an ARN that goes on so after its partition.
fn of_kind(kind: &str, rule: &Rule, operator: Operator, rest: &Text, origin: &Origin) -> Truth {
    let service = service_of(kind).map(|service| format!("{service}:"));
    let begun = match rest.pieces().first() {
        Some(Piece::Literal(begun)) => &**begun,
        _ => "",
    };
    let is_part = |service: &String| operator == Operator::StartsWith && service.starts_with(begun);
    if let Some(service) =
        service.filter(|service| !begun.is_empty() && !begun.starts_with(&**service) && !is_part(service))
    {
        let service = service.trim_end_matches(':');
        return dead(origin, format!("`{kind}` has ARNs of `{service}`: no event of it carries this one"));
    }
    let slash = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains('/'));
    let named = rest.strip_prefix("s3:::").filter(|name| kind == OBJECTS && !name.pieces().is_empty());
    let Some(bucket) = named.filter(|name| !name.pieces().iter().any(slash)) else { return Truth::of(true, origin) };
    if rule.basic {
        let unsaid = "AWS does not say what a bucket's ARN without the slash at its end matches";
        return Truth::unknown(Why::not_visible(field::ARN, unsaid).at(origin.span));
    }
    // What is no part of a name may hold the slash.
    let may_hold = |piece: &&Piece| match piece {
        Piece::Literal(_) => false,
        Piece::Hole(hole) => !matches!(hole.of, Of::Resource { .. } | Of::Account | Of::Region | Of::Partition),
        Piece::Unknown(_) => true,
    };
    match (operator, bucket.pieces().iter().find(may_hold).and_then(|_| bucket.why())) {
        (Operator::Equals, Some(why)) => Truth::unknown(why.at(origin.span)),
        (Operator::Equals, None) => {
            dead(origin, "this is the ARN of a bucket: those of its objects go on with a slash, and none is this one")
        }
        _ => Truth::of(true, origin),
    }
}

/// The partition that an ARN is written with.
pub(super) fn partition(arn: &Text) -> Option<&str> {
    let Some(Piece::Literal(text)) = arn.pieces().first() else { return None };
    Some(text.strip_prefix("arn:")?.split_once(':')?.0)
}

impl Trail {
    /// The partition that it is in: by its own ARN, by where it is deployed, or by another ARN that it names.
    pub(super) fn partition(&self) -> Option<&str> {
        let named = [&self.key, &self.log_group, &self.log_role, &self.topic];
        let mut arns = named.into_iter().flat_map(|value| value.candidates()).flatten();
        let own = self.at.arn().and_then(|arn| arn.split(':').nth(1));
        own.or_else(|| self.at.home.partition.literal()).or_else(|| arns.find_map(partition))
    }
}

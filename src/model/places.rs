//! Where a finding about selectors belongs.
//!
//! Coverage is a question to all selectors together, but where exactly one written thing takes something away, that is
//! the thing to change; where several do, or none, the property as a whole is.

use super::coverage::{EXCLUDABLE, Management, events, has_star, management};
use super::selectors::{Field, Operator, Rule, Selectors, field};
use super::{Trail, coverage};
use crate::value::{Of, Origin, Piece, Text, Truth, Value, What, Why, WhyKind};

/// Something in a selector that may match no event.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is, by its path.
    pub name: String,
    /// Whether it can match anything.
    pub alive: Truth,
    /// Why not.
    pub why: &'static str,
}

impl Selectors {
    /// Which management events these selectors take.
    pub fn management(&self) -> &Management {
        self.management.0.get_or_init(|| management(self.of_management(), &|event| self.matches(event)))
    }

    fn of_management(&self) -> Vec<&Rule> {
        self.known_rules().into_iter().filter(|rule| rule.may_be("Management")).collect()
    }

    /// The one switch that turns management events off.
    pub fn place_of_missing_management(&self) -> Origin {
        match self.of_management().as_slice() {
            [only] if !only.active.is(true).is_true() && only.active.origin.written => only.active.origin.clone(),
            _ => self.place.0.clone(),
        }
    }

    fn only_place(&self, takes_away: impl Fn(&Field) -> bool) -> Origin {
        let rules = self.of_management().into_iter().filter(|rule| !rule.active.is(true).is_false());
        let places: Vec<&Origin> = rules
            .flat_map(|rule| &rule.fields)
            .filter(|field| takes_away(field))
            .map(|field| &field.origin_of.0)
            .collect();
        match places.as_slice() {
            [only] if only.written => (*only).clone(),
            _ => self.place.0.clone(),
        }
    }

    /// The one field of this name that takes events away.
    pub fn place_of(&self, name: &str) -> Origin {
        self.only_place(|field| field.is_named(name) && restricts(field))
    }

    /// The one field other than reads, writes and documented exclusions that takes events away.
    pub fn place_of_filter(&self) -> Origin {
        self.only_place(|each| {
            let usual = each.is_named(field::CATEGORY)
                || each.is_named(field::READ_ONLY)
                || (each.is_named(field::SOURCE) && excludes_only(each));
            !usual && restricts(each)
        })
    }

    /// The selectors as a whole.
    pub fn place_of_data(&self) -> Origin {
        self.place.0.clone()
    }

    /// Everything in the data selectors that may match nothing.
    pub fn dead_parts(&self, trail: &Trail) -> Vec<Part> {
        if let Some(open) = open_part(&self.rules) {
            return vec![open];
        }
        let mut parts = Vec::new();
        let may_be = self.known_rules().into_iter().filter(|rule| rule.may_be("Data") || rule.fields.is_empty());
        parts.extend(may_be.filter_map(|rule| open_part(&rule.active)));
        for rule in self.known_rules().into_iter().filter(|rule| rule.may_be("Data")) {
            let is_s3 = rule.field(field::TYPE).is_some_and(|kind| !kind.rules_out(field::TYPE, "AWS::S3::Object"));
            for each in &rule.fields {
                parts.extend(positive_lists(each).filter_map(open_part));
                parts.extend(
                    values_of(each).into_iter().filter_map(|value| dead_value(each, value, trail, is_s3 && rule.basic)),
                );
            }
            if !rule.basic {
                parts.push(Part {
                    name: rule.place.0.property.to_string(),
                    alive: can_match(rule).located(&rule.place.0),
                    why: "the fields of this selector contradict one another: it matches no event",
                });
            }
        }
        parts
    }
}

/// A part of which it is not known what it selects, if anything.
fn open_part<T>(value: &Value<T>) -> Option<Part> {
    let why = value.why().filter(|_| is_open(value))?;
    Some(Part { name: value.origin.property.to_string(), alive: Truth::unknown(why).located(&value.origin), why: "" })
}

fn is_open<T>(value: &Value<T>) -> bool {
    matches!(value.what, What::Either(..) | What::Unknown(_))
}

/// The lists of a field's positive operators.
fn positive_lists(field: &Field) -> impl Iterator<Item = &Value<Vec<Value<Text>>>> {
    field.operators.iter().filter(|(operator, _)| is_positive(*operator)).map(|(_, values)| values)
}

/// The values of a field's positive operators: a star in a negative one leaves nothing out, and takes nothing away.
fn values_of(field: &Field) -> Vec<&Value<Text>> {
    let lists = positive_lists(field).filter(|values| !is_open(values));
    lists.flat_map(Value::candidates).flatten().collect()
}

fn is_positive(operator: Operator) -> bool {
    matches!(operator, Operator::Equals | Operator::StartsWith | Operator::EndsWith)
}

fn restricts(field: &Field) -> bool {
    field.operators.iter().any(|(operator, values)| match values.get() {
        Some(values) if field.is_named(field::READ_ONLY) => values.len() < 2,
        Some(values) => *operator == Operator::Equals || !values.is_empty(),
        None => true,
    })
}

fn excludes_only(field: &Field) -> bool {
    let known =
        |value: &Value<Text>| value.get().and_then(Text::literal).is_some_and(|name| EXCLUDABLE.contains(&name));
    field.operators.iter().all(|(operator, values)| {
        *operator == Operator::NotEquals && values.get().is_some_and(|values| values.iter().all(known))
    })
}

fn can_match(rule: &Rule) -> Truth {
    let given = [(field::CATEGORY, vec!["Data".into()]), (field::READ_ONLY, vec!["true".into(), "false".into()])];
    match events(&[rule], &given) {
        Ok(events) => Truth::any(events.iter().map(|event| rule.matches(event))),
        Err(why) => Truth::unknown(why),
    }
}

/// A value that can match nothing, or may.
fn dead_value(field: &Field, value: &Value<Text>, trail: &Trail, needs_slash: bool) -> Option<Part> {
    let starless = [field::ARN, "eventName", field::SOURCE, field::TYPE].iter().any(|name| field.is_named(name));
    if !starless {
        return None;
    }
    let is_arn = field.is_named(field::ARN);
    let why = std::cell::Cell::new("");
    let alive = value.ask(&|text, origin| {
        if has_star(text) {
            why.set("selectors know no wildcards: this asks for a star");
            return Truth::of(false, origin);
        }
        if is_arn && let Some(partition) = literal_partition(text) {
            let elsewhere = trail.key.candidates().into_iter().flatten().find_map(literal_partition);
            if text.after_partition().is_none() || elsewhere.is_some_and(|other| other != partition) {
                why.set("no event of this trail carries an ARN of this partition");
                return Truth::of(false, origin);
            }
        }
        if let Some(reason) = text.why().filter(|_| is_arn && text.after_partition().is_none()) {
            let is_own = matches!(text.hole().map(|hole| &hole.of), Some(Of::Resource { .. }));
            return if is_own && !needs_slash { Truth::yes() } else { Truth::unknown(reason) };
        }
        if needs_slash && is_arn && is_slashless(text) {
            return Truth::unknown(Why::new(
                WhyKind::AfterApply,
                "resources.ARN",
                "AWS does not say what a bucket's ARN without the slash at its end matches",
            ));
        }
        Truth::of(true, origin)
    });
    Some(Part { name: value.origin.property.to_string(), alive, why: why.get() })
}

fn literal_partition(arn: &Text) -> Option<String> {
    let Some(Piece::Literal(text)) = arn.pieces().first() else { return None };
    let (partition, _) = text.strip_prefix("arn:")?.split_once(':')?;
    Some(partition.to_owned())
}

/// Whether an S3 ARN names a bucket and stops before its objects.
fn is_slashless(arn: &Text) -> bool {
    let Some(rest) = arn.after_partition().and_then(|rest| rest.strip_prefix("s3:::")) else { return false };
    let slash = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains('/'));
    !rest.pieces().is_empty() && !rest.pieces().iter().any(slash)
}

/// The types of Insights events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InsightKind {
    /// Unusual rates of calls: needs management writes, or data events.
    CallRate,
    /// Unusual rates of errors: needs management events, or data events.
    ErrorRate,
}

impl InsightKind {
    /// Both.
    pub const BOTH: [InsightKind; 2] = [InsightKind::CallRate, InsightKind::ErrorRate];

    fn name(self) -> &'static str {
        match self {
            InsightKind::CallRate => "ApiCallRateInsight",
            InsightKind::ErrorRate => "ApiErrorRateInsight",
        }
    }
}

impl coverage::Union<'_> {
    /// Whether a trail looks for this kind of unusual activity in events that it records.
    pub fn finds(&self, kind: InsightKind) -> Truth {
        self.any(|trail| {
            let management = trail.selectors.management();
            let analysed = match kind {
                InsightKind::CallRate => management.any_of(coverage::Reading::Writes),
                InsightKind::ErrorRate => management.any(),
            };
            let data =
                Truth::any(trail.selectors.known_rules().into_iter().filter(|rule| rule.may_be("Data")).map(can_match));
            trail.insights.ask(&|insights, _| {
                Truth::any(insights.iter().map(|insight| {
                    let of_kind = insight.kind.ask(&|name, _| name.same(&kind.name().into()));
                    let source = insight.categories.ask(&|categories, _| match categories {
                        None => analysed.clone(),
                        Some(categories) => Truth::any(categories.iter().map(|category| {
                            category.ask(&|name, _| match name.literal() {
                                Some("Data") => data.clone(),
                                Some(_) => analysed.clone(),
                                None => Truth::unknown(name.why().unwrap_or_else(|| Why::parameter("EventCategories"))),
                            })
                        })),
                    });
                    of_kind.and(source)
                }))
            })
        })
    }
}

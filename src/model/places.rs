//! Where a finding about selectors belongs.
//!
//! Coverage is a question to all selectors together, but where exactly one written thing takes something away, that is
//! the thing to change; where several do, or none, the property as a whole is.

use super::coverage;
use super::coverage::{EXCLUDABLE, Management, management};
use super::events::events;
use super::selectors::{Field, Operator, Rule, Selectors, field};
use crate::value::{Origin, Text, Truth, Value, Why};

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

/// Whether a data selector matches any event, as far as its fields tell.
pub(super) fn can_match(rule: &Rule) -> Truth {
    let given = [(field::CATEGORY, vec!["Data".into()]), (field::READ_ONLY, vec!["true".into(), "false".into()])];
    match events(&[rule], &given) {
        Ok(events) => Truth::any(events.iter().map(|event| rule.matches(event))),
        Err(why) => Truth::unknown(why),
    }
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

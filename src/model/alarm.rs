//! Alarms on metrics, on expressions over metrics, and on other alarms.

use super::{Declared, properties as p};
use crate::read::{Block, Record};
use crate::value::{Origin, Text, Truth, Value, Why, WhyKind};

/// An alarm as declared.
#[derive(Clone, Debug)]
pub struct Alarm {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its name, where one is given.
    pub name: Value<Option<Text>>,
    /// Whether it watches metrics, other alarms, or queries of logs.
    pub kind: AlarmKind,
    /// The metric that it watches, where it is one.
    pub metric: Watched,
    /// The metrics and expressions that it watches otherwise.
    pub queries: Value<Vec<Query>>,
    /// The rule of a composite alarm.
    pub rule: Value<Option<Text>>,
    /// Whether its actions are done.
    pub enabled: Value<bool>,
    /// What is done once it fires, by ARN.
    pub actions: Value<Option<Vec<Value<Text>>>>,
    /// How the statistic is compared with the threshold.
    comparison: Value<Option<Text>>,
    threshold: Value<Option<f64>>,
    statistic: Value<Option<Text>>,
}

/// What an alarm watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmKind {
    /// Metrics.
    Metric,
    /// Other alarms.
    Composite,
    /// The result of a query of logs.
    Log,
}

/// A metric as an alarm names it.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Its name.
    pub name: Value<Option<Text>>,
    /// Its namespace.
    pub namespace: Value<Option<Text>>,
    /// Whether one set of dimensions is watched.
    pub has_dimensions: Value<bool>,
}

/// A metric or expression among several.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The metric, where it is one.
    pub metric: Watched,
    /// The expression, where it is one.
    pub expression: Value<Option<Text>>,
}

impl Alarm {
    pub(super) fn lower(record: &Record) -> Alarm {
        let block = record.block();
        let watched = |block: &Block, [name, namespace, dimensions]: [&crate::read::Property; 3]| Watched {
            name: block.text(name),
            namespace: block.text(namespace),
            has_dimensions: block.given(dimensions),
        };
        let query = |block: &Block| Query {
            metric: watched(block, [&p::QUERY_METRIC, &p::QUERY_NAMESPACE, &p::QUERY_DIMENSIONS]),
            expression: block.text(&p::QUERY_EXPRESSION),
        };
        Alarm {
            at: Declared::new(record),
            name: block.text(&p::ALARM_NAME),
            kind: match &*record.kind {
                "AWS::CloudWatch::CompositeAlarm" => AlarmKind::Composite,
                "AWS::CloudWatch::LogAlarm" => AlarmKind::Log,
                _ => AlarmKind::Metric,
            },
            metric: watched(&block, [&p::ALARM_METRIC, &p::ALARM_NAMESPACE, &p::ALARM_DIMENSIONS]),
            queries: block.blocks(&p::ALARM_QUERIES).map(&|all| all.iter().map(query).collect()),
            rule: block.text(&p::ALARM_RULE),
            enabled: block.bool(&p::ALARM_ENABLED),
            actions: block.texts(&p::ALARM_ACTIONS),
            comparison: block.word(&p::ALARM_COMPARISON),
            threshold: block.number(&p::ALARM_THRESHOLD),
            statistic: block.word(&p::ALARM_STATISTIC),
        }
    }

    /// Whether it does something once it fires.
    pub fn acts(&self) -> Truth {
        let some = self.actions.ask(&|actions, origin| match actions.as_deref() {
            None | Some([]) => Truth::of(false, origin),
            Some(all) => Truth::any(all.iter().map(|one| one.ask(&|arn, _| arn.is_empty().not()))).located(origin),
        });
        self.enabled.is(true).and(some)
    }

    /// Whether it can fire once an event was counted: that needs a threshold which a count can come to from below.
    pub fn can_fire(&self) -> Truth {
        if self.kind != AlarmKind::Metric || !self.queries.test(Vec::is_empty).is_true() {
            return self.expressions_can_fire();
        }
        self.comparison.ask(&|comparison, origin| {
            let Some(comparison) = comparison.as_ref().and_then(Text::literal) else {
                return comparison.as_ref().and_then(Text::why).map_or_else(Truth::yes, Truth::unknown);
            };
            let is_above = matches!(comparison, "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold");
            // A band of what is usual is left by what is more.
            let may_rise =
                is_above || comparison.starts_with("GreaterThanUpper") || comparison.contains("UpperThreshold");
            match may_rise {
                false => Truth::of(false, origin),
                true => self.comes_to(comparison == "GreaterThanThreshold"),
            }
        })
    }

    /// Whether the statistic can come to the threshold: a sum or a count can always, what one event adds is one.
    fn comes_to(&self, beyond: bool) -> Truth {
        self.statistic.ask(&|statistic, origin| match statistic.as_ref().and_then(Text::literal) {
            Some("Average" | "Maximum" | "Minimum") => self.threshold.ask(&|threshold, place: &Origin| {
                let enough = threshold.is_none_or(|bound| if beyond { bound < 1.0 } else { bound <= 1.0 });
                Truth::of(enough, place)
            }),
            _ => Truth::of(true, origin),
        })
    }

    /// Of expressions, those that add are followed.
    fn expressions_can_fire(&self) -> Truth {
        let unclear = |origin: &Origin| {
            let text = "what this alarm makes of the metric is not followed";
            Truth::unknown(Why::new(WhyKind::AfterApply, "expression", text).at(origin.span))
        };
        if self.kind != AlarmKind::Metric {
            return unclear(&self.rule.origin);
        }
        self.queries.ask(&|queries, origin| {
            let adds = |text: &str| text.chars().all(|it| it.is_ascii_alphanumeric() || "_+ ()".contains(it));
            let is_plain = |query: &Query| {
                query.expression.get().is_some_and(|text| text.as_ref().is_none_or(|it| it.literal().is_some_and(adds)))
            };
            if queries.iter().all(is_plain) { Truth::of(true, origin) } else { unclear(origin) }
        })
    }

    /// The metrics that it watches.
    pub fn watched(&self) -> Vec<&Watched> {
        let queried = self.queries.candidates().into_iter().flatten();
        let queried = queried.filter(|query| query.expression.get().is_none_or(Option::is_none)).map(|it| &it.metric);
        match self.kind {
            AlarmKind::Metric => std::iter::once(&self.metric).chain(queried).collect(),
            AlarmKind::Composite | AlarmKind::Log => Vec::new(),
        }
    }
}

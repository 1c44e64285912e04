//! Metric filters: what turns events of a log group into numbers that alarms watch.

use super::{Declared, properties as p};
use crate::patterns::{Formula, Refused, filter};
use crate::read::{Block, Record};
use crate::value::{Text, Truth, Value, Why, WhyKind};

/// A metric filter as declared.
#[derive(Clone, Debug)]
pub struct MetricFilter {
    /// Address, place, conditions.
    pub at: Declared,
    /// Its log group, by name.
    pub group: Value<Option<Text>>,
    /// Which events it counts; none where it is left out, which counts all.
    pub pattern: Value<Option<Text>>,
    /// The metrics that it publishes; one, as far as AWS takes it.
    pub metrics: Value<Vec<Metric>>,
}

/// A metric that a filter publishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: Value<Option<Text>>,
    /// Its namespace.
    pub namespace: Value<Option<Text>>,
    /// What is added for each event: a number, or a field that holds one.
    pub value: Value<Option<Text>>,
    /// Whether it is told apart by dimensions.
    pub has_dimensions: Value<bool>,
}

impl MetricFilter {
    pub(super) fn lower(record: &Record) -> MetricFilter {
        let block = record.block();
        let metric = |block: &Block| Metric {
            name: block.text(&p::METRIC_NAME),
            namespace: block.text(&p::METRIC_NAMESPACE),
            value: block.text(&p::METRIC_VALUE),
            has_dimensions: block.given(&p::METRIC_DIMENSIONS),
        };
        MetricFilter {
            at: Declared::new(record),
            group: block.text(&p::FILTER_GROUP),
            pattern: block.text(&p::FILTER_PATTERN),
            metrics: block.blocks(&p::FILTER_METRICS).map(&|all| all.iter().map(metric).collect()),
        }
    }

    /// What its pattern means.
    ///
    /// # Errors
    ///
    /// CloudWatch Logs does not take it, or it cannot be told what it is.
    pub fn formula(&self) -> Result<Formula, Refused> {
        match (self.pattern.get(), self.pattern.why()) {
            (Some(Some(text)), _) => filter(text),
            (Some(None), _) => Ok(Formula::everything()),
            (None, why) => Err(Refused::Unknown(why.unwrap_or_else(no_pattern))),
        }
    }
}

fn no_pattern() -> Why {
    Why::new(WhyKind::AfterApply, "pattern", "the pattern is not known")
}

impl Metric {
    /// Whether each event that is counted raises it: a value of nought counts nothing, and a field that events have not.
    pub fn counts(&self) -> Truth {
        self.value.ask(&|value, origin| {
            let Some(text) = value else { return Truth::yes() };
            let Some(literal) = text.literal() else { return text.why().map_or_else(Truth::yes, Truth::unknown) };
            match (literal.trim().parse::<f64>(), literal.starts_with('$')) {
                (Ok(number), _) => Truth::of(number > 0.0, origin),
                (Err(_), true) => Truth::unknown(Why::new(
                    WhyKind::AfterApply,
                    "metric value",
                    format!("whether `{literal}` is a number is known only of each event"),
                )),
                (Err(_), false) => Truth::of(false, origin),
            }
        })
    }
}

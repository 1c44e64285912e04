//! How a trail does: what its status said when it was asked. Only what exists has one.

use super::properties as p;
use crate::read::{Block, Property};
use crate::value::{Origin, Text, Truth, Value, Why, bare};
use jiff::{SignedDuration, Timestamp};

/// A trail that has delivered nothing for longer has stopped doing so: log files come every few minutes, digests every
/// hour (CloudTrail User Guide, "How CloudTrail works").
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A trail's status (aws-facts §1.3).
#[derive(Clone, Debug)]
pub struct Status {
    /// When it was asked.
    asked: Value<Option<Text>>,
    /// When it last began to log.
    started: Value<Option<Text>>,
    /// When it last ceased to.
    stopped: Value<Option<Text>>,
    /// Log files to the bucket.
    pub logs: Delivery,
    /// Digests to the bucket.
    pub digests: Delivery,
    /// Events to the log group.
    pub log_group: Delivery,
    /// Notifications to the topic.
    pub notifications: Delivery,
}

/// One of the things that a trail delivers.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The code of the latest error; it stays until a delivery succeeds.
    pub error: Value<Option<Text>>,
    /// When something was last delivered.
    pub latest: Value<Option<Text>>,
}

impl Status {
    pub(super) fn lower(block: &Block) -> Status {
        let delivery =
            |error: &Property, latest: &Property| Delivery { error: block.text(error), latest: block.text(latest) };
        Status {
            asked: block.text(&p::STATUS_AT),
            started: block.text(&p::LOGGING_STARTED),
            stopped: block.text(&p::LOGGING_STOPPED),
            logs: delivery(&p::DELIVERY_ERROR, &p::DELIVERY_TIME),
            digests: delivery(&p::DIGEST_ERROR, &p::DIGEST_TIME),
            log_group: delivery(&p::LOG_GROUP_ERROR, &p::LOG_GROUP_TIME),
            notifications: delivery(&p::NOTIFICATION_ERROR, &p::NOTIFICATION_TIME),
        }
    }

    /// Whether nothing was delivered in the day before it was asked. A trail that logs for less has time yet.
    pub fn is_stale(&self, delivery: &Delivery) -> Truth {
        let young = self.started.ask(&|started, origin| match started {
            Some(_) => before(&self.started, &self.asked).not(),
            None => {
                Truth::unknown(Why::not_visible("StartLoggingTime", "since when it logs is not said").at(origin.span))
            }
        });
        before(&delivery.latest, &self.asked).and(bare(young).not())
    }

    /// The gap between the two in words.
    pub fn gap(&self) -> String {
        let time = |value: &Value<Option<Text>>| {
            value.get().and_then(|text| text.as_ref()?.literal()).unwrap_or("an unknown time").to_owned()
        };
        format!("from {} to {}", time(&self.stopped), time(&self.started))
    }

    /// Whether it ceased to log and began again, at most so many days before it was asked.
    pub fn had_gap(&self, days: f64) -> Truth {
        let times = |stopped: &Text, origin: &Origin| match (time(stopped), known(&self.started), known(&self.asked)) {
            (Some(stopped), Some(started), asked) => {
                let recent = asked.is_none_or(|asked| asked.duration_since(started).as_secs_f64() <= days * 86_400.0);
                Truth::of(stopped < started && recent, origin)
            }
            (Some(_), None, _) => Truth::of(false, origin),
            (None, ..) => Truth::unknown(unreadable("StopLoggingTime").at(origin.span)),
        };
        self.stopped.ask(&|stopped, origin| stopped.as_ref().map_or_else(Truth::no, |stopped| times(stopped, origin)))
    }
}

impl Delivery {
    /// Whether the latest one ended in an error.
    pub fn fails(&self) -> Truth {
        self.error.ask(&|error, origin| match error {
            Some(error) => error.is_empty().not().located(origin),
            None => Truth::no(),
        })
    }

    /// The error's code, for words.
    pub fn code(&self) -> &str {
        self.error.get().and_then(|error| error.as_ref()?.literal()).unwrap_or("an error")
    }
}

/// Whether a time is more than a day before another; one that is not there is.
fn before(time_of: &Value<Option<Text>>, asked: &Value<Option<Text>>) -> Truth {
    asked.ask(&|asked, place| {
        let Some(asked) = asked.as_ref().and_then(time) else {
            return Truth::unknown(unreadable("at").at(place.span));
        };
        time_of.ask(&|text, origin| match text.as_ref().map(time) {
            None => Truth::of(true, origin),
            Some(Some(time)) => Truth::of(asked.duration_since(time) > DAY, origin),
            Some(None) => Truth::unknown(unreadable(origin.name()).at(origin.span)),
        })
    })
}

fn unreadable(name: &str) -> Why {
    Why::not_visible(name, format!("`{name}` is no time that can be read"))
}

fn known(value: &Value<Option<Text>>) -> Option<Timestamp> {
    value.get()?.as_ref().and_then(time)
}

/// A time as ISO 8601, or in seconds since 1970 as the first AWS CLI prints it.
fn time(text: &Text) -> Option<Timestamp> {
    let text = text.literal()?;
    let seconds = || Timestamp::from_second(text.split('.').next()?.parse().ok()?).ok();
    text.parse().ok().or_else(seconds)
}

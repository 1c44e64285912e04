//! The time, as the services have it: one whose clock is wrong learns it from the first answer that complains.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

/// A clock that can be set right.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    own: fn() -> SystemTime,
    /// Seconds that the services are ahead.
    ahead: Arc<AtomicI64>,
}

impl Clock {
    pub(super) fn new(own: fn() -> SystemTime) -> Clock {
        Clock { own, ahead: Arc::default() }
    }

    /// The time by which requests are signed, and evidence is dated.
    pub(super) fn time(&self) -> SystemTime {
        let own = (self.own)();
        let ahead = self.ahead.load(Ordering::Relaxed);
        let distance = Duration::from_secs(ahead.unsigned_abs());
        let right = if ahead < 0 { own.checked_sub(distance) } else { own.checked_add(distance) };
        right.unwrap_or(own)
    }

    /// Takes the time over from the `Date` of an answer.
    pub(super) fn set(&self, date: &str) {
        let Ok(date) = DateTime::from_str(date, Format::HttpDate) else { return };
        self.ahead.store(date.secs() - DateTime::from((self.own)()).secs(), Ordering::Relaxed);
    }
}

impl aws_smithy_async::time::TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.time()
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_wrong_clock_is_set_right() {
        let clock = Clock::new(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        clock.set("yesterday");
        assert_eq!(clock.time(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000));
        for (date, seconds) in
            [("Sun, 09 Sep 2001 02:46:40 GMT", 1_000_003_600), ("Sun, 09 Sep 2001 00:46:40 GMT", 999_996_400)]
        {
            clock.set(date);
            assert_eq!(clock.time(), SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        }
    }
}

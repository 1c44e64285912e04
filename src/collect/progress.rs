//! How far a run is: counted by all that asks, shown by one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// Counters of a run.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Requests that went out, those that were repeated counted too.
    pub(super) sent: Arc<AtomicU64>,
    /// Calls that were answered, with an answer or an error.
    pub(super) calls: AtomicU64,
    /// Calls that failed.
    pub(super) failed: AtomicU64,
    /// Accounts of the run, as far as they are known.
    pub(super) accounts: AtomicUsize,
    /// Accounts whose evidence is written.
    pub(super) done: AtomicUsize,
}

impl Progress {
    /// One line: accounts, calls, rate, errors, time left.
    pub(super) fn line(&self, since: Duration) -> String {
        let (accounts, done) = (self.accounts.load(Ordering::Relaxed), self.done.load(Ordering::Relaxed));
        let (calls, sent) = (self.calls.load(Ordering::Relaxed), self.sent.load(Ordering::Relaxed));
        let failed = self.failed.load(Ordering::Relaxed);
        let seconds = since.as_secs_f64();
        let rate = if seconds > 0.0 { sent_as_float(sent) / seconds } else { 0.0 };
        let left = match u32::try_from(done) {
            Ok(done) if done > 0 => {
                let rest = u32::try_from(accounts.saturating_sub(done as usize)).unwrap_or(u32::MAX);
                format!(", {} s left", (since / done).saturating_mul(rest).as_secs())
            }
            _ => String::new(),
        };
        format!("{done}/{accounts} accounts, {calls} calls, {rate:.0} requests/s, {failed} without answer{left}")
    }
}

/// Counts are far below what a float holds exactly.
#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn sent_as_float(sent: u64) -> f64 {
    sent as f64
}

#[cfg(test)]
mod tests {
    use super::Progress;
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    #[test]
    fn a_line_says_how_far_it_is() {
        let progress = Progress::default();
        assert_eq!(progress.line(Duration::ZERO), "0/0 accounts, 0 calls, 0 requests/s, 0 without answer");
        progress.accounts.store(4, Ordering::Relaxed);
        progress.done.store(1, Ordering::Relaxed);
        progress.calls.store(90, Ordering::Relaxed);
        progress.sent.store(100, Ordering::Relaxed);
        let line = progress.line(Duration::from_secs(10));
        assert_eq!(line, "1/4 accounts, 90 calls, 10 requests/s, 0 without answer, 30 s left");
    }
}

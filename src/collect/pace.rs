//! How many requests are under way: no more than allowed, fewer while services throttle.
//!
//! The SDK's own adaptive mode was tried: after one throttled request it lets a client send one request in two seconds for
//! the next minute. Here a throttled request takes one place away, and answers bring it back.

use super::account::lock;
use std::sync::Mutex;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Answers in a row that bring one place back.
const RISE: usize = 8;

/// The places of a run.
#[derive(Debug)]
pub(super) struct Pace {
    places: Semaphore,
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Places that were taken away.
    away: usize,
    /// Answers since the last change.
    good: usize,
}

impl Pace {
    pub(super) fn new(most: usize) -> Pace {
        let most = most.max(1);
        Pace { places: Semaphore::new(most), most, state: Mutex::default() }
    }

    /// A place; nothing closes them.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        self.places.acquire().await.ok()
    }

    /// Gives a place back, after a request that was throttled or not.
    pub(super) fn give_back(&self, place: Option<SemaphorePermit>, throttled: bool) {
        let mut state = lock(&self.state);
        if throttled {
            state.good = 0;
            if state.away + 1 < self.most {
                state.away += 1;
                place.into_iter().for_each(SemaphorePermit::forget);
            }
            return;
        }
        state.good += 1;
        if state.good >= RISE && state.away > 0 {
            *state = State { away: state.away - 1, good: 0 };
            self.places.add_permits(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, RISE};

    #[tokio::test]
    async fn throttling_takes_places_away_and_answers_bring_them_back() {
        let pace = Pace::new(3);
        for left in [2, 1, 1] {
            let place = pace.place().await;
            pace.give_back(place, true);
            assert_eq!(pace.places.available_permits(), left);
        }
        for _ in 0..2 * RISE {
            let place = pace.place().await;
            pace.give_back(place, false);
        }
        assert_eq!(pace.places.available_permits(), 3);
    }
}

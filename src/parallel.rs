//! The same work on many things, on every core, in order.
//!
//! Results come back in the order of the things, so that what a run says does not hang on who was faster.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The stack of a thread: expressions that lead through many modules are followed by recursion.
const STACK: usize = 32 * 1024 * 1024;

/// Calls `work` for each number below `count`, on as many threads as there are cores, and returns the results in order.
pub fn map<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count);
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(count));
    let run = || {
        let mut mine = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            mine.push((at, work(at)));
        }
        // A thread that panicked elsewhere ends the scope; what this one did is complete either way.
        done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend(mine);
    };
    std::thread::scope(|scope| {
        let spawn = || std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        // Threads that cannot be had leave their share to the others, at last to this one.
        if (0..threads).filter(|_| spawn().is_ok()).count() == 0 {
            run();
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn results_keep_their_order() {
        assert_eq!(super::map(1000, |n| n * 2), (0..1000).map(|n| n * 2).collect::<Vec<_>>());
        assert!(super::map(0, |n| n).is_empty());
    }
}

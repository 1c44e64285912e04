//! What ends a run before its end: Ctrl-C, and the signal of `docker stop`, Kubernetes, ECS and `timeout`.

use std::io;
use std::thread;
use tokio::runtime::Builder;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;

/// Waits for whoever stops the run. From its making on these signals no longer end the process by themselves.
#[derive(Debug)]
pub(super) struct Stop {
    #[cfg(unix)]
    signals: [Signal; 2],
}

#[cfg(unix)]
impl Stop {
    pub(super) fn new() -> io::Result<Stop> {
        Ok(Stop { signals: [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?] })
    }

    /// Ends when the run is to be stopped.
    pub(super) async fn told(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Stop {
    pub(super) fn new() -> io::Result<Stop> {
        Ok(Stop {})
    }

    /// Ends when the run is to be stopped.
    pub(super) async fn told(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // No signal stops the run then.
            std::future::pending().await
        }
    }
}

/// Does what knows nothing of being stopped. Where a signal stops the run meanwhile, `stopped` is called beside it, and is to
/// end the process: since the first `Stop` no signal does that by itself.
pub fn or_stopped<T>(work: impl FnOnce() -> T, stopped: impl FnOnce() + Send) -> T {
    let (done, over) = oneshot::channel::<()>();
    let wait = async move {
        let Ok(mut stop) = Stop::new() else { return false };
        tokio::select! {
            () = stop.told() => true,
            _ = over => false,
        }
    };
    let watch = move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        if runtime.is_ok_and(|runtime| runtime.block_on(wait)) {
            stopped();
        }
    };
    thread::scope(|scope| {
        // Without another thread it is done all the same, and no signal stops it.
        let _ = thread::Builder::new().spawn_scoped(scope, watch);
        let result = work();
        drop(done);
        result
    })
}

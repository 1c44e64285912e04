//! What ends a run before its end: Ctrl-C, and the signal of `docker stop`, Kubernetes, ECS and `timeout`.

use std::io;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

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
            // Nobody can stop the run then.
            std::future::pending().await
        }
    }
}

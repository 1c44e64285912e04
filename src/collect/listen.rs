//! Listens in on requests: counts them, and keeps the bytes of the answer that is being waited for.

use super::clock::Clock;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What was heard while a request was under way.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// The last answer.
    pub(super) bytes: Vec<u8>,
    /// Whether any answer said that there were too many requests.
    pub(super) throttled: bool,
    /// Whether one complained of the time of the request.
    pub(super) late: bool,
}

tokio::task_local! {
    /// The request of this task; the SDK runs its listeners in the task that waits.
    static HEARD: RefCell<Heard>;
}

/// What services call it that there are too many requests, if their status does not say so.
const THROTTLED: [&[u8]; 4] = [b"Throttl", b"Rate exceeded", b"RequestLimitExceeded", b"TooManyRequests"];

/// How services complain of the time of a request.
const SKEWED: [&[u8]; 4] =
    [b"RequestTimeTooSkewed", b"RequestInTheFuture", b"Signature expired", b"Signature not yet current"];

/// How whoever reads the record can tell the scan from a stranger.
const NAME: &str = concat!("app/", env!("CARGO_PKG_NAME"), "-", env!("CARGO_PKG_VERSION"));

/// Runs a request, and gives back what was heard beside what came of it.
pub(super) async fn listen<T>(request: impl Future<Output = T>) -> (T, Heard) {
    HEARD
        .scope(RefCell::default(), async {
            let result = request.await;
            (result, HEARD.with(RefCell::take))
        })
        .await
}

/// The listener of a client.
#[derive(Debug)]
pub(super) struct Listener {
    /// Requests that went out, those that were repeated counted too.
    pub(super) sent: Arc<AtomicU64>,
    /// Set right by an answer that complains of the time.
    pub(super) clock: Clock,
}

impl Intercept for Listener {
    fn name(&self) -> &'static str {
        "listener"
    }

    /// CloudTrail records this header of a request; the SDK writes the name of the program into another one alone.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        let agent =
            headers.get("user-agent").filter(|agent| !agent.contains(NAME)).map(|agent| format!("{agent} {NAME}"));
        agent.into_iter().try_for_each(|agent| headers.try_insert("user-agent", agent).map(drop))?;
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.sent.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let bytes = response.body().bytes().unwrap_or_default();
        let throttled = match response.status().as_u16() {
            429 | 503 => true,
            400..500 => THROTTLED.iter().any(|words| memchr::memmem::find(bytes, words).is_some()),
            _ => false,
        };
        let is_late = response.status().is_client_error()
            && SKEWED.iter().any(|words| memchr::memmem::find(bytes, words).is_some());
        response.headers().get("date").filter(|_| is_late).into_iter().for_each(|date| self.clock.set(date));
        // Outside of such a task nobody waits.
        let _ = HEARD.try_with(|heard| {
            let mut heard = heard.borrow_mut();
            heard.bytes = bytes.to_vec();
            heard.throttled |= throttled;
            heard.late |= is_late;
        });
        Ok(())
    }
}

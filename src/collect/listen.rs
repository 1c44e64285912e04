//! Listens in on requests: counts them, and keeps the bytes of the answer that is being waited for.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

tokio::task_local! {
    /// The answer to the request of this task; the SDK runs its listeners in the task that waits.
    static BYTES: RefCell<Vec<u8>>;
}

/// Runs a request, and gives back the bytes of its last answer beside what came of it.
pub(super) async fn with_bytes<T>(request: impl Future<Output = T>) -> (T, Vec<u8>) {
    BYTES
        .scope(RefCell::default(), async {
            let result = request.await;
            (result, BYTES.with(RefCell::take))
        })
        .await
}

/// The listener of a client.
#[derive(Debug)]
pub(super) struct Listener {
    /// Requests that went out, those that were repeated counted too.
    pub(super) sent: Arc<AtomicU64>,
}

impl Intercept for Listener {
    fn name(&self) -> &'static str {
        "listener"
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
        let bytes = context.response().body().bytes().unwrap_or_default().to_vec();
        // Outside of such a task nobody waits for bytes.
        let _ = BYTES.try_with(|kept| kept.replace(bytes));
        Ok(())
    }
}

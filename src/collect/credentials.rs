//! Credentials that are renewed while a run goes on: of whoever runs it, and of the roles in member accounts.

use super::clock::Clock;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, Result, SharedCredentialsProvider, future};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::Mutex;

/// Credentials are renewed so long before their end, or earlier where they live for less.
const MARGIN: Duration = Duration::from_secs(300);

/// A role that was assumed by another lets one assume further roles for an hour at most.
const CHAINED: i32 = 3600;

/// A role in a member account.
#[derive(Clone, Debug)]
pub(super) struct Role {
    pub(super) sts: aws_sdk_sts::Client,
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) source_identity: Option<String>,
    pub(super) seconds: i32,
}

/// Where credentials come from.
#[derive(Debug)]
pub(super) enum Source {
    /// Whatever the SDK finds: environment, profiles, SSO, web identity, containers, instances.
    Found(SharedCredentialsProvider),
    Role(Role),
}

/// One source, asked once by all clients, and again when the time is over.
#[derive(Clone, Debug)]
pub(super) struct Renewed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: Source,
    clock: Clock,
    kept: Mutex<Option<(Credentials, SystemTime)>>,
}

impl Renewed {
    pub(super) fn new(source: Source, clock: Clock) -> Renewed {
        Renewed(Arc::new(Inner { source, clock, kept: Mutex::new(None) }))
    }

    /// Forgets credentials that a service no longer takes, unless others came in the meantime.
    pub(super) async fn forget(&self, used: Option<&Credentials>) {
        let mut kept = self.0.kept.lock().await;
        if kept.as_ref().is_some_and(|(kept, _)| used.is_none_or(|used| used == kept)) {
            *kept = None;
        }
    }

    /// The credentials that are used now.
    pub(super) async fn current(&self) -> Option<Credentials> {
        self.0.kept.lock().await.as_ref().map(|(credentials, _)| credentials.clone())
    }

    async fn get(&self) -> Result {
        let now = self.0.clock.time();
        let mut kept = self.0.kept.lock().await;
        if let Some((credentials, since)) = kept.as_ref() {
            let margin = |end: SystemTime| end.duration_since(*since).unwrap_or_default().min(MARGIN * 2) / 2;
            if credentials.expiry().is_none_or(|end| end.checked_sub(margin(end)).is_some_and(|renew| now < renew)) {
                return Ok(credentials.clone());
            }
        }
        let fresh = match &self.0.source {
            Source::Found(provider) => provider.provide_credentials().await?,
            Source::Role(role) => assume(role).await?,
        };
        *kept = Some((fresh.clone(), now));
        Ok(fresh)
    }
}

impl ProvideCredentials for Renewed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.get())
    }
}

/// Assumes the role, for an hour where the wish is for longer and the role is chained.
async fn assume(role: &Role) -> Result {
    let request = |seconds| {
        let request = role.sts.assume_role().role_arn(&role.arn).role_session_name("trailproof");
        let request = request.set_external_id(role.external_id.clone());
        request.set_source_identity(role.source_identity.clone()).duration_seconds(seconds).send()
    };
    let mut answer = request(role.seconds).await;
    if role.seconds > CHAINED
        && answer.as_ref().is_err_and(|error| {
            error.code() == Some("ValidationError")
                && error.message().is_some_and(|said| said.contains("role chaining"))
        })
    {
        answer = request(CHAINED).await;
    }
    let answer = answer.map_err(CredentialsError::provider_error)?;
    let given = answer.credentials().ok_or_else(|| CredentialsError::not_loaded("the role has no credentials"))?;
    let end = SystemTime::try_from(*given.expiration()).ok();
    let token = Some(given.session_token().to_owned());
    Ok(Credentials::new(given.access_key_id(), given.secret_access_key(), token, end, "assumed role"))
}

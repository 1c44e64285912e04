//! The beginning of a run: configuration, credentials, who asks.

use super::account::Account;
use super::clock::Clock;
use super::credentials::{Renewed, Source};
use super::pace::Pace;
use super::places::{leader, text};
use super::progress::Progress;
use super::{Options, Run, http};
use crate::read::partition_of;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region};
use serde_json::json;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, UNIX_EPOCH};

/// Attempts at one request, the first counted. The pauses between them grow, and differ by chance.
const ATTEMPTS: u32 = 6;

/// The longest pause between two attempts.
const PAUSE: Duration = Duration::from_secs(10);

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// What all share, and the account that asks.
pub(super) async fn begin(options: &Options) -> Result<(Arc<Run>, Account), String> {
    let bundle = options.ca_bundle.as_ref();
    let http = http::client(bundle.map(|(_, bytes)| bytes.as_slice())).map_err(|why| {
        let name = bundle.map(|(name, _)| name.as_str()).unwrap_or_default();
        format!("the certificate authorities of AWS_CA_BUNDLE, {name}, cannot be used: {why}")
    })?;
    let limits = TimeoutConfig::builder().connect_timeout(CONNECT.min(options.timeout));
    let limits = limits.operation_attempt_timeout(options.timeout).build();
    let clock = Clock::new(options.clock);
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .time_source(clock.clone())
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_max_backoff(PAUSE))
        .timeout_config(limits)
        .identity_cache(aws_config::identity::IdentityCache::no_cache());
    if let Some(profile) = &options.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(endpoint) = &options.endpoint {
        loader = loader.endpoint_url(endpoint);
    }
    if let Some(region) = options.regions.first() {
        loader = loader.region(Region::new(region.clone()));
    }
    let base = loader.load().await;
    let provider = base.credentials_provider().ok_or_else(|| nobody(options, "no credentials are configured"))?;
    let region = base.region().map_or("us-east-1", Region::as_ref);
    let partition = partition_of(region).unwrap_or("aws");
    let run = Arc::new(Run {
        partition,
        regions: options.regions.clone(),
        organization: options.organization.is_some(),
        members: OnceLock::new(),
        changes: options.changes,
        out: options.out.clone(),
        clock: clock.clone(),
        pace: Pace::new(options.concurrency),
        progress: Progress::default(),
        resumes: options.resume.then(|| clock.time().checked_sub(options.max_age).unwrap_or(UNIX_EPOCH)),
        caller: OnceLock::new(),
        open: Default::default(),
        written: Default::default(),
        base,
    });
    let mut caller = Account::new(&run, "", Renewed::new(Source::Found(provider), clock));
    let leader = leader(partition);
    let client = caller.sts(leader);
    let answer = caller
        .ask(("sts", "GetCallerIdentity"), leader, json!({}), |_| client.get_caller_identity().send())
        .await
        .map_err(|refusal| nobody(options, &format!("{}: {}", refusal.code, refusal.message)))?;
    caller.id = text(&answer, "Account").ok_or("who asks is not known: the answer names no account")?.to_owned();
    if let Some(arn) = text(&answer, "Arn") {
        // It is set once, here.
        let _ = run.caller.set(arn.to_owned());
    }
    Ok((run, caller))
}

/// Why it is not known who asks, with the setting that is looked at first.
fn nobody(options: &Options, why: &str) -> String {
    let from = match (&options.profile, &options.endpoint) {
        (Some(profile), _) if why.contains("NoCredentials") || why.contains("no credentials") => {
            format!(" (does the AWS configuration have the profile `{profile}`, and are its credentials still valid?)")
        }
        (_, Some(url)) if why.contains("ConnectionFailed") => format!(" (is `{url}` the right endpoint?)"),
        _ => String::new(),
    };
    format!("who asks is not known: {why}{from}")
}

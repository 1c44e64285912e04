//! A client for each service, in a Region, with an account's credentials.

use super::account::Account;
use super::listen::Listener;
use aws_config::{Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_kms::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_s3control::config::endpoint::{Endpoint, EndpointFuture, Params, ResolveEndpoint};
use std::sync::Arc;

/// Clients are cheap: what they share hangs on the configuration. Throttling of one account slows no other.
macro_rules! client {
    ($account:expr, $region:expr, $sdk:ident) => {
        $sdk::Client::from_conf(builder!($account, $region, $sdk).build())
    };
}

macro_rules! builder {
    ($account:expr, $region:expr, $sdk:ident) => {
        $sdk::config::Builder::from(&configuration($account, $region))
            .interceptor(Listener { sent: Arc::clone(&$account.run.progress.sent), clock: $account.run.clock.clone() })
            .retry_partition(RetryPartition::new(format!("{}/{}/{}", $account.id, stringify!($sdk), $region)))
    };
}

fn configuration(account: &Account, region: &str) -> SdkConfig {
    let base = account.run.base.to_builder().region(Region::new(region.to_owned()));
    base.credentials_provider(SharedCredentialsProvider::new(account.credentials.clone())).build()
}

impl Account {
    pub(super) fn sts(&self, region: &str) -> aws_sdk_sts::Client {
        client!(self, region, aws_sdk_sts)
    }

    pub(super) fn regions(&self, region: &str) -> aws_sdk_account::Client {
        client!(self, region, aws_sdk_account)
    }

    pub(super) fn cloudtrail(&self, region: &str) -> aws_sdk_cloudtrail::Client {
        client!(self, region, aws_sdk_cloudtrail)
    }

    /// For the history: whoever asks it tries again by itself, without a place of the run.
    pub(super) fn history(&self, region: &str) -> aws_sdk_cloudtrail::Client {
        let builder = builder!(self, region, aws_sdk_cloudtrail).retry_config(RetryConfig::disabled());
        aws_sdk_cloudtrail::Client::from_conf(builder.build())
    }

    pub(super) fn kms(&self, region: &str) -> aws_sdk_kms::Client {
        client!(self, region, aws_sdk_kms)
    }

    pub(super) fn logs(&self, region: &str) -> aws_sdk_cloudwatchlogs::Client {
        client!(self, region, aws_sdk_cloudwatchlogs)
    }

    pub(super) fn sns(&self, region: &str) -> aws_sdk_sns::Client {
        client!(self, region, aws_sdk_sns)
    }

    pub(super) fn iam(&self, region: &str) -> aws_sdk_iam::Client {
        client!(self, region, aws_sdk_iam)
    }

    pub(super) fn organizations(&self, region: &str) -> aws_sdk_organizations::Client {
        client!(self, region, aws_sdk_organizations)
    }

    /// An endpoint that was given has no host of its own for each bucket.
    pub(super) fn s3(&self, region: &str) -> aws_sdk_s3::Client {
        let builder = builder!(self, region, aws_sdk_s3).force_path_style(self.run.base.endpoint_url().is_some());
        aws_sdk_s3::Client::from_conf(builder.build())
    }

    /// Nor for each account, which the SDK would put before its name.
    pub(super) fn s3control(&self, region: &str) -> aws_sdk_s3control::Client {
        let mut builder = builder!(self, region, aws_sdk_s3control);
        if let Some(url) = self.run.base.endpoint_url() {
            builder = builder.endpoint_resolver(Given(url.to_owned()));
        }
        aws_sdk_s3control::Client::from_conf(builder.build())
    }
}

/// An endpoint as it was given.
#[derive(Debug)]
struct Given(String);

impl ResolveEndpoint for Given {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

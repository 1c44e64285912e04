//! Buckets, asked in their own Region by the account that owns them.

use super::account::Account;
use super::places::{items, text};
use super::refusal::Refusal;
use crate::read::account::region_of_location;
use futures_util::future::join;
use serde_json::{Value, json};

impl Account {
    /// Whether the account owns a bucket; if so, its Region. Another account's bucket is no error.
    pub(super) async fn region_of_own(&self, bucket: &str) -> Option<String> {
        let leader = self.leader();
        let client = self.s3(leader);
        let answer = self
            .ask(("s3", "ListBuckets"), leader, json!({"Prefix": bucket}), |next| {
                client.list_buckets().prefix(bucket).max_buckets(1000).set_continuation_token(next).send()
            })
            .await;
        let listed = answer.ok()?;
        let own = items(&listed, "Buckets").iter().find(|it| text(it, "Name") == Some(bucket))?;
        match text(own, "BucketRegion") {
            Some(region) => Some(region.to_owned()),
            None => self.location_of(bucket).await.ok(),
        }
    }

    /// The Region of a bucket, or why it is not known: whether it does not exist is told here, too.
    pub(super) async fn location_of(&self, bucket: &str) -> Result<String, Refusal> {
        let leader = self.leader();
        let client = self.s3(leader);
        let answer = self
            .ask(("s3", "GetBucketLocation"), leader, json!({"Bucket": bucket}), |_| {
                client.get_bucket_location().bucket(bucket).send()
            })
            .await?;
        Ok(region_of_location(text(&answer, "LocationConstraint")).to_owned())
    }

    /// Every setting of a bucket, and of the one that its access logs go to what keeps them out.
    pub(super) async fn bucket(&self, bucket: &str, region: &str) {
        let client = &self.s3(region);
        let input = || json!({"Bucket": bucket});
        macro_rules! ask {
            ($operation:literal, $request:ident) => {
                self.ask(("s3", $operation), region, input(), |_| client.$request().bucket(bucket).send())
            };
        }
        let access = join(ask!("GetBucketPolicy", get_bucket_policy), ask!("GetBucketAcl", get_bucket_acl));
        let public = join(
            ask!("GetPublicAccessBlock", get_public_access_block),
            ask!("GetBucketOwnershipControls", get_bucket_ownership_controls),
        );
        let kept = join(
            ask!("GetBucketVersioning", get_bucket_versioning),
            ask!("GetObjectLockConfiguration", get_object_lock_configuration),
        );
        let expired = ask!("GetBucketLifecycleConfiguration", get_bucket_lifecycle_configuration);
        let rest = join(
            ask!("GetBucketEncryption", get_bucket_encryption),
            ask!("GetBucketRequestPayment", get_bucket_request_payment),
        );
        let tags = ask!("GetBucketTagging", get_bucket_tagging);
        let around = join(self.public_access_of_account(), tags);
        let logging = ask!("GetBucketLogging", get_bucket_logging);
        let (.., logging) = tokio::join!(access, public, kept, expired, rest, around, logging);
        let target = logging.ok().and_then(|it| text(it.get("LoggingEnabled")?, "TargetBucket").map(str::to_owned));
        if let Some(target) = target.filter(|target| target != bucket) {
            self.access_log_bucket(&target, region).await;
        }
    }

    /// Access logs stay in the Region and the account.
    async fn access_log_bucket(&self, bucket: &str, region: &str) {
        let client = &self.s3(region);
        let input = || json!({"Bucket": bucket});
        macro_rules! ask {
            ($operation:literal, $request:ident) => {
                self.ask(("s3", $operation), region, input(), |_| client.$request().bucket(bucket).send())
            };
        }
        let access = join(ask!("GetBucketPolicy", get_bucket_policy), ask!("GetBucketAcl", get_bucket_acl));
        let lists = ask!("GetBucketOwnershipControls", get_bucket_ownership_controls);
        let refuses = join(
            ask!("GetObjectLockConfiguration", get_object_lock_configuration),
            ask!("GetBucketEncryption", get_bucket_encryption),
        );
        let payer = ask!("GetBucketRequestPayment", get_bucket_request_payment);
        let _ = tokio::join!(access, lists, refuses, payer);
    }

    async fn public_access_of_account(&self) -> Result<Value, Refusal> {
        let client = self.s3control(self.leader());
        self.ask(("s3control", "GetPublicAccessBlock"), self.leader(), json!({"AccountId": self.id}), |_| {
            client.get_public_access_block().account_id(&self.id).send()
        })
        .await
    }
}

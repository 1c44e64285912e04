//! Buckets, asked in their own Region by the account that owns them.

use super::account::Account;
use super::places::{items, text};
use super::refusal::Refusal;
use crate::read::account::region_of_location;
use futures_util::future::join;
use serde_json::{Value, json};

/// Asks for one setting of a bucket.
macro_rules! ask {
    ($account:ident, $client:ident, $bucket:ident, $region:ident, $operation:literal, $request:ident) => {
        $account.ask(("s3", $operation), $region, json!({"Bucket": $bucket}), |_| {
            $client.$request().bucket($bucket).send()
        })
    };
}

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
        let public = ask!(self, client, bucket, region, "GetPublicAccessBlock", get_public_access_block);
        let versions = ask!(self, client, bucket, region, "GetBucketVersioning", get_bucket_versioning);
        let expired =
            ask!(self, client, bucket, region, "GetBucketLifecycleConfiguration", get_bucket_lifecycle_configuration);
        let tags = ask!(self, client, bucket, region, "GetBucketTagging", get_bucket_tagging);
        let copied = ask!(self, client, bucket, region, "GetBucketReplication", get_bucket_replication);
        let around = join(self.public_access_of_account(), join(tags, copied));
        let logging = ask!(self, client, bucket, region, "GetBucketLogging", get_bucket_logging);
        let takes = self.what_bucket_takes(bucket, region);
        let (.., logging) = tokio::join!(takes, public, versions, expired, around, logging);
        let target = logging.ok().and_then(|it| text(it.get("LoggingEnabled")?, "TargetBucket").map(str::to_owned));
        // Access logs stay in the Region and the account.
        if let Some(target) = target.filter(|target| target != bucket) {
            self.what_bucket_takes(&target, region).await;
        }
    }

    /// Who may write into a bucket, and what it refuses.
    async fn what_bucket_takes(&self, bucket: &str, region: &str) {
        let client = &self.s3(region);
        let policy = ask!(self, client, bucket, region, "GetBucketPolicy", get_bucket_policy);
        let lists = join(
            ask!(self, client, bucket, region, "GetBucketAcl", get_bucket_acl),
            ask!(self, client, bucket, region, "GetBucketOwnershipControls", get_bucket_ownership_controls),
        );
        let lock = ask!(self, client, bucket, region, "GetObjectLockConfiguration", get_object_lock_configuration);
        let encryption = ask!(self, client, bucket, region, "GetBucketEncryption", get_bucket_encryption);
        let payer = ask!(self, client, bucket, region, "GetBucketRequestPayment", get_bucket_request_payment);
        let _ = tokio::join!(policy, lists, lock, encryption, payer);
    }

    async fn public_access_of_account(&self) -> Result<Value, Refusal> {
        let client = self.s3control(self.leader());
        self.ask(("s3control", "GetPublicAccessBlock"), self.leader(), json!({"AccountId": self.id}), |_| {
            client.get_public_access_block().account_id(&self.id).send()
        })
        .await
    }
}

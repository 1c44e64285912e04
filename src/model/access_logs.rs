//! Whether a bucket takes the access logs of another: S3's log delivery writes as a service, which the bucket's policy lets
//! in, or an access control list where the bucket has any (S3 User Guide, "Enabling Amazon S3 server access logging").

use super::arn::anything;
use super::bucket::{grants, is_text};
use super::iam::{Caller, Context, Known, weigh};
use super::{Bucket, Cx};
use crate::value::{Text, Truth, Value};

const DELIVERY: &str = "logging.s3.amazonaws.com";

impl<'a> Cx<'a> {
    /// Whether log delivery may write the access logs of `source` into `target`.
    pub fn takes_access_logs(&self, target: &Bucket, source: &Bucket) -> Truth {
        let policies = match self.documents_of_bucket(target) {
            Ok(policies) => policies,
            Err(why) => return Truth::unknown(why),
        };
        let context = Context::of_service(DELIVERY, self.bucket_arn(source), source.at.home.account.clone());
        let context = context.with("aws:ResourceAccount", Known::One(target.at.home.account.clone()));
        let by_policy = source.access_log_prefix.ask(&|prefix, _| {
            let prefix = prefix.clone().unwrap_or_default();
            let objects = Text::concat([&self.bucket_arn(target), &"/".into(), &prefix, &anything()]);
            let request = self.request(Caller::Service(DELIVERY.into()), "s3:PutObject", &objects, context.clone());
            weigh(policies.iter().copied(), &request).allowed()
        });
        let enforced = |value: &Value<Option<Text>>| is_text(value, "BucketOwnerEnforced");
        // Without a rule a list counts where there is one: a bucket that has none by default is not made with such a list.
        let has_lists = target.ownership.ask(&|rules, _| Truth::any(rules.iter().map(enforced)).not());
        by_policy.or(has_lists.and(grants(&target.acl, "LogDeliveryWrite")))
    }
}

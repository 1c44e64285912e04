//! Whether the key of a log group lets CloudWatch Logs use it, which asks as a service of the group's Region (CloudWatch
//! Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service"; facts §6.2).

use super::iam::{Caller, Context, Known, Policy, weigh};
use super::service::imported;
use super::{Cx, Key, LogGroup, anything};
use crate::value::{Text, Truth, Why, WhyKind};

/// What encrypting and reading cannot do without. AWS's example allows `kms:ReEncrypt*` and `kms:Describe*` too; that the
/// service needs them is not said.
const ACTIONS: [&str; 3] = ["kms:GenerateDataKey", "kms:Encrypt", "kms:Decrypt"];

/// The key of a context that names the service.
const SERVICE: &str = "aws:PrincipalServiceName";

impl<'a> Cx<'a> {
    /// Whether the key of a log group, where it has one, lets CloudWatch Logs encrypt events and read them again.
    pub fn log_group_key_may(&self, group: &LogGroup) -> Truth {
        self.key_lets(&group.key, "the log group's key", &|policy, key| self.logs_may(policy, group, key))
    }

    /// Whether a policy lets CloudWatch Logs in, by any of its names: that of AWS's documentation says the Region.
    fn logs_may(&self, policy: &Policy, group: &LogGroup, key: &Key) -> Truth {
        let home = &group.at.home;
        let may = |service: Text| {
            let context = imported(self.context_of_logs(service, group), &group.key, &group.at, &key.at);
            let Known::One(service) = context.get(SERVICE) else { return Truth::no() };
            let caller = Caller::Service(service.clone());
            Truth::all(ACTIONS.into_iter().map(|action| {
                let request = self.request(caller.clone(), action, &anything(), context.clone());
                weigh([policy], &request).allowed()
            }))
        };
        let of_region = |suffix: &str| Text::concat([&"logs.".into(), &home.region, &".".into(), &suffix.into()]);
        let regional = may(of_region("amazonaws.com"));
        let regional = match home.partition.literal().is_none_or(|partition| partition == "aws-cn") {
            true => regional.or(may(of_region("amazonaws.com.cn"))),
            false => regional,
        };
        if regional.is_true() || may("logs.amazonaws.com".into()).is_false() {
            return regional;
        }
        let text = "CloudWatch Logs asks as `logs.REGION.amazonaws.com`; whether it is let in by `logs.amazonaws.com` is not \
                    documented";
        regional.or(Truth::unknown(Why::new(WhyKind::AfterApply, "logs.amazonaws.com", text)))
    }

    /// What its requests to KMS carry for a log group. Which source they name is documented for query results only.
    fn context_of_logs(&self, service: Text, group: &LogGroup) -> Context {
        let unclear = || Known::Unclear("a request of CloudWatch Logs");
        Context::of_service(service, Text::default(), Text::default())
            .with("aws:SourceArn", unclear())
            .with("aws:SourceAccount", unclear())
            .with("kms:EncryptionContext:aws:logs:arn", Known::One(self.log_group_arn(group)))
    }
}

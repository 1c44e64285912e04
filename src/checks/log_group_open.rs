//! See `checks/log_group_open.md`.

use crate::model::{Cx, LogGroup, anything, cannot_tell, documents};
use crate::value::{Text, Verdict};

/// What a resource policy of CloudWatch Logs can grant on a group, but for what only looks at its settings.
const ACTIONS: [&str; 16] = [
    "logs:AssociateKmsKey",
    "logs:CreateLogStream",
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "logs:DeleteRetentionPolicy",
    "logs:DeleteSubscriptionFilter",
    "logs:DisassociateKmsKey",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:GetLogRecord",
    "logs:PutLogEvents",
    "logs:PutMetricFilter",
    "logs:PutRetentionPolicy",
    "logs:PutSubscriptionFilter",
    "logs:StartLiveTail",
    "logs:StartQuery",
];

/// A policy of the account counts where its resources reach the group or a stream of it.
pub(super) fn run<'a>(cx: &Cx<'a>, group: &'a LogGroup) -> Verdict {
    let beside = cx.scope.log_policies.iter().filter(|policy| policy.is_beside(group));
    let accounts = beside.map(|policy| (&policy.at, &policy.document));
    let policies = match documents(accounts.chain([(&group.at, &group.policy)])) {
        Ok(policies) => policies,
        Err(why) => return cannot_tell(why),
    };
    let arn = cx.log_group_arn(group);
    let within = Text::concat([&arn, &":".into(), &anything()]);
    cx.forbid_public(&policies, &ACTIONS, &[arn, within], "anyone is let in")
}

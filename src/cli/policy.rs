//! `trailproof policy`: prints a document of `policies/` with the values of one estate.

use super::{Failure, print};
use crate::policies::{self, Flag, Form, Values};
use crate::report::escape;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use std::io::Write;

#[derive(Debug, Args)]
pub(super) struct PolicyArgs {
    /// The policy; without a name, all are listed.
    #[arg(value_name = "NAME", value_parser = names(), hide_possible_values = true)]
    name: Option<String>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = FormArg::Json)]
    format: FormArg,

    /// The trail. Of an organization's trail, the ARN has the management account's id.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    trail_arn: Option<String>,
    /// The bucket that holds the logs: its name.
    #[arg(long, value_name = "NAME", help_heading = "Values")]
    bucket: Option<String>,
    /// The prefix of the logs in the bucket.
    #[arg(long, value_name = "PREFIX", help_heading = "Values")]
    prefix: Option<String>,
    /// The bucket that takes the access logs of the log bucket: its name.
    #[arg(long, value_name = "NAME", help_heading = "Values")]
    access_log_bucket: Option<String>,
    /// The organization.
    #[arg(long, value_name = "ID", help_heading = "Values")]
    org_id: Option<String>,
    /// The account that owns the key, or that scans.
    #[arg(long, value_name = "ID", help_heading = "Values")]
    account: Option<String>,
    /// The key that encrypts the logs.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    key_arn: Option<String>,
    /// The log group that receives the events.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    log_group_arn: Option<String>,
    /// The topic that announces deliveries or alerts.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    topic_arn: Option<String>,
    /// The event rule that watches the trail.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    rule_arn: Option<String>,
    /// The alarms that watch the trail; the name may have wildcards.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    alarm_arn: Option<String>,
    /// A role that an organization's policy leaves free; without it, nobody is.
    #[arg(long, value_name = "ARN", help_heading = "Values")]
    exempt_role: Option<String>,
    /// What the role of a scan asks for beside the account that may assume it, as `scan --external-id` gives it.
    #[arg(long, value_name = "ID", help_heading = "Values")]
    external_id: Option<String>,
    /// The root, organizational unit or account that an organization's policy is attached to, or the root or unit
    /// whose accounts get the role of a scan.
    #[arg(long, value_name = "ID", help_heading = "Values")]
    target: Option<String>,
    /// The partition, where no ARN says it; `aws` if left out.
    #[arg(long, value_name = "PARTITION", help_heading = "Values")]
    partition: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormArg {
    /// The bare document.
    Json,
    /// A template with one resource.
    Cloudformation,
    /// Resources of the AWS provider.
    Terraform,
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(policies::ALL.iter().map(|policy| policy.name))
}

pub(super) fn run(args: &PolicyArgs) -> Result<u8, Failure> {
    let Some(policy) = args.name.as_deref().and_then(policies::find) else {
        print(&list())?;
        return Ok(0);
    };
    let values = Values::new(&args.values()).map_err(Failure)?;
    let form = match args.format {
        FormArg::Json => Form::Json,
        FormArg::Cloudformation => Form::CloudFormation,
        FormArg::Terraform => Form::Terraform,
    };
    let text = policy
        .render(&values, form)
        .map_err(|missing| Failure(format!("the policy `{}` needs {}", policy.name, flags(&missing))))?;
    print(&text)?;
    let unused = policy.unused(&values, form);
    if !unused.is_empty() {
        let note = format!("the policy `{}` has no place for {}", policy.name, flags(&unused));
        let _ = writeln!(std::io::stderr(), "note: {}", escape::visible(&note));
    }
    Ok(0)
}

impl PolicyArgs {
    /// The values that were given, by the names of their flags.
    fn values(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("trail-arn", &self.trail_arn),
            ("bucket", &self.bucket),
            ("prefix", &self.prefix),
            ("access-log-bucket", &self.access_log_bucket),
            ("org-id", &self.org_id),
            ("account", &self.account),
            ("key-arn", &self.key_arn),
            ("log-group-arn", &self.log_group_arn),
            ("topic-arn", &self.topic_arn),
            ("rule-arn", &self.rule_arn),
            ("alarm-arn", &self.alarm_arn),
            ("exempt-role", &self.exempt_role),
            ("external-id", &self.external_id),
            ("target", &self.target),
            ("partition", &self.partition),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).collect()
    }
}

fn flags(flags: &[Flag]) -> String {
    let names: Vec<String> = flags.iter().map(|flag| format!("`--{}`", flag.name)).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn list() -> String {
    let width = policies::ALL.iter().map(|policy| policy.name.len()).max().unwrap_or(0);
    policies::ALL.iter().map(|policy| format!("{:width$}  {}\n", policy.name, policy.about)).collect()
}

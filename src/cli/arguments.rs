//! The flags of whatever judges: what to read, what to judge, and how to report.

use super::config::ConfigArgs;
use super::{check_names, terminal};
use crate::page::Severity;
use crate::report::Format;
use clap::builder::PossibleValue;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct CheckArgs {
    /// CloudFormation templates, Terraform or OpenTofu configurations, or directories to search for them; `-` reads
    /// standard input. Of a configuration the whole directory is read, which is one module.
    #[arg(required = true, value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,

    /// The value of a template parameter; wins over parameter files. `AWS::Region`, `AWS::AccountId` and
    /// `AWS::Partition` say where every template of the run is deployed; a Region implies its partition.
    #[arg(long = "parameter", value_name = "NAME=VALUE", help_heading = "Values")]
    pub(super) parameters: Vec<String>,
    /// Values of template parameters from a JSON file, in any of the forms that the AWS CLI and CodePipeline read, or as
    /// `aws cloudformation describe-stacks` prints them.
    #[arg(long = "parameter-file", value_name = "FILE", help_heading = "Values")]
    pub(super) parameter_files: Vec<PathBuf>,
    /// The value of a variable of the root modules; wins over files. What is no text is written as in Terraform:
    /// `--var 'days=[30, 90]'`.
    #[arg(long = "var", value_name = "NAME=VALUE", help_heading = "Values")]
    pub(super) variables: Vec<String>,
    /// Values of variables from a `.tfvars` or `.tfvars.json` file, beside `terraform.tfvars` and `*.auto.tfvars`, which
    /// each root module reads by itself; a later file wins.
    #[arg(long = "var-file", value_name = "FILE", help_heading = "Values")]
    pub(super) variable_files: Vec<PathBuf>,
    /// Take variables from the environment, too: `TF_VAR_name`. Every other value wins over these.
    #[arg(long = "var-env", help_heading = "Values")]
    pub(super) variables_of_environment: bool,
    /// The path that standard input would have as a file. It says what the text is, and of a configuration the other
    /// files of that directory are read with it.
    #[arg(long = "stdin-filename", value_name = "FILE", help_heading = "Values")]
    pub(super) stdin_name: Option<PathBuf>,

    /// The account belongs to an organization.
    #[arg(long, help_heading = "What is judged")]
    pub(super) organization: bool,
    #[command(flatten)]
    pub(super) judge: JudgeArgs,
}

/// How to judge and to report, whatever is judged.
#[derive(Debug, Args)]
pub(super) struct JudgeArgs {
    /// The directory of the configuration that a plan was made from; or, with evidence, of templates, configurations and
    /// Terraform states that declare what accounts have: findings point to what declares the resource, by its ARN in a
    /// state, by CloudFormation's tags, or by its name.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(super) source: Option<PathBuf>,
    /// A file that lists accounts by their ids: findings of an account that no source declares point to its line.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(super) inventory: Option<PathBuf>,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Human, help_heading = "Output")]
    pub(super) format: Format,
    /// Write a further report to a file: `sarif=findings.sarif`.
    #[arg(long = "output", value_name = "FORMAT=FILE", help_heading = "Output")]
    pub(super) outputs: Vec<String>,
    /// Where the files can be seen, up to their paths in the repository, for links in Markdown:
    /// `https://github.com/OWNER/NAME/blob/COMMIT`.
    #[arg(long = "link", value_name = "URL", help_heading = "Output")]
    pub(super) link: Option<String>,
    /// What to list beside findings.
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) show: Option<ShowArg>,
    /// Print how much was decided, and why the rest was not.
    #[arg(long, help_heading = "Output")]
    pub(super) stats: bool,
    /// When to use colours.
    #[arg(long, value_enum, default_value_t = terminal::Colour::Auto, help_heading = "Output")]
    pub(super) color: terminal::Colour,

    /// The mildest severity that makes the run end with exit code 1; `medium` where nothing says otherwise.
    #[arg(long, value_enum, value_name = "SEVERITY", help_heading = "Exit code")]
    pub(super) fail_on: Option<SeverityArg>,
    /// End with exit code 3 where something stayed unknown that is not merely out of sight, or something that may hold a
    /// trail was not seen: a module that is not there, a template that is not at hand.
    #[arg(long, help_heading = "Exit code")]
    pub(super) strict: bool,
    /// End with exit code 1 where an exception is not needed, has run out, or does not count.
    #[arg(long, help_heading = "Exit code")]
    pub(super) fail_on_exceptions: bool,

    /// Run only this check; may be given several times, and runs checks that are off by default too.
    #[arg(long = "check", value_name = "CHECK", value_parser = check_names(), hide_possible_values = true, help_heading = "Checks")]
    pub(super) only: Vec<String>,
    /// Leave a check out; may be given several times.
    #[arg(long = "skip", value_name = "CHECK", value_parser = check_names(), hide_possible_values = true, help_heading = "Checks")]
    pub(super) skip: Vec<String>,
    /// Answer to the controls of a profile, by its id or a file of the same form: runs its checks, sets its parameters, and
    /// adds a table of its controls to the report. May be given several times.
    #[arg(long = "profile", value_name = "ID|FILE", help_heading = "Checks")]
    pub(super) profiles: Vec<String>,
    /// Run the checks that are off by default, too.
    #[arg(long, help_heading = "Checks")]
    pub(super) all_checks: bool,

    /// Judge every trail by itself, rather than what the trails of a template record together.
    #[arg(long, help_heading = "What is judged")]
    pub(super) each_trail: bool,
    /// A bucket that holds the logs, beside those that a trail names: name or logical id, `*` for all.
    #[arg(long = "log-bucket", value_name = "BUCKET", help_heading = "What is judged")]
    pub(super) log_buckets: Vec<String>,
    /// A key that encrypts the logs: logical id, `*` for all.
    #[arg(long = "log-key", value_name = "KEY", help_heading = "What is judged")]
    pub(super) log_keys: Vec<String>,
    /// A log group that receives the events: name or logical id, `*` for all.
    #[arg(long = "log-group", value_name = "GROUP", help_heading = "What is judged")]
    pub(super) log_groups: Vec<String>,
    /// A topic that announces deliveries: name or logical id, `*` for all.
    #[arg(long = "trail-topic", value_name = "TOPIC", help_heading = "What is judged")]
    pub(super) trail_topics: Vec<String>,
    /// An account, organization or principal that may read the logs beside the own account, or a role or user that may
    /// change the trails: id or ARN.
    #[arg(long = "trust", value_name = "ID", help_heading = "What is judged")]
    pub(super) trusted: Vec<String>,
    /// The account that keeps the logs, by its id, for `bucket_in_trail_account`.
    #[arg(long, value_name = "ACCOUNT", help_heading = "What is judged")]
    pub(super) log_archive: Option<String>,
    /// Days that logs must be kept; wins over profiles. 365 where nothing says otherwise.
    #[arg(long, value_name = "DAYS", help_heading = "What is judged")]
    pub(super) required_days: Option<u32>,
    /// A tag key that trails and event data stores must have; may be given several times.
    #[arg(long = "required-tag", value_name = "KEY", help_heading = "What is judged")]
    pub(super) required_tags: Vec<String>,
    /// A service whose calls through VPC endpoints must be recorded, as an event source such as `s3.amazonaws.com`, for
    /// `trail_network_activity_missing`; may be given several times.
    #[arg(long, value_name = "SOURCE", help_heading = "What is judged")]
    pub(super) network_activity: Vec<String>,
    /// A type of resources whose data events must be recorded, such as `AWS::SQS::Queue`, for
    /// `trail_data_event_types_missing`; may be given several times.
    #[arg(long, value_name = "TYPE", help_heading = "What is judged")]
    pub(super) data_events: Vec<String>,

    #[command(flatten)]
    pub(super) decisions: ConfigArgs,
    /// The tree of the branch that a change goes to, such as `git worktree` makes it: what is decided there counts, and what is
    /// found there is not new. What the change itself decides is listed as pending.
    #[arg(long, value_name = "DIR", help_heading = "Decisions")]
    pub(super) base: Option<PathBuf>,
    /// The file of what was known before: only what is new counts. `trailproof baseline write` makes it.
    #[arg(long, value_name = "FILE", conflicts_with = "no_baseline", help_heading = "Decisions")]
    pub(super) baseline: Option<PathBuf>,
    /// Hold nothing against a baseline.
    #[arg(long, help_heading = "Decisions")]
    pub(super) no_baseline: bool,
    /// Let the baseline hold back what fails with another value, too.
    #[arg(long, help_heading = "Decisions")]
    pub(super) baseline_loose: bool,
    /// Leave out what a pattern means, of what is found in directories: `*` inside a name, `**` through directories.
    #[arg(long, value_name = "PATTERN", help_heading = "What is read")]
    pub(super) exclude: Vec<String>,
    /// Read what git ignores, too.
    #[arg(long, help_heading = "What is read")]
    pub(super) no_gitignore: bool,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Format] {
        &Format::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.purpose()))
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ShowArg {
    /// What could not be told, and why.
    Unknown,
    /// What passes.
    Pass,
    /// What a team decided to hold back, by whom and why.
    Suppressed,
    /// Everything: unknown, passes, what does not apply, what is held back, skipped files.
    All,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SeverityArg {
    Low,
    Medium,
    High,
    Critical,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Severity {
        match severity {
            SeverityArg::Low => Severity::Low,
            SeverityArg::Medium => Severity::Medium,
            SeverityArg::High => Severity::High,
            SeverityArg::Critical => Severity::Critical,
        }
    }
}

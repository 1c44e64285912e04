//! `trailproof init`: a first configuration from what is found, with its keys explained, and a baseline.

use super::arguments::CheckArgs;
use super::check::{self, Run};
use super::files;
use super::{Failure, print};
use crate::policy::baseline::{Baseline, NAME};
use crate::policy::config::NAMES;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Write no baseline.
    #[arg(long)]
    without_baseline: bool,
    #[command(flatten)]
    check: Box<CheckArgs>,
}

pub(super) fn run(args: &InitArgs) -> Result<u8, Failure> {
    if let Some(name) = NAMES.iter().find(|name| Path::new(name).exists()) {
        return Err(Failure(format!("{name} is there already")));
    }
    let Run { report, .. } = match check::judged(&args.check, false)? {
        Ok(run) => run,
        Err(report) => {
            print(&check::plain(&report))?;
            return Ok(2);
        }
    };
    let entries = Baseline::of(&report, &Baseline::default(), check::today());
    let writes = !args.without_baseline && !entries.is_empty() && report.problems.is_empty();
    if writes && Path::new(NAME).exists() {
        return Err(Failure(format!("{NAME} is there already")));
    }
    let mut accounts: BTreeMap<&str, &str> = BTreeMap::new();
    for id in report.outcomes.iter().filter_map(|outcome| outcome.subject.account.as_deref()) {
        accounts.entry(id).or_insert("");
    }
    for member in &report.coverage.members {
        accounts.insert(&member.id, member.name.as_deref().unwrap_or_default());
    }
    let text = text(&accounts, writes, !report.hints.is_empty());
    files::write_text(&PathBuf::from("trailproof.yaml"), &text)?;
    let mut said = "trailproof.yaml is written\n".to_owned();
    if writes {
        files::write_text(&PathBuf::from(NAME), &Baseline::render(&entries))?;
        said.push_str(&format!("{NAME} holds {} findings: only new ones fail from now on\n", entries.len()));
    }
    for problem in &report.problems {
        said.push_str(&crate::report::escape::visible(&format!("not read: {}: {}", problem.file, problem.message)));
        said.push('\n');
    }
    print(&said)?;
    Ok(0)
}

fn text(accounts: &BTreeMap<&str, &str>, has_baseline: bool, has_peers: bool) -> String {
    let mut text = "# What this team decides about its audit trail: `trailproof config schema` has every key.\n\
                    schema: trailproof.config/1\n\n\
                    # The mildest severity that makes a run fail.\nfail_on: medium\n\n\
                    # Days that logs must be kept.\nsettings:\n  required_days: 365\n"
        .to_owned();
    if !accounts.is_empty() {
        text.push_str(
            "\n# The accounts by their ids: names for reports, and the place of what no source declares.\naccounts:\n",
        );
        for (id, name) in accounts {
            text.push_str(&format!(
                "  \"{id}\":\n    name: {}\n",
                serde_json::Value::from(if name.is_empty() { *id } else { *name })
            ));
        }
    }
    if has_baseline {
        text.push_str(&format!("\n# What was there on the first day: only what is new fails.\nbaseline: {NAME}\n"));
    }
    if has_peers {
        text.push_str("\n# Comments for other tools that count here, too.\n# peers:\n#   honour: [checkov, trivy]\n");
    }
    text.push_str(
        "\n# What is known and accepted, where no comment can stand: `trailproof allow add` writes it.\n# allow:\n#   - check: \
         trail_without_kms_key\n#     address: aws_cloudtrail.main\n#     until: 2027-06-30\n#     owner: platform\n#     \
         reason: the key moves with the new account\n",
    );
    text
}

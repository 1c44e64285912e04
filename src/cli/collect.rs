//! `trailproof collect`, and how `trailproof scan` asks: flags to options, and what came of it to the terminal.

use super::{Failure, files, print};
use crate::collect::{self, Options, Organization, Outcome, Unanswered};
use crate::report::escape;
use crate::source::MAX_FILE_BYTES;
use clap::Args;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

pub(super) const EXIT_CODES: &str = "Exit codes:
  0  evidence is written; what was not answered is listed
  2  nobody could be asked, or nothing be written";

/// Where evidence goes if nobody says.
const FOLDER: &str = "evidence";

/// How a member account is entered.
const ASSUME: &str = "sts:AssumeRole";

/// Why a role refuses, most often.
const ROLE_HELP: &str = "the account has no role of that name (--role-name), its trust asks for an --external-id or a \
     --source-identity that was not given, or the caller may not use `sts:AssumeRole` and `sts:SetSourceIdentity` \
     (trailproof policy role/scan, role/scan_caller)";

#[derive(Debug, Args)]
pub(super) struct CollectArgs {
    /// Where the evidence goes: a file for each account, for its owner alone.
    #[arg(long, value_name = "DIR", default_value = FOLDER)]
    out: PathBuf,
    /// Look for changes of trails and event data stores, too, which every deployment makes: what
    /// `account_trail_changes_seen` asks for, which is off by default.
    #[arg(long)]
    changes: bool,
    #[command(flatten)]
    asking: AskArgs,
}

#[derive(Debug, Args)]
pub(super) struct AskArgs {
    /// A profile of the AWS configuration; without it, credentials are searched for as every AWS tool does.
    #[arg(long, value_name = "PROFILE", help_heading = "AWS")]
    aws_profile: Option<String>,
    /// Ask only in this Region; may be given several times. Without it, in every enabled one.
    #[arg(long = "region", value_name = "REGION", help_heading = "AWS")]
    regions: Vec<String>,
    /// Ask this in place of AWS.
    #[arg(long, value_name = "URL", value_parser = url, help_heading = "AWS")]
    endpoint_url: Option<String>,
    /// How many requests may be under way at once.
    #[arg(long, value_name = "COUNT", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..), help_heading = "AWS")]
    concurrency: u16,
    /// How long one request may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..), help_heading = "AWS")]
    timeout: u32,
    /// Go on where an earlier run stopped: what its evidence holds is not asked again.
    #[arg(long, requires = "out", help_heading = "AWS")]
    resume: bool,
    /// Ask again, too, what an earlier run heard longer ago: seconds, or a number with `m`, `h` or `d` behind it.
    #[arg(long, value_name = "AGE", default_value = "1d", value_parser = age, requires = "resume", help_heading = "AWS")]
    max_age: Duration,

    /// Ask every account of the organization; for its management account and delegated administrators.
    #[arg(long, requires = "role_name", help_heading = "Organization")]
    organization: bool,
    /// The role to assume in each member account; `trailproof policy role/scan` prints one.
    #[arg(long, value_name = "NAME", requires = "organization", help_heading = "Organization")]
    role_name: Option<String>,
    /// The external id that the role asks for.
    #[arg(long, value_name = "ID", requires = "organization", help_heading = "Organization")]
    external_id: Option<String>,
    /// A name that CloudTrail writes beside everything that is asked with the role; `role/scan` asks for one.
    #[arg(long, value_name = "NAME", requires = "organization", help_heading = "Organization")]
    source_identity: Option<String>,
    /// How long a session lasts before it is renewed; an hour where the asker is a role itself.
    #[arg(
        long, value_name = "SECONDS", default_value_t = 3600, value_parser = clap::value_parser!(i32).range(900..=43200),
        requires = "organization", help_heading = "Organization"
    )]
    session_duration: i32,
    /// Only the accounts below this organizational unit: its id, or the names from the root (`Root/Security`); may be
    /// given several times.
    #[arg(long = "ou", value_name = "UNIT", requires = "organization", help_heading = "Organization")]
    units: Vec<String>,
    /// Only this account: its id or name; may be given several times.
    #[arg(long = "account", value_name = "ACCOUNT", requires = "organization", help_heading = "Organization")]
    accounts: Vec<String>,
}

impl AskArgs {
    fn options(&self, out: &Path, changes: bool) -> Result<Options, Failure> {
        let ca_bundle = ca_bundle()?;
        let organization = self.organization.then(|| Organization {
            role: self.role_name.clone().unwrap_or_default(),
            external_id: self.external_id.clone(),
            source_identity: self.source_identity.clone(),
            session: self.session_duration,
            units: self.units.clone(),
            accounts: self.accounts.clone(),
        });
        let is_terminal = std::io::stderr().is_terminal();
        Ok(Options {
            profile: self.aws_profile.clone(),
            regions: self.regions.clone(),
            endpoint: self.endpoint_url.clone(),
            ca_bundle,
            organization,
            changes,
            concurrency: usize::from(self.concurrency),
            timeout: Duration::from_secs(u64::from(self.timeout)),
            out: out.to_owned(),
            resume: self.resume,
            max_age: self.max_age,
            clock: now,
            show: if is_terminal { on_terminal } else { in_log },
            interval: if is_terminal { Duration::from_millis(250) } else { Duration::from_secs(10) },
        })
    }

    /// Asks, and says on standard error what came of it.
    pub(super) fn ask(&self, out: &Path, changes: bool) -> Result<Outcome, Failure> {
        let options = self.options(out, changes)?;
        let outcome = collect::run(&options);
        if std::io::stderr().is_terminal() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
        let outcome = outcome.map_err(Failure)?;
        let _ = std::io::stderr().write_all(summary(&outcome).as_bytes());
        Ok(outcome)
    }
}

/// A URL as the SDK wants it.
fn url(text: &str) -> Result<String, String> {
    match text.split_once("://") {
        Some(("http" | "https", rest)) if !rest.is_empty() => Ok(text.to_owned()),
        _ => Err("a URL begins with `https://` or `http://`".to_owned()),
    }
}

/// The certificate authorities that every AWS tool takes from the environment.
fn ca_bundle() -> Result<Option<(String, Vec<u8>)>, Failure> {
    #[expect(clippy::disallowed_methods, reason = "the environment is the command line's business")]
    let Some(path) = std::env::var_os("AWS_CA_BUNDLE").filter(|path| !path.is_empty()) else { return Ok(None) };
    let name = Path::new(&path).display().to_string();
    match files::read_bytes(Path::new(&path), MAX_FILE_BYTES) {
        Ok(Some(bytes)) => Ok(Some((name, bytes))),
        Ok(None) => Err(Failure(format!("AWS_CA_BUNDLE, {name}: the file is too large"))),
        Err(error) => Err(Failure(format!("AWS_CA_BUNDLE, {name}: {error}"))),
    }
}

/// A time span as it is written on the command line.
fn age(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
    let unit = match text.get(digits.len()..).unwrap_or_default() {
        "" | "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        "d" => Some(24 * 3600),
        _ => None,
    };
    let seconds = unit.zip(digits.parse::<u64>().ok()).and_then(|(unit, count)| count.checked_mul(unit));
    match seconds {
        Some(seconds) if seconds > 0 => Ok(Duration::from_secs(seconds)),
        Some(_) => Err("nothing is that young: leave --resume out to ask everything again".to_owned()),
        None => Err("an age is a number of seconds, or one with `m`, `h` or `d` behind it, as in `12h`".to_owned()),
    }
}

#[expect(clippy::disallowed_methods, reason = "the time is the command line's business")]
fn now() -> SystemTime {
    SystemTime::now()
}

fn on_terminal(line: &str) {
    let _ = write!(std::io::stderr(), "\r\x1b[K{line}");
}

fn in_log(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

pub(super) fn run(args: &CollectArgs) -> Result<u8, Failure> {
    let outcome = args.asking.ask(&args.out, args.changes)?;
    let files: String = outcome.files.iter().map(|path| format!("{}\n", path.display())).collect();
    print(&files)?;
    if !outcome.interrupted {
        return Ok(0);
    }
    Err(Failure(match outcome.files.is_empty() {
        true => "the run was stopped before anything was written".to_owned(),
        false => "the run was stopped before its end: `--resume` goes on with what is written".to_owned(),
    }))
}

/// What was asked, and what was asked in vain: once for each call and reason, with the accounts it concerns.
fn summary(outcome: &Outcome) -> String {
    let mut text = String::new();
    for note in &outcome.notes {
        let _ = writeln!(text, "note: {}", escape::visible(note));
    }
    let mut reasons: BTreeMap<(&str, String), Vec<&Unanswered>> = BTreeMap::new();
    for it in &outcome.unanswered {
        let help = match &it.permission {
            // A role refuses for reasons of its own, which only AWS's words tell.
            Some(_) if it.call == ASSUME => format!("{}: {}; {ROLE_HELP}", it.code, it.message),
            Some(permission) => format!("{}: allow `{permission}`", it.code),
            None if it.denied_by_organization => format!("{}: a policy of the organization denies it", it.code),
            None => format!("{}: {}", it.code, it.message),
        };
        reasons.entry((&it.call, help)).or_default().push(it);
    }
    for ((call, help), them) in reasons {
        let name = |it: &Unanswered| it.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        let place = |it: &&Unanswered| escape::visible(&format!("{}{} {}", name(it), it.account, it.region));
        let mut places: Vec<String> = them.iter().map(place).collect();
        places.dedup();
        let more = places.len().saturating_sub(3);
        places.truncate(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(text, "not answered: {call} in {}{more}: {}", places.join(", "), escape::visible(&help));
    }
    let accounts = match outcome.files.len() {
        1 => "1 account".to_owned(),
        several => format!("{several} accounts"),
    };
    let (calls, requests, finished) = (outcome.calls, outcome.requests, outcome.finished);
    let end = match outcome.interrupted {
        true => format!("{finished} of them to the end"),
        false => format!("{} without answer", outcome.unanswered.len()),
    };
    let _ = writeln!(text, "{accounts}, {calls} calls in {requests} requests, {end}");
    text
}

#[cfg(test)]
mod tests {
    use super::age;
    use std::time::Duration;

    #[test]
    fn an_age_has_a_unit_or_is_in_seconds() {
        for (text, seconds) in [("90", 90), ("90s", 90), ("5m", 300), ("12h", 43_200), ("1d", 86_400)] {
            assert_eq!(age(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "0", "0d", "-1", "1w", "d", "1.5h", "99999999999999999999", "9999999999999999999d"] {
            assert!(age(text).is_err(), "{text}");
        }
    }
}

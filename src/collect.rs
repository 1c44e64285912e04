//! Asks the APIs of AWS what an account has, and writes down what they answered: the only code that talks to AWS. It
//! judges nothing.
//!
//! Each call is one of the table [`crate::read::account::CALLS`], is asked once, and is kept with its answer or its error
//! in a file for each account (`collect/evidence.rs`). An account is asked for its trails in every Region, then for what
//! they lead to (`collect/whole.rs`); in an organization, what one account's trails name is asked of the account that
//! owns it (`collect/estate.rs`). No failure of a call ends a run.

mod account;
mod buckets;
mod choice;
mod clients;
mod clock;
mod credentials;
mod earlier;
mod estate;
mod evidence;
mod fields;
mod history;
mod http;
mod identities;
mod keys;
mod listen;
mod logs;
mod organization;
mod pace;
mod places;
mod progress;
mod refs;
mod refusal;
mod resume;
mod start;
mod stop;
mod stores;
mod topics;
mod trails;
mod whole;
mod wire;

pub use evidence::Unanswered;
pub use stop::or_stopped;

use account::{Account, lock};
use aws_config::SdkConfig;
use clock::Clock;
use pace::Pace;
use progress::Progress;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant, SystemTime};
use stop::Stop;

/// What to collect, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// A profile of the AWS configuration.
    pub profile: Option<String>,
    /// The Regions to ask; none for all that are enabled.
    pub regions: Vec<String>,
    /// Where every service is asked, in place of AWS.
    pub endpoint: Option<String>,
    /// Certificate authorities to trust in place of the system's: the file's name, and its bytes.
    pub ca_bundle: Option<(String, Vec<u8>)>,
    /// The whole organization, if wanted.
    pub organization: Option<Organization>,
    /// Whether the event history is asked for changes, too, which every deployment makes.
    pub changes: bool,
    /// How many requests may be under way at once.
    pub concurrency: usize,
    /// How long one request may take.
    pub timeout: Duration,
    /// The folder of the evidence.
    pub out: PathBuf,
    /// Goes on where an earlier run stopped.
    pub resume: bool,
    /// What an earlier run heard is asked again when it is older than this.
    pub max_age: Duration,
    /// Tells the time.
    pub clock: fn() -> SystemTime,
    /// Shows how far the run is.
    pub show: fn(&str),
    /// How often.
    pub interval: Duration,
}

/// Which accounts of an organization, and how to get in.
#[derive(Clone, Debug)]
pub struct Organization {
    /// The role to assume in each member account.
    pub role: String,
    /// What the role's trust asks for.
    pub external_id: Option<String>,
    /// A name that is recorded beside everything that is asked with the role.
    pub source_identity: Option<String>,
    /// How long a session lasts, in seconds; it is renewed when it ends.
    pub session: i32,
    /// Only what is below these: ids, names from the root such as `Root/Security`.
    pub units: Vec<String>,
    /// Only these accounts: ids or names.
    pub accounts: Vec<String>,
}

/// What came of a run.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// Accounts whose files are whole.
    pub finished: usize,
    /// Calls that were made, each page of an answer counted as part of one.
    pub calls: u64,
    /// Requests that went out, pages and repetitions counted.
    pub requests: u64,
    /// Calls without answer.
    pub unanswered: Vec<Unanswered>,
    /// What the user may not expect: accounts that were left out, parts of the organization that may not be seen.
    pub notes: Vec<String>,
    /// Whether the run was stopped before its end.
    pub interrupted: bool,
}

/// What all accounts of a run share.
#[derive(Debug)]
struct Run {
    base: SdkConfig,
    partition: &'static str,
    regions: Vec<String>,
    /// Whether members of an organization are asked, each with its own credentials.
    organization: bool,
    /// Those members of the organization that are asked what they have, once they are chosen.
    members: OnceLock<BTreeSet<String>>,
    /// Whether the event history is asked for changes, too.
    changes: bool,
    out: PathBuf,
    /// The ARN of whoever started the run, once it is known.
    caller: OnceLock<String>,
    clock: Clock,
    pace: Pace,
    progress: Progress,
    /// What an earlier run heard before this time is asked again; none where its evidence is not looked at.
    resumes: Option<SystemTime>,
    /// Accounts that are being asked: what they have is written now and then, and where the run is stopped.
    open: Mutex<BTreeMap<String, Arc<Account>>>,
    /// The files that were written so far.
    written: Mutex<BTreeSet<PathBuf>>,
}

/// How often the evidence of accounts that are being asked is written: so much is lost to whoever kills the process.
const KEEP: Duration = Duration::from_secs(2);

/// Collects, and writes the evidence.
///
/// # Errors
///
/// Where nobody can be asked at all: without credentials, without a folder to write to, without an organization to walk.
pub fn run(options: &Options) -> Result<Outcome, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("no thread can be started: {error}"))?;
    runtime.block_on(collect(options))
}

async fn collect(options: &Options) -> Result<Outcome, String> {
    evidence::make(&options.out).map_err(|error| format!("cannot write to {}: {error}", options.out.display()))?;
    let mut stop = Stop::new().map_err(|error| format!("signals cannot be listened to: {error}"))?;
    let begun = tokio::select! {
        begun = start::begin(options) => begun?,
        () = stop.told() => return Ok(Outcome { interrupted: true, ..Outcome::default() }),
    };
    let (run, caller) = begun;
    let stopped = tokio::select! {
        outcome = estate::ask(&run, caller, options) => Ok(outcome?),
        () = watch(&run, &mut stop, options) => Err(()),
    };
    let mut outcome = stopped.unwrap_or_else(|()| Outcome { interrupted: true, ..Outcome::default() });
    if outcome.interrupted {
        keep(&run);
    }
    let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    outcome.files = lock(&run.written).iter().cloned().collect();
    outcome.finished = run.progress.done.load(Ordering::Relaxed);
    (outcome.calls, outcome.requests) = (count(&run.progress.calls), count(&run.progress.sent));
    Ok(outcome)
}

/// Shows how far the run is and keeps what it has, until somebody stops it.
async fn watch(run: &Arc<Run>, stop: &mut Stop, options: &Options) {
    let since = Instant::now();
    let mut shown = tokio::time::interval(options.interval);
    let mut kept = tokio::time::interval(KEEP);
    // The first tick of either comes at once.
    tokio::join!(shown.tick(), kept.tick());
    loop {
        tokio::select! {
            _ = shown.tick() => (options.show)(&run.progress.line(since.elapsed())),
            _ = kept.tick() => keep(run),
            () = stop.told() => return,
        }
    }
}

/// Writes what accounts that are being asked have so far. What cannot be written now is tried again at the end, and told
/// then.
fn keep(run: &Run) {
    let open: Vec<Arc<Account>> = lock(&run.open).values().cloned().collect();
    open.iter().for_each(|account| drop(account.write(false)));
}

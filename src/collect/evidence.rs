//! The file of an account: a header, and every call with its answer, in a fixed order.

use super::account::{Account, Asked, Question, is_absent, lock};
use super::places::account_of;
use super::refusal::Refusal;
use crate::read::account::Call;
use serde::Serialize;
use serde_json::Value;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What the format is called; a change that readers must know gives it a new number.
pub(super) const SCHEMA: &str = "trailproof.evidence/1";

#[derive(Serialize)]
struct File<'a> {
    schema: &'static str,
    tool: Tool,
    partition: &'a str,
    /// The ARN of whoever started the run; members of an organization were asked through its role.
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
    account: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    /// Whether everything was asked, and everything answered that verdicts rest on.
    complete: bool,
    regions: Vec<String>,
    disabled: Vec<String>,
    calls: Vec<Entry>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Entry {
    service: String,
    operation: String,
    region: String,
    input: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refusal>,
    at: String,
}

/// A call without answer.
#[derive(Clone, Debug)]
pub struct Unanswered {
    /// The account.
    pub account: String,
    /// What the organization calls it.
    pub name: Option<String>,
    /// `service:operation`.
    pub call: String,
    /// The Region.
    pub region: String,
    /// What the service said.
    pub code: String,
    /// More of it.
    pub message: String,
    /// The IAM action that is missing, where that is the reason.
    pub permission: Option<String>,
    /// Whether a policy of the organization denies it.
    pub denied_by_organization: bool,
    /// Whether verdicts rest on it.
    pub is_judged: bool,
}

impl Account {
    /// What was asked in vain. Nobody is owed an answer about another account's trail.
    pub(super) fn unanswered(&self) -> Vec<Unanswered> {
        let failed = |((service, operation, region, input), asked): (Question, Asked)| {
            let refusal = asked.answer.err()?;
            let input: Value = serde_json::from_str(&input).unwrap_or_default();
            let trail = ["Name", "TrailName"].iter().find_map(|name| input.get(name)?.as_str());
            let foreign = trail.is_some_and(|arn| account_of(arn) != self.id);
            let disabled = lock(&self.regions).1.contains(&region);
            (!foreign && !disabled && !is_absent(&service, &operation, &refusal.code)).then(|| Unanswered {
                account: self.id.clone(),
                name: self.name.clone(),
                call: format!("{service}:{operation}"),
                region,
                denied_by_organization: refusal.is_by_organization(),
                is_judged: Call::find(&service, &operation).is_none_or(|call| call.is_judged),
                code: refusal.code,
                message: refusal.message,
                permission: refusal.permission,
            })
        };
        self.answered().into_iter().filter_map(failed).collect()
    }

    /// Writes the file: for its owner alone, and all of it or nothing. What is there is not written over by less before the
    /// account was asked for everything.
    pub(super) fn write(&self, finished: bool) -> io::Result<()> {
        let path = path_of(&self.run.out, &self.id);
        let mut kept = lock(&self.kept);
        let answers = self.answers();
        if !finished && (kept.finished || answers <= kept.answers) {
            return Ok(());
        }
        let (regions, disabled) = lock(&self.regions).clone();
        let known = |((_, _, region, _), _): &(Question, Asked)| !disabled.contains(region);
        let calls = self.answered().into_iter().filter(known).map(|((service, operation, region, input), asked)| {
            let (output, error) = match asked.answer {
                Ok(output) => (Some(output), None),
                Err(refusal) => (None, Some(refusal)),
            };
            let input = serde_json::from_str(&input).unwrap_or_default();
            Entry { service, operation, region, input, output, error, at: asked.at }
        });
        let file = File {
            schema: SCHEMA,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            partition: self.run.partition,
            caller: self.run.caller.get().map(String::as_str),
            account: &self.id,
            name: self.name.as_deref(),
            path: self.path.as_deref(),
            complete: finished && !kept.is_partial && !self.unanswered().iter().any(|call| call.is_judged),
            calls: calls.collect(),
            regions,
            disabled,
        };
        let mut text = serde_json::to_vec_pretty(&file)?;
        text.push(b'\n');
        write(&path, &text)?;
        (kept.finished, kept.answers) = (kept.finished || finished, answers);
        lock(&self.run.written).insert(path);
        Ok(())
    }
}

/// Where an account's evidence is.
pub(super) fn path_of(folder: &Path, account: &str) -> PathBuf {
    folder.join(format!("{account}.json"))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("json.new");
    // A leftover of a run that was killed may have other permissions.
    let _ = fs::remove_file(&new);
    let written = create(&new).and_then(|mut file| file.write_all(bytes)).and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // Where the disk is full its half would only be in the way.
        let _ = fs::remove_file(&new);
    }
    written
}

/// A new file for its owner alone.
fn create(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes the folder of the evidence, for its owner alone, and tries to write there before anybody is asked.
pub(super) fn make(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let trial = folder.join(format!(".trailproof-{}.new", std::process::id()));
    let _ = fs::remove_file(&trial);
    let tried = create(&trial).and_then(|mut file| file.write_all(b"\n"));
    let _ = fs::remove_file(&trial);
    tried
}

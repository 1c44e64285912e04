//! What was looked at, and what was not there to be looked at or gave no answer.

use super::super::accounts::Accounts;
use super::super::paper::Paper;
use super::super::{AccountRead, Report, Show};
use super::{by_severity, place, plural};
use crate::judge::Outcome;
use crate::page::Severity;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What was not there to be looked at: modules, templates and files, the sources of plans, and what plans leave out; and
/// values that do not count.
pub(super) fn out_of_sight(out: &mut Paper, report: &Report, show: Show) {
    let coverage = &report.coverage;
    let unseen = coverage.unseen.iter().map(|unseen| {
        let place = unseen.span.map_or_else(|| unseen.name.clone(), |span| place(&report.sources, span));
        let trail = if unseen.may_hold_trail { "; a trail may be declared there" } else { "" };
        format!("not seen   {place}  {}{trail}", unseen.why)
    });
    let alone = coverage.plans_without_source.iter().map(|plan| {
        let fix = "name its sources by --source DIR, or lay it into their directory";
        format!("no source  {plan}  findings stand in the plan: {fix}")
    });
    let partial = coverage.plans_partial.iter().map(|plan| {
        format!("partial    {plan}  it was made for some targets only, or puts parts off: the rest is not judged")
    });
    let lost = coverage.values_lost.iter().map(|lost| {
        let place = place(&report.sources, lost.span);
        format!("lost       {place}  {}", lost.why)
    });
    paragraph(out, &[unseen.collect(), alone.collect(), partial.collect(), lost.collect()], show);
}

/// Lists of lines and an empty line behind them, where there are any: of each list the first few unless all are asked for.
fn paragraph(out: &mut Paper, lists: &[Vec<String>], show: Show) {
    lists.iter().for_each(|lines| few(out, lines, show));
    if lists.iter().any(|lines| !lines.is_empty()) {
        out.blank();
    }
}

/// The first few lines, unless all are asked for.
fn few(out: &mut Paper, lines: &[String], show: Show) {
    const SHOWN: usize = 5;
    let most = if show.not_applicable { usize::MAX } else { SHOWN };
    lines.iter().take(most).for_each(|line| out.line(format_args!("{line}")));
    if lines.len() > most {
        out.line(format_args!("           and {} more: --show all lists them", lines.len() - most));
    }
}

/// The accounts that were read, and those of an organization in which something was found, each with its findings: the
/// worst first, of many the first few unless all are asked for.
pub(super) fn accounts(out: &mut Paper, report: &Report, show: Show, accounts: &Accounts) {
    let mut findings: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in report.failures() {
        if let Some(account) = outcome.subject.account.as_deref() {
            findings.entry(account).or_default().push(outcome);
        }
    }
    let of = |id: &str| findings.get(id).map(Vec::as_slice).unwrap_or_default();
    let worst = |id: &str| {
        let count = |severity| of(id).iter().filter(|outcome| outcome.check.page.severity == severity).count();
        let [low, medium, high, critical] = Severity::ALL.map(count);
        Reverse((critical, high, medium, low))
    };
    let read = &report.coverage.accounts;
    let found = findings.keys().copied().filter(|_| !read.is_empty());
    let mut all: Vec<&str> = read.iter().map(|account| account.id.as_str()).chain(found).collect();
    all.sort_by_cached_key(|id| (worst(id), *id));
    all.dedup();
    let lines = all.into_iter().map(|id| {
        let counts = by_severity(of(id).iter().copied()).join(" · ");
        let named = accounts.named(id);
        let known = [Some(id), named.name, named.path, Some(&counts)];
        let known: Vec<&str> = known.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        format!("account  {}", known.join("  "))
    });
    paragraph(out, &[lines.collect(), read.iter().map(evidence).collect(), as_of(report).into_iter().collect()], show);
}

/// Which file an account was judged by.
fn evidence(account: &AccountRead) -> String {
    let time = account.as_of.as_ref().map_or("undated".to_owned(), |(from, to)| span(from, to));
    format!("evidence {}  {time}  sha256 {}", account.file, account.digest)
}

/// As of when, by whom and over what accounts were judged.
fn as_of(report: &Report) -> Option<String> {
    let read = &report.coverage.accounts;
    read.first()?;
    let time = report.coverage.as_of().map_or("undated".to_owned(), |(from, to)| span(from, to));
    let callers: BTreeSet<&str> = read.iter().filter_map(|account| account.caller.as_deref()).collect();
    let regions: BTreeSet<&str> = read.iter().flat_map(|account| &account.regions).map(String::as_str).collect();
    let callers = callers.into_iter().map(|caller| format!("asked by {caller}"));
    let regions = match regions.len() {
        0 => None,
        1..=FEW_REGIONS => Some(format!("in {}", Vec::from_iter(regions).join(", "))),
        many => Some(format!("in {many} Regions")),
    };
    let known: Vec<String> = [time, plural(read.len(), "account")].into_iter().chain(regions).chain(callers).collect();
    Some(format!("as of    {}", known.join(" · ")))
}

/// Regions that are named before they are only counted.
const FEW_REGIONS: usize = 4;

fn span(from: &str, to: &str) -> String {
    if from == to { from.to_owned() } else { format!("{from} to {to}") }
}

/// The calls to AWS that were not answered, and evidence that is not complete.
pub(super) fn unanswered(out: &mut Paper, report: &Report, accounts: &Accounts) {
    let calls = report.unanswered();
    for ((_, why), folded) in &calls {
        let (place, count) = (place(&report.sources, folded.span), plural(folded.count, "call"));
        out.line(format_args!("not answered  {place}  {why} ({count}{})", accounts.among(&folded.accounts)));
    }
    let unlisted = report.coverage.unlisted();
    for (why, ids) in &unlisted {
        let who = accounts.among(ids);
        out.line(format_args!("not looked at  the trails{who} could be listed in no Region: {why}"));
    }
    let incomplete: BTreeSet<&str> = report.coverage.incomplete().map(|account| account.id.as_str()).collect();
    if !incomplete.is_empty() {
        let who = accounts.among(&incomplete);
        out.line(format_args!("not complete  the evidence says that answers are missing{who}"));
    }
    if !calls.is_empty() || !unlisted.is_empty() || !incomplete.is_empty() {
        out.blank();
    }
}

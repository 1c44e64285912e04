//! `trailproof.report/1`: every verdict, for machines. One result for each fault; columns are 1-based Unicode scalar
//! values, ends exclusive. Fields are only ever added within a version.

use super::Report;
use super::accounts::{Accounts, Named};
use super::escape;
use crate::judge::{Answer, News, Outcome};
use crate::read::UnseenKind;
use crate::source::{Sources, Span};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    tool: Tool,
    complete: bool,
    errors: Vec<Error<'a>>,
    results: Vec<Result<'a>>,
    exceptions: Vec<Exception<'a>>,
    hints: &'a [String],
    coverage: Coverage<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    profiles: Vec<Profile<'a>>,
}

/// A profile's controls and what came of them.
#[derive(Serialize)]
struct Profile<'a> {
    id: &'a str,
    title: &'a str,
    framework: &'a str,
    version: &'a str,
    controls: Vec<Control<'a>>,
}

#[derive(Serialize)]
struct Control<'a> {
    id: &'a str,
    title: &'a str,
    level: Option<u32>,
    assessment: Option<&'static str>,
    verdict: &'static str,
    checks: &'a [String],
    why: Option<&'a str>,
    note: Option<&'a str>,
    uncertain: Option<&'a str>,
}

/// A control that a result counts for.
#[derive(Serialize)]
struct Answered<'a> {
    profile: &'a str,
    control: &'a str,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Error<'a> {
    file: Option<&'a str>,
    message: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Result<'a> {
    fingerprint: &'a str,
    check: &'static str,
    severity: &'static str,
    verdict: &'static str,
    part: Option<&'a str>,
    subject: Subject<'a>,
    location: Option<Location<'a>>,
    property: Option<&'a str>,
    message: String,
    /// What to do about a finding.
    fix: Option<&'static str>,
    reasons: Vec<Reason<'a>>,
    assumed: &'a [String],
    fails_when: Option<&'a str>,
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    controls: Vec<Answered<'a>>,
    suppressed: Option<Held<'a>>,
    new: Option<&'a str>,
}

/// What holds a finding back.
#[derive(Serialize)]
struct Held<'a> {
    by: &'a str,
    id: Option<&'a str>,
    reason: &'a str,
    until: Option<&'a str>,
    owner: Option<&'a str>,
    kind: Option<&'a str>,
    location: Option<Location<'a>>,
}

/// What is to be said of an exception itself.
#[derive(Serialize)]
struct Exception<'a> {
    state: &'a str,
    check: Option<&'a str>,
    message: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Subject<'a> {
    kind: &'static str,
    address: &'a str,
    includes: Vec<&'a str>,
    account: Option<&'a str>,
    account_name: Option<&'a str>,
    account_path: Option<&'a str>,
    region: Option<&'a str>,
}

#[derive(Serialize)]
struct Location<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Reason<'a> {
    kind: &'static str,
    name: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Related<'a> {
    label: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Coverage<'a> {
    files_read: usize,
    files_skipped: Vec<Skipped<'a>>,
    modules_missing: Vec<Missing<'a>>,
    not_seen: Vec<Unseen<'a>>,
    values_lost: Vec<Lost<'a>>,
    plans_without_source: &'a [String],
    plans_partial: &'a [String],
    accounts: Vec<AccountRead<'a>>,
    calls_unanswered: Vec<Unanswered<'a>>,
    evidence_incomplete: Vec<&'a str>,
}

#[derive(Serialize)]
struct AccountRead<'a> {
    id: &'a str,
    name: Option<&'a str>,
    path: Option<&'a str>,
    file: &'a str,
    sha256: &'a str,
    as_of: Option<AsOf<'a>>,
    caller: Option<&'a str>,
    regions: &'a [String],
    /// Why its trails could be listed nowhere.
    unlisted: Option<&'a str>,
}

/// From when to when answers were given.
#[derive(Serialize)]
struct AsOf<'a> {
    from: &'a str,
    to: &'a str,
}

#[derive(Serialize)]
struct Unanswered<'a> {
    account: &'a str,
    permission: &'a str,
    why: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Missing<'a> {
    source: &'a str,
    why: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Unseen<'a> {
    what: &'static str,
    name: &'a str,
    why: &'a str,
    may_hold_trail: bool,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Lost<'a> {
    why: &'a str,
    location: Option<Location<'a>>,
}

#[derive(Serialize)]
struct Skipped<'a> {
    file: &'a str,
    why: &'a str,
}

/// The report as JSON, with a line break at its end.
pub fn render(report: &Report) -> String {
    let errors = report.problems.iter().map(|problem| Error {
        file: Some(problem.file.as_str()).filter(|file| !file.is_empty()),
        message: &problem.message,
        location: problem.span.and_then(|span| location(&report.sources, span)),
    });
    let skipped =
        report.coverage.files_skipped.iter().map(|skipped| Skipped { file: &skipped.file, why: &skipped.why });
    let place = |span: Option<Span>| span.and_then(|span| location(&report.sources, span));
    let modules = report.coverage.unseen.iter().filter(|unseen| unseen.what == UnseenKind::Module);
    let missing =
        modules.map(|module| Missing { source: &module.name, why: &module.why, location: place(module.span) });
    let unseen = report.coverage.unseen.iter().map(|unseen| Unseen {
        what: unseen.what.as_str(),
        name: &unseen.name,
        why: &unseen.why,
        may_hold_trail: unseen.may_hold_trail,
        location: place(unseen.span),
    });
    let lost = report.coverage.values_lost.iter();
    let lost = lost.map(|lost| Lost { why: &lost.why, location: location(&report.sources, lost.span) });
    let known = Accounts::of(report);
    let accounts = report.coverage.accounts.iter().map(|account| {
        let Named { name, path } = known.named(&account.id);
        AccountRead {
            id: &account.id,
            name,
            path,
            file: &account.file,
            sha256: &account.digest,
            as_of: account.as_of.as_ref().map(|(from, to)| AsOf { from, to }),
            caller: account.caller.as_deref(),
            regions: &account.regions,
            unlisted: account.unlisted(),
        }
    });
    let unanswered = report.coverage.calls_unanswered.iter().map(|call| Unanswered {
        account: &call.account,
        permission: &call.permission,
        why: &call.why,
        location: location(&report.sources, call.span),
    });
    let prints = report.fingerprints();
    let controls = super::controls::by_check(report);
    let answered = |outcome: &Outcome| {
        let named = controls.get(outcome.check.id).into_iter().flatten();
        named.map(|(profile, control)| Answered { profile, control }).collect::<Vec<_>>()
    };
    let document = Document {
        schema: "trailproof.report/1",
        tool: Tool { name: "trailproof", version: env!("CARGO_PKG_VERSION") },
        complete: report.is_complete(),
        errors: errors.collect(),
        exceptions: exceptions(report),
        hints: &report.hints,
        results: prints
            .iter()
            .zip(&report.outcomes)
            .map(|it| Result { controls: answered(it.1), ..result(report, it, &known) })
            .collect(),
        coverage: Coverage {
            files_read: report.coverage.files_read,
            files_skipped: skipped.collect(),
            modules_missing: missing.collect(),
            not_seen: unseen.collect(),
            values_lost: lost.collect(),
            plans_without_source: &report.coverage.plans_without_source,
            plans_partial: &report.coverage.plans_partial,
            accounts: accounts.collect(),
            calls_unanswered: unanswered.collect(),
            evidence_incomplete: report.coverage.incomplete().map(|account| account.file.as_str()).collect(),
        },
        profiles: report.controls.iter().map(profile).collect(),
    };
    escape::json(&document)
}

fn result<'a>(
    report: &'a Report,
    (fingerprint, outcome): (&'a String, &'a Outcome),
    accounts: &Accounts<'a>,
) -> Result<'a> {
    let account = accounts.get(&outcome.subject);
    Result {
        fingerprint,
        check: outcome.check.id,
        severity: outcome.check.page.severity.as_str(),
        verdict: outcome.answer.as_str(),
        part: outcome.part.as_deref(),
        subject: Subject {
            kind: outcome.subject.kind,
            address: &outcome.subject.address,
            includes: outcome.subject.includes.iter().map(|address| &**address).collect(),
            account: outcome.subject.account.as_deref(),
            account_name: account.and_then(|account| account.name),
            account_path: account.and_then(|account| account.path),
            region: outcome.subject.region.as_deref(),
        },
        location: location(&report.sources, outcome.span),
        property: Some(&*outcome.property).filter(|property| !property.is_empty()),
        message: outcome.message(),
        fix: (outcome.answer == Answer::Fail).then_some(outcome.check.page.fix),
        reasons: outcome
            .reasons
            .iter()
            .map(|why| Reason { kind: why.kind.as_str(), name: &why.name, text: &why.text })
            .collect(),
        assumed: &outcome.assumed,
        fails_when: outcome.fails_when.as_deref(),
        related: outcome
            .related
            .iter()
            .map(|related| Related { label: &related.label, location: location(&report.sources, related.span) })
            .collect(),
        controls: Vec::new(),
        suppressed: outcome.suppressed.as_ref().map(|held| Held {
            by: held.by,
            id: held.id.as_deref(),
            reason: &held.reason,
            until: held.until.as_deref(),
            owner: held.owner.as_deref(),
            kind: held.kind,
            location: held.place.and_then(|place| location(&report.sources, place)),
        }),
        new: outcome.news.map(News::as_str),
    }
}

fn exceptions(report: &Report) -> Vec<Exception<'_>> {
    let each = report.exceptions.iter().map(|exception| Exception {
        state: exception.state.as_str(),
        check: Some(&*exception.check).filter(|check| !check.is_empty()),
        message: &exception.message,
        location: location(&report.sources, exception.span),
    });
    each.collect()
}

fn profile(table: &super::controls::Table) -> Profile<'_> {
    Profile {
        id: &table.profile,
        title: &table.title,
        framework: &table.framework,
        version: &table.version,
        controls: table.rows.iter().map(control).collect(),
    }
}

fn control(row: &super::controls::Row) -> Control<'_> {
    Control {
        id: &row.id,
        title: &row.title,
        level: row.level,
        assessment: row.assessment,
        verdict: row.said.as_str(),
        checks: &row.checks,
        why: Some(&*row.text).filter(|text| !text.is_empty()),
        note: row.note.as_deref(),
        uncertain: row.uncertain.as_deref(),
    }
}

fn location(sources: &Sources, span: Span) -> Option<Location<'_>> {
    let file = sources.get(span.file)?;
    let (start, end) = (file.position(span.start), file.position(span.end));
    Some(Location {
        file: &file.name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    })
}

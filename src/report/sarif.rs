//! SARIF 2.1.0 that GitHub code scanning accepts.
//!
//! GitHub's rules (docs.github.com, "SARIF support for code scanning") are stricter than the schema: one run, each result
//! with a file and a tight region, no empty text, unique lists, severities as numbers on the rules. One result that breaks
//! them loses the whole upload, so they are kept here by construction and proved in `tests/formats.rs`.

mod decided;

use super::accounts::Accounts;
use super::escape::{self, sarif_text, uri_path, visible};
use super::identity::hash;
use super::{Report, Show};
use crate::checks::Check;
use crate::judge::{Answer, Outcome, Subject};
use crate::page::Severity;
use crate::source::{FileId, Span};
use serde_json::{Value, json};
use serde_sarif::sarif;
use std::collections::{BTreeMap, BTreeSet};

/// GitHub takes at most this many results in a run.
const MAX_RESULTS: usize = 25_000;

/// Descriptions of rules may have this many characters.
const MAX_DESCRIPTION: usize = 1_000;

/// Most places that a message links to.
const MAX_LINKS: usize = 8;

/// The report as SARIF. GitHub takes every result for a finding, so what passes or does not apply is none, whatever is to
/// be shown.
pub fn render(report: &Report, show: Show) -> String {
    let show = Show { unknown: show.unknown, suppressed: show.suppressed, ..Show::default() };
    let prints = report.fingerprints();
    let listed = prints.iter().zip(&report.outcomes).filter(|(_, outcome)| show.lists(outcome));
    let mut shown: Vec<(&String, &Outcome)> = listed.collect();
    let places = Places { report };
    let decided = decided::results(report, &places);
    let most = MAX_RESULTS.saturating_sub(decided.len());
    let left_out = shown.len().saturating_sub(most);
    if left_out > 0 {
        shown.sort_by_key(|(_, outcome)| {
            (outcome.answer != Answer::Fail, std::cmp::Reverse(outcome.check.page.severity))
        });
        shown.truncate(most);
    }
    let accounts = Accounts::of(report);
    let each = shown.iter().filter_map(|shown| result(report, *shown, &accounts, &places));
    let results: Vec<sarif::Result> = each.chain(decided).collect();
    let controls = super::controls::by_check(report);
    let own = |check: &&'static Check| rule(check, controls.get(check.id).map_or(&[], Vec::as_slice));
    let rules = report.checks.iter().map(own).chain(decided::rules(report));
    let tool = sarif::ToolComponent::builder()
        .name("trailproof")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(env!("CARGO_PKG_REPOSITORY"))
        .rules(rules.collect::<Vec<_>>())
        .build();
    let run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(tool).build())
        .automation_details(sarif::RunAutomationDetails::builder().id(category(report)).build())
        .column_kind(Value::from("unicodeCodePoints"))
        .newline_sequences(["\r\n", "\n", "\r"].map(str::to_owned).to_vec())
        .invocations(vec![invocation(report, &accounts, &places, left_out)])
        .results(results)
        .build();
    let mut run = run;
    run.properties = evidence(report, &places);
    let log = sarif::Sarif::builder()
        .schema("https://json.schemastore.org/sarif-2.1.0.json")
        .version(Value::from("2.1.0"))
        .runs(vec![run])
        .build();
    escape::json(&log)
}

/// What the results are about, so that those of one do not close those of another: GitHub takes what stands before the
/// last slash.
fn category(report: &Report) -> String {
    match report.coverage.accounts.as_slice() {
        [] if report.coverage.plans_without_source.is_empty() => "trailproof/source/".to_owned(),
        [] => "trailproof/plan/".to_owned(),
        [only] => format!("trailproof/account/{}/", visible(&only.id)),
        _ => "trailproof/accounts/".to_owned(),
    }
}

fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Critical | Severity::High => sarif::ResultLevel::Error,
        Severity::Medium => sarif::ResultLevel::Warning,
        Severity::Low => sarif::ResultLevel::Note,
    }
}

fn text(text: impl Into<String>) -> sarif::MultiformatMessageString {
    sarif::MultiformatMessageString::builder().text(text).build()
}

fn shortened(text: &str) -> String {
    let mut plain: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.chars().count() > MAX_DESCRIPTION {
        plain = plain.chars().take(MAX_DESCRIPTION).chain(['…']).collect();
    }
    plain
}

/// Most tags of a rule that GitHub takes.
const MAX_TAGS: usize = 20;

fn rule(check: &Check, controls: &[(&str, &str)]) -> sarif::ReportingDescriptor {
    // GitHub's steps: over 9.0 critical, from 7.0 high, from 4.0 medium.
    let (score, problem) = match check.page.severity {
        Severity::Critical => ("9.5", "error"),
        Severity::High => ("8.0", "error"),
        Severity::Medium => ("5.5", "warning"),
        Severity::Low => ("2.0", "recommendation"),
    };
    let properties = BTreeMap::from([
        ("security-severity".to_owned(), Value::from(score)),
        ("problem.severity".to_owned(), Value::from(problem)),
        ("precision".to_owned(), Value::from("very-high")),
    ]);
    // A control of one profile is named once, and no text is empty.
    let tags = controls.iter().map(|(profile, control)| visible(&format!("{profile}/{control}"))).take(MAX_TAGS - 3);
    let bag = sarif::PropertyBag::builder()
        .tags(["security", "audit-trail", "aws"].map(str::to_owned).into_iter().chain(tags).collect::<Vec<_>>())
        .additional_properties(properties)
        .build();
    let default = sarif::ReportingConfiguration::builder()
        .level(Value::from(level(check.page.severity).to_string()))
        .enabled(check.page.default_on)
        .build();
    let help = help(check);
    let help = sarif::MultiformatMessageString::builder().text(help.clone()).markdown(help).build();
    sarif::ReportingDescriptor::builder()
        .id(check.id)
        .name(check.id)
        .short_description(text(check.page.title()))
        .full_description(text(shortened(check.page.why())))
        .help(help)
        .help_uri(check.address())
        .default_configuration(default)
        .properties(bag)
        .build()
}

/// What `explain` says of a check, as Markdown.
fn help(check: &Check) -> String {
    let page = &check.page;
    let mut text = format!("{}\n\n**Fix:** {}\n", page.why(), page.fix);
    if let Some(example) = page.example("Fix", "yaml cloudformation").or_else(|| page.example("Fix", "hcl")) {
        text.push_str(&format!("\n```\n{example}\n```\n"));
    }
    text
}

/// Files and regions as SARIF names them.
struct Places<'a> {
    report: &'a Report,
}

impl Places<'_> {
    fn uri(&self, file: FileId) -> String {
        let name = self.report.path(file);
        if let Some(absolute) = name.strip_prefix('/') {
            return format!("file:///{}", uri_path(absolute));
        }
        uri_path(name)
    }

    fn physical(&self, span: Span) -> Option<sarif::PhysicalLocation> {
        let file = self.report.sources.get(span.file)?;
        let (start, end) = (file.position(span.start), file.position(span.end));
        let region = sarif::Region::builder()
            .start_line(i64::from(start.line))
            .start_column(i64::from(start.column))
            .end_line(i64::from(end.line))
            .end_column(i64::from(end.column))
            .build();
        let artifact = sarif::ArtifactLocation::builder().uri(self.uri(span.file)).build();
        Some(sarif::PhysicalLocation::builder().artifact_location(artifact).region(region).build())
    }
}

fn message(text: &str) -> sarif::Message {
    sarif::Message::builder().text(sarif_text(text)).build()
}

fn result(
    report: &Report,
    (print, outcome): (&String, &Outcome),
    accounts: &Accounts,
    places: &Places,
) -> Option<sarif::Result> {
    // A name is no message: programs look for what it is.
    let address = &*outcome.subject.address;
    let logical = sarif::LogicalLocation::builder().fully_qualified_name(address).kind("resource").build();
    let location = sarif::Location::builder()
        .physical_location(places.physical(outcome.span)?)
        .logical_locations(vec![logical])
        .build();
    let mut unique = BTreeSet::new();
    let related: Vec<sarif::Location> = outcome
        .related
        .iter()
        .filter(|related| unique.insert((related.span, related.label.clone())))
        .enumerate()
        .filter_map(|(number, related)| {
            let id = i64::try_from(number + 1).ok()?;
            let place = places.physical(related.span)?;
            Some(sarif::Location::builder().id(id).physical_location(place).message(message(&related.label)).build())
        })
        .collect();
    let (kind, level) = match outcome.answer {
        Answer::Fail => (sarif::ResultKind::Fail, level(outcome.check.page.severity)),
        Answer::Unknown => (sarif::ResultKind::Open, sarif::ResultLevel::None),
        Answer::Pass => (sarif::ResultKind::Pass, sarif::ResultLevel::None),
        Answer::NotApplicable => (sarif::ResultKind::NotApplicable, sarif::ResultLevel::None),
    };
    let index = report.checks.iter().position(|check| check.id == outcome.check.id)?;
    // GitHub shows related places where the message links to them.
    let links = related.iter().take(MAX_LINKS).filter_map(|location| {
        let label = location.message.as_ref()?.text.as_deref().filter(|label| !label.is_empty())?;
        Some(format!("[{label}]({})", location.id?))
    });
    let links: Vec<String> = links.collect();
    // Each alert is read by itself, so that nothing of this is said elsewhere.
    let place = match accounts.words(&outcome.subject, false) {
        words if words.is_empty() => words,
        words => format!(" ({words})"),
    };
    let mut linked = message(&format!("{}: {}{place}", outcome.subject.address, outcome.message()));
    if let (Some(text), false) = (&mut linked.text, links.is_empty()) {
        text.push_str(&format!(". See {}", links.join(", ")));
    }
    let mut result = sarif::Result::builder()
        .rule_id(outcome.check.id)
        .rule_index(i64::try_from(index).ok()?)
        .kind(kind)
        .level(level)
        .message(linked)
        .locations(vec![location])
        .partial_fingerprints(fingerprints(report, print, outcome))
        .build();
    result.properties = properties(&outcome.subject, accounts);
    if !related.is_empty() {
        result.related_locations = Some(related);
    }
    let is_old = outcome.suppressed.as_ref().is_some_and(|held| matches!(held.by, "baseline" | "base"));
    result.baseline_state = match (is_old, outcome.news) {
        (true, _) => Some(Value::from("unchanged")),
        (false, Some(_)) => Some(Value::from("new")),
        (false, None) => None,
    };
    result.suppressions = outcome.suppressed.as_ref().map(|held| vec![decided::suppression(held, places)]);
    Some(result)
}

/// The evidence that the results rest on: as of when, by whom, over what, and the hash of each file.
fn evidence(report: &Report, places: &Places) -> Option<sarif::PropertyBag> {
    let time = |(from, to): (&str, &str)| json!({"from": from, "to": to});
    let each = report.coverage.accounts.iter().map(|account| {
        let file = report.sources.iter().find(|(_, file)| file.name == account.file);
        let regions = account.regions.iter().map(|region| visible(region)).collect::<Vec<_>>();
        let known = [
            ("account", Some(json!(account.id))),
            ("file", file.map(|(file, _)| json!(places.uri(file)))),
            ("sha256", Some(json!(account.digest))),
            ("asOf", account.as_of.as_ref().map(|(from, to)| time((from, to)))),
            ("caller", account.caller.as_deref().map(|caller| json!(visible(caller)))),
            ("regions", Some(json!(regions))),
        ];
        known.into_iter().filter_map(|(key, value)| Some((key, value?))).collect::<BTreeMap<_, _>>()
    });
    let each: Vec<Value> = each.map(|known| json!(known)).collect();
    let known = [("asOf", report.coverage.as_of().map(time)), ("evidence", Some(Value::from(each.clone())))];
    let known = known.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?)));
    (!each.is_empty())
        .then(|| sarif::PropertyBag::builder().additional_properties(known.collect::<BTreeMap<_, _>>()).build())
}

/// What a result is known by. The hash of its line is the upload action's, which reads the file; where no repository holds
/// that, it is ours.
fn fingerprints(report: &Report, print: &str, outcome: &Outcome) -> BTreeMap<String, String> {
    let mut all = BTreeMap::from([("trailproof/v1".to_owned(), print.to_owned())]);
    let path = report.path(outcome.span.file);
    if path.starts_with('/') || outcome.is_live {
        all.insert("primaryLocationLineHash".to_owned(), format!("{}:1", hash(print)));
    }
    all
}

/// The account and the Region, for programs.
fn properties(subject: &Subject, accounts: &Accounts) -> Option<sarif::PropertyBag> {
    let account = accounts.get(subject);
    let known = [
        ("account", subject.account.as_deref()),
        ("accountName", account.and_then(|account| account.name)),
        ("accountPath", account.and_then(|account| account.path)),
        ("region", subject.region.as_deref()),
    ];
    let known = known.into_iter().filter_map(|(key, text)| Some((key.to_owned(), Value::from(visible(text?)))));
    let known: BTreeMap<String, Value> = known.filter(|(_, text)| text != "").collect();
    (!known.is_empty()).then(|| sarif::PropertyBag::builder().additional_properties(known).build())
}

fn invocation(report: &Report, accounts: &Accounts, places: &Places, left_out: usize) -> sarif::Invocation {
    let mut notifications: Vec<sarif::Notification> = Vec::new();
    for problem in &report.problems {
        let words = if problem.file.is_empty() {
            problem.message.clone()
        } else {
            format!("{}: {}", problem.file, problem.message)
        };
        let mut notification =
            sarif::Notification::builder().level(Value::from("error")).message(message(&words)).build();
        if let Some(place) = problem.span.and_then(|span| places.physical(span)) {
            notification.locations = Some(vec![sarif::Location::builder().physical_location(place).build()]);
        }
        notifications.push(notification);
    }
    let mut warn = |words: &str, place: Option<Span>| {
        let mut warning = sarif::Notification::builder().level(Value::from("warning")).message(message(words)).build();
        if let Some(place) = place.and_then(|span| places.physical(span)) {
            warning.locations = Some(vec![sarif::Location::builder().physical_location(place).build()]);
        }
        notifications.push(warning);
    };
    for (why, ids) in report.coverage.unlisted() {
        warn(&format!("trails could be listed nowhere{}: {why}", accounts.among(&ids)), None);
    }
    let incomplete: BTreeSet<&str> = report.coverage.incomplete().map(|account| account.id.as_str()).collect();
    if !incomplete.is_empty() {
        warn(&format!("the evidence says that answers are missing{}", accounts.among(&incomplete)), None);
    }
    for ((permission, why), folded) in report.unanswered() {
        let words = format!("{} × {permission}: {why}{}", folded.count, accounts.among(&folded.accounts));
        warn(&words, Some(folded.span));
    }
    for unseen in report.coverage.unseen.iter().filter(|unseen| unseen.may_hold_trail) {
        warn(&format!("not seen: {}; a trail may be declared there", unseen.why), unseen.span);
    }
    for lost in &report.coverage.values_lost {
        warn(&lost.why, Some(lost.span));
    }
    if left_out > 0 {
        let words = format!("{left_out} more results were left out: GitHub takes {MAX_RESULTS} in a run");
        warn(&words, None);
    }
    let mut invocation = sarif::Invocation::builder().execution_successful(report.is_done()).build();
    if !notifications.is_empty() {
        invocation.tool_execution_notifications = Some(notifications);
    }
    invocation
}

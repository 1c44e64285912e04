//! For people: snippets for what matters, a line for the rest, then what is unknown and what was looked at.

mod coverage;
mod decided;

use super::accounts::Accounts;
use super::escape::visible;
use super::paper::{Painted, Paper};
use super::snippet::{Mark, Snippet};
use super::{Problem, Report, Show};
use crate::judge::{Answer, Outcome};
use crate::page::Severity;
use crate::read::account::CALLS;
use crate::source::{Sources, Span};
use crate::value::WhyKind;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};
use std::collections::{BTreeMap, BTreeSet};

/// How the report is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether to use colours.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// Columns before the words of a line: the first column and a blank.
const INDENT: usize = 9;

/// Labels that are drawn in one snippet; further places are listed below it.
const MAX_LABELS: usize = 6;

/// The report for people.
pub fn render(report: &Report, show: Show, style: Style) -> String {
    let mut out = Paper::default();
    let accounts = Accounts::of(report);
    let painter = Painter::new(style, &accounts);
    let mut shown: Vec<&Outcome> = report.failures().collect();
    shown.sort_by_key(|outcome| std::cmp::Reverse(outcome.check.page.severity));
    let (loud, quiet): (Vec<&Outcome>, Vec<&Outcome>) =
        shown.into_iter().partition(|outcome| outcome.check.page.severity > Severity::Low);
    for outcome in loud {
        painter.finding(&mut out, report, outcome);
    }
    painter.lines(&mut out, report, &quiet);
    decided::exceptions(&painter, &mut out, report);
    for problem in &report.problems {
        painter.problem(&mut out, &report.sources, problem);
    }
    let listed = |outcome: &&Outcome| outcome.answer != Answer::Fail && show.lists(outcome);
    let rest: Vec<&Outcome> = report.outcomes.iter().filter(listed).collect();
    painter.lines(&mut out, report, &rest);
    if show.suppressed {
        decided::suppressed(&painter, &mut out, report);
    }
    if show.not_applicable {
        for skipped in &report.coverage.files_skipped {
            out.line(format_args!("skipped  {}: {}", skipped.file, skipped.why));
        }
    }
    coverage::out_of_sight(&mut out, report, show);
    coverage::accounts(&mut out, report, show, &accounts);
    coverage::unanswered(&mut out, report, &accounts);
    unknowns(&mut out, report, show);
    super::controls::human(&mut out, report);
    for hint in &report.hints {
        out.line(format_args!("hint     {hint}"));
    }
    out.line(format_args!("{}", summary(report)));
    if report.outcomes.is_empty() && report.coverage.files_read > 0 {
        let none = match report.coverage.may_miss_trail() {
            true => "no trail is declared in what was seen, and there is more",
            false => "no trail is declared here",
        };
        let flags = "--log-bucket, --log-key and --log-group";
        out.line(format_args!("{none}; {flags} say which resources serve one elsewhere"));
    }
    out.finish()
}

/// A finding in the shape that miette draws. Whoever draws gets its words only as they may be shown.
#[derive(Debug)]
struct Drawn<'a> {
    message: &'a str,
    /// Lines.
    help: Vec<String>,
    snippet: Option<Snippet>,
    labels: Vec<(&'a str, Mark)>,
    severity: miette::Severity,
}

impl std::fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&visible(self.message))
    }
}

impl std::error::Error for Drawn<'_> {}

impl Diagnostic for Drawn<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'h>(&'h self) -> Option<Box<dyn std::fmt::Display + 'h>> {
        let lines: Vec<String> = self.help.iter().map(|line| visible(line)).collect();
        (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.snippet.as_ref().map(|snippet| snippet as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().enumerate().map(|(number, (label, mark))| {
            let (text, span) = (Some(visible(label)).filter(|label| !label.is_empty()), (mark.start, mark.length));
            match number {
                0 => LabeledSpan::new_primary_with_span(text, span),
                _ => LabeledSpan::new_with_span(text, span),
            }
        })))
    }
}

struct Painter<'r> {
    handler: GraphicalReportHandler,
    style: Style,
    accounts: &'r Accounts<'r>,
}

impl<'r> Painter<'r> {
    fn new(style: Style, accounts: &'r Accounts<'r>) -> Painter<'r> {
        let theme = if style.colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false);
        Painter { handler, style, accounts }
    }

    fn severity(&self, severity: Severity) -> Painted {
        let code = match severity {
            Severity::Critical => "1;35",
            Severity::High => "1;31",
            Severity::Medium => "1;33",
            Severity::Low => "36",
        };
        self.painted(severity.as_str(), Some(code))
    }

    /// The first column of a line.
    fn painted(&self, words: &'static str, code: Option<&'static str>) -> Painted {
        Painted { words, code: code.filter(|_| self.style.colour), width: 8 }
    }

    /// What was judged, and where that is; of a run of one account nothing but the Region needs to be said.
    fn subject(&self, outcome: &Outcome) -> String {
        match self.accounts.words(&outcome.subject, !self.accounts.are_several()) {
            words if words.is_empty() => outcome.subject.address.to_string(),
            words => format!("{}   {words}", outcome.subject.address),
        }
    }

    fn finding(&self, out: &mut Paper, report: &Report, outcome: &Outcome) {
        let severity = self.severity(outcome.check.page.severity);
        out.painted(severity, format_args!(" {}   {}", outcome.check.id, self.subject(outcome)));
        let mut message = outcome.check.page.title().to_owned();
        message.push_str(&outcome.circumstances());
        let near: Vec<(Span, String)> = [(outcome.span, outcome.label.clone())]
            .into_iter()
            .chain(outcome.related.iter().map(|related| (related.span, related.label.to_string())))
            .collect();
        let explain = format!("trailproof explain {}", outcome.check.id);
        let last = hint(outcome).map_or(explain.clone(), |hint| format!("{hint} · {explain}"));
        let (inside, outside): (Vec<_>, Vec<_>) =
            near.into_iter().partition(|(span, _)| span.file == outcome.span.file);
        let beside = inside.iter().skip(MAX_LABELS).chain(&outside);
        let beside = beside.map(|(span, label)| format!("{label}: {}", place(&report.sources, *span)));
        let mut help: Vec<String> = beside.collect();
        help.reverse();
        help.push(format!("fix: {}", outcome.check.page.fix));
        help.extend(outcome.news.map(|news| news.words().to_owned()));
        help.push(last);
        let labels: Vec<(Span, String)> = inside.into_iter().take(MAX_LABELS).collect();
        self.draw(out, &report.sources, &message, help, &labels);
    }

    fn problem(&self, out: &mut Paper, sources: &Sources, problem: &Problem) {
        let message = match problem.span {
            Some(_) => problem.message.clone(),
            None if problem.file.is_empty() => problem.message.clone(),
            None => format!("{}: {}", problem.file, problem.message),
        };
        out.painted(self.painted("error", Some("1;31")), format_args!(" {message}"));
        let Some(span) = problem.span else {
            out.blank();
            return;
        };
        let related = problem.related.map(|(span, label)| (span, label.to_owned()));
        let labels: Vec<(Span, String)> = [(span, String::new())].into_iter().chain(related).collect();
        self.draw(out, sources, "here", Vec::new(), &labels);
    }

    fn draw(&self, out: &mut Paper, sources: &Sources, message: &str, help: Vec<String>, labels: &[(Span, String)]) {
        let file = labels.first().and_then(|(span, _)| sources.get(span.file));
        let spans: Vec<Span> = labels.iter().map(|(span, _)| *span).collect();
        let (snippet, marks) = match file {
            Some(file) => {
                let first = spans.first().map(|span| file.position(span.start));
                let (snippet, marks) = Snippet::new(file, &spans);
                (Some(snippet), if first.is_some() { marks } else { Vec::new() })
            }
            None => (None, Vec::new()),
        };
        let labels = labels.iter().zip(marks).map(|((_, label), mark)| (label.as_str(), mark)).collect();
        out.draw(&self.handler, &Drawn { message, help, snippet, labels, severity: miette::Severity::Error });
    }

    /// Words in lines that fit behind the first column.
    fn wrapped(&self, words: &str) -> Vec<String> {
        let most = self.style.width.saturating_sub(INDENT);
        let mut lines: Vec<String> = Vec::new();
        for word in words.split(' ') {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines
    }

    /// A line for each outcome, in columns; below a finding its words, and what to do.
    fn lines(&self, out: &mut Paper, report: &Report, outcomes: &[&Outcome]) {
        let places: Vec<String> = outcomes.iter().map(|outcome| place(&report.sources, outcome.span)).collect();
        let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0).min(60);
        let names = outcomes.iter().map(|outcome| outcome.check.id.len()).max().unwrap_or(0);
        for (outcome, place) in outcomes.iter().zip(&places) {
            let first = match outcome.answer {
                Answer::Fail => self.severity(outcome.check.page.severity),
                Answer::Unknown => self.painted("unknown", None),
                Answer::Pass => self.painted("pass", None),
                Answer::NotApplicable => self.painted("n/a", None),
            };
            let words = match outcome.answer {
                Answer::Fail => String::new(),
                _ => format!("   {}", outcome.message()),
            };
            let (id, subject) = (outcome.check.id, self.subject(outcome));
            out.painted(first, format_args!(" {place:width$}  {id:names$}   {subject}{words}"));
            if outcome.answer == Answer::Fail {
                let words = [outcome.message(), format!("fix: {}", outcome.check.page.fix)];
                for line in words.iter().flat_map(|words| self.wrapped(words)) {
                    out.line(format_args!("{:INDENT$}{line}", ""));
                }
            }
        }
        if !outcomes.is_empty() {
            out.blank();
        }
    }
}

fn place(sources: &Sources, span: Span) -> String {
    match sources.get(span.file) {
        Some(file) => {
            let position = file.position(span.start);
            format!("{}:{}:{}", visible(&file.name), position.line, position.column)
        }
        None => String::new(),
    }
}

/// What to change; of what exists, the call that showed it.
fn hint(outcome: &Outcome) -> Option<String> {
    let property = Some(&*outcome.property).filter(|property| !property.is_empty())?;
    let (first, rest) = property.split_once('.').unwrap_or((property, ""));
    Some(match CALLS.iter().find(|call| call.operation == first) {
        Some(call) => format!("shown by {}:{first}: {rest}", call.service),
        None => format!("at {property} of {}", outcome.subject.address),
    })
}

/// What is unknown, folded by the kind of its first reason.
fn unknowns(out: &mut Paper, report: &Report, show: Show) {
    let mut kinds: BTreeMap<WhyKind, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for outcome in report.outcomes.iter().filter(|outcome| outcome.answer == Answer::Unknown) {
        if let Some(why) = outcome.reasons.first() {
            let (count, names) = kinds.entry(why.kind).or_default();
            *count += 1;
            names.insert(&why.name);
        }
    }
    if kinds.is_empty() {
        return;
    }
    let folded = kinds.into_iter().map(|(kind, (count, names))| {
        let words = match (kind, count) {
            (WhyKind::Parameter, 1) => "depends on a parameter",
            (WhyKind::Parameter, _) => "depend on parameters",
            (WhyKind::Condition, 1) => "depends on a condition",
            (WhyKind::Condition, _) => "depend on conditions",
            (WhyKind::AfterApply, _) => "known only after deployment",
            (WhyKind::Denied, _) => "not readable",
            (WhyKind::NotVisible, _) => "not visible here",
            (WhyKind::Unsupported, _) => "not understood",
        };
        match kind {
            WhyKind::Parameter | WhyKind::Condition => {
                let names: Vec<&str> = names.into_iter().take(4).collect();
                format!("{count} {words} ({})", names.join(", "))
            }
            _ => format!("{count} {words}"),
        }
    });
    out.line(format_args!("unknown  {}", folded.collect::<Vec<_>>().join(" · ")));
    if !show.unknown {
        out.line(format_args!("         --show unknown lists them"));
    }
    out.blank();
}

fn plural(count: usize, word: &str) -> String {
    match (count, word.strip_suffix('y')) {
        (1, _) => format!("1 {word}"),
        (_, Some(stem)) if !word.ends_with("ay") && !word.ends_with("ey") => format!("{count} {stem}ies"),
        _ => format!("{count} {word}s"),
    }
}

/// How many findings there are of each severity, the worst first.
fn by_severity<'o>(findings: impl Iterator<Item = &'o Outcome>) -> Vec<String> {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    findings.for_each(|outcome| *counts.entry(outcome.check.page.severity).or_default() += 1);
    counts.into_iter().rev().map(|(severity, count)| format!("{count} {}", severity.as_str())).collect()
}

/// What was judged and what came of it, in one line.
pub(super) fn summary(report: &Report) -> String {
    let subjects: Vec<String> = report.subjects().into_iter().map(|(kind, count)| plural(count, kind)).collect();
    let judged = if subjects.is_empty() { "nothing to judge".to_owned() } else { subjects.join(", ") };
    let mut parts = vec![
        format!("{judged} in {}", plural(report.coverage.files_read, "file")),
        format!("{} passed", report.count(Answer::Pass)),
    ];
    parts.extend(by_severity(report.failures()));
    if report.failures().next().is_none() {
        parts.push("no findings".to_owned());
    }
    parts.extend(decided::held_back(report));
    let unknown = report.count(Answer::Unknown);
    if unknown > 0 {
        parts.push(format!("{unknown} unknown"));
    }
    let skipped = report.coverage.files_skipped.len();
    if skipped > 0 {
        parts.push(format!("{} skipped", plural(skipped, "file")));
    }
    let mut unseen: BTreeMap<&str, usize> = BTreeMap::new();
    report.coverage.unseen.iter().for_each(|one| *unseen.entry(one.what.as_str()).or_default() += 1);
    parts.extend(unseen.into_iter().map(|(what, count)| format!("{} not seen", plural(count, what))));
    if !report.problems.is_empty() {
        parts.push(plural(report.problems.len(), "error"));
    }
    parts.join(" · ")
}

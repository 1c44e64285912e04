//! A profile as it is printed: which controls it has, and which checks decide them.

use super::Profile;
use crate::report::controls::{cell, codes};
use crate::report::escape::{self, csv_field, visible};
use serde::Serialize;

/// How a profile is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// A table in Markdown.
    Markdown,
    /// Comma-separated values.
    Csv,
    /// JSON.
    Json,
}

#[derive(Serialize)]
struct Shown<'p> {
    id: &'p str,
    title: &'p str,
    framework: &'p str,
    version: &'p str,
    label: &'p str,
    source: Option<&'p str>,
    note: Option<&'p str>,
    controls: Vec<Control<'p>>,
}

#[derive(Serialize)]
struct Control<'p> {
    id: &'p str,
    title: &'p str,
    level: Option<u32>,
    assessment: Option<&'static str>,
    checks: Vec<String>,
    manual: Option<&'p str>,
    note: Option<&'p str>,
    uncertain: Option<&'p str>,
}

/// The profile as text in a form, with a line break at its end.
pub fn show(profile: &Profile, form: Form) -> String {
    match form {
        Form::Text => text(profile),
        Form::Markdown => markdown(profile),
        Form::Csv => csv(profile),
        Form::Json => json(profile),
    }
}

fn names(control: &super::Control) -> Vec<String> {
    control.checks.iter().map(|check| check.id.to_owned()).chain(control.missing.iter().cloned()).collect()
}

/// What else is to be said of a control.
fn remarks(control: &super::Control) -> String {
    let manual = control.manual.as_ref().map(|what| format!("for people: {what}"));
    let uncertain = control.uncertain.as_ref().map(|why| format!("not certain: {why}"));
    [manual, control.note.clone(), uncertain].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn text(profile: &Profile) -> String {
    let mut out = format!("{}  ({})\n", visible(&profile.title), visible(&profile.id));
    for line in [&profile.source, &profile.note].into_iter().flatten() {
        out.push_str(&format!("{}\n", visible(line)));
    }
    let width = profile.controls.iter().map(|control| visible(&control.id).chars().count()).max().unwrap_or(0);
    for control in &profile.controls {
        out.push_str(&format!("\n{:width$}  {}\n", visible(&control.id), visible(&control.title)));
        for line in [names(control).join(", "), remarks(control)].into_iter().filter(|line| !line.is_empty()) {
            out.push_str(&format!("{:width$}  {}\n", "", visible(&line)));
        }
    }
    out
}

fn markdown(profile: &Profile) -> String {
    let mut out = format!("# {}\n\n", cell(&profile.title));
    if let Some(note) = &profile.note {
        out.push_str(&format!("{}\n\n", cell(note)));
    }
    out.push_str("| control | title | level | checks | remarks |\n|---|---|---|---|---|\n");
    for control in &profile.controls {
        let level = control.level.map(|level| level.to_string()).unwrap_or_default();
        let (id, title, remarks) = (cell(&control.id), cell(&control.title), cell(&remarks(control)));
        out.push_str(&format!("| {id} | {title} | {level} | {} | {remarks} |\n", codes(&names(control))));
    }
    out
}

fn csv(profile: &Profile) -> String {
    let mut out = "control,title,level,assessment,checks,manual,note,uncertain\r\n".to_owned();
    for control in &profile.controls {
        let (level, checks) =
            (control.level.map(|level| level.to_string()).unwrap_or_default(), names(control).join(" "));
        let assessment = control.assessment.map(super::Assessment::as_str).unwrap_or_default();
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let (manual, note, uncertain) =
            (optional(&control.manual), optional(&control.note), optional(&control.uncertain));
        let fields = [&*control.id, &control.title, &level, assessment, &checks, &manual, &note, &uncertain];
        out.push_str(&fields.map(csv_field).join(","));
        out.push_str("\r\n");
    }
    out
}

fn json(profile: &Profile) -> String {
    let controls = profile.controls.iter().map(|control| Control {
        id: &control.id,
        title: &control.title,
        level: control.level,
        assessment: control.assessment.map(super::Assessment::as_str),
        checks: names(control),
        manual: control.manual.as_deref(),
        note: control.note.as_deref(),
        uncertain: control.uncertain.as_deref(),
    });
    escape::json(&Shown {
        id: &profile.id,
        title: &profile.title,
        framework: &profile.framework,
        version: &profile.version,
        label: &profile.label,
        source: profile.source.as_deref(),
        note: profile.note.as_deref(),
        controls: controls.collect(),
    })
}

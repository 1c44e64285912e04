//! What each trail rests on, drawn: the trail, and the bucket, key, log group, topic and role that serve it.

use crate::judge::{Answer, Outcome};
use crate::page::Severity;
use crate::report::Report;
use crate::report::escape::markup as text;
use crate::source::Span;
use std::collections::BTreeMap;
use std::io::{Result, Write};

/// Trails that are drawn; a page of hundreds is no drawing any more.
const MOST: usize = 40;

/// Things that are drawn beside one trail.
const BESIDE: usize = 8;

/// Characters of a name that fit into a box.
const FITS: usize = 38;

const WIDTH: usize = 300;
const HEIGHT: usize = 44;
const GAP: usize = 12;
const BETWEEN: usize = 60;

/// One thing, with the worst that was found of it.
struct Thing<'r> {
    kind: &'static str,
    address: &'r str,
    worst: Option<Severity>,
    place: Span,
    serves: Option<Span>,
}

pub(super) fn write(report: &Report, to: &mut dyn Write) -> Result<()> {
    let things = things(report);
    let trails: Vec<&Thing> = things.iter().filter(|thing| thing.kind == "trail").collect();
    let of = |trail: &Thing| -> Vec<&Thing> {
        things.iter().filter(|thing| thing.serves == Some(trail.place)).take(BESIDE).collect()
    };
    let drawn: Vec<(&Thing, Vec<&Thing>)> =
        trails.iter().map(|trail| (*trail, of(trail))).filter(|(_, beside)| !beside.is_empty()).take(MOST).collect();
    if drawn.is_empty() {
        return Ok(());
    }
    writeln!(to, "<h2>What the trails rest on</h2>")?;
    drawn.iter().try_for_each(|(trail, beside)| {
        writeln!(to, "<p><code>{}</code></p>", text(report.path(trail.place.file)))?;
        draw(trail, beside, to)
    })
}

fn things(report: &Report) -> Vec<Thing<'_>> {
    let mut known: BTreeMap<(u32, &str, &str), usize> = BTreeMap::new();
    let mut things: Vec<Thing> = Vec::new();
    for outcome in &report.outcomes {
        let subject = &outcome.subject;
        let key = (outcome.unit.map_or(u32::MAX, |file| file.0), subject.kind, &*subject.address);
        let at = *known.entry(key).or_insert_with(|| {
            things.push(Thing {
                kind: subject.kind,
                address: &subject.address,
                worst: None,
                place: outcome.span,
                serves: subject.serves.as_ref().map(|serves| serves.span),
            });
            things.len() - 1
        });
        let Some(thing) = things.get_mut(at) else { continue };
        // What passes or does not arise stands at the thing itself, where others point to.
        if matches!(outcome.answer, Answer::Pass | Answer::NotApplicable) {
            thing.place = outcome.span;
        }
        thing.worst = thing.worst.max(worst(outcome));
    }
    things
}

fn worst(outcome: &Outcome) -> Option<Severity> {
    let is_open = outcome.answer == Answer::Fail && outcome.suppressed.is_none();
    is_open.then_some(outcome.check.page.severity)
}

fn draw(trail: &Thing, beside: &[&Thing], to: &mut dyn Write) -> Result<()> {
    let height = beside.len() * (HEIGHT + GAP) + GAP;
    let width = 2 * WIDTH + BETWEEN + 2 * GAP;
    let middle = height / 2;
    let words: Vec<String> = beside.iter().map(|thing| format!("{} {}", thing.kind, thing.address)).collect();
    let label = text(&format!("trail {} rests on {}", trail.address, words.join(", ")));
    writeln!(
        to,
        "<div class=\"scroll\"><svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{label}\">"
    )?;
    boxed(trail, GAP, middle - HEIGHT / 2, to)?;
    for (number, thing) in beside.iter().enumerate() {
        let top = GAP + number * (HEIGHT + GAP);
        let (from, end, at) = (GAP + WIDTH, GAP + WIDTH + BETWEEN, top + HEIGHT / 2);
        let turn = from + BETWEEN / 2;
        writeln!(to, "<path d=\"M{from} {middle} C{turn} {middle} {turn} {at} {end} {at}\"/>")?;
        boxed(thing, end, top, to)?;
    }
    writeln!(to, "</svg></div>")
}

fn boxed(thing: &Thing, left: usize, top: usize, to: &mut dyn Write) -> Result<()> {
    let class = thing.worst.map_or("none", Severity::as_str);
    let words =
        thing.worst.map_or_else(|| thing.kind.to_owned(), |worst| format!("{} · {}", thing.kind, worst.as_str()));
    let count = thing.address.chars().count();
    // The end of an ARN or address tells more than its beginning.
    let name: String = match count.checked_sub(FITS) {
        Some(over) if over > 0 => std::iter::once('…').chain(thing.address.chars().skip(over + 1)).collect(),
        _ => thing.address.to_owned(),
    };
    let (x, first, second) = (left + 8, top + 18, top + 36);
    writeln!(
        to,
        "<rect class=\"{class}\" x=\"{left}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"4\" stroke-width=\"2\"/>"
    )?;
    writeln!(to, "<text x=\"{x}\" y=\"{first}\">{words}</text><text x=\"{x}\" y=\"{second}\">{}</text>", text(&name))
}

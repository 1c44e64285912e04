//! Strings with interpolations and directives; those that are JSON are read as what they say.

use super::eval::{Env, Eval};
use super::expand;
use super::lift::{Reach, lift};
use super::refusal::{is_refused, refusal, refused};
use crate::read::embedded::{self, Segment, Stretch};
use crate::read::weight::{Room, too_large};
use crate::read::{Content, Datum, json_text};
use crate::source::Span;
use crate::syntax::hcl::Part;
use crate::value::{Text, Why};
use std::sync::Arc;

/// Conditions below conditions are looked into so far.
const MAX_DEPTH: usize = 64;

impl<'a> Eval<'a> {
    /// A quoted string or heredoc. One that is nothing but an interpolation is what is interpolated; JSON is read as what
    /// it says.
    pub(super) fn text(&self, env: &Env<'a>, parts: &[Part], span: Span) -> Datum {
        self.template(env, parts, span, Some(self.root.library.cut(span)))
    }

    /// A template; `written` is what stands at the span, where the template is that.
    pub(super) fn template(&self, env: &Env<'a>, parts: &[Part], span: Span, written: Option<&str>) -> Datum {
        match parts {
            [] => return Datum::text("", span),
            [Part::Literal(text, _)] if !text.trim_start().starts_with('{') => return Datum::text(&**text, span),
            [Part::Interpolation(inner)] => return Datum { span, ..self.expr(env, inner) },
            _ => {}
        }
        let written = written.map(|written| heredoc(written, span.start as usize));
        let opens = matches!(parts.first(), Some(Part::Literal(text, _)) if text.trim_start().starts_with('{'));
        let result = self.pieces(env, parts, span, &|pieces| {
            let document = if opens { document(&pieces, span, written) } else { None };
            let texts = || pieces.iter().map(Datum::as_text).collect::<Vec<_>>();
            document.unwrap_or_else(|| Datum::text(Text::concat(&texts()), span))
        });
        if opens { whole(result, 0) } else { result }
    }

    /// What is made of the pieces of a template: texts, each where it is written. Those that are written as they are, and
    /// not interpolated, are plain.
    fn pieces(&self, env: &Env<'a>, parts: &[Part], span: Span, make: &dyn Fn(Vec<Datum>) -> Datum) -> Datum {
        let room = Room::new();
        let values: Vec<Datum> = parts.iter().map(|part| room.put(self.part(env, part, span))).collect();
        lift(&values, span, Reach::Top, &|values| {
            if let Some(why) = values.iter().find_map(unusable) {
                return Datum::unknown(why, span);
            }
            let mut pieces = Vec::new();
            for (part, value) in parts.iter().zip(values) {
                match (part, &value.content) {
                    (Part::Literal(..), _) => pieces.push(value.clone()),
                    (Part::If(..) | Part::For { .. }, Content::List(inner)) => pieces.extend(inner.iter().cloned()),
                    _ => pieces.push(Datum::text(json_text::of(value), value.span)),
                }
            }
            make(pieces)
        })
    }

    fn part(&self, env: &Env<'a>, part: &Part, span: Span) -> Datum {
        let listed = |pieces| Datum::new(Content::List(pieces), span);
        match part {
            Part::Literal(text, start) => {
                let place = start.map_or(span, |start| Span { start, end: start, ..span });
                Datum::new(Content::Text { text: Text::from(&**text), plain: true }, place)
            }
            Part::Interpolation(inner) => self.expr(env, inner),
            Part::If(condition, yes, no) => {
                let formula = self.formula(env, condition);
                self.choose(formula, span, &|holds| self.pieces(env, if holds { yes } else { no }, span, &listed))
            }
            Part::For { key, value, over, body } => {
                let over = self.expr(env, over);
                lift(&[over], span, Reach::Top, &|over| {
                    let Some(entries) = over.first().and_then(expand::entries) else {
                        let why = over.first().and_then(|over| over.as_text().why());
                        return why.map_or_else(
                            || refused("this cannot be gone through", span),
                            |why| Datum::unknown(why, span),
                        );
                    };
                    let room = Room::new();
                    let mut each = Vec::new();
                    for (index, element) in entries {
                        // Each turn is a step, whatever it makes.
                        if room.is_full() || !self.enters() {
                            return too_large(span);
                        }
                        let key = key.iter().map(|key| (Arc::from(&**key), index.clone()));
                        let inner = env.naming(key.chain([(Arc::from(&**value), element)]));
                        each.push(room.put(self.pieces(&inner, body, span, &listed)));
                        self.leaves();
                    }
                    lift(&each, span, Reach::Top, &|each| {
                        let mut pieces = Vec::new();
                        for one in each {
                            match &one.content {
                                Content::List(inner) => pieces.extend(inner.iter().cloned()),
                                _ => pieces.push(Datum::text(one.as_text(), one.span)),
                            }
                        }
                        listed(pieces)
                    })
                })
            }
        }
    }
}

/// The document that the pieces of a template are.
fn document(pieces: &[Datum], span: Span, written: Option<(&str, usize)>) -> Option<Datum> {
    let stretches = pieces.iter().map(|piece| match &piece.content {
        Content::Text { text, plain: true } => {
            // What has no place of its own begins where the whole does.
            let begins = written.map_or(0, |(_, begins)| begins);
            let start = if piece.span == span { begins } else { piece.span.start as usize };
            Stretch { segment: Segment::Written(text.literal().unwrap_or_default()), start }
        }
        _ => Stretch { segment: Segment::Inserted(piece.as_text()), start: piece.span.start as usize },
    });
    embedded::assembled(&stretches.collect::<Vec<_>>(), span, written)
}

/// A document without the sides of conditions on which the text is no JSON: nothing is deployed with them. Where it is none
/// on any side it was perhaps not meant to be.
fn whole(datum: Datum, depth: usize) -> Datum {
    let Datum { content: Content::Either(condition, yes, no), span, assumes } = datum else { return datum };
    if depth > MAX_DEPTH {
        return Datum { content: Content::Either(condition, yes, no), span, assumes };
    }
    let (yes, no) = (whole(*yes, depth + 1), whole(*no, depth + 1));
    let is_document = |side: &Datum| matches!(side.content, Content::Map { .. });
    if is_document(&yes) && is_broken(&no, depth + 1) {
        return yes.assuming(&assumes);
    }
    if is_document(&no) && is_broken(&yes, depth + 1) {
        return no.assuming(&assumes);
    }
    Datum { content: Content::Either(condition, Box::new(yes), Box::new(no)), span, assumes }
}

/// Whether a text is no JSON on any side.
fn is_broken(datum: &Datum, depth: usize) -> bool {
    match &datum.content {
        Content::Text { text, .. } => embedded::is_broken(text, datum.span),
        Content::Either(_, yes, no) if depth <= MAX_DEPTH => is_broken(yes, depth + 1) && is_broken(no, depth + 1),
        _ => false,
    }
}

/// Why a value cannot stand in a text, where that is so.
fn unusable(value: &Datum) -> Option<Why> {
    match &value.content {
        Content::Absent => Some(refusal("null cannot stand in a text")),
        Content::Unknown(why) if is_refused(why) => Some(why.clone()),
        _ => None,
    }
}

/// The text inside a heredoc and where it begins; other strings as they are.
fn heredoc(written: &str, start: usize) -> (&str, usize) {
    match written.strip_prefix("<<").and_then(|_| written.find('\n')) {
        Some(end) => (written.get(end + 1..).unwrap_or(""), start + end + 1),
        None => (written, start),
    }
}

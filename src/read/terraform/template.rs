//! Strings with interpolations and directives; those that are JSON are read as what they say.

use super::eval::{Env, Eval};
use super::expand;
use super::lift::{Reach, lift};
use super::refusal::{is_refused, refusal, refused};
use crate::read::embedded::{self, Segment};
use crate::read::weight::{Room, too_large};
use crate::read::{Content, Datum, json_text};
use crate::source::Span;
use crate::syntax::hcl::Part;
use crate::value::{Text, Why};
use std::sync::Arc;

impl<'a> Eval<'a> {
    /// A quoted string or heredoc. One that is nothing but an interpolation is what is interpolated; JSON is read as what
    /// it says.
    pub(super) fn text(&self, env: &Env<'a>, parts: &[Part], span: Span) -> Datum {
        match parts {
            [] => return Datum::text("", span),
            [Part::Literal(text)] if !text.trim_start().starts_with('{') => return Datum::text(&**text, span),
            [Part::Interpolation(inner)] => return Datum { span, ..self.expr(env, inner) },
            _ => {}
        }
        let values = self.parts(env, parts, span);
        let opens = matches!(parts.first(), Some(Part::Literal(text)) if text.trim_start().starts_with('{'));
        let written = self.root.library.cut(span);
        lift(&values, span, Reach::Top, &|values| {
            if let Some(why) = values.iter().find_map(unusable) {
                return Datum::unknown(why, span);
            }
            let texts: Vec<Text> = values.iter().map(json_text::of).collect();
            if opens {
                let segments = parts.iter().zip(&texts).map(|(part, text)| match part {
                    Part::Literal(literal) => Segment::Written(literal),
                    _ => Segment::Inserted(text.clone()),
                });
                let source = heredoc(written, span.start as usize);
                if let Some(document) = embedded::interpolated(segments.collect(), span, source) {
                    return document;
                }
            }
            Datum::text(Text::concat(&texts), span)
        })
    }

    /// The parts of a template one after the other.
    fn parts(&self, env: &Env<'a>, parts: &[Part], span: Span) -> Vec<Datum> {
        let room = Room::new();
        parts.iter().map(|part| room.put(self.part(env, part, span))).collect()
    }

    fn part(&self, env: &Env<'a>, part: &Part, span: Span) -> Datum {
        match part {
            Part::Literal(text) => Datum::text(&**text, span),
            Part::Interpolation(inner) => self.expr(env, inner),
            Part::If(condition, yes, no) => {
                let formula = self.formula(env, condition);
                self.choose(formula, span, &|holds| self.joined(env, if holds { yes } else { no }, span))
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
                        each.push(room.put(self.joined(&inner, body, span)));
                        self.leaves();
                    }
                    lift(&each, span, Reach::Top, &|each| {
                        Datum::text(Text::concat(&each.iter().map(json_text::of).collect::<Vec<_>>()), span)
                    })
                })
            }
        }
    }

    fn joined(&self, env: &Env<'a>, parts: &[Part], span: Span) -> Datum {
        let values = self.parts(env, parts, span);
        lift(&values, span, Reach::Top, &|values| match values.iter().find_map(unusable) {
            Some(why) => Datum::unknown(why, span),
            None => Datum::text(Text::concat(&values.iter().map(json_text::of).collect::<Vec<_>>()), span),
        })
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

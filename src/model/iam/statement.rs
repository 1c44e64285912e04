//! One statement against one request: element by element, so that a finding can name the one that decides.

use super::condition::{arn, expanded, holds};
use super::document::{Effect, Element, Kind};
use super::{Request, Statement};
use crate::value::{Case, Fit, Match, Of, Pattern, Piece, Text, Value, Why, WhyKind};

/// How a statement meets a request. What it says counts where every element fits.
#[derive(Clone, Debug)]
pub struct Meeting {
    /// Whether it is a statement that the language knows.
    pub sound: Fit,
    /// `Principal`, `NotPrincipal`.
    pub principal: Fit,
    /// `Action`, `NotAction`.
    pub action: Fit,
    /// `Resource`, `NotResource`.
    pub resource: Fit,
    /// `Condition`.
    pub conditions: Fit,
}

impl Meeting {
    /// Whether the statement speaks of the request.
    pub fn whole(&self) -> Fit {
        let elements = [&self.principal, &self.action, &self.resource, &self.conditions, &self.sound];
        elements.into_iter().cloned().fold(Fit::always(), Fit::and)
    }

    /// How near the statement comes: the number of elements, from the principal on, that may fit.
    pub fn nearness(&self) -> usize {
        let elements = [&self.principal, &self.action, &self.resource, &self.conditions];
        elements.iter().take_while(|fit| !fit.all.is_false()).count()
    }

    /// The number of elements that do not fit.
    pub fn misses(&self) -> usize {
        let elements = [&self.principal, &self.action, &self.resource, &self.conditions];
        elements.into_iter().filter(|fit| fit.all.is_false()).count()
    }
}

impl Statement {
    /// Puts a request to the statement.
    pub fn meets(&self, request: &Request, kind: Kind, variables: bool) -> Meeting {
        let unnamed = match kind {
            Kind::Identity | Kind::ServiceControl => Fit::always(),
            _ => Fit::unknown(missing("Principal").at(self.origin.span)),
        };
        Meeting {
            sound: self.is_sound(),
            principal: self.means(&request.caller, request.names, unnamed),
            action: self.speaks_of(request.action),
            resource: match kind {
                Kind::Key | Kind::Trust => Fit::always(),
                _ => self.covers(request, variables),
            },
            conditions: Fit::ask(&self.conditions, &|all, _| {
                Fit::every(all.iter().map(|tests| holds(tests, request, variables)))
            }),
        }
    }

    /// Whether its actions include one.
    pub fn speaks_of(&self, action: &str) -> Fit {
        element("Action", &self.actions, &|pattern: &Text| match pattern.literal() {
            // Most actions of most policies are of other services: told without a comparison.
            Some(literal) if !begins_alike(literal, action) => Fit::never(),
            _ => {
                let subject = Pattern::subject(&action.into(), Case::Ignored);
                Pattern::new(pattern, Match::Wild, Case::Ignored).fits(&subject)
            }
        })
    }

    /// Whether its resources include the requested one.
    fn covers(&self, request: &Request, variables: bool) -> Fit {
        let subject = Pattern::subject(&request.names.resolve(&request.resource), Case::Matters);
        element("Resource", &self.resources, &|pattern: &Text| resource(pattern, &subject, request, variables))
    }

    /// Whether it may speak of the action and the resource of a request, whoever asks.
    pub fn may_concern(&self, request: &Request, kind: Kind) -> bool {
        let is_fixed = || {
            let written = self.resources.these.candidates().into_iter().chain(self.resources.all_but.candidates());
            let texts = written.flatten().flatten().flat_map(Value::candidates);
            let mut pieces = texts.flat_map(Text::pieces);
            // Variables stand for what a caller carries.
            !pieces.any(|piece| matches!(piece, Piece::Literal(literal) if literal.contains('$')))
        };
        let elsewhere = || match kind {
            Kind::Key | Kind::Trust => false,
            _ => is_fixed() && self.covers(request, false).some.is_false(),
        };
        !self.speaks_of(request.action).some.is_false() && !elsewhere()
    }

    /// The part of what a request ranges over that an element of this statement speaks of: where one of its resources
    /// lies within the question, that one; else the question.
    pub(super) fn narrowed(&self, request: &Request) -> Vec<Text> {
        let question = request.names.resolve(&request.resource);
        let wide = Pattern::new(&starred(&question), Match::Wild, Case::Matters);
        let written =
            self.resources.these.candidates().into_iter().flatten().flatten().flat_map(|one| one.candidates());
        let inside = written.filter_map(|text| {
            let text = request.names.resolve(text);
            let within = wide.fits(&Pattern::ranging(&text, Case::Matters)).all.is_true();
            within.then(|| ranging(&text))
        });
        inside.collect()
    }

    /// The wildcards of a resource as written, as what ranges in a question.
    pub fn ranging(text: &Text) -> Text {
        ranging(text)
    }

    /// Whether it allows or denies, as a fit.
    pub(super) fn is_of(&self, effect: Effect) -> Fit {
        Fit::of(self.does(effect))
    }
}

fn resource(pattern: &Text, subject: &Pattern, request: &Request, variables: bool) -> Fit {
    let text = request.names.resolve(pattern);
    let pattern = match variables {
        true => expanded(&text, Match::Wild, Case::Matters, request),
        false => Some(Pattern::new(&text, Match::Wild, Case::Matters)),
    };
    pattern.map_or_else(Fit::never, |pattern| arn(&pattern, subject))
}

/// An element with its values, or its opposite. Where neither is written, AWS refuses the policy.
fn element(name: &str, element: &Element, fits: &dyn Fn(&Text) -> Fit) -> Fit {
    let any = |values: &Vec<Value<Text>>| {
        Fit::any(values.iter().map(|value| Fit::ask(value, &|text, origin| fits(text).located(origin))))
    };
    Fit::ask(&element.these, &|these, origin| match these {
        Some(values) => any(values),
        None => Fit::ask(&element.all_but, &|all_but, _| match all_but {
            Some(values) => any(values).not(),
            None => Fit::unknown(missing(name).at(origin.span)),
        }),
    })
}

/// Whether an action begins with what stands before a pattern's first wildcard.
fn begins_alike(pattern: &str, action: &str) -> bool {
    let head = pattern.split(['*', '?']).next().unwrap_or_default();
    action.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head))
}

/// Why nothing can be said by an element that is not there.
pub fn missing(element: &str) -> Why {
    let text = format!("the statement has no `{element}`, so AWS refuses the policy");
    Why::new(WhyKind::Unsupported, element, text)
}

/// What ranges in a question, as wildcards of a pattern.
fn starred(text: &Text) -> Text {
    let mut pattern = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) if hole.of == Of::Any => pattern.append(&"*".into()),
            piece => pattern.push(piece.clone()),
        }
    }
    pattern
}

/// The wildcards of a pattern, as what ranges in a question.
fn ranging(text: &Text) -> Text {
    let mut question = Text::default();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => {
                for (n, part) in literal.split(['*', '?']).enumerate() {
                    if n > 0 {
                        question.push(Piece::Hole(Of::any()));
                    }
                    question.push(Piece::Literal(part.into()));
                }
            }
            piece => question.push(piece.clone()),
        }
    }
    question
}

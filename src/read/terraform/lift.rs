//! Work on values of which some have two sides, or are one of several: it is done for each, and the answers are put
//! together again.

use crate::read::{Content, Datum};
use crate::source::Span;
use crate::value::{Condition, Why, WhyKind};

/// How many different conditions are followed into their sides.
const MAX_CONDITIONS: usize = 3;

/// How many results one call may have.
const MAX_RESULTS: usize = 64;

/// Marks the reasons that are errors of the language, which `try` and `can` catch.
const ERROR: &str = "error: ";

/// A reason that is an error of the language: Terraform would stop here.
pub(super) fn error(text: impl AsRef<str>) -> Why {
    Why::new(WhyKind::Unsupported, format!("{ERROR}{}", text.as_ref()), text.as_ref())
}

/// Whether a reason is an error of the language.
pub(super) fn is_error(why: &Why) -> bool {
    why.name.starts_with(ERROR)
}

/// An error as a value.
pub(super) fn failed(text: impl AsRef<str>, span: Span) -> Datum {
    Datum::unknown(error(text).at(span), span)
}

/// Calls `work` with arguments none of which has sides. One condition in several arguments is one.
pub(super) fn lift(arguments: &[Datum], span: Span, work: &dyn Fn(&[Datum]) -> Datum) -> Datum {
    within(arguments.to_vec(), span, work, 0, &mut MAX_RESULTS.clone())
}

fn within(
    arguments: Vec<Datum>,
    span: Span,
    work: &dyn Fn(&[Datum]) -> Datum,
    conditions: usize,
    left: &mut usize,
) -> Datum {
    let assumes: Vec<_> = arguments.iter().flat_map(|argument| argument.assumes.clone()).collect();
    let either = arguments.iter().find_map(|argument| match &argument.content {
        Content::Either(condition, ..) => Some(condition.clone()),
        _ => None,
    });
    if let Some(condition) = either {
        if conditions >= MAX_CONDITIONS {
            return Datum::unknown(Why::condition(condition), span).assuming(&assumes);
        }
        let mut side = |holds| {
            let taken = arguments.iter().map(|argument| taken(argument, &condition, holds)).collect();
            within(taken, span, work, conditions + 1, left)
        };
        let (yes, no) = (side(true), side(false));
        let both = either_of(condition, yes, no, span);
        return both.assuming(&assumes);
    }
    let several = arguments.iter().enumerate().find_map(|(at, argument)| match &argument.content {
        Content::OneOf { why, values, text } if text.hole().is_none() => Some((at, why.clone(), values.clone())),
        _ => None,
    });
    if let Some((at, why, values)) = several {
        if values.len() > *left {
            return Datum::unknown(why, span).assuming(&assumes);
        }
        let mut results: Vec<Datum> = Vec::new();
        for value in values {
            let mut arguments = arguments.clone();
            if let Some(argument) = arguments.get_mut(at) {
                *argument = value;
            }
            let result = within(arguments, span, work, conditions, left);
            if !results.iter().any(|known| known.content == result.content) {
                results.push(result);
            }
        }
        if let (1, Some(only)) = (results.len(), results.first()) {
            return only.clone().assuming(&assumes);
        }
        let text = crate::value::Text::unknown(why.clone());
        return Datum::new(Content::OneOf { text, why, values: results }, span).assuming(&assumes);
    }
    *left = left.saturating_sub(1);
    if *left == 0 {
        let why = Why::new(WhyKind::Unsupported, "expression", "this expression has too many possible values");
        return Datum::unknown(why, span);
    }
    let result = work(&arguments);
    result.assuming(&assumes)
}

/// Either of two values; one, where they are equal.
pub(super) fn either_of(condition: Condition, yes: Datum, no: Datum, span: Span) -> Datum {
    if yes.content == no.content {
        let assumes = no.assumes;
        return yes.assuming(&assumes);
    }
    Datum::new(Content::Either(condition, Box::new(yes), Box::new(no)), span)
}

/// A value on one side of a condition.
fn taken(datum: &Datum, condition: &Condition, holds: bool) -> Datum {
    match &datum.content {
        Content::Either(own, yes, no) => {
            let side = |datum: &Datum| Box::new(taken(datum, condition, holds));
            if own == condition {
                return taken(if holds { yes } else { no }, condition, holds).assuming(&datum.assumes);
            }
            let content = Content::Either(own.clone(), side(yes), side(no));
            Datum { content, span: datum.span, assumes: datum.assumes.clone() }
        }
        _ => datum.clone(),
    }
}

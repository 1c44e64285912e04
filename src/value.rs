//! What we know: [`Value`], [`Text`], [`Truth`] and [`Verdict`], the only notion of *known* in the house.
//!
//! A value is known, one of two sides of a condition, or unknown for a [`Why`]; it remembers where it came from
//! ([`Origin`]) and which defaults it was decided with ([`Assumption`]). Questions asked of values answer in three-valued
//! [`Truth`]; `require` and `forbid` turn a truth into a [`Verdict`]. A check never sees a bare `bool`.
//!
//! This module knows nothing of AWS, of files or of any dialect.

mod fit;
mod hole;
mod pattern;
mod text;
mod truth;
mod verdict;

pub use fit::Fit;
pub use hole::{GENERATED, Hole, Of, PARTITIONS, Sure, is_account_id};
pub use pattern::{Case, Match, Pattern};
pub use text::{Piece, Text};
pub use truth::{Fact, Ground, Truth, bare};
pub use verdict::{Basis, Fault, Related, Verdict, forbid, require};

use crate::source::Span;
use std::sync::Arc;

/// One use of a template or module in a run: holes and conditions of equal names are equal only within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instance(pub u32);

/// A place at which the source offers two sides: a named condition of one instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Condition {
    /// Whose condition.
    pub instance: Instance,
    /// Its name in the source.
    pub name: Arc<str>,
}

/// The default of a parameter or variable that nobody overrode, and that a value was computed from.
///
/// Conditions that defaults decide are no assumptions: they are tried both ways.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Assumption {
    /// Whose parameter.
    pub instance: Instance,
    /// Its name.
    pub name: Arc<str>,
    /// Where the default is written.
    pub place: Span,
}

/// At most this many reasons, places or assumptions are kept with one truth: enough to explain, bounded in memory.
pub const MAX_EVIDENCE: usize = 12;

/// The kinds of reasons for which something is unknown; reports fold by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WhyKind {
    /// A parameter or variable without a value.
    Parameter,
    /// A condition that may go either way.
    Condition,
    /// A value that exists only once the stack was deployed: an attribute of a custom resource, a macro's result.
    AfterApply,
    /// A call that was refused.
    Denied,
    /// Something that may be declared elsewhere.
    NotVisible,
    /// Something written that the tool does not understand.
    Unsupported,
}

impl WhyKind {
    /// Its spelling in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            WhyKind::Parameter => "parameter",
            WhyKind::Condition => "condition",
            WhyKind::AfterApply => "after_apply",
            WhyKind::Denied => "denied",
            WhyKind::NotVisible => "not_visible",
            WhyKind::Unsupported => "unsupported",
        }
    }
}

/// Why something is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Why {
    /// Its kind.
    pub kind: WhyKind,
    /// What it is about: the parameter, the condition, the missing thing.
    pub name: Arc<str>,
    /// A sentence for people: lower case, no full stop.
    pub text: Arc<str>,
    /// The condition to try both ways, where that is the reason.
    pub condition: Option<Condition>,
    /// Where the unknown thing is written.
    pub place: Option<Span>,
}

impl Why {
    /// A reason without a place.
    pub fn new(kind: WhyKind, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Why { kind, name: name.into(), text: text.into(), condition: None, place: None }
    }

    /// A parameter without a value.
    pub fn parameter(name: &str) -> Self {
        Why::new(WhyKind::Parameter, name, format!("parameter `{name}` has no value"))
    }

    /// A condition that may go either way.
    pub fn condition(condition: Condition) -> Self {
        let text = format!("condition `{}` may be true or false", condition.name);
        Why { condition: Some(condition.clone()), ..Why::new(WhyKind::Condition, condition.name, text) }
    }

    /// Something that this run does not show.
    pub fn not_visible(name: &str, text: impl Into<Arc<str>>) -> Self {
        Why::new(WhyKind::NotVisible, name, text)
    }

    /// The same reason at a place.
    pub fn at(self, place: Span) -> Self {
        Why { place: Some(place), ..self }
    }
}

/// Where a value came from: what to underline, and which property of which resource to change.
///
/// Equality ignores it on purpose: models from different sources are compared by what they mean.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The value as written; where it was left out, the resource's own name.
    pub span: Span,
    /// The property, dots between its parts, as the dialect spells it: where a fix goes.
    pub property: Arc<str>,
    /// False where nothing was written and the dialect's default was filled in.
    pub written: bool,
}

impl Origin {
    /// The last part of the property's path.
    pub fn name(&self) -> &str {
        self.property.rsplit('.').next().unwrap_or_default()
    }

    /// An element of the list that the property is.
    pub fn item(&self, number: usize) -> String {
        format!("{}[{number}]", self.property)
    }
}

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum What<T> {
    /// It is this.
    Known(T),
    /// It is the first where the condition holds, else the second.
    Either(Condition, Box<Value<T>>, Box<Value<T>>),
    /// It is one of these, and cannot be told which.
    OneOf(Why, Vec<Value<T>>),
    /// It cannot be told.
    Unknown(Why),
}

/// A value with its origin and the defaults that decided it.
#[derive(Clone, Debug)]
pub struct Value<T> {
    /// What is known.
    pub what: What<T>,
    /// Where it came from.
    pub origin: Origin,
    /// The defaults that it was decided with.
    pub assumes: Vec<Assumption>,
}

impl<T: PartialEq> PartialEq for Value<T> {
    fn eq(&self, other: &Self) -> bool {
        self.what == other.what
    }
}

impl<T> Value<T> {
    /// A known value.
    pub fn known(value: T, origin: Origin) -> Self {
        Value { what: What::Known(value), origin, assumes: Vec::new() }
    }

    /// An unknown one.
    pub fn unknown(why: Why, origin: Origin) -> Self {
        Value { what: What::Unknown(why), origin, assumes: Vec::new() }
    }

    /// The value where it is known for certain.
    pub fn get(&self) -> Option<&T> {
        match &self.what {
            What::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Why it is not known for certain; none where it is.
    pub fn why(&self) -> Option<Why> {
        let why = match &self.what {
            What::Known(_) => return None,
            What::Either(condition, ..) => Why::condition(condition.clone()),
            What::OneOf(why, _) | What::Unknown(why) => why.clone(),
        };
        Some(why.at(self.origin.span))
    }

    /// Every value that it may have, unknown sides left out: to look for links on both sides of a condition.
    pub fn candidates(&self) -> Vec<&T> {
        match &self.what {
            What::Known(value) => vec![value],
            What::Either(_, yes, no) => [yes.candidates(), no.candidates()].concat(),
            What::OneOf(_, values) => values.iter().flat_map(Value::candidates).collect(),
            What::Unknown(_) => Vec::new(),
        }
    }

    /// Asks a question of the value; where it has two sides, of both.
    pub fn ask(&self, question: &dyn Fn(&T, &Origin) -> Truth) -> Truth {
        let truth = match &self.what {
            What::Known(value) => question(value, &self.origin),
            What::Either(condition, yes, no) => {
                Truth::either(condition.clone(), yes.ask(question), no.ask(question), self.origin.span)
            }
            What::OneOf(why, values) => {
                Truth::one_of(values.iter().map(|value| value.ask(question)), why.clone().at(self.origin.span))
            }
            What::Unknown(why) => Truth::unknown(why.clone().at(self.origin.span)),
        };
        truth.placed(self.origin.span).assuming(&self.assumes)
    }

    /// A plain yes-or-no question about the value; its origin is the evidence.
    pub fn test(&self, question: impl Fn(&T) -> bool) -> Truth {
        self.ask(&|value, origin| Truth::of(question(value), origin))
    }

    /// Another value computed from this one, on both sides of a condition.
    pub fn map<U>(&self, f: &dyn Fn(&T) -> U) -> Value<U> {
        self.try_map(&|value| Ok(f(value)))
    }

    /// Another value computed from this one where that is possible.
    pub fn try_map<U>(&self, f: &dyn Fn(&T) -> Result<U, Why>) -> Value<U> {
        let what = match &self.what {
            What::Known(value) => match f(value) {
                Ok(value) => What::Known(value),
                Err(why) => What::Unknown(why),
            },
            What::Either(condition, yes, no) => {
                What::Either(condition.clone(), Box::new(yes.try_map(f)), Box::new(no.try_map(f)))
            }
            What::OneOf(why, values) => What::OneOf(why.clone(), values.iter().map(|value| value.try_map(f)).collect()),
            What::Unknown(why) => What::Unknown(why.clone()),
        };
        Value { what, origin: self.origin.clone(), assumes: self.assumes.clone() }
    }
}

impl Value<bool> {
    /// Whether it is the given value.
    pub fn is(&self, wanted: bool) -> Truth {
        self.test(|value| *value == wanted)
    }
}

impl<T> Value<Option<T>> {
    /// Whether there is a value at all.
    pub fn is_set(&self) -> Truth {
        self.test(Option::is_some)
    }
}

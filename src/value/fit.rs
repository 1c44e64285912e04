//! How a pattern or a statement fits a question that ranges over more than one thing.
//!
//! "May somebody write below this prefix" asks of *some* requests, "is every deletion denied" of *all*. A [`Fit`] carries
//! both answers, each in three values. Whether a combination is exact depends on how independent its parts are: `all` of
//! a union may be true where this says false, and `some` of an intersection false where this says true.

use super::{Origin, Truth, Value, What, Why};

/// Whether some, and whether all, of what a question ranges over fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// At least one.
    pub some: Truth,
    /// Every one.
    pub all: Truth,
}

impl Fit {
    /// The fit of a question about one thing.
    pub fn of(truth: Truth) -> Fit {
        Fit { some: truth.clone(), all: truth }
    }

    /// Everything fits.
    pub fn always() -> Fit {
        Fit::of(Truth::yes())
    }

    /// Nothing does.
    pub fn never() -> Fit {
        Fit::of(Truth::no())
    }

    /// Some do and some do not.
    pub fn sometimes() -> Fit {
        Fit { some: Truth::yes(), all: Truth::no() }
    }

    /// It cannot be told.
    pub fn unknown(why: Why) -> Fit {
        Fit::of(Truth::unknown(why))
    }

    /// Always or never.
    pub fn when(holds: bool) -> Fit {
        if holds { Fit::always() } else { Fit::never() }
    }

    /// What fits both.
    pub fn and(self, other: Fit) -> Fit {
        Fit { some: self.some.and(other.some), all: self.all.and(other.all) }
    }

    /// What fits either.
    pub fn or(self, other: Fit) -> Fit {
        Fit { some: self.some.or(other.some), all: self.all.or(other.all) }
    }

    /// What does not fit.
    #[allow(clippy::should_implement_trait, reason = "it reads beside `and` and `or`, as in `Truth`")]
    pub fn not(self) -> Fit {
        Fit { some: self.all.not(), all: self.some.not() }
    }

    /// What fits every one of these.
    pub fn every(fits: impl IntoIterator<Item = Fit>) -> Fit {
        fits.into_iter().fold(Fit::always(), Fit::and)
    }

    /// What fits any of these.
    pub fn any(fits: impl IntoIterator<Item = Fit>) -> Fit {
        fits.into_iter().fold(Fit::never(), Fit::or)
    }

    /// Asks a question of a value; where it has two sides, of both.
    pub fn ask<T>(value: &Value<T>, question: &dyn Fn(&T, &Origin) -> Fit) -> Fit {
        let sides = |some: &dyn Fn(Fit) -> Truth| value.ask(&|known, origin| some(question(known, origin)));
        match &value.what {
            // The question is asked once where there is one answer.
            What::Known(known) => question(known, &value.origin).assuming(value),
            _ => Fit { some: sides(&|fit| fit.some), all: sides(&|fit| fit.all) },
        }
    }

    fn assuming<T>(self, value: &Value<T>) -> Fit {
        let rests = |truth: Truth| truth.placed(value.origin.span).assuming(&value.assumes);
        Fit { some: rests(self.some), all: rests(self.all) }
    }

    /// The same fit with this place as its evidence.
    pub fn located(self, origin: &Origin) -> Fit {
        let at = |truth: Truth| truth.located(origin).placed(origin.span);
        Fit { some: at(self.some), all: at(self.all) }
    }

    /// The same fit with words for the text that decides it.
    pub fn labelled(self, label: &str) -> Fit {
        Fit { some: self.some.labelled(label.to_owned()), all: self.all.labelled(label.to_owned()) }
    }
}

//! What filters of CloudWatch Logs and rules of EventBridge match, as languages.
//!
//! Both are lowered to a [`Formula`] of tests on the fields of an event. What a formula means for a set of events is
//! decided and not compared as text: an [`Event`] stands for all events of one kind, its fields known or free, and
//! [`cover`] tells whether all of them are matched, all but some that it names, or none.
//!
//! The decision is sound. A free field is tried with every value that a test names, one that no test names, and, where it
//! may be left out, none; where two open matchers (wildcards, expressions) stand on one field, every combination of their
//! answers is tried too, also those that no value gives. So what holds for all combinations holds for all events; what is
//! said to be missed was missed by a combination of written values. Anything between is unknown, with the reason.
//!
//! This module knows texts with holes, and neither dialects nor the estate.

mod cover;
mod event;
mod filter;
mod matcher;
mod network;
mod rule;
mod scan;
mod sets;

pub use cover::{Cover, Gap, cover};
pub use event::{Domain, Event};
pub use filter::filter;
pub use matcher::{Compare, Matcher, Sample};
pub use rule::{Node, Shape, rule};
pub use sets::{Kind, Set, Subject, evidence_tampering, narrowing, trail_tampering};

use crate::value::{Text, Truth, Why};
use std::fmt;
use std::sync::Arc;

/// The names that lead to a field, from the event on.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(pub Vec<Arc<str>>);

impl Path {
    /// The field of these names.
    pub fn of(names: &[&str]) -> Path {
        Path(names.iter().map(|name| Arc::from(*name)).collect())
    }

    /// The field of names with dots between them.
    pub fn dotted(names: &str) -> Path {
        Path(names.split('.').map(Arc::from).collect())
    }

    /// Whether it is inside another.
    fn is_inside(&self, outer: &Path) -> bool {
        self.0.len() > outer.0.len() && self.0.starts_with(&outer.0)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, name) in self.0.iter().enumerate() {
            let dot = if n > 0 && !name.starts_with('[') { "." } else { "" };
            write!(f, "{dot}{name}")?;
        }
        Ok(())
    }
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// It is there, and one of these fits.
    Is(Vec<Matcher>),
    /// It is there, and none of these fits.
    IsNot(Vec<Matcher>),
    /// It is there.
    Present,
    /// It is not there.
    Absent,
    /// Some field of the event holds this word.
    Word(Text),
    /// No field of the event does.
    NoWord(Text),
}

/// A question to one field of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field; of words, none.
    pub path: Path,
    /// What is asked.
    pub ask: Ask,
    /// Whether it is asked of each element of a list, as EventBridge does, and not of the list itself.
    pub each: bool,
    /// Where it stands in the pattern, in bytes of its literal parts; of a rule, the number of the leaf.
    pub at: usize,
}

/// What a pattern means.
#[derive(Clone, Debug, PartialEq)]
pub enum Formula {
    /// All of these hold.
    All(Vec<Formula>),
    /// One of these does.
    Any(Vec<Formula>),
    /// This test.
    Test(Test),
    /// It cannot be told.
    Unknown(Why),
}

impl Formula {
    /// What matches everything.
    pub fn everything() -> Formula {
        Formula::All(Vec::new())
    }

    /// What matches nothing.
    pub fn nothing() -> Formula {
        Formula::Any(Vec::new())
    }

    /// The tests in it, in the order in which they are written.
    pub fn tests(&self) -> Vec<&Test> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'f>(&'f self, found: &mut Vec<&'f Test>) {
        match self {
            Formula::All(parts) | Formula::Any(parts) => parts.iter().for_each(|part| part.collect(found)),
            Formula::Test(test) => found.push(test),
            Formula::Unknown(_) => {}
        }
    }

    /// Whether it names a value of a field: a test asks for the value, or for what fits it, and not for anything at all.
    pub fn names(&self, path: &Path, value: &str) -> bool {
        let sample = Sample::Text(value.into());
        self.tests().into_iter().any(|test| {
            let asked = match &test.ask {
                Ask::Is(matchers) => matchers,
                _ => return false,
            };
            test.path == *path && asked.iter().any(|one| !one.is_total() && one.fits(&sample).is_true())
        })
    }

    /// Why a part of it is not known.
    pub fn why(&self) -> Option<&Why> {
        match self {
            Formula::All(parts) | Formula::Any(parts) => parts.iter().find_map(Formula::why),
            Formula::Unknown(why) => Some(why),
            Formula::Test(_) => None,
        }
    }

    /// Whether it matches an event whose tests are answered.
    fn holds(&self, answer: &dyn Fn(&Test) -> Truth) -> Truth {
        match self {
            Formula::All(parts) => {
                let mut truth = Truth::yes();
                for part in parts {
                    truth = truth.and(part.holds(answer));
                    if truth.is_false() {
                        break;
                    }
                }
                truth
            }
            Formula::Any(parts) => {
                let mut truth = Truth::no();
                for part in parts {
                    truth = truth.or(part.holds(answer));
                    if truth.is_true() {
                        break;
                    }
                }
                truth
            }
            Formula::Test(test) => answer(test),
            Formula::Unknown(why) => Truth::unknown(why.clone()),
        }
    }
}

/// Why a pattern has no meaning.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// AWS does not take it, at this place in its literal parts: the resource does not deploy.
    Invalid(usize, String),
    /// It cannot be told what it is.
    Unknown(Why),
}

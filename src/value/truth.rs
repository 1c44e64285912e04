//! Kleene's three truth values with the evidence that decides them.
//!
//! `and` and `or` keep the operands that decide, in stable order, and a bounded number of them; so a verdict built from
//! a long conjunction still points at the one value that broke it, and names the defaults that it rests on.

use super::{Assumption, Condition, MAX_EVIDENCE, Origin, Why};
use crate::source::Span;
use std::borrow::Cow;
use std::sync::Arc;

/// One value that speaks for a truth.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What to underline.
    pub span: Span,
    /// The property to change, as the dialect spells it.
    pub property: Arc<str>,
    /// Whether it was written, or is a default.
    pub written: bool,
    /// What to say beside the underlined text, where the check's own words are not enough.
    pub label: Option<Cow<'static, str>>,
}

impl From<&Origin> for Fact {
    fn from(origin: &Origin) -> Self {
        Fact { span: origin.span, property: origin.property.clone(), written: origin.written, label: None }
    }
}

/// What decides a truth: the values that speak for it, and the defaults that they rest on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ground {
    /// In the order of the source's model; the first one is the place of a finding.
    pub facts: Vec<Fact>,
    /// Defaults without which it could be otherwise.
    pub assumes: Vec<Assumption>,
}

impl Ground {
    fn join(mut self, other: Ground) -> Ground {
        for fact in other.facts {
            if self.facts.len() < MAX_EVIDENCE && !self.facts.contains(&fact) {
                self.facts.push(fact);
            }
        }
        add_assumptions(&mut self.assumes, &other.assumes);
        self
    }
}

/// Adds assumptions that are not there yet, up to the bound.
pub(super) fn add_assumptions(to: &mut Vec<Assumption>, from: &[Assumption]) {
    for one in from {
        if to.len() < MAX_EVIDENCE && !to.contains(one) {
            to.push(one.clone());
        }
    }
}

fn add_whys(to: &mut Vec<Why>, from: Vec<Why>) {
    for one in from {
        if to.len() < MAX_EVIDENCE && !to.contains(&one) {
            to.push(one);
        }
    }
}

/// True, false, or unknown for a reason.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// It holds.
    True(Ground),
    /// It does not.
    False(Ground),
    /// It cannot be told; the ground keeps the defaults that were met on the way.
    Unknown(Vec<Why>, Ground),
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Truth {
        if holds { Truth::yes() } else { Truth::no() }
    }
}

impl Truth {
    /// A truth decided by one value.
    pub fn of(holds: bool, origin: &Origin) -> Truth {
        let ground = Ground { facts: vec![Fact::from(origin)], assumes: Vec::new() };
        if holds { Truth::True(ground) } else { Truth::False(ground) }
    }

    /// True without evidence: nothing to object to.
    pub fn yes() -> Truth {
        Truth::True(Ground::default())
    }

    /// False without evidence.
    pub fn no() -> Truth {
        Truth::False(Ground::default())
    }

    /// Unknown for one reason.
    pub fn unknown(why: Why) -> Truth {
        Truth::Unknown(vec![why], Ground::default())
    }

    /// The truth of a thing with two sides: where both agree that is the answer, else it depends on the condition.
    pub fn either(condition: Condition, yes: Truth, no: Truth, place: Span) -> Truth {
        match (yes, no) {
            (Truth::True(a), Truth::True(b)) => Truth::True(a.join(b)),
            (Truth::False(a), Truth::False(b)) => Truth::False(a.join(b)),
            (a, b) => {
                let mut whys = vec![Why::condition(condition).at(place)];
                let mut ground = Ground::default();
                for side in [a, b] {
                    match side {
                        Truth::Unknown(more, at) => {
                            add_whys(&mut whys, more);
                            ground = ground.join(at);
                        }
                        Truth::True(at) | Truth::False(at) => ground = ground.join(at),
                    }
                }
                Truth::Unknown(whys, ground)
            }
        }
    }

    /// The truth of a thing that is one of several: where all agree that is the answer.
    pub fn one_of(truths: impl Iterator<Item = Truth>, why: Why) -> Truth {
        let all: Vec<Truth> = truths.collect();
        let join = |grounds: Vec<Ground>| grounds.into_iter().fold(Ground::default(), Ground::join);
        let grounds = |all: Vec<Truth>| {
            let ground = |truth| match truth {
                Truth::True(ground) | Truth::False(ground) | Truth::Unknown(_, ground) => ground,
            };
            join(all.into_iter().map(ground).collect())
        };
        if all.iter().all(Truth::is_true) {
            Truth::True(grounds(all))
        } else if all.iter().all(Truth::is_false) {
            Truth::False(grounds(all))
        } else {
            Truth::unknown(why)
        }
    }

    /// Both hold.
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::False(a), Truth::False(b)) => Truth::False(a.join(b)),
            (Truth::False(a), _) | (_, Truth::False(a)) => Truth::False(a),
            (Truth::True(a), Truth::True(b)) => Truth::True(a.join(b)),
            (Truth::Unknown(mut whys, a), Truth::Unknown(more, b)) => {
                add_whys(&mut whys, more);
                Truth::Unknown(whys, a.join(b))
            }
            (Truth::Unknown(whys, a), Truth::True(b)) | (Truth::True(b), Truth::Unknown(whys, a)) => Truth::Unknown(
                whys,
                Ground { facts: a.facts, assumes: Ground { facts: Vec::new(), ..b }.with(a.assumes) },
            ),
        }
    }

    /// At least one holds.
    pub fn or(self, other: Truth) -> Truth {
        self.not().and(other.not()).not()
    }

    /// The opposite, for the same reasons.
    #[allow(
        clippy::should_implement_trait,
        reason = "it reads beside `and` and `or`; the operator would hide evidence"
    )]
    pub fn not(self) -> Truth {
        match self {
            Truth::True(ground) => Truth::False(ground),
            Truth::False(ground) => Truth::True(ground),
            unknown => unknown,
        }
    }

    /// Whether all hold; true for none.
    pub fn all(truths: impl IntoIterator<Item = Truth>) -> Truth {
        truths.into_iter().fold(Truth::yes(), Truth::and)
    }

    /// Whether any holds; false for none.
    pub fn any(truths: impl IntoIterator<Item = Truth>) -> Truth {
        truths.into_iter().fold(Truth::no(), Truth::or)
    }

    /// The same truth, resting on these defaults too.
    pub fn assuming(mut self, assumes: &[Assumption]) -> Truth {
        let (Truth::True(ground) | Truth::False(ground) | Truth::Unknown(_, ground)) = &mut self;
        add_assumptions(&mut ground.assumes, assumes);
        self
    }

    /// The same truth with words for the text that decides it.
    pub fn labelled(mut self, label: impl Into<Cow<'static, str>>) -> Truth {
        let label = label.into();
        let (Truth::True(ground) | Truth::False(ground) | Truth::Unknown(_, ground)) = &mut self;
        for fact in &mut ground.facts {
            fact.label.get_or_insert_with(|| label.clone());
        }
        self
    }

    /// The same truth, decided at another place: where the parts are many and the finding belongs on the whole. What is
    /// unknown stays at the unknown thing.
    pub fn located(mut self, origin: &Origin) -> Truth {
        if let Truth::True(ground) | Truth::False(ground) = &mut self {
            ground.facts = vec![Fact::from(origin)];
        }
        self
    }

    /// A place for reasons that have none.
    pub fn placed(mut self, place: Span) -> Truth {
        if let Truth::Unknown(whys, _) = &mut self {
            for why in whys {
                why.place.get_or_insert(place);
            }
        }
        self
    }

    /// Whether it is known to hold.
    pub fn is_true(&self) -> bool {
        matches!(self, Truth::True(_))
    }

    /// Whether it is known not to hold.
    pub fn is_false(&self) -> bool {
        matches!(self, Truth::False(_))
    }
}

impl Ground {
    fn with(mut self, assumes: Vec<Assumption>) -> Vec<Assumption> {
        add_assumptions(&mut self.assumes, &assumes);
        self.assumes
    }
}

/// A truth without its places: it decides, and is nothing to look at.
pub fn bare(truth: Truth) -> Truth {
    let ground = |ground: Ground| Ground { facts: Vec::new(), ..ground };
    match truth {
        Truth::True(at) => Truth::True(ground(at)),
        Truth::False(at) => Truth::False(ground(at)),
        Truth::Unknown(whys, at) => Truth::Unknown(whys, ground(at)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> [Truth; 3] {
        [Truth::yes(), Truth::no(), Truth::unknown(Why::parameter("P"))]
    }

    fn rank(truth: &Truth) -> u8 {
        match truth {
            Truth::False(_) => 0,
            Truth::Unknown(..) => 1,
            Truth::True(_) => 2,
        }
    }

    #[test]
    fn connectives_are_kleenes() {
        for a in sample() {
            for b in sample() {
                assert_eq!(rank(&a.clone().and(b.clone())), rank(&a).min(rank(&b)));
                assert_eq!(rank(&a.clone().or(b.clone())), rank(&a).max(rank(&b)));
            }
            assert_eq!(rank(&a.clone().not()), 2 - rank(&a));
        }
    }

    #[test]
    fn two_sides_that_agree_need_no_condition() {
        let place = Span { file: crate::source::FileId(0), start: 0, end: 1 };
        let condition = || Condition { instance: super::super::Instance(0), name: "C".into() };
        assert!(Truth::either(condition(), Truth::yes(), Truth::yes(), place).is_true());
        assert!(Truth::either(condition(), Truth::no(), Truth::no(), place).is_false());
        let Truth::Unknown(whys, _) = Truth::either(condition(), Truth::yes(), Truth::no(), place) else {
            panic!("decided")
        };
        assert_eq!(whys.first().and_then(|why| why.condition.clone()), Some(condition()));
    }

    #[test]
    fn evidence_is_bounded() {
        let many = (0..100).map(|n| Truth::unknown(Why::parameter(&n.to_string())));
        let Truth::Unknown(whys, _) = Truth::all(many) else { panic!("decided") };
        assert_eq!(whys.len(), MAX_EVIDENCE);
    }
}

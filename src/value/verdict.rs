//! The answers of checks.
//!
//! A verdict is built from a [`Truth`] by [`require`] or [`forbid`] and then given its words; nothing else can make a
//! check pass or fail.

use super::{Assumption, Fact, Truth, Why};
use crate::source::Span;
use std::borrow::Cow;
use std::sync::Arc;

/// A second place that explains a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// What it is to the finding: lower case, no full stop.
    pub label: Cow<'static, str>,
    /// Where.
    pub span: Span,
}

/// One thing that is wrong, with the one exact place at which it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What to underline.
    pub span: Span,
    /// The property to change, as the dialect spells it; empty where it is the resource itself.
    pub property: Arc<str>,
    /// Words for the underlined text.
    pub label: Cow<'static, str>,
    /// Tells it from its siblings in one subject: `Rules[1]`.
    pub part: Option<String>,
    /// Further places.
    pub related: Vec<Related>,
}

/// What a pass rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// The reason, where it is not plain.
    pub reason: Option<Cow<'static, str>>,
    /// Where the value that decides is written.
    pub place: Option<Span>,
}

impl Basis {
    fn of(facts: &[Fact]) -> Basis {
        let Some(fact) = facts.first() else { return Basis::default() };
        Basis { reason: rests_on(fact), place: Some(fact.span).filter(|_| fact.written) }
    }
}

impl From<Cow<'static, str>> for Basis {
    fn from(reason: Cow<'static, str>) -> Basis {
        Basis { reason: Some(reason), place: None }
    }
}

/// What a check says of a subject.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It holds, by this and by defaults.
    Pass(Basis, Vec<Assumption>),
    /// It does not, at these places.
    Fail(Vec<Fault>, Vec<Assumption>),
    /// It cannot be told.
    Unknown(Vec<Why>, Vec<Assumption>, Option<Span>),
    /// The question does not arise, for this reason.
    NotApplicable(Cow<'static, str>),
}

/// Passes where the truth holds, fails where it does not.
pub fn require(truth: Truth) -> Verdict {
    match truth {
        Truth::True(ground) => Verdict::Pass(Basis::of(&ground.facts), ground.assumes),
        Truth::Unknown(whys, ground) => {
            let place = whys.iter().find_map(|why| why.place).or_else(|| ground.facts.first().map(|fact| fact.span));
            Verdict::Unknown(whys, ground.assumes, place)
        }
        Truth::False(ground) => {
            let mut facts = ground.facts.into_iter();
            let fault = facts.next().map(|fact| Fault {
                span: fact.span,
                property: fact.property,
                label: fact.label.unwrap_or_default(),
                part: None,
                related: facts
                    .filter(|other| other.span != fact.span)
                    .map(|other| Related { label: other.label.unwrap_or("and here".into()), span: other.span })
                    .collect(),
            });
            Verdict::Fail(fault.into_iter().collect(), ground.assumes)
        }
    }
}

/// What a pass rests on, where that is a property.
fn rests_on(fact: &Fact) -> Option<Cow<'static, str>> {
    let property = Some(&fact.property).filter(|property| !property.is_empty())?;
    Some(match fact.written {
        true => format!("`{property}` says so").into(),
        false => format!("`{property}` is left out, and the default is right").into(),
    })
}

/// Fails where the truth holds, passes where it does not.
pub fn forbid(truth: Truth) -> Verdict {
    require(truth.not())
}

impl Verdict {
    /// Nothing to object to, for a reason.
    pub fn pass(reason: impl Into<Cow<'static, str>>) -> Verdict {
        Verdict::Pass(reason.into().into(), Vec::new())
    }

    /// The question does not arise.
    pub fn not_applicable(reason: impl Into<Cow<'static, str>>) -> Verdict {
        Verdict::NotApplicable(reason.into())
    }

    /// Words for the underlined text, where the evidence brought none.
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Verdict {
        let label = label.into();
        for fault in self.faults_mut() {
            if fault.label.is_empty() {
                fault.label = label.clone();
            }
        }
        self
    }

    /// A reason beside a pass.
    pub fn because(mut self, reason: impl Into<Cow<'static, str>>) -> Verdict {
        if let Verdict::Pass(basis, _) = &mut self {
            basis.reason = Some(reason.into());
        }
        self
    }

    /// A further place for each fault.
    pub fn related(mut self, label: impl Into<Cow<'static, str>>, span: Span) -> Verdict {
        let label = label.into();
        for fault in self.faults_mut() {
            if fault.span != span {
                fault.related.push(Related { label: label.clone(), span });
            }
        }
        self
    }

    /// A place for each fault that came without one.
    pub fn or_at(mut self, span: Span) -> Verdict {
        match &mut self {
            Verdict::Fail(faults, _) if faults.is_empty() => faults.push(Fault {
                span,
                property: Arc::from(""),
                label: Cow::Borrowed(""),
                part: None,
                related: Vec::new(),
            }),
            Verdict::Unknown(_, _, place) => *place = place.or(Some(span)),
            _ => {}
        }
        self
    }

    /// Each part of the subject once: further places in it, and further reasons for one, are beside the first.
    pub fn once_each(self) -> Verdict {
        let Verdict::Fail(faults, assumes) = self else { return self };
        let mut each: Vec<Fault> = Vec::new();
        for fault in faults {
            match each.iter_mut().find(|known| known.part == fault.part) {
                None => each.push(fault),
                Some(known) => {
                    let further = Related { label: fault.label, span: fault.span };
                    let places = std::iter::once(further).chain(fault.related);
                    known.related.extend(places.filter(|place| place.span != known.span));
                }
            }
        }
        Verdict::Fail(each, assumes)
    }

    /// The part of the subject that each fault is in.
    pub fn part(mut self, part: &str) -> Verdict {
        for fault in self.faults_mut() {
            fault.part = Some(part.to_owned());
        }
        self
    }

    /// The resource that the parts of the faults are in, where the subject has several with parts of equal names.
    pub fn within(mut self, owner: &str) -> Verdict {
        for fault in self.faults_mut() {
            fault.part = Some(match &fault.part {
                Some(part) => format!("{owner}.{part}"),
                None => owner.to_owned(),
            });
        }
        self
    }

    /// Both must hold: faults of either are faults, and a question that does not arise is neutral.
    pub fn and(self, other: Verdict) -> Verdict {
        use Verdict::{Fail, NotApplicable, Pass, Unknown};
        match (self, other) {
            (NotApplicable(_), other) => other,
            (one, NotApplicable(_)) => one,
            (Fail(mut faults, mut assumes), Fail(more, others)) => {
                faults.extend(more);
                super::truth::add_assumptions(&mut assumes, &others);
                Fail(faults, assumes)
            }
            (fail @ Fail(..), _) | (_, fail @ Fail(..)) => fail,
            (Unknown(mut whys, mut assumes, place), Unknown(more, others, second)) => {
                whys.extend(more);
                super::truth::add_assumptions(&mut assumes, &others);
                Unknown(whys, assumes, place.or(second))
            }
            (unknown @ Unknown(..), _) | (_, unknown @ Unknown(..)) => unknown,
            (Pass(basis, mut assumes), Pass(other, others)) => {
                super::truth::add_assumptions(&mut assumes, &others);
                let reason = basis.reason.or(other.reason);
                Pass(Basis { reason, place: basis.place.or(other.place) }, assumes)
            }
        }
    }

    /// The defaults that it rests on.
    pub fn assumes(&self) -> &[Assumption] {
        match self {
            Verdict::Pass(_, assumes) | Verdict::Fail(_, assumes) | Verdict::Unknown(_, assumes, _) => assumes,
            Verdict::NotApplicable(_) => &[],
        }
    }

    fn faults_mut(&mut self) -> &mut [Fault] {
        match self {
            Verdict::Fail(faults, _) => faults,
            _ => &mut [],
        }
    }
}

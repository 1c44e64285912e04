//! What a plan does to what exists: both sides of it are judged, and what is lost between them is told.
//!
//! Before and after are read from the plan alone and in the same way, so that what differs between them is what the plan
//! changes and not how much of either side can be seen. Where a fault is after the plan, what is judged with the source says.

use super::estate::{self, Estates};
use super::subject::subjects;
use super::{Answer, Judge, Outcome, judge_present, outcome};
use crate::checks::{self, Check, Run};
use crate::model::{Cx, Lost, Planned, Settings};
use crate::read::{Change, Fate, Unit, World};
use crate::value::Fault;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A unit that a plan changes.
pub(super) struct Both<'a> {
    change: Change<'a>,
    asked: Vec<&'static Check>,
}

fn is_of_plans(check: &Check) -> bool {
    matches!(check.run, Run::Removal(_) | Run::Weakening(_))
}

/// The checks that are asked of what is there, whether a plan changes it or not.
pub(super) fn without_plans(checks: &[&'static Check]) -> Vec<&'static Check> {
    checks.iter().copied().filter(|check| !is_of_plans(check)).collect()
}

impl<'a> Both<'a> {
    /// The two sides, where a plan changes something and a check asks for that.
    pub(super) fn of(unit: &'a dyn Unit, checks: &[&'static Check]) -> Option<Both<'a>> {
        if !checks.iter().any(|check| is_of_plans(check)) {
            return None;
        }
        Some(Both { change: unit.change()?, asked: checks.to_vec() })
    }

    /// What is compared: the checks that are asked for, and those that are on where nobody says otherwise.
    pub(super) fn compared(&self) -> Vec<&'static Check> {
        let is_asked = |check: &Check| self.asked.iter().any(|asked| asked.id == check.id);
        let weakening = self.asked.iter().any(|check| matches!(check.run, Run::Weakening(_)));
        let wanted = |check: &&Check| is_asked(check) || (weakening && check.page.default_on);
        checks::ALL.iter().filter(|check| !is_of_plans(check)).filter(wanted).collect()
    }

    /// The outcomes that were asked for: of those of the unit itself, and what becomes of what is there before the plan.
    pub(super) fn judge(&self, own: Vec<Outcome>, settings: &Settings) -> Vec<Outcome> {
        let estates = alone(&*self.change.before);
        let mut lost = self.lost(&estates, &own, settings);
        let is_asked = |outcome: &Outcome| self.asked.iter().any(|asked| asked.id == outcome.check.id);
        let mut outcomes: Vec<Outcome> = own.into_iter().filter(is_asked).collect();
        let Some(estate) = estates.in_world(&World::default()) else { return outcomes };
        for (kind, at) in subjects(&estates.base) {
            let checks: Vec<&&Check> =
                self.asked.iter().filter(|it| is_of_plans(it) && kind.is_judged_by(it)).collect();
            let judge = Judge { unit: &*self.change.before, estates: &estates, settings, kind, at };
            let Some(mut subject) = judge.subject(&World::default()).filter(|_| !checks.is_empty()) else { continue };
            let (fate, place) = self.change.fates.get(&at.address).copied().unwrap_or((Fate::Stays, at.span));
            // The other places of the plan say nothing to who reads the source.
            subject.serves = subject.serves.filter(|_| place.file == at.span.file);
            let lost = lost.remove(&at.address).unwrap_or_default();
            let planned = Planned { at: at.clone(), place, fate, lost };
            for check in checks {
                let cx = Cx { estate: &estate, scope: &estates.base, settings, check: check.id };
                let (Run::Removal(run) | Run::Weakening(run)) = check.run else { continue };
                outcomes.extend(outcome(check, &subject, place, run(&cx, &planned).into()));
            }
        }
        outcomes
    }

    /// What passes before the plan and fails after it, by the addresses of its subjects.
    fn lost(&self, before: &Estates, own: &[Outcome], settings: &Settings) -> BTreeMap<Arc<str>, Vec<Lost>> {
        let mut lost: BTreeMap<Arc<str>, Vec<Lost>> = BTreeMap::new();
        if !self.asked.iter().any(|check| matches!(check.run, Run::Weakening(_))) {
            return lost;
        }
        let side = |estates: &Estates| {
            let outcomes = judge_present(estates, &self.compared(), settings);
            let passes = outcomes.into_iter().filter(|outcome| outcome.answer == Answer::Pass);
            passes.map(|outcome| (outcome.check.id, outcome.subject.address)).collect::<BTreeSet<_>>()
        };
        let (passing, kept) = (side(before), side(&alone(&*self.change.after)));
        for outcome in own.iter().filter(|outcome| outcome.answer == Answer::Fail) {
            let key = (outcome.check.id, outcome.subject.address.clone());
            if passing.contains(&key) && !kept.contains(&key) {
                lost.entry(key.1).or_default().push(Lost { check: key.0, fault: fault(outcome) });
            }
        }
        lost
    }
}

/// A side of a plan: nothing is linked with it.
fn alone(unit: &dyn Unit) -> Estates<'_> {
    Estates::new(unit, Arc::new(estate::lower(unit, &World::default())), Vec::new(), Vec::new())
}

/// The fault of a failure.
fn fault(outcome: &Outcome) -> Fault {
    Fault {
        span: outcome.span,
        property: outcome.property.clone(),
        label: outcome.label.clone().into(),
        part: outcome.part.clone(),
        related: outcome.related.clone(),
    }
}

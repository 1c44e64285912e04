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

    /// The checks that a trail passes because it may be one of several: what a trail that exists was for is known.
    pub(super) fn asked_of_each(&self) -> Vec<&'static Check> {
        let compared = self.compared().into_iter();
        compared.filter(|check| check.id == "trail_without_management_events").collect()
    }

    /// The outcomes that were asked for: of those of the unit itself, and what becomes of what is there before the plan, and of
    /// what the plan brings. `each` are the outcomes of trails by themselves.
    pub(super) fn judge(&self, own: Vec<Outcome>, each: Vec<Outcome>, settings: &Settings) -> Vec<Outcome> {
        let (before, after) = (alone(&*self.change.before), alone(&*self.change.after));
        let is_open = |one: &Outcome| {
            let same = |it: &&Outcome| it.check.id == one.check.id && it.subject.address == one.subject.address;
            own.iter().find(same).is_some_and(|it| it.answer == Answer::Unknown)
        };
        let each: Vec<Outcome> = each.into_iter().filter(is_open).collect();
        let judged: Vec<&Outcome> = own.iter().chain(&each).collect();
        let mut lost = self.lost([&before, &after], &judged, settings);
        let is_asked = |outcome: &Outcome| self.asked.iter().any(|asked| asked.id == outcome.check.id);
        let mut outcomes: Vec<Outcome> = own.into_iter().filter(is_asked).collect();
        outcomes.extend(self.tell(&before, &mut lost, settings, &is_of_plans));
        // What is left is said of what is not there before.
        let brought = lost.keys().cloned().collect::<BTreeSet<_>>();
        let is_weakening = |check: &Check| matches!(check.run, Run::Weakening(_));
        let new = self.tell(&after, &mut lost, settings, &is_weakening);
        outcomes.extend(new.into_iter().filter(|outcome| brought.contains(&outcome.subject.address)));
        outcomes
    }

    /// Tells of the subjects of a side what is lost with them.
    fn tell(
        &self,
        estates: &Estates,
        lost: &mut BTreeMap<Arc<str>, Vec<Lost>>,
        settings: &Settings,
        wanted: &dyn Fn(&Check) -> bool,
    ) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        let Some(estate) = estates.in_world(&World::default()) else { return outcomes };
        for (kind, at) in subjects(&estates.base) {
            let checks: Vec<&&Check> = self.asked.iter().filter(|it| wanted(it) && kind.is_judged_by(it)).collect();
            let judge = Judge { unit: estates.unit, estates, settings, kind, at };
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

    /// What passes before the plan and fails after it, by the addresses of its subjects. What the plan brings to what exists is
    /// lost where it does harm of itself, and where it stands for something that passed and is judged no more.
    fn lost(
        &self,
        [before, after]: [&Estates; 2],
        own: &[&Outcome],
        settings: &Settings,
    ) -> BTreeMap<Arc<str>, Vec<Lost>> {
        let mut lost: BTreeMap<Arc<str>, Vec<Lost>> = BTreeMap::new();
        if !self.asked.iter().any(|check| matches!(check.run, Run::Weakening(_))) {
            return lost;
        }
        let side = |estates: &Estates| {
            let outcomes = judge_present(estates, &self.compared(), settings);
            let key = |outcome: Outcome| ((outcome.check.id, outcome.subject.address), outcome.answer);
            outcomes.into_iter().map(key).collect::<BTreeMap<_, _>>()
        };
        let there: BTreeSet<&str> = subjects(&before.base).into_iter().map(|(_, at)| &*at.address).collect();
        let (was, becomes) = (side(before), side(after));
        let passes = |side: &BTreeMap<_, Answer>, key: &_| side.get(key) == Some(&Answer::Pass);
        let is_judged = |key: &_| matches!(becomes.get(key), Some(Answer::Pass | Answer::Fail | Answer::Unknown));
        let gone = was.iter().filter(|(key, answer)| **answer == Answer::Pass && !is_judged(key));
        let gone: BTreeSet<&str> = gone.map(|((check, _), _)| *check).collect();
        for outcome in own.iter().filter(|outcome| outcome.answer == Answer::Fail) {
            let key = (outcome.check.id, outcome.subject.address.clone());
            let is_new = !there.contains(&*key.1);
            let is_lost = match is_new {
                false => {
                    passes(&was, &key) || (does_harm(outcome.check) && was.get(&key) == Some(&Answer::NotApplicable))
                }
                true => !there.is_empty() && (does_harm(outcome.check) || gone.contains(key.0)),
            };
            if is_lost && !passes(&becomes, &key) {
                lost.entry(key.1).or_default().push(Lost { check: key.0, is_new, fault: fault(outcome) });
            }
        }
        lost
    }
}

/// Whether what fails a check does something to trails that are there, and does not only lack what it should have itself.
fn does_harm(check: &Check) -> bool {
    matches!(check.run, Run::Identity(_) | Run::DelegatedAdministrator(_)) || check.id == "rcp_blocks_delivery"
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

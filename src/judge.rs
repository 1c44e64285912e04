//! From units to outcomes: every check on every subject, in the worlds that matter.
//!
//! A subject is judged in the world in which it exists. Where its verdict hangs on a condition, the condition is set each
//! way, at most [`MAX_BRANCHING`] conditions deep, and the answers are put together: all alike is the answer; a failure
//! on one side only is unknown, with the side named. What defaults decide is what counts, yet the other side is looked
//! at too. Nothing is enumerated beyond that. The worlds in which subjects exist come first and have a bound of their own;
//! those that are tried are shared out evenly. A subject beyond the bound is unknown, and said to be.

mod anchors;
mod branches;
mod calls;
mod change;
mod estate;
mod subject;
mod suppressed;

use crate::checks::{Check, Run};
use crate::model::{Cx, Declared, Membership, Settings};
use crate::parallel;
use crate::read::{Unit, World};
use crate::source::{FileId, Span};
use crate::value::{Condition, Related, Text, Verdict, Why, WhyKind};
pub use anchors::Anchors;
use branches::Combined;
use estate::{Estates, Links, Neighbours};
use std::collections::BTreeMap;
use std::sync::Arc;
use subject::{Kind, subjects};
pub use suppressed::{News, Suppressed};

/// Conditions that are tried both ways for one verdict.
pub const MAX_BRANCHING: usize = 3;

/// The four answers of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It cannot be told.
    Unknown,
    /// The question does not arise.
    NotApplicable,
}

impl Answer {
    /// Its spelling in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Pass => "pass",
            Answer::Fail => "fail",
            Answer::Unknown => "unknown",
            Answer::NotApplicable => "not_applicable",
        }
    }
}

/// What was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// `trail`, `bucket`, `role` and so on: what a person calls it.
    pub kind: &'static str,
    /// Its address.
    pub address: Arc<str>,
    /// The addresses of the companion resources that were joined into it.
    pub includes: Vec<Arc<str>>,
    /// Where its name and theirs stand.
    pub declared: Vec<Span>,
    /// Where what holds it is called: the modules, or nested stacks, around it; known of what fails or is unknown.
    pub calls: Vec<Span>,
    /// The account that it is in, where that is known.
    pub account: Option<Box<str>>,
    /// Its Region, where that is known.
    pub region: Option<Box<str>>,
    /// Why it is judged at all, where it is no trail: the trail that names it, or the flag.
    pub serves: Option<Related>,
}

/// One answer of one check on one subject; a failure with several faults gives several.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The check.
    pub check: &'static Check,
    /// What was judged.
    pub subject: Subject,
    /// The answer.
    pub answer: Answer,
    /// What to underline.
    pub span: Span,
    /// Words for the underlined text; empty for a pass without a special reason.
    pub label: String,
    /// The property to change, as the source spells it; empty where it is the resource itself.
    pub property: Arc<str>,
    /// Where the value is written that a pass rests on, where it is one.
    pub rests_on: Option<Span>,
    /// Tells a fault from its siblings.
    pub part: Option<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// Why it is unknown.
    pub reasons: Vec<Why>,
    /// The parameters whose defaults it rests on, by name.
    pub assumed: Vec<String>,
    /// Under which conditions the check fails, where it does not fail under all.
    pub fails_when: Option<String>,
    /// Whether a bound kept the subject from being looked at.
    pub cut: bool,
    /// A file that tells what it was judged with from others: one of the root module, the template of the stack.
    pub unit: Option<FileId>,
    /// Whether it exists in an account, wherever it is declared.
    pub is_live: bool,
    /// What holds it back, where a team decided so.
    pub suppressed: Option<Suppressed>,
    /// Why it is new, where it was held against what was there before.
    pub news: Option<News>,
}

/// Judges the units of a run. The outcomes are in the order of the units, which is that of their instances, their resources,
/// and the checks.
///
/// A unit that no other can have to do with is judged at once, so that of most units nothing but outcomes is kept.
pub fn judge(units: &[&dyn Unit], checks: &[&'static Check], settings: &Settings) -> Vec<Outcome> {
    let first = parallel::map(units.len(), |index| {
        let unit = *units.get(index)?;
        let base = Arc::new(estate::shared(unit));
        let links = Links::of(unit, &base);
        if links.are_none() {
            return Some(Ok(judge_unit(Estates::new(unit, base, Vec::new(), Vec::new()), checks, settings)));
        }
        Some(Err((base, links)))
    });
    let (mut judged, mut linked) = (Vec::new(), Vec::new());
    for one in first {
        let (outcomes, links) = match one {
            Some(Ok(outcomes)) => (Some(outcomes), None),
            Some(Err(links)) => (None, Some(links)),
            None => (None, None),
        };
        judged.push(outcomes);
        linked.push(links);
    }
    let near = Neighbours::new(units, linked);
    let each = parallel::map(units.len(), |index| {
        let base = near.scope(index)?.clone();
        let estates = Estates::new(*units.get(index)?, base, near.around(index), near.at_home(index));
        Some(judge_unit(estates, checks, settings))
    });
    judged.into_iter().zip(each).filter_map(|(alone, among)| alone.or(among)).flatten().collect()
}

/// Judges a unit, and what a plan makes of it.
fn judge_unit(estates: Estates, checks: &[&'static Check], settings: &Settings) -> Vec<Outcome> {
    let unit = estates.unit;
    let outcomes = match change::Both::of(unit, checks) {
        Some(both) => {
            let each = Settings { each_trail: true, ..settings.clone() };
            let alone = judge_present(&estates, &both.asked_of_each(), &each);
            both.judge(judge_present(&estates, &both.compared(), settings), alone, settings)
        }
        None => judge_present(&estates, &change::without_plans(checks), settings),
    };
    let file = unit.file();
    let seen = outcomes.into_iter().map(|outcome| calls::seen_from_the_call(unit, outcome));
    seen.map(|outcome| Outcome { unit: file, ..outcome }).collect()
}

/// What may be judged: its place in the order of the unit, what it is, and where it is declared.
type Member<'s> = (usize, Kind, &'s Declared);

/// Judges a unit as it is written: those that exist in one world together, so that of other worlds nothing is kept.
fn judge_present(estates: &Estates, checks: &[&'static Check], settings: &Settings) -> Vec<Outcome> {
    let unit = estates.unit;
    let mut groups: Vec<(World, Vec<Member>)> = Vec::new();
    let mut known: BTreeMap<World, usize> = BTreeMap::new();
    for (order, (kind, at)) in subjects(&estates.base).into_iter().enumerate() {
        let is_judged = checks.iter().any(|check| kind.is_judged_by(check));
        let Some(world) = existing(unit, at).filter(|_| is_judged) else { continue };
        let group = *known.entry(world.clone()).or_insert(groups.len());
        match groups.get_mut(group) {
            Some((_, members)) => members.push((order, kind, at)),
            None => groups.push((world, vec![(order, kind, at)])),
        }
    }
    let mut left: usize = groups.iter().map(|(_, members)| members.len()).sum();
    let mut outcomes: Vec<(usize, Vec<Outcome>)> = Vec::new();
    for (world, members) in groups {
        estates.begin(members.len(), left);
        left = left.saturating_sub(members.len());
        for (order, kind, at) in members {
            let judge = Judge { unit, estates, settings, kind, at };
            outcomes.push((order, judge.outcomes(checks, &world)));
        }
    }
    outcomes.sort_by_key(|(order, _)| *order);
    outcomes.into_iter().flat_map(|(_, outcomes)| outcomes).collect()
}

/// The world in which a resource exists, where there is one.
fn existing(unit: &dyn Unit, at: &Declared) -> Option<World> {
    at.conditions.iter().try_fold(World::default(), |world, condition| unit.assume(&world, condition, true))
}

/// One subject to be judged.
struct Judge<'a> {
    unit: &'a dyn Unit,
    estates: &'a Estates<'a>,
    settings: &'a Settings,
    kind: Kind,
    at: &'a Declared,
}

impl Judge<'_> {
    /// What the checks say of the subject, from the world in which it exists.
    fn outcomes(&self, checks: &[&'static Check], world: &World) -> Vec<Outcome> {
        let checks: Vec<&'static Check> =
            checks.iter().filter(|check| self.kind.is_judged_by(check)).copied().collect();
        let seen = self.estates.own(world).and_then(|_| match self.serving(world.clone()) {
            None => Some(None),
            Some(world) => self.estates.own(&world).map(|_| Some(world)),
        });
        match seen {
            Some(None) => Vec::new(),
            Some(Some(world)) => {
                let Some(subject) = self.subject(&world) else { return Vec::new() };
                let each = checks
                    .into_iter()
                    .map(|check| outcome(check, &subject, self.at.span, branches::judge(self, check, &world)));
                each.flatten().collect()
            }
            None => self.unseen(&checks),
        }
    }

    /// What is said of a subject that a bound kept from being looked at: that it is there, and that nothing is known.
    fn unseen(&self, checks: &[&'static Check]) -> Vec<Outcome> {
        let Some(subject) = self.subject(&World::default()) else { return Vec::new() };
        let text = "more resources than are looked at exist each under a condition of their own";
        let why = || Why::new(WhyKind::Unsupported, "conditions", text);
        let each = checks.iter().flat_map(|check| {
            outcome(check, &subject, self.at.span, Verdict::Unknown(vec![why()], Vec::new(), None).into())
        });
        each.map(|outcome| Outcome { cut: true, ..outcome }).collect()
    }

    /// The verdict of a check in a world; none where the subject does not exist there.
    fn run(&self, check: &Check, world: &World) -> Option<Verdict> {
        let estate = self.estates.in_world(world)?;
        let scope = estate.scopes.first()?;
        let cx = Cx { estate: &estate, scope, settings: self.settings, check: check.id };
        if world.assigned().len() > self.at.conditions.len() && self.serves(&cx).is_none() {
            return Some(Verdict::not_applicable("no trail uses it in this case"));
        }
        Some(match check.run {
            Run::Trail(run) | Run::LiveTrail(run) => run(&cx, scope.trails.of(self.at)?),
            Run::Live(run) => run(&cx, scope.live.as_ref()?),
            Run::Store(run) => run(&cx, scope.stores.of(self.at)?),
            Run::Bucket(run) => run(&cx, self.bucket(scope)?),
            Run::BucketPolicy(run) => run(&cx, self.bucket(scope)?),
            Run::Topic(run) => run(&cx, scope.topics.of(self.at)?),
            Run::Role(run) | Run::Identity(run) => run(&cx, scope.identities.of(self.at)?),
            Run::OrganizationPolicy(run) => run(&cx, scope.organization_policies.of(self.at)?),
            Run::Membership(run) if self.kind == Kind::Organization => {
                run(&cx, Membership::Organization(scope.organizations.of(self.at)?))
            }
            Run::Membership(run) => run(&cx, Membership::Policy(scope.organization_policies.of(self.at)?)),
            Run::Account(run) => run(&cx, scope.accounts.of(self.at)?),
            Run::DelegatedAdministrator(run) => run(&cx, scope.administrators.of(self.at)?),
            Run::Organization(run) => run(&cx, scope.organizations.of(self.at)?),
            Run::Key(run) => run(&cx, scope.keys.of(self.at)?),
            Run::LogGroup(run) => run(&cx, scope.log_groups.of(self.at)?),
            // These are asked of both sides of a plan together.
            Run::Removal(_) | Run::Weakening(_) => return None,
        })
    }

    /// What a report says of the subject; none where it does not serve the audit trail.
    fn subject(&self, world: &World) -> Option<Subject> {
        let known = |text: &Text| text.literal().map(Box::from);
        let subject = Subject {
            kind: self.kind.name(),
            address: self.at.address.clone(),
            includes: Vec::new(),
            declared: vec![self.at.span],
            calls: Vec::new(),
            account: known(&self.at.home.account),
            region: known(&self.at.home.region),
            serves: None,
        };
        let estate = self.estates.in_world(world)?;
        let scope = estate.scopes.first()?;
        let cx = Cx { estate: &estate, scope, settings: self.settings, check: "" };
        let (includes, places): (Vec<_>, Vec<_>) = self.includes(&cx).into_iter().unzip();
        let declared = [subject.declared, places].concat();
        let serves = self.serves(&cx)?.map(|(related, _)| related);
        Some(Subject { includes, declared, serves, ..subject })
    }

    /// The world in which it also serves: where one trail alone makes the subject matter, that trail exists, and names it; none where it
    /// never can.
    fn serving(&self, world: World) -> Option<World> {
        let Some(estate) = self.estates.in_world(&world) else { return Some(world) };
        let Some(scope) = estate.scopes.first() else { return Some(world) };
        let cx = Cx { estate: &estate, scope, settings: self.settings, check: "" };
        let routes = match self.serves(&cx) {
            Some(Some((_, routes))) => routes,
            _ => return Some(world),
        };
        let Some((first, others)) = routes.split_first() else { return Some(world) };
        if others.iter().any(|other| !std::ptr::eq(other.trail, first.trail)) {
            return Some(world);
        }
        let exists = first.trail.at.conditions.iter().map(|condition| (condition.clone(), true));
        let way = if others.is_empty() { first.conditions.clone() } else { Vec::new() };
        let mut serving = world.clone();
        for (condition, value) in exists.chain(way).filter(|(condition, _)| self.unit.owns(condition)) {
            match self.unit.assume(&serving, &condition, value) {
                Some(next) => serving = next,
                None => return None,
            }
        }
        Some(serving)
    }

    /// How defaults decide a condition.
    fn by_default(&self, world: &World, condition: &Condition) -> Option<bool> {
        self.unit.by_default(world, condition)
    }
}

/// The results that a report shows for a verdict: one for each fault, else one.
fn outcome(check: &'static Check, subject: &Subject, place: Span, combined: Combined) -> Vec<Outcome> {
    let Combined { verdict, assumed, fails_when } = combined;
    let base = Outcome {
        check,
        subject: subject.clone(),
        answer: Answer::Pass,
        span: place,
        label: String::new(),
        property: Arc::from(""),
        rests_on: None,
        part: None,
        related: Vec::new(),
        reasons: Vec::new(),
        assumed,
        fails_when,
        cut: false,
        unit: None,
        is_live: false,
        suppressed: None,
        news: None,
    };
    match verdict {
        Verdict::Pass(basis, _) => {
            let label = basis.reason.unwrap_or_default().into_owned();
            vec![Outcome { label, rests_on: basis.place, ..base }]
        }
        Verdict::NotApplicable(reason) => {
            vec![Outcome { answer: Answer::NotApplicable, label: reason.into_owned(), ..base }]
        }
        Verdict::Unknown(reasons, _, own) => {
            let span = own.unwrap_or(place);
            vec![Outcome { answer: Answer::Unknown, span, reasons, ..base }]
        }
        Verdict::Fail(faults, _) => {
            let each = faults.into_iter().map(|fault| {
                let serves = subject.serves.iter().filter(|serves| serves.span != fault.span).cloned();
                Outcome {
                    answer: Answer::Fail,
                    span: fault.span,
                    label: fault.label.into_owned(),
                    property: fault.property,
                    part: fault.part,
                    related: fault.related.into_iter().chain(serves).collect(),
                    ..base.clone()
                }
            });
            each.collect()
        }
    }
}

//! Both sides of conditions: which are tried for a verdict, and what the answers say together.

use super::{Judge, MAX_BRANCHING};
use crate::checks::Check;
use crate::read::World;
use crate::value::{Assumption, Condition, Fault, Related, Verdict, Why, WhyKind};

/// How far the path of defaults is followed below the conditions that are tried both ways.
const MAX_DEFAULTS: usize = 16;

/// A verdict over all the worlds that were tried.
pub(super) struct Combined {
    pub(super) verdict: Verdict,
    pub(super) assumed: Vec<String>,
    pub(super) fails_when: Option<String>,
}

impl From<Verdict> for Combined {
    /// A verdict that no condition has to do with.
    fn from(verdict: Verdict) -> Combined {
        let mut assumed: Vec<String> = verdict.assumes().iter().map(|one| one.name.to_string()).collect();
        assumed.sort();
        assumed.dedup();
        Combined { verdict, assumed, fails_when: None }
    }
}

/// A condition as it was set on the way to a leaf.
#[derive(Clone)]
struct Step {
    condition: Condition,
    value: bool,
    /// How defaults decide it.
    default: Option<bool>,
}

/// The verdict in one of the worlds that were tried.
struct Leaf {
    verdict: Verdict,
    path: Vec<Step>,
    /// Whether the other sides of further conditions were not looked at.
    cut: bool,
}

impl Leaf {
    fn is_by_default(&self) -> bool {
        self.path.iter().all(|step| step.default.is_none_or(|default| default == step.value))
    }
}

/// Runs a check in the subject's world and in those that its verdict hangs on.
pub(super) fn judge(judge: &Judge, check: &Check, world: &World) -> Combined {
    let mut leaves = Vec::new();
    explore(judge, check, world, &mut Vec::new(), &mut leaves);
    let mut combined = combine(judge, &leaves);
    // What is unknown stands where it is written, not where one of its sides leads.
    if let (Verdict::Unknown(_, _, place), Some(Verdict::Unknown(_, _, Some(whole)))) =
        (&mut combined.verdict, judge.run(check, world))
    {
        *place = Some(whole);
    }
    combined
}

fn explore(judge: &Judge, check: &Check, world: &World, path: &mut Vec<Step>, leaves: &mut Vec<Leaf>) {
    let Some(verdict) = judge.run(check, world) else {
        // The subject is gone in this world, or there were too many worlds to look at.
        if judge.estates.in_world(world).is_none() {
            let why = Why::new(
                WhyKind::Unsupported,
                "conditions",
                "there are too many conditional resources to look at each",
            );
            leaves.push(Leaf { verdict: Verdict::Unknown(vec![why], Vec::new(), None), path: path.clone(), cut: true });
        }
        return;
    };
    let Some(condition) = open_condition(judge, &verdict, world) else {
        leaves.push(Leaf { verdict, path: path.clone(), cut: false });
        return;
    };
    let default = judge.by_default(world, &condition);
    if path.len() >= MAX_BRANCHING {
        leaves.push(follow_defaults(judge, check, world, path, verdict));
        return;
    }
    let mut possible = false;
    for value in [true, false] {
        if let Some(next) = judge.unit.assume(world, &condition, value) {
            possible = true;
            path.push(Step { condition: condition.clone(), value, default });
            explore(judge, check, &next, path, leaves);
            path.pop();
        }
    }
    if !possible {
        leaves.push(Leaf { verdict, path: path.clone(), cut: false });
    }
}

/// The first condition of this unit that a verdict hangs on.
fn open_condition(judge: &Judge, verdict: &Verdict, world: &World) -> Option<Condition> {
    let Verdict::Unknown(whys, ..) = verdict else { return None };
    let conditions = whys.iter().filter_map(|why| why.condition.as_ref());
    let mut own = conditions.filter(|condition| judge.unit.owns(condition) && world.get(condition).is_none());
    own.next().cloned()
}

/// Below the conditions that are tried both ways, defaults still decide what they decide.
fn follow_defaults(judge: &Judge, check: &Check, world: &World, path: &[Step], verdict: Verdict) -> Leaf {
    let (mut world, mut verdict) = (world.clone(), verdict);
    for _ in 0..MAX_DEFAULTS {
        let Some(condition) = open_condition(judge, &verdict, &world) else { break };
        let Some(default) = judge.by_default(&world, &condition) else { break };
        let Some(next) = judge.unit.assume(&world, &condition, default) else { break };
        let Some(found) = judge.run(check, &next) else { break };
        (world, verdict) = (next, found);
    }
    Leaf { verdict, path: path.to_vec(), cut: true }
}

fn combine(judge: &Judge, leaves: &[Leaf]) -> Combined {
    let applies = |leaf: &&Leaf| !matches!(leaf.verdict, Verdict::NotApplicable(_));
    let all: Vec<&Leaf> = leaves.iter().filter(applies).collect();
    let Some(first) = all.first() else {
        let verdict = leaves.first().map(|leaf| leaf.verdict.clone());
        let verdict =
            verdict.unwrap_or_else(|| Verdict::not_applicable("it exists in none of the worlds that were looked at"));
        return Combined { verdict, assumed: Vec::new(), fails_when: None };
    };
    let by_default: Vec<&&Leaf> = all.iter().filter(|leaf| leaf.is_by_default()).collect();
    let nothing_by_default = by_default.is_empty() && leaves.iter().any(Leaf::is_by_default);
    let failing: Vec<&&Leaf> = all.iter().filter(|leaf| matches!(leaf.verdict, Verdict::Fail(..))).collect();
    let fails =
        |leaves: &[&&Leaf]| !leaves.is_empty() && leaves.iter().all(|leaf| matches!(leaf.verdict, Verdict::Fail(..)));
    let everywhere = failing.len() == leaves.len();
    let fails_when = (!failing.is_empty() && !everywhere).then(|| describe(&failing));
    let decisive: Vec<&&Leaf> = if by_default.is_empty() { all.iter().collect() } else { by_default };
    if fails(&decisive) && !nothing_by_default {
        let verdict = join_failures(&decisive);
        let assumed = assumptions(judge, &decisive, &verdict, !everywhere);
        return Combined { verdict, assumed, fails_when };
    }
    let passes = |leaf: &&Leaf| matches!(leaf.verdict, Verdict::Pass(..));
    let unexplored = all.iter().any(|leaf| leaf.cut);
    if failing.is_empty() && decisive.iter().all(|leaf| passes(leaf)) && !unexplored {
        let verdict = decisive.first().map_or_else(|| first.verdict.clone(), |leaf| leaf.verdict.clone());
        let assumed = assumptions(judge, &decisive, &verdict, all.iter().any(|leaf| !passes(leaf)));
        return Combined { verdict, assumed, fails_when: None };
    }
    let verdict = undecided(&all);
    Combined { assumed: assumptions(judge, &[], &verdict, false), verdict, fails_when }
}

/// One failure from those of several worlds: the first one's faults, with the other worlds' places beside them.
fn join_failures(leaves: &[&&Leaf]) -> Verdict {
    let mut faults: Vec<Fault> = Vec::new();
    let mut assumes: Vec<Assumption> = Vec::new();
    for leaf in leaves {
        let Verdict::Fail(more, others) = &leaf.verdict else { continue };
        assumes.extend(others.iter().filter(|one| !assumes.contains(one)).cloned().collect::<Vec<_>>());
        // What is said of the same place is the same fault, though other elements before it give it another part.
        let mut free: Vec<usize> = (0..faults.len()).collect();
        let (_, more): (Vec<&Fault>, Vec<&Fault>) =
            more.iter().partition(|fault| takes(&mut free, &faults, |known| is_alike(known, fault)));
        for fault in more {
            let at = free.iter().position(|at| faults.get(*at).is_some_and(|known| known.part == fault.part));
            match at.map(|at| free.remove(at)).and_then(|at| faults.get_mut(at)) {
                Some(known) => {
                    let label = format!("{}: {}", conditions(&leaf.path, false), fault.label);
                    known.related.push(Related { label: label.into(), span: fault.span });
                }
                None => faults.push(fault.clone()),
            }
        }
    }
    Verdict::Fail(faults, assumes)
}

/// Takes one of the faults that are free, where one is meant.
fn takes(free: &mut Vec<usize>, faults: &[Fault], meant: impl Fn(&Fault) -> bool) -> bool {
    let at = free.iter().position(|at| faults.get(*at).is_some_and(&meant));
    at.map(|at| free.remove(at)).is_some()
}

fn is_alike(one: &Fault, other: &Fault) -> bool {
    one.span == other.span && (one.label == other.label || one.part == other.part)
}

/// Why the worlds together give no answer: the conditions that part them, then what is unknown in each.
fn undecided(leaves: &[&Leaf]) -> Verdict {
    let mut whys: Vec<Why> = Vec::new();
    let mut place = None;
    let mut assumes: Vec<Assumption> = Vec::new();
    let alike = leaves.iter().all(|leaf| matches!(leaf.verdict, Verdict::Unknown(..)));
    if !alike {
        let steps = leaves.iter().flat_map(|leaf| &leaf.path);
        whys.extend(steps.map(|step| Why::condition(step.condition.clone())));
    }
    for leaf in leaves {
        match &leaf.verdict {
            Verdict::Unknown(more, others, at) => {
                whys.extend(more.iter().cloned());
                assumes.extend(others.iter().cloned());
                place = place.or(*at);
            }
            Verdict::Fail(faults, _) => place = place.or(faults.first().map(|fault| fault.span)),
            _ => {}
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    whys.retain(|why| seen.insert((why.kind, why.name.clone())));
    assumes.dedup();
    Verdict::Unknown(whys, assumes, place)
}

/// The parameters whose defaults a verdict rests on: of values, and of conditions where the other side would differ.
fn assumptions(judge: &Judge, leaves: &[&&Leaf], verdict: &Verdict, differs: bool) -> Vec<String> {
    let mut names: Vec<String> = verdict.assumes().iter().map(|one| one.name.to_string()).collect();
    if differs {
        let steps = leaves.iter().flat_map(|leaf| &leaf.path).filter(|step| step.default == Some(step.value));
        for step in steps {
            names.extend(judge.unit.parameters_of(&step.condition));
        }
    }
    names.sort();
    names.dedup();
    names
}

fn describe(leaves: &[&&Leaf]) -> String {
    const SHOWN: usize = 3;
    let mut each: Vec<String> = leaves.iter().map(|leaf| conditions(&leaf.path, true)).collect();
    each.sort();
    each.dedup();
    let more = each.len().saturating_sub(SHOWN);
    each.truncate(SHOWN);
    let text = each.join(", or ");
    if more > 0 { format!("{text}, or in {more} more cases") } else { text }
}

/// `IsProd is false and UseKey is true`; with `shorten`, what defaults say anyway is left out where something is left.
fn conditions(path: &[Step], shorten: bool) -> String {
    let unusual: Vec<&Step> = path.iter().filter(|step| step.default != Some(step.value)).collect();
    let shown = if shorten && !unusual.is_empty() { unusual } else { path.iter().collect() };
    let each: Vec<String> = shown.iter().map(|step| format!("{} is {}", step.condition.name, step.value)).collect();
    each.join(" and ")
}

//! Both sides of conditions: which are tried for a verdict, and what the answers say together.

use super::{Judge, MAX_BRANCHING};
use crate::checks::Check;
use crate::read::World;
use crate::value::{Assumption, Condition, Fault, Related, Verdict, Why};

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
    if let Verdict::Unknown(_, _, place) = &mut combined.verdict
        && let Some(Verdict::Unknown(_, _, Some(whole))) = judge.run(check, world)
    {
        *place = Some(whole);
    }
    combined
}

fn explore(judge: &Judge, check: &Check, world: &World, path: &mut Vec<Step>, leaves: &mut Vec<Leaf>) {
    // The subject is gone in this world.
    let Some(verdict) = judge.run(check, world) else { return };
    let Some(condition) = open_condition(judge, &verdict, world) else {
        leaves.push(Leaf { verdict, path: path.clone(), cut: false });
        return;
    };
    let default = judge.by_default(world, &condition);
    let side = |value: bool| judge.unit.assume(world, &condition, value).map(|next| (value, next));
    let sides: Vec<(bool, World)> = [true, false].into_iter().filter_map(side).collect();
    // Both sides are looked at, or neither.
    if path.len() >= MAX_BRANCHING || !judge.estates.try_all(sides.iter().map(|(_, next)| next)) {
        leaves.push(follow_defaults(judge, check, world, path, verdict));
        return;
    }
    if sides.is_empty() {
        leaves.push(Leaf { verdict, path: path.clone(), cut: false });
    }
    for (value, next) in sides {
        path.push(Step { condition: condition.clone(), value, default });
        explore(judge, check, &next, path, leaves);
        path.pop();
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
                    let label = format!("{}: {}", conditions(&leaf.path.iter().collect::<Vec<_>>()), fault.label);
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
        let alike = |kind: fn(&Verdict) -> bool| fewest(leaves.iter().filter(|leaf| kind(&leaf.verdict)).copied());
        let kinds: [fn(&Verdict) -> bool; 3] = [
            |verdict| matches!(verdict, Verdict::Pass(..)),
            |verdict| matches!(verdict, Verdict::Fail(..)),
            |verdict| matches!(verdict, Verdict::Unknown(..)),
        ];
        let steps = kinds.into_iter().flat_map(alike).flatten();
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

/// The fewest sides of conditions that tell the paths to some leaves: what is so on both sides of a condition does not hang
/// on it, and what one side alone leads to needs no other.
fn fewest<'l>(leaves: impl Iterator<Item = &'l Leaf>) -> Vec<Vec<&'l Step>> {
    let mut all: Vec<Vec<&Step>> = leaves.map(|leaf| leaf.path.iter().collect()).collect();
    while let Some((first, second, both)) = on_both_sides(&all) {
        all = all.into_iter().enumerate().filter(|(n, _)| ![first, second].contains(n)).map(|(_, path)| path).collect();
        all.insert(first, both);
    }
    let is_told = |n: usize, path: &[&Step]| {
        let tells = |(m, other): (usize, &Vec<&Step>)| {
            m != n && other.iter().all(|step| goes(path, step)) && (other.len() < path.len() || m < n)
        };
        all.iter().enumerate().any(tells)
    };
    all.iter().enumerate().filter(|(n, path)| !is_told(*n, path)).map(|(_, path)| path.clone()).collect()
}

fn goes(path: &[&Step], step: &Step) -> bool {
    path.iter().any(|own| own.condition == step.condition && own.value == step.value)
}

/// Two paths that only one condition parts, and what they have in common.
fn on_both_sides<'l>(all: &[Vec<&'l Step>]) -> Option<(usize, usize, Vec<&'l Step>)> {
    let pairs = all.iter().enumerate().flat_map(|(n, one)| {
        let others = all.iter().enumerate().skip(n + 1);
        others.map(move |(m, other)| (n, one, m, other))
    });
    pairs.into_iter().find_map(|(n, one, m, other)| {
        let (common, own): (Vec<&Step>, Vec<&Step>) = one.iter().partition(|step| goes(other, step));
        let [parting] = own.as_slice() else { return None };
        let is_parted = other.iter().any(|step| step.condition == parting.condition && step.value != parting.value);
        (is_parted && one.len() == other.len()).then_some((n, m, common))
    })
}

fn describe(leaves: &[&&Leaf]) -> String {
    const SHOWN: usize = 3;
    let mut each: Vec<String> = fewest(leaves.iter().map(|leaf| **leaf)).iter().map(|path| unusual(path)).collect();
    each.sort();
    each.dedup();
    let more = each.len().saturating_sub(SHOWN);
    each.truncate(SHOWN);
    let text = each.join(", or ");
    if more > 0 { format!("{text}, or in {more} more cases") } else { text }
}

/// What defaults say anyway is left out where something is left.
fn unusual(path: &[&Step]) -> String {
    let unusual: Vec<&Step> = path.iter().filter(|step| step.default != Some(step.value)).copied().collect();
    if unusual.is_empty() { conditions(path) } else { conditions(&unusual) }
}

/// `IsProd is false and UseKey is true`.
fn conditions(path: &[&Step]) -> String {
    let each: Vec<String> = path.iter().map(|step| format!("{} is {}", step.condition.name, step.value)).collect();
    each.join(" and ")
}

//! What policies say together: an explicit Deny wins, then an Allow, else it is denied implicitly.

use super::document::{Effect, Policy};
use super::{Meeting, Request, Statement};
use crate::value::{Assumption, Fit, Origin, Truth, Why};

/// One statement that may speak of the request.
#[derive(Clone, Debug)]
pub struct Hit<'p> {
    /// The policy that holds it.
    pub policy: &'p Policy,
    /// The statement.
    pub statement: &'p Statement,
    /// How its elements meet the request.
    pub meeting: Meeting,
}

impl Hit<'_> {
    pub(super) fn fit(&self, effect: Effect) -> Fit {
        self.statement.is_of(effect).and(self.meeting.whole())
    }
}

/// The statements of some policies put against one request.
#[derive(Clone, Debug)]
pub struct Decision<'p> {
    /// Every statement with how it meets the request.
    pub hits: Vec<Hit<'p>>,
    /// Why it is not known which statements there are, where it is not.
    open: Vec<Why>,
    assumes: Vec<Assumption>,
    origin: Option<Origin>,
}

/// Puts a request to policies that count together: all that are attached to one resource, one identity, or one level of
/// an organization.
pub fn weigh<'p>(policies: impl IntoIterator<Item = &'p Policy>, request: &Request) -> Decision<'p> {
    weigh_some(policies, request, &|_| true)
}

/// The same with the statements that may matter only, where a policy is asked for each of many callers.
pub fn weigh_some<'p>(
    policies: impl IntoIterator<Item = &'p Policy>,
    request: &Request,
    matters: &dyn Fn(&Statement) -> bool,
) -> Decision<'p> {
    let mut decision = Decision { hits: Vec::new(), open: Vec::new(), assumes: Vec::new(), origin: None };
    for policy in policies {
        decision.origin.get_or_insert_with(|| policy.origin.clone());
        decision.assumes.extend(policy.statements.assumes.iter().cloned());
        match policy.statements() {
            Err(why) => decision.open.push(why),
            Ok(statements) => {
                let variables = policy.has_variables();
                decision.hits.extend(statements.iter().filter(|one| matters(one)).map(|statement| Hit {
                    policy,
                    statement,
                    meeting: statement.meets(request, policy.kind, variables),
                }));
            }
        }
    }
    decision
}

impl<'p> Decision<'p> {
    pub(super) fn unknown(&self) -> Option<Truth> {
        self.open.iter().map(|why| Truth::unknown(why.clone())).reduce(Truth::and)
    }

    fn fit(&self, effect: Effect) -> Fit {
        let known = Fit::any(self.hits.iter().map(|hit| hit.fit(effect)));
        let fit = match self.unknown() {
            Some(unknown) => known.or(Fit::of(unknown)),
            None => known,
        };
        Fit { some: fit.some.assuming(&self.assumes), all: fit.all.assuming(&self.assumes) }
    }

    /// What is allowed, Deny statements left aside.
    pub fn allows(&self) -> Fit {
        self.fit(Effect::Allow)
    }

    /// What is denied explicitly.
    pub fn denies(&self) -> Fit {
        self.fit(Effect::Deny)
    }

    /// Whether all that the request ranges over is allowed. Where it is not, the place is the Deny that stops it, else
    /// the element of the nearest Allow that keeps it out, else the document.
    pub fn allowed(&self) -> Truth {
        let denied = self.denies().some;
        if denied.is_true() {
            return self.first_deny().unwrap_or(denied).not();
        }
        let allowed = self.allows().all;
        if !allowed.is_false() {
            return allowed.and(denied.not());
        }
        self.nearest().unwrap_or(allowed).assuming(&self.assumes)
    }

    /// The Deny that stops a part of the request, at the condition or effect that decides.
    fn first_deny(&self) -> Option<Truth> {
        let hit = self.hits.iter().find(|hit| hit.fit(Effect::Deny).some.is_true())?;
        let conditions = &hit.meeting.conditions.some;
        let has_place = matches!(conditions, Truth::True(ground) if !ground.facts.is_empty());
        Some(if has_place { conditions.clone() } else { hit.statement.does(Effect::Deny) }.assuming(&self.assumes))
    }

    /// The element of the nearest Allow that keeps the request out.
    fn nearest(&self) -> Option<Truth> {
        let allows = self.hits.iter().filter(|hit| hit.statement.does(Effect::Allow).is_true());
        let near = allows.filter(|hit| hit.meeting.nearness() > 0);
        // The first of the nearest; `max_by_key` would take the last.
        let rank = |hit: &Hit| (std::cmp::Reverse(hit.meeting.misses()), hit.meeting.nearness());
        let nearest = near.fold(None::<&Hit>, |best, hit| match best {
            Some(best) if rank(best) >= rank(hit) => Some(best),
            _ => Some(hit),
        });
        let at = |origin: &Origin| Truth::of(false, origin);
        match nearest {
            Some(hit) => {
                let elements = [&hit.meeting.action, &hit.meeting.resource, &hit.meeting.conditions];
                let failing = elements.into_iter().find(|fit| fit.all.is_false()).map(|fit| fit.all.clone());
                Some(match failing {
                    Some(Truth::False(ground)) if !ground.facts.is_empty() => Truth::False(ground),
                    _ => at(&hit.statement.origin),
                })
            }
            None => self.origin.as_ref().map(at),
        }
    }

    /// The statements that allow a part of what the request ranges over that no Deny takes away, each with how sure that
    /// is. Statements that certainly do not are left out.
    pub fn grants(&self, request: &Request) -> Vec<(&Hit<'p>, Truth)> {
        let each = self.hits.iter().map(|hit| {
            let allowed = hit.fit(Effect::Allow).some;
            (hit, if allowed.is_false() { allowed } else { allowed.and(self.taken_away(hit, request).not()) })
        });
        each.filter(|(_, truth)| !truth.is_false()).collect()
    }

    /// Whether Deny statements take away all that a statement allows of the request.
    fn taken_away(&self, hit: &Hit, request: &Request) -> Truth {
        let denies = || self.hits.iter().filter(|deny| !deny.statement.does(Effect::Deny).is_false());
        let whole = Truth::any(denies().map(|deny| deny.fit(Effect::Deny).all));
        let parts = hit.statement.narrowed(request);
        if whole.is_true() || parts.is_empty() {
            return whole;
        }
        let covered = parts.into_iter().map(|resource| {
            let narrow = Request { resource, ..request.clone() };
            let denied = denies().map(|deny| {
                let meeting = deny.statement.meets(&narrow, deny.policy.kind, deny.policy.has_variables());
                deny.statement.is_of(Effect::Deny).and(meeting.whole()).all
            });
            Truth::any(denied)
        });
        Truth::all(covered)
    }
}

//! A small universe of policies and requests: a few actions, resources, callers, keys and values, with every operator and
//! form of the policy language.

#[path = "universe/holes.rs"]
pub(crate) mod holes;
#[path = "universe/pools.rs"]
mod pools;

use super::common::Numbers;
use super::naive::conditions::{Operator, Set};
use super::naive::matching::pieces;
use super::naive::{Caller, Policies, Request, has_variables, statements, texts};
use pools::{ACTIONS, ASKED, CALLERS, KEYS, Key, RESOURCES, principals};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A draw of policies, and of the keys that they ask about.
pub(crate) struct Draw {
    pub(crate) numbers: Numbers,
    keys: Vec<usize>,
}

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        let mut numbers = Numbers::new(seed);
        let keys = (0..1 + numbers.below(2)).map(|_| numbers.below(KEYS.len())).collect();
        Draw { numbers, keys }
    }

    fn one_of(&mut self, items: &[&str]) -> Value {
        json!(self.numbers.pick(items))
    }

    /// A few of these, alone or as a list.
    fn some_of(&mut self, items: &[&str]) -> Value {
        match self.numbers.below(4) {
            0 | 1 => self.one_of(items),
            more => (0..more).map(|_| self.one_of(items)).collect(),
        }
    }

    fn operator(&mut self, key: &Key) -> String {
        if self.numbers.once_in(8) {
            return "Null".to_owned();
        }
        let family: Vec<&str> = self.numbers.pick(key.families).split(' ').collect();
        let mut operator = self.numbers.pick(&family).to_string();
        let set = *self.numbers.pick(&["ForAllValues:", "ForAnyValue:"]);
        if key.list || self.numbers.once_in(8) {
            operator.insert_str(0, set);
        }
        if self.numbers.once_in(4) {
            operator.push_str("IfExists");
        }
        operator
    }

    fn conditions(&mut self) -> Value {
        let mut conditions = json!({});
        for _ in 0..1 + self.numbers.below(2) {
            let keys = self.keys.clone();
            let key = &KEYS[*self.numbers.pick(&keys)];
            let operator = self.operator(key);
            let name = match self.numbers.below(4) {
                0 => key.name.to_ascii_uppercase(),
                _ => key.name.to_owned(),
            };
            let mut wanted =
                if operator == "Null" { self.some_of(&["true", "false"]) } else { self.some_of(key.wanted) };
            if wanted == "true" && self.numbers.once_in(2) {
                wanted = json!(true);
            }
            conditions[operator][name] = wanted;
        }
        conditions
    }

    /// A statement; `to` says whether it has principals.
    fn statement(&mut self, to: bool) -> Value {
        let mut statement = json!({"Effect": *self.numbers.pick(&["Allow", "Allow", "Allow", "Deny"])});
        let action = if self.numbers.once_in(5) { "NotAction" } else { "Action" };
        statement[action] = if self.numbers.once_in(4) { json!("*") } else { self.some_of(&ACTIONS) };
        let resource = if self.numbers.once_in(5) { "NotResource" } else { "Resource" };
        statement[resource] = if self.numbers.once_in(3) { json!("*") } else { self.some_of(&RESOURCES) };
        if to {
            let principal = if self.numbers.once_in(8) { "NotPrincipal" } else { "Principal" };
            statement[principal] = self.numbers.pick(&principals()).clone();
        }
        if self.numbers.once_in(2) {
            statement["Condition"] = self.conditions();
        }
        statement
    }

    pub(crate) fn policy(&mut self, to: bool) -> Value {
        let statement: Value = match self.numbers.below(4) {
            0 => self.statement(to),
            more => (0..more).map(|_| self.statement(to)).collect(),
        };
        let mut policy = json!({ "Statement": statement });
        match self.numbers.below(5) {
            0 => {}
            1 => policy["Version"] = json!("2008-10-17"),
            _ => policy["Version"] = json!("2012-10-17"),
        }
        policy
    }

    /// Policies of an organization's levels: mostly everything is allowed, and something is denied.
    fn levels(&mut self, to: bool) -> Vec<Vec<Value>> {
        let open = match to {
            true => json!({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}),
            false => json!({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),
        };
        let level = |draw: &mut Self| {
            let mut level = if draw.numbers.once_in(4) { vec![] } else { vec![open.clone()] };
            if level.is_empty() || draw.numbers.once_in(2) {
                level.push(draw.policy(to));
            }
            level
        };
        (0..self.numbers.below(4)).map(|_| level(self)).collect()
    }

    /// All that has a say in a request.
    pub(crate) fn policies(&mut self) -> Policies {
        let maybe = |draw: &mut Self, times: usize, to: bool| draw.numbers.once_in(times).then(|| draw.policy(to));
        Policies {
            identity: (0..self.numbers.below(3)).map(|_| self.policy(false)).collect(),
            resource: if self.numbers.once_in(4) { None } else { Some(self.policy(true)) },
            scps: if self.numbers.once_in(2) { self.levels(false) } else { vec![] },
            rcps: if self.numbers.once_in(3) { self.levels(true) } else { vec![] },
            boundary: maybe(self, 4, false),
            session: maybe(self, 6, false),
        }
    }

    /// Every request of the universe: what is asked for, by whom, with every value of the keys that these policies name.
    pub(crate) fn requests(&self, policies: &impl std::fmt::Debug) -> Vec<Request> {
        let named = format!("{policies:?}").to_ascii_lowercase();
        let keys = KEYS.iter().filter(|key| named.contains(&key.name.to_ascii_lowercase()));
        let mut contexts: Vec<BTreeMap<String, Vec<String>>> = vec![BTreeMap::new()];
        for key in keys {
            let with = |context: &BTreeMap<String, Vec<String>>, values: &[&str]| {
                let mut context = context.clone();
                context.insert(key.name.to_ascii_lowercase(), values.iter().map(|it| (*it).to_owned()).collect());
                context
            };
            let more: Vec<_> =
                contexts.iter().flat_map(|context| key.given.iter().map(|values| with(context, values))).collect();
            contexts.extend(more);
        }
        let mut requests = Vec::new();
        for (action, resource) in ASKED {
            for caller in CALLERS {
                let asked = Request {
                    caller: Caller::read(caller),
                    action: action.to_owned(),
                    resource: resource.to_owned(),
                    owner: "111111111111".to_owned(),
                    context: BTreeMap::new(),
                };
                requests.extend(contexts.iter().map(|context| Request { context: context.clone(), ..asked.clone() }));
            }
        }
        requests
    }
}

/// Whether the published rules leave open what a policy says of a request.
///
/// Two things are left open: what a variable without a value does to its statement, and what a key with several values is
/// to an operator without `ForAllValues` or `ForAnyValue`.
pub(crate) fn is_left_open(policy: &Value, request: &Request) -> bool {
    let unresolved = |value: &Value| {
        let texts = texts(value);
        has_variables(policy) && texts.iter().any(|text| pieces(text, Some(request)).is_none())
    };
    statements(policy).iter().any(|statement| {
        let conditions = statement["Condition"].as_object().into_iter().flatten();
        let mut tests = conditions.flat_map(|(name, keys)| {
            keys.as_object().into_iter().flatten().map(move |(key, wanted)| (Operator::read(name), key, wanted))
        });
        unresolved(&statement["Resource"])
            || unresolved(&statement["NotResource"])
            || tests.any(|(operator, key, wanted)| {
                let given = request.values(key);
                unresolved(wanted)
                    || (operator.set == Set::No && given.is_some_and(|it| it.len() != 1) && operator.name != "null")
            })
    })
}

mod tests {
    use super::pools::{ADDRESS, ARN, DATE, NUMERIC, STRING};
    use super::*;
    use crate::naive::{Verdict, decide};
    use std::collections::BTreeSet;

    #[test]
    fn the_universe_is_rich() {
        let mut seen = BTreeSet::new();
        let mut verdicts = BTreeMap::new();
        let mut open = 0;
        for seed in 1..=300 {
            let mut draw = Draw::new(seed);
            let policies = draw.policies();
            for policy in policies.identity.iter().chain(&policies.resource) {
                for statement in statements(policy) {
                    let names = statement["Condition"].as_object().into_iter().flatten();
                    seen.extend(names.map(|(name, _)| name.clone()));
                }
            }
            let requests = draw.requests(&policies);
            for request in requests.iter().step_by(7) {
                *verdicts.entry(decide(&policies, request)).or_insert(0) += 1;
                open += usize::from(policies.resource.as_ref().is_some_and(|it| is_left_open(it, request)));
            }
        }
        for family in [STRING, ARN, NUMERIC, DATE, ADDRESS, "Bool", "BinaryEquals", "Null"] {
            for operator in family.split(' ') {
                assert!(seen.contains(operator) || seen.iter().any(|it| it.contains(operator)), "{operator}: {seen:?}");
            }
        }
        let total: usize = verdicts.values().sum();
        for verdict in [Verdict::Allowed, Verdict::ExplicitlyDenied, Verdict::ImplicitlyDenied] {
            assert!(verdicts[&verdict] * 15 > total, "{verdicts:?}");
        }
        assert!(open * 3 < total, "{open} of {total} are left open");
    }
}

//! Holes: policies in which parameters stand for some texts, or parts of them, and conditions choose between others; and
//! what may fill them.

use super::pools::{ACTIONS, KEYS, RESOURCES};
use crate::common::Numbers;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Policies with parameters in place of texts.
pub(crate) struct Holed {
    pub(crate) policies: Vec<Value>,
    pub(crate) parameters: Vec<Parameter>,
}

/// A parameter, or a condition.
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// The text that stood there, and others; of a condition [`YES`] and `no`.
    pub(crate) fillings: Vec<String>,
}

/// What fills a condition that holds.
const YES: &str = "yes";

const NAMES: [&str; 3] = ["P1", "P2", "P3"];
pub(crate) const CONDITIONS: [&str; 2] = ["C1", "C2"];

/// Fillings of a part of a text.
const PARTS: [&str; 6] = ["x", "", "111111111111", "*", "logs", "main"];

/// Principals that a whole text may be.
const PRINCIPALS: [&str; 5] = [
    "*",
    "111111111111",
    "arn:aws:iam::111111111111:role/Auditor",
    "arn:aws:iam::222222222222:root",
    "cloudtrail.amazonaws.com",
];

pub(crate) fn dig(numbers: &mut Numbers, policies: &[Value]) -> Holed {
    let mut digger = Digger { numbers, parameters: Vec::new(), conditions: Vec::new() };
    let policies = policies.iter().map(|policy| digger.policy(policy)).collect();
    let parameters = digger.parameters.into_iter().chain(digger.conditions).collect();
    Holed { policies, parameters }
}

struct Digger<'a> {
    numbers: &'a mut Numbers,
    parameters: Vec<Parameter>,
    conditions: Vec<Parameter>,
}

impl Digger<'_> {
    /// Now and then a choice between a value and another; the same condition may choose more than once.
    fn choice(&mut self, value: Value, other: Value) -> Value {
        if !self.numbers.once_in(6) {
            return value;
        }
        let name = *self.numbers.pick(&CONDITIONS);
        if !self.conditions.iter().any(|known| known.name == name) {
            self.conditions.push(Parameter { name, fillings: vec![YES.to_owned(), "no".to_owned()] });
        }
        let sides = if self.numbers.once_in(2) { [value, other] } else { [other, value] };
        json!({"Fn::If": [name, sides[0], sides[1]]})
    }

    fn policy(&mut self, policy: &Value) -> Value {
        let mut holed = policy.clone();
        holed["Statement"] = match &policy["Statement"] {
            Value::Array(all) => all
                .iter()
                .map(|statement| {
                    let holed = self.statement(statement);
                    self.choice(holed, nothing())
                })
                .collect(),
            one => self.statement(one),
        };
        holed
    }

    fn statement(&mut self, statement: &Value) -> Value {
        self.entries(statement, &mut |digger, name, value| match name {
            "Effect" => digger.choice(value.clone(), json!("Deny")),
            "Action" | "NotAction" => {
                let holed = digger.texts(value, &ACTIONS);
                digger.choice(holed, json!(["s3:Get*", "kms:*"]))
            }
            "Resource" | "NotResource" => digger.texts(value, &RESOURCES),
            "Principal" | "NotPrincipal" if value.is_object() => {
                digger.entries(value, &mut |digger, _, names| digger.texts(names, &PRINCIPALS))
            }
            "Condition" => {
                let holed = digger.entries(value, &mut |digger, _, keys| {
                    digger.entries(keys, &mut |digger, key, values| {
                        let pool = KEYS.iter().find(|known| known.name.eq_ignore_ascii_case(key)).unwrap();
                        digger.texts(values, pool.wanted)
                    })
                });
                digger.choice(holed, nothing())
            }
            _ => value.clone(),
        })
    }

    fn entries(&mut self, value: &Value, each: &mut dyn FnMut(&mut Self, &str, &Value) -> Value) -> Value {
        let entries = value.as_object().unwrap().iter();
        Value::Object(entries.map(|(key, value)| (key.clone(), each(self, key, value))).collect::<Map<_, _>>())
    }

    fn texts(&mut self, value: &Value, pool: &[&str]) -> Value {
        match value {
            Value::Array(items) => {
                let each = items.iter().map(|item| {
                    let holed = self.texts(item, pool);
                    let other = if self.numbers.once_in(2) { nothing() } else { json!(self.numbers.pick(pool)) };
                    self.choice(holed, other)
                });
                each.collect()
            }
            Value::String(text) if self.numbers.once_in(3) => self.hole(text, pool),
            other => other.clone(),
        }
    }

    /// Puts a parameter in place of a text or of a part of it.
    fn hole(&mut self, text: &str, pool: &[&str]) -> Value {
        let Some(name) = NAMES.get(self.parameters.len()) else { return json!(text) };
        let whole = self.numbers.once_in(3);
        let (from, to) = if whole { (0, text.len()) } else { self.part(text) };
        // A part of a variable is nothing that a parameter could be; the text is ASCII.
        if text[from..to].contains(['$', '{', '}', '\'']) || text[..from].rfind("${") > text[..from].rfind('}') {
            return json!(text);
        }
        let mut fillings = vec![text[from..to].to_owned()];
        for _ in 0..3 {
            fillings.push(self.numbers.pick(if whole { pool } else { &PARTS }).to_string());
        }
        fillings.dedup();
        self.parameters.push(Parameter { name, fillings });
        let (before, after) = (&text[..from], &text[to..]);
        match self.numbers.below(3) {
            0 => {
                json!({"Fn::Sub": format!("{}${{{name}}}{}", before.replace("${", "${!"), after.replace("${", "${!"))})
            }
            1 if whole => json!({ "Ref": name }),
            _ => json!({"Fn::Join": ["", [before, {"Ref": name}, after]]}),
        }
    }

    /// Where a part begins and ends; it holds no colon, which parts an ARN, and leaves the beginning of an ARN alone: what
    /// begins with a parameter is taken to be complete.
    fn part(&mut self, text: &str) -> (usize, usize) {
        let least = if text.starts_with("arn:") { 4 } else { 0 };
        let from = least + self.numbers.below(text.len() - least);
        let longest = text[from..].find(':').unwrap_or(text.len() - from);
        (from, from + self.numbers.below(longest + 1))
    }
}

/// Every way to fill the parameters.
pub(crate) fn assignments(parameters: &[Parameter]) -> Vec<BTreeMap<&'static str, String>> {
    parameters.iter().fold(vec![BTreeMap::new()], |all, parameter| {
        let with = |given: &BTreeMap<&'static str, String>, filling: &String| {
            given
                .iter()
                .map(|(name, value)| (*name, value.clone()))
                .chain([(parameter.name, filling.clone())])
                .collect()
        };
        all.iter().flat_map(|given| parameter.fillings.iter().map(move |filling| with(given, filling))).collect()
    })
}

/// What is as if it were not written.
fn nothing() -> Value {
    json!({"Ref": "AWS::NoValue"})
}

/// The policy that it becomes.
pub(crate) fn fill(policy: &Value, given: &BTreeMap<&'static str, String>) -> Value {
    filled(policy, given).unwrap()
}

fn filled(value: &Value, given: &BTreeMap<&'static str, String>) -> Option<Value> {
    let function = value.as_object().and_then(|entries| entries.iter().next());
    Some(match (value, function.map(|(name, value)| (name.as_str(), value))) {
        (_, Some(("Ref", name))) if name == "AWS::NoValue" => return None,
        (_, Some(("Ref", name))) => json!(given[name.as_str().unwrap()]),
        (_, Some(("Fn::If", sides))) => {
            let side = if given[sides[0].as_str().unwrap()] == YES { 1 } else { 2 };
            return filled(&sides[side], given);
        }
        (_, Some(("Fn::Join", parts))) => {
            let parts = fill(&parts[1], given);
            parts.as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<String>().into()
        }
        (_, Some(("Fn::Sub", text))) => {
            let text = given.iter().fold(text.as_str().unwrap().to_owned(), |text, (name, value)| {
                text.replace(&format!("${{{name}}}"), value)
            });
            text.replace("${!", "${").into()
        }
        (Value::Object(entries), _) => {
            let entries = entries.iter().filter_map(|(key, value)| Some((key.clone(), filled(value, given)?)));
            Value::Object(entries.collect())
        }
        (Value::Array(items), _) => items.iter().filter_map(|item| filled(item, given)).collect(),
        (other, _) => other.clone(),
    })
}

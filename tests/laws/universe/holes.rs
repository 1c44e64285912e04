//! Holes: policies in which parameters stand for some texts, or parts of them, and what may fill them.

use super::pools::{ACTIONS, KEYS, RESOURCES};
use crate::common::Numbers;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Policies with parameters in place of texts.
pub(crate) struct Holed {
    pub(crate) policies: Vec<Value>,
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    /// The text that stood there, and others.
    pub(crate) fillings: Vec<String>,
}

const NAMES: [&str; 3] = ["P1", "P2", "P3"];

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
    let mut digger = Digger { numbers, parameters: Vec::new() };
    let policies = policies.iter().map(|policy| digger.policy(policy)).collect();
    Holed { policies, parameters: digger.parameters }
}

struct Digger<'a> {
    numbers: &'a mut Numbers,
    parameters: Vec<Parameter>,
}

impl Digger<'_> {
    fn policy(&mut self, policy: &Value) -> Value {
        let mut holed = policy.clone();
        holed["Statement"] = match &policy["Statement"] {
            Value::Array(all) => all.iter().map(|statement| self.statement(statement)).collect(),
            one => self.statement(one),
        };
        holed
    }

    fn statement(&mut self, statement: &Value) -> Value {
        self.entries(statement, &mut |digger, name, value| match name {
            "Action" | "NotAction" => digger.texts(value, &ACTIONS),
            "Resource" | "NotResource" => digger.texts(value, &RESOURCES),
            "Principal" | "NotPrincipal" if value.is_object() => {
                digger.entries(value, &mut |digger, _, names| digger.texts(names, &PRINCIPALS))
            }
            "Condition" => digger.entries(value, &mut |digger, _, keys| {
                digger.entries(keys, &mut |digger, key, values| {
                    let pool = KEYS.iter().find(|known| known.name.eq_ignore_ascii_case(key)).unwrap();
                    digger.texts(values, pool.wanted)
                })
            }),
            _ => value.clone(),
        })
    }

    fn entries(&mut self, value: &Value, each: &mut dyn FnMut(&mut Self, &str, &Value) -> Value) -> Value {
        let entries = value.as_object().unwrap().iter();
        Value::Object(entries.map(|(key, value)| (key.clone(), each(self, key, value))).collect::<Map<_, _>>())
    }

    fn texts(&mut self, value: &Value, pool: &[&str]) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.texts(item, pool)).collect(),
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

/// The policy that it becomes.
pub(crate) fn fill(value: &Value, given: &BTreeMap<&'static str, String>) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| fill(item, given)).collect(),
        Value::Object(entries) => match entries.iter().next().map(|(key, value)| (key.as_str(), value)) {
            Some(("Ref", name)) => json!(given[name.as_str().unwrap()]),
            Some(("Fn::Join", parts)) => {
                let parts = fill(&parts[1], given);
                parts.as_array().unwrap().iter().map(|part| part.as_str().unwrap()).collect::<String>().into()
            }
            Some(("Fn::Sub", text)) => {
                let text = given.iter().fold(text.as_str().unwrap().to_owned(), |text, (name, value)| {
                    text.replace(&format!("${{{name}}}"), value)
                });
                text.replace("${!", "${").into()
            }
            _ => Value::Object(entries.iter().map(|(key, value)| (key.clone(), fill(value, given))).collect()),
        },
        other => other.clone(),
    }
}

//! A second reading of metric filters: a filter is drawn as a tree, written in one of the many ways that the language has,
//! and asked of whole events by walking the tree. It shares nothing with the evaluator.

use serde_json::{Value, json};

/// Numbers in a fixed order for each seed (a linear congruential generator).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Numbers(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(1))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

pub(crate) enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Is(&'static str, String),
    IsNot(&'static str, String),
    Missing(&'static str),
    Null(&'static str),
    Just(&'static str, bool),
    Number(&'static str, &'static str, i32),
}

pub(crate) const FIELDS: [&str; 5] = ["eventName", "errorCode", "userIdentity.arn", "requestParameters.count", "mfa"];
const VALUES: [&str; 8] =
    ["StopLogging", "*Logging", "Stop*", "*", "AccessDenied*", "S*p*L*", "arn:aws:iam::1:role/x", "DeleteTrail"];

impl Tree {
    pub(crate) fn draw(numbers: &mut Numbers, depth: usize) -> Tree {
        let field = *numbers.pick(&FIELDS);
        let value = (*numbers.pick(&VALUES)).to_owned();
        let many = |numbers: &mut Numbers| (0..2 + numbers.below(2)).map(|_| Tree::draw(numbers, depth - 1)).collect();
        match numbers.below(if depth == 0 { 9 } else { 15 }) {
            0..=3 => Tree::Is(field, value),
            4 => Tree::IsNot(field, value),
            5 => Tree::Missing(field),
            6 => Tree::Null(field),
            7 => Tree::Just(field, numbers.below(2) == 0),
            8 => {
                let operator = *numbers.pick(&["=", ">", "<", ">=", "<="]);
                Tree::Number("requestParameters.count", operator, numbers.below(3) as i32)
            }
            9..=11 => Tree::All(many(numbers)),
            _ => Tree::Any(many(numbers)),
        }
    }

    /// The tree as a pattern: with more or fewer parentheses, blanks and quotes.
    pub(crate) fn write(&self, numbers: &mut Numbers, inside_all: bool) -> String {
        let blank = *numbers.pick(&["", " ", "\n  "]);
        let quoted = |numbers: &mut Numbers, value: &str| match numbers.below(2) {
            0 => value.to_owned(),
            _ => format!("\"{value}\""),
        };
        let simple = match self {
            Tree::All(parts) | Tree::Any(parts) => {
                let is_all = matches!(self, Tree::All(_));
                let mark = if is_all { "&&" } else { "||" };
                let parts: Vec<String> = parts.iter().map(|part| part.write(numbers, is_all)).collect();
                let whole = parts.join(&format!(" {blank}{mark}{blank} "));
                return if (inside_all && !is_all) || numbers.below(2) == 0 { format!("({whole})") } else { whole };
            }
            Tree::Is(field, value) => format!("$.{field}{blank}={blank}{}", quoted(numbers, value)),
            Tree::IsNot(field, value) => format!("$.{field} !={blank}{}", quoted(numbers, value)),
            Tree::Missing(field) => format!("$.{field} NOT  EXISTS"),
            Tree::Null(field) => format!("$.{field} IS NULL"),
            Tree::Just(field, true) => format!("$.{field} IS TRUE"),
            Tree::Just(field, false) => format!("$.{field} IS FALSE"),
            Tree::Number(field, operator, value) => format!("$.{field}{blank}{operator}{blank}{value}"),
        };
        if numbers.below(2) == 0 { format!("({simple})") } else { simple }
    }

    pub(crate) fn matches(&self, event: &Value) -> bool {
        let get = |field: &str| event.pointer(&format!("/{}", field.replace('.', "/")));
        let text = |field: &str| get(field).and_then(Value::as_str);
        match self {
            Tree::All(parts) => parts.iter().all(|part| part.matches(event)),
            Tree::Any(parts) => parts.iter().any(|part| part.matches(event)),
            Tree::Is(field, value) => text(field).is_some_and(|text| glob(value.as_bytes(), text.as_bytes())),
            Tree::IsNot(field, value) => match get(field) {
                None | Some(Value::Object(_) | Value::Array(_)) => false,
                Some(found) => !found.as_str().is_some_and(|text| glob(value.as_bytes(), text.as_bytes())),
            },
            Tree::Missing(field) => get(field).is_none(),
            Tree::Null(field) => get(field) == Some(&Value::Null),
            Tree::Just(field, wanted) => get(field) == Some(&Value::Bool(*wanted)),
            Tree::Number(field, operator, value) => get(field).and_then(Value::as_i64).is_some_and(|found| {
                let value = i64::from(*value);
                match *operator {
                    "=" => found == value,
                    ">" => found > value,
                    "<" => found < value,
                    ">=" => found >= value,
                    _ => found <= value,
                }
            }),
        }
    }
}

fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => (0..=text.len()).any(|at| glob(rest, &text[at..])),
        Some((letter, rest)) => text.split_first().is_some_and(|(first, more)| first == letter && glob(rest, more)),
    }
}

const SEEN: [&str; 7] =
    ["StopLogging", "DeleteTrail", "AccessDenied", "AccessDeniedException", "arn:aws:iam::1:role/x", "Stop", ""];

/// An event: fields that are there, null, a list, a mapping, or not there.
pub(crate) fn event(numbers: &mut Numbers) -> Value {
    let mut event = json!({});
    for field in FIELDS {
        let value = match numbers.below(10) {
            0 => continue,
            1 => Value::Null,
            2 => json!(numbers.below(2) == 0),
            3 => json!(numbers.below(4)),
            4 => json!([numbers.pick(&SEEN)]),
            5 => json!({ "inner": numbers.pick(&SEEN) }),
            _ => json!(numbers.pick(&SEEN)),
        };
        let names: Vec<&str> = field.split('.').collect();
        let mut at = &mut event;
        for name in &names[..names.len() - 1] {
            at = &mut at[*name];
        }
        at[names[names.len() - 1]] = value;
    }
    event
}

//! Conditions: operators, absent keys, keys with several values.

use super::matching::{Piece, arn_like, like_text, literal, pieces};
use super::{Request, texts};
use serde_json::Value;
use std::net::IpAddr;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Set {
    No,
    All,
    Any,
}

/// `ForAnyValue:StringNotLikeIfExists` in its parts; the name is in lower case and without its `Not`.
pub(crate) struct Operator {
    pub(crate) set: Set,
    pub(crate) name: String,
    pub(crate) negated: bool,
    pub(crate) if_exists: bool,
}

impl Operator {
    pub(crate) fn read(text: &str) -> Self {
        let lower = text.to_ascii_lowercase();
        let (set, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Set::All, rest),
            Some(("foranyvalue", rest)) => (Set::Any, rest),
            _ => (Set::No, lower.as_str()),
        };
        let (rest, if_exists) = match rest.strip_suffix("ifexists") {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        // "Not" stands in the middle, but in `NotIpAddress`; `Null` has none.
        let negated = rest.contains("not");
        Operator { set, name: rest.replacen("not", "", 1), negated, if_exists }
    }

    /// Whether `${…}` is replaced in this operator's values.
    fn takes_variables(&self) -> bool {
        ["string", "arn", "bool", "null"].iter().any(|family| self.name.starts_with(family))
    }
}

/// Whether every condition of a statement holds.
pub(crate) fn hold(conditions: &Value, request: &Request, variables: bool) -> bool {
    conditions.as_object().unwrap().iter().all(|(operator, keys)| {
        let operator = Operator::read(operator);
        keys.as_object().unwrap().iter().all(|(key, values)| one(&operator, key, &texts(values), request, variables))
    })
}

fn one(operator: &Operator, key: &str, wanted: &[String], request: &Request, variables: bool) -> bool {
    let given = request.values(key);
    if operator.name == "null" {
        let state = if given.is_none() { "true" } else { "false" };
        return wanted.iter().any(|value| value.eq_ignore_ascii_case(state));
    }
    let from = (variables && operator.takes_variables()).then_some(request);
    // A value whose variable has no value equals nothing.
    let wanted: Vec<Vec<Piece>> = wanted.iter().filter_map(|value| pieces(value, from)).collect();
    let met = |value: &String| {
        let some = wanted.iter().any(|wanted| compare(&operator.name, wanted, value));
        some != operator.negated
    };
    match (given, operator.set) {
        (None, Set::All) => true,
        (None, Set::Any) => false,
        (None, Set::No) => operator.if_exists || operator.negated,
        (Some(given), Set::All) => given.iter().all(met),
        (Some(given), Set::Any) => given.iter().any(met),
        (Some(given), Set::No) if operator.negated => given.iter().all(met),
        (Some(given), Set::No) => given.iter().any(met),
    }
}

/// One value of the policy against one value of the request, for the operator without its `Not`.
fn compare(name: &str, wanted: &[Piece], given: &str) -> bool {
    let text = literal(wanted);
    match name {
        "stringequals" | "binaryequals" => text == given,
        "stringequalsignorecase" => text.to_lowercase() == given.to_lowercase(),
        "stringlike" => like_text(wanted, given),
        "arnequals" | "arnlike" => arn_like(wanted, given),
        "bool" => ["true", "false"].iter().any(|it| text.eq_ignore_ascii_case(it) && given.eq_ignore_ascii_case(it)),
        "ipaddress" => within(&text, given),
        _ => match name.strip_prefix("numeric") {
            Some(how) => ordered(how, text.parse().ok(), given.parse().ok()),
            None => {
                let how = name.strip_prefix("date").unwrap_or_else(|| panic!("what is `{name}`?"));
                ordered(how, seconds(&text), seconds(given))
            }
        },
    }
}

fn ordered(how: &str, wanted: Option<f64>, given: Option<f64>) -> bool {
    let (Some(wanted), Some(given)) = (wanted, given) else { return false };
    match how {
        "equals" => given == wanted,
        "lessthan" => given < wanted,
        "lessthanequals" => given <= wanted,
        "greaterthan" => given > wanted,
        "greaterthanequals" => given >= wanted,
        other => panic!("what is `{other}`?"),
    }
}

/// Whether an address is in a range such as `10.0.0.0/8` or is the address itself.
fn within(range: &str, address: &str) -> bool {
    let (net, length) = range.split_once('/').unwrap_or((range, "128"));
    let bits = |text: &str| -> Option<String> {
        Some(match text.parse().ok()? {
            IpAddr::V4(it) => format!("4{:032b}", u32::from(it)),
            IpAddr::V6(it) => format!("6{:0128b}", u128::from(it)),
        })
    };
    let (Some(net), Some(address), Ok(length)) = (bits(net), bits(address), length.parse::<usize>()) else {
        return false;
    };
    let prefix: String = net.chars().take(length + 1).collect();
    address.len() == net.len() && address.starts_with(&prefix)
}

/// Seconds since 1970 of `2026-01-02`, `2026-01-02T03:04:05Z` or a number.
fn seconds(text: &str) -> Option<f64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let numbers = |text: &str, by: char| text.split(by).map(|it| it.parse().ok()).collect::<Option<Vec<f64>>>();
    let (date, time) = (numbers(date, '-')?, numbers(time.strip_suffix('Z')?, ':')?);
    let [year, month, day] = date[..] else { return None };
    let [hours, minutes, seconds] = time[..] else { return None };
    if !(1970.0..=9999.0).contains(&year) || !(1.0..=12.0).contains(&month) || !(1.0..=31.0).contains(&day) {
        return None;
    }
    let mut days = day - 1.0;
    for year in 1970..year as i32 {
        days += f64::from(days_of_year(year));
    }
    for month in 1..month as usize {
        let leap = month == 2 && days_of_year(year as i32) == 366;
        days += [31.0, 28.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0][month - 1] + f64::from(leap);
    }
    Some(((days * 24.0 + hours) * 60.0 + minutes) * 60.0 + seconds)
}

fn days_of_year(year: i32) -> i32 {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    365 + i32::from(leap)
}

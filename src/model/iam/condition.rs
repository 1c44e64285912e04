//! Conditions: operators over the context of a request.
//!
//! What an absent key, a negated operator, `IfExists` and the set prefixes mean is in the IAM User Guide ("IAM JSON
//! policy elements: Condition operators", "Multivalued context keys"). Policy variables in values are written out from
//! the context.

use super::document::{Test, Tests};
use super::{Known, Request};
use crate::value::{Case, Fit, Match, Of, Pattern, Piece, Text, Truth, Value, Why, WhyKind};
use std::net::IpAddr;

/// How the values of a key are compared.
#[derive(Clone, Copy, Debug)]
enum Base {
    Exact(Case),
    Like,
    Arn,
    Bool,
    Number(fn(f64, f64) -> bool),
    Date(fn(f64, f64) -> bool),
    Address,
    Null,
}

/// An operator taken apart.
#[derive(Clone, Copy, Debug)]
pub struct Operator {
    base: Base,
    /// Whether it asks for none of its values.
    pub negated: bool,
    /// Whether an absent key satisfies it.
    pub if_exists: bool,
    /// `ForAllValues`, `ForAnyValue`, or neither.
    pub set: Option<Set>,
}

/// How an operator takes a key with several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Every value of the request must match; satisfied where there is none.
    All,
    /// One value of the request must match.
    Any,
}

impl Operator {
    /// The operator of a name; none where there is no such.
    pub fn parse(name: &str) -> Option<Operator> {
        let lower = name.to_ascii_lowercase();
        let (set, rest) = match lower.split_once(':') {
            Some(("forallvalues", rest)) => (Some(Set::All), rest),
            Some(("foranyvalue", rest)) => (Some(Set::Any), rest),
            Some(_) => return None,
            None => (None, lower.as_str()),
        };
        let (rest, if_exists) = rest.strip_suffix("ifexists").map_or((rest, false), |rest| (rest, true));
        let greater = |a: f64, b: f64| a > b;
        let at_least = |a: f64, b: f64| a >= b;
        let less = |a: f64, b: f64| a < b;
        let at_most = |a: f64, b: f64| a <= b;
        let equal: fn(f64, f64) -> bool = |a, b| a.total_cmp(&b).is_eq();
        let (base, negated) = match rest {
            "stringequals" => (Base::Exact(Case::Matters), false),
            "stringnotequals" => (Base::Exact(Case::Matters), true),
            "stringequalsignorecase" => (Base::Exact(Case::Ignored), false),
            "stringnotequalsignorecase" => (Base::Exact(Case::Ignored), true),
            "stringlike" => (Base::Like, false),
            "stringnotlike" => (Base::Like, true),
            "arnequals" | "arnlike" => (Base::Arn, false),
            "arnnotequals" | "arnnotlike" => (Base::Arn, true),
            "bool" => (Base::Bool, false),
            "binaryequals" => (Base::Exact(Case::Matters), false),
            "ipaddress" => (Base::Address, false),
            "notipaddress" => (Base::Address, true),
            "null" if !if_exists => (Base::Null, false),
            "numericequals" => (Base::Number(equal), false),
            "numericnotequals" => (Base::Number(equal), true),
            "numericlessthan" => (Base::Number(less), false),
            "numericlessthanequals" => (Base::Number(at_most), false),
            "numericgreaterthan" => (Base::Number(greater), false),
            "numericgreaterthanequals" => (Base::Number(at_least), false),
            "dateequals" => (Base::Date(equal), false),
            "datenotequals" => (Base::Date(equal), true),
            "datelessthan" => (Base::Date(less), false),
            "datelessthanequals" => (Base::Date(at_most), false),
            "dategreaterthan" => (Base::Date(greater), false),
            "dategreaterthanequals" => (Base::Date(at_least), false),
            _ => return None,
        };
        Some(Operator { base, negated, if_exists, set })
    }

    /// Whether it takes a star as the character that it is.
    pub fn is_exact(&self) -> bool {
        matches!(self.base, Base::Exact(_))
    }

    /// Whether it asks whether the key is there at all.
    pub fn is_null(&self) -> bool {
        matches!(self.base, Base::Null)
    }

    fn of_absent(self) -> Fit {
        match self.set {
            Some(Set::All) => Fit::always(),
            // `IfExists` counts for each value by itself: where there is none, none can match.
            Some(Set::Any) => Fit::never(),
            None => Fit::when(self.negated || self.if_exists),
        }
    }
}

/// Whether all keys of an operator are satisfied; with its place, where it is not.
pub(super) fn holds(tests: &Tests, request: &Request, variables: bool) -> Fit {
    let Some(operator) = Operator::parse(&tests.operator) else {
        let text = format!("`{}` is no condition operator", tests.operator);
        return Fit::unknown(Why::new(WhyKind::Unsupported, &*tests.operator, text).at(tests.tests.origin.span));
    };
    Fit::ask(&tests.tests, &|all, _| Fit::every(all.iter().map(|test| satisfied(test, operator, request, variables))))
}

impl Test {
    /// Whether one key is satisfied.
    pub fn holds(&self, operator: Operator, request: &Request) -> Fit {
        satisfied(self, operator, request, true)
    }
}

fn satisfied(test: &Test, operator: Operator, request: &Request, variables: bool) -> Fit {
    let known = request.context.get(&test.key);
    let fit = Fit::ask(&test.values, &|values, _| match known {
        _ if operator.is_null() => null(values, known),
        Known::Absent => operator.of_absent(),
        Known::Unclear(of) => Fit::unknown(Why::new(
            WhyKind::AfterApply,
            &*test.key,
            format!("it is not known what {of} carries as `{}`", test.key),
        )),
        Known::Free if values.is_empty() => Fit::when(operator.negated),
        Known::Free if matches!(operator.base, Base::Address) && !operator.negated && test.is_of("aws:SourceIp") => {
            Fit::any(
                values.iter().map(|range| Fit::ask(range, &|range, _| from_outside(&request.names.resolve(range)))),
            )
        }
        Known::Free => Fit::sometimes(),
        Known::One(text) => one(text, values, operator, request, variables),
        Known::Many(texts) => {
            let each = || texts.iter().map(|text| one(text, values, operator, request, variables));
            match operator.set {
                Some(Set::All) => Fit::every(each()),
                // Without a set operator the negated operators stay the opposites of the others.
                None if operator.negated => Fit::every(each()),
                _ => Fit::any(each()),
            }
        }
    });
    // A condition is one place, however many values it has; what is unknown stays at the value.
    match (&fit.some, &fit.all) {
        (Truth::Unknown(..), _) | (_, Truth::Unknown(..)) => fit,
        // The value looks right, whatever it is; that the key is never there is the news.
        _ if matches!(known, Known::Absent) && request.context.is_of_service() => {
            fit.located(&test.origin).labelled(&format!("no request of an AWS service carries `{}`", test.key))
        }
        _ => fit.located(&test.origin),
    }
}

fn null(values: &[Value<Text>], known: &Known) -> Fit {
    let wants = |text: &str| {
        let fits = |value: &Value<Text>| Fit::ask(value, &|value, _| Fit::of(value.same(&text.into())));
        Fit::any(values.iter().map(fits))
    };
    match known {
        Known::Absent => wants("true"),
        Known::One(_) | Known::Many(_) => wants("false"),
        Known::Free => Fit::sometimes(),
        Known::Unclear(of) => Fit::unknown(Why::new(
            WhyKind::AfterApply,
            "Null",
            format!("it is not documented whether {of} carries this key"),
        )),
    }
}

/// One value of the request against the values of the policy: any of them, or with a negated operator none.
fn one(text: &Text, values: &[Value<Text>], operator: Operator, request: &Request, variables: bool) -> Fit {
    let each = values.iter().map(|value| {
        Fit::ask(value, &|value, _| {
            let value = request.names.resolve(value);
            compare(operator.base, &value, &request.names.resolve(text), request, variables)
        })
    });
    let any = Fit::any(each);
    if operator.negated { any.not() } else { any }
}

fn compare(base: Base, value: &Text, subject: &Text, request: &Request, variables: bool) -> Fit {
    let pattern = |wildcards: Match, case: Case| match variables {
        true => expanded(value, wildcards, case, request),
        false => Some(Pattern::new(value, wildcards, case)),
    };
    let like = |by_part: bool| {
        let subject = Pattern::subject(subject, Case::Matters);
        pattern(Match::Wild, Case::Matters).map_or_else(Fit::never, |it| match by_part {
            true => arn(&it, &subject),
            false => it.fits(&subject),
        })
    };
    match base {
        Base::Exact(case) => {
            pattern(Match::Exact, case).map_or_else(Fit::never, |it| it.fits(&Pattern::subject(subject, case)))
        }
        // A stranger's ARN ranges over Regions and names, and none of them makes his account another: as a plain text
        // `arn:*:123456789012:*` would match a name with that number in it.
        Base::Like if is_foreign(subject) => like(true),
        Base::Like => like(false),
        Base::Arn => like(true),
        Base::Bool => Pattern::new(value, Match::Exact, Case::Ignored).fits(&Pattern::subject(subject, Case::Ignored)),
        Base::Number(holds) => ordered(value, subject, |text| text.trim().parse().ok(), holds),
        Base::Date(holds) => ordered(value, subject, date, holds),
        Base::Address => address(value, subject),
        Base::Null => Fit::never(),
    }
}

fn is_foreign(text: &Text) -> bool {
    text.pieces().iter().any(|piece| matches!(piece, Piece::Hole(hole) if hole.of == Of::Foreign))
}

/// Whether a pattern of an ARN, with wildcards, means what a question ranges over.
pub fn means_arn(pattern: &Text, subject: &Text) -> Fit {
    arn(&Pattern::new(pattern, Match::Wild, Case::Matters), &Pattern::subject(subject, Case::Matters))
}

/// Compares the six parts of ARNs each by itself; what a pattern leaves out at its end is any, unless a hole may hold it,
/// and what cannot be taken apart is compared whole.
pub(super) fn arn(pattern: &Pattern, subject: &Pattern) -> Fit {
    match (pattern.arn(true), subject.arn(false)) {
        (Some(parts), Some(others)) => {
            let mut apart = Fit::always();
            for (part, other) in parts.iter().zip(&others) {
                apart = apart.and(part.fits(other));
                // One part that never fits is enough.
                if apart.some.is_false() {
                    break;
                }
            }
            match pattern.hides_parts() {
                Some(why) if !pattern.fits(subject).some.is_false() => apart.or(Fit::unknown(why.clone())),
                _ => apart,
            }
        }
        (Some(_), None) if pattern.arn(false).is_none() => {
            let mut completed = pattern.clone();
            completed.push(Pattern::new(&":*".into(), Match::Wild, Case::Matters));
            completed.fits(subject)
        }
        _ => pattern.fits(subject),
    }
}

/// A value with its policy variables written out; none where one has no value, since then nothing matches.
pub(super) fn expanded(value: &Text, wildcards: Match, case: Case, request: &Request) -> Option<Pattern> {
    let mut pattern = Pattern::default();
    for piece in value.pieces() {
        let Piece::Literal(literal) = piece else {
            let mut text = Text::default();
            text.push(piece.clone());
            pattern.push(Pattern::new(&text, wildcards, case));
            continue;
        };
        let mut rest: &str = literal;
        while let Some((before, (variable, after))) =
            rest.split_once("${").and_then(|(before, inside)| Some((before, inside.split_once('}')?)))
        {
            pattern.push(Pattern::new(&before.into(), wildcards, case));
            variable_value(variable, case, request, &mut pattern)?;
            rest = after;
        }
        pattern.push(Pattern::new(&rest.into(), wildcards, case));
    }
    Some(pattern)
}

/// Writes a policy variable out; none where it has neither a value nor a default.
fn variable_value(variable: &str, case: Case, request: &Request, pattern: &mut Pattern) -> Option<()> {
    if matches!(variable, "*" | "?" | "$") {
        pattern.push_plain(&variable.into(), case);
        return Some(());
    }
    let (key, default) = match variable.split_once(',') {
        Some((key, default)) => (key.trim(), Some(default.trim().trim_matches('\''))),
        None => (variable.trim(), None),
    };
    match (request.context.get(key), default) {
        (Known::One(text), _) => pattern.push_plain(&request.names.resolve(text), case),
        (Known::Absent, Some(default)) => pattern.push_plain(&default.into(), case),
        (Known::Absent | Known::Many(_), _) => return None,
        (Known::Free | Known::Unclear(_), _) => {
            let text = format!("policy variable `{key}` has a value only when it is asked");
            pattern.push_unknown(Why::new(WhyKind::AfterApply, key, text));
        }
    }
    Some(())
}

fn ordered(value: &Text, subject: &Text, parse: fn(&str) -> Option<f64>, holds: fn(f64, f64) -> bool) -> Fit {
    match (value.literal(), subject.literal()) {
        (Some(value), Some(subject)) => match (parse(subject), parse(value)) {
            (Some(subject), Some(value)) => Fit::when(holds(subject, value)),
            _ => Fit::never(),
        },
        _ => match value.why().or_else(|| subject.why()) {
            Some(why) => Fit::unknown(why),
            None => Fit::never(),
        },
    }
}

/// Seconds since 1970 of `2026-01-31T12:00:00Z`, `2026-01-31`, or a number of seconds.
fn date(text: &str) -> Option<f64> {
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Some(seconds);
    }
    let (day, time) = text.trim().trim_end_matches('Z').split_once('T').unwrap_or((text.trim(), "0:0:0"));
    let numbers =
        |text: &str, by: char| text.split(by).map(|part| part.parse::<f64>().ok()).collect::<Option<Vec<_>>>();
    let (day, time) = (numbers(day, '-')?, numbers(time, ':')?);
    let [year, month, day] = day.as_slice() else { return None };
    let clock = time.iter().zip([3600.0, 60.0, 1.0]).map(|(part, weight)| part * weight).sum::<f64>();
    // Days from the civil calendar, with years that begin in March, so that leap days come last.
    let year = if *month <= 2.0 { year - 1.0 } else { *year };
    let era = (year / 400.0).floor();
    let of_era = year - era * 400.0;
    let shifted = (month + 9.0) % 12.0;
    let of_year = ((153.0 * shifted + 2.0) / 5.0).floor() + day - 1.0;
    let days =
        of_era * 365.0 + (of_era / 4.0).floor() - (of_era / 100.0).floor() + of_year + era * 146_097.0 - 719_468.0;
    Some(days * 86_400.0 + clock)
}

/// A range of addresses. A stranger's address is in a range only where it is so wide that S3 calls it public
/// (S3 User Guide, "The meaning of public": wider than /8, or /32 in IPv6).
/// Whether whoever calls may have an address of a range: `aws:SourceIp` is a public one, whatever the caller's own network
/// (IAM User Guide, "AWS global condition context keys", "aws:SourceIp").
fn from_outside(range: &Text) -> Fit {
    let Some(literal) = range.literal() else {
        return range.why().map_or_else(Fit::never, Fit::unknown);
    };
    let Some((network, length)) = parsed_range(literal) else { return Fit::never() };
    let is_within = |own: &str| {
        parsed_range(own).is_some_and(|(own, shortest)| length >= shortest && holds_address(own, shortest, network))
    };
    if PRIVATE.iter().any(|own| is_within(own)) { Fit::never() } else { Fit::sometimes() }
}

/// Networks whose addresses no call from outside has (RFC 1918, 4193).
const PRIVATE: [&str; 4] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/// The address and the length of a range, as long as addresses are where none is written.
fn parsed_range(range: &str) -> Option<(IpAddr, u32)> {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, length.parse::<u32>().ok()?),
        None => (range, 128),
    };
    Some((network.parse().ok()?, length))
}

/// Whether an address is in a range.
fn holds_address(network: IpAddr, length: u32, address: IpAddr) -> bool {
    let within = |a: u128, b: u128, width: u32| {
        let length = length.min(width);
        length == 0 || (a ^ b) >> (width - length) == 0
    };
    match (network, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => within(u32::from(a).into(), u32::from(b).into(), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => within(u128::from(a), u128::from(b), 128),
        _ => false,
    }
}

fn address(range: &Text, subject: &Text) -> Fit {
    let Some(range) = range.literal() else {
        return range.why().map_or_else(Fit::never, Fit::unknown);
    };
    let Some((network, length)) = parsed_range(range) else { return Fit::never() };
    if subject.hole().is_some_and(|hole| hole.of == Of::Foreign) {
        return Fit::when(length < if network.is_ipv4() { 8 } else { 32 });
    }
    let Some(subject) = subject.literal() else {
        return subject.why().map_or_else(Fit::never, Fit::unknown);
    };
    Fit::when(subject.parse().is_ok_and(|subject| holds_address(network, length, subject)))
}

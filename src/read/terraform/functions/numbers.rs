//! Functions on numbers. They are worked out in double precision, shown with fifteen digits where that is exact enough.

use super::{Answer, Call, Function};
use crate::read::{Content, Datum};

/// More numbers than this `range` refuses to make.
const MAX_RANGE: usize = 1024;

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "abs" => Function::passing(|call| one(call, f64::abs)),
        "ceil" => Function::passing(|call| one(call, f64::ceil)),
        "floor" => Function::passing(|call| one(call, f64::floor)),
        "signum" => Function::passing(|call| one(call, |x| if x == 0.0 { 0.0 } else { x.signum() })),
        "pow" => Function::passing(|call| two(call, f64::powf)),
        "log" => Function::passing(|call| two(call, |x, base| x.ln() / base.ln())),
        "max" => Function::passing(|call| extreme(call, |a, b| a > b)),
        "min" => Function::passing(|call| extreme(call, |a, b| a < b)),
        "parseint" => Function::passing(parse_int),
        "range" => Function::passing(range),
        "sum" => Function::listing(sum),
        _ => None,
    }
}

/// A number as the language reads it.
pub(in crate::read::terraform) fn parse(text: &str) -> Option<f64> {
    let body = text.strip_prefix('-').unwrap_or(text);
    let begins = body.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let number = text.parse::<f64>().ok().filter(|number| begins && number.is_finite())?;
    Some(number)
}

/// A number without a fraction.
pub(super) fn whole(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && number.abs() < 9.0e15;
    fits.then(|| format!("{number:.0}").parse().ok()).flatten()
}

/// A number as the language writes it: never with an exponent.
pub(in crate::read::terraform) fn show(number: f64) -> String {
    let short = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    // Digits beyond the fifteenth are where binary fractions show.
    let best = if (short - number).abs() <= number.abs() * 4.0e-16 { short } else { number };
    if best == 0.0 { "0".to_owned() } else { format!("{best}") }
}

fn finite(call: &Call<'_>, number: f64) -> Answer {
    if number.is_finite() { call.plain(show(number)) } else { Err(call.fails("the result is no number")) }
}

fn one(call: &Call<'_>, work: fn(f64) -> f64) -> Answer {
    call.takes(1, 1)?;
    finite(call, work(call.number(0)?))
}

fn two(call: &Call<'_>, work: fn(f64, f64) -> f64) -> Answer {
    call.takes(2, 2)?;
    finite(call, work(call.number(0)?, call.number(1)?))
}

fn extreme(call: &Call<'_>, beats: fn(f64, f64) -> bool) -> Answer {
    let mut best: Option<(f64, &Datum)> = None;
    for datum in call.arguments {
        let number = call.number_of(datum)?;
        if best.is_none_or(|(known, _)| beats(number, known)) {
            best = Some((number, datum));
        }
    }
    let (_, datum) = best.ok_or_else(|| call.fails("no numbers are given"))?;
    match call.text_of(datum)?.literal() {
        Some(text) => call.plain(text),
        None => Ok(datum.clone()),
    }
}

fn parse_int(call: &Call<'_>) -> Answer {
    call.takes(2, 2)?;
    let base = u32::try_from(call.whole(1)?).ok().filter(|base| (2..=36).contains(base));
    let base = base.ok_or_else(|| call.fails("this base is not supported"))?;
    match i128::from_str_radix(&call.literal(0)?, base) {
        Ok(number) => call.plain(number.to_string()),
        Err(_) => Err(call.fails("the text is no number of this base")),
    }
}

fn range(call: &Call<'_>) -> Answer {
    call.takes(1, 3)?;
    let (start, end) =
        if call.arguments.len() == 1 { (0.0, call.number(0)?) } else { (call.number(0)?, call.number(1)?) };
    let step = match call.arguments.len() {
        3 => call.number(2)?,
        _ if end < start => -1.0,
        _ => 1.0,
    };
    if step == 0.0 || (end > start && step < 0.0) || (end < start && step > 0.0) {
        return Err(call.fails("the step does not lead from the first number to the last"));
    }
    let mut items = Vec::new();
    let mut number = start;
    while if step > 0.0 { number < end } else { number > end } {
        if items.len() >= MAX_RANGE {
            return Err(call.fails("more than 1024 numbers"));
        }
        items.push(call.plain(show(number))?);
        number += step;
    }
    call.lists(items)
}

fn sum(call: &Call<'_>) -> Answer {
    call.takes(1, 1)?;
    let items = call.list(0)?;
    if let Some(why) = items.iter().find_map(super::wavers) {
        return Err(why);
    }
    if items.is_empty() {
        return Err(call.fails("the list is empty"));
    }
    if items.iter().any(|item| item.content == Content::Absent) {
        return Err(call.fails("a number is null"));
    }
    let mut total = 0.0;
    for item in items {
        total += call.number_of(item)?;
    }
    finite(call, total)
}

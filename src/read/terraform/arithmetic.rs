//! Numbers in expressions: what is reckoned with them, and how they compare.

use super::decimal::Decimal;
use super::functions::numbers;
use super::refusal::refused;
use crate::read::{Content, Datum};
use crate::source::Span;
use crate::syntax::hcl::Binary;
use crate::value::Text;
use std::cmp::Ordering;

fn plain(text: &str, span: Span) -> Datum {
    Datum::new(Content::Text { text: text.into(), plain: true }, span)
}

/// A number as it is written, in the one way in which equal numbers are written.
pub(super) fn written(number: &str, span: Span) -> Datum {
    Decimal::parse(number).map_or_else(|| plain(number, span), |number| plain(&number.to_string(), span))
}

/// The negative of a number.
pub(super) fn negative(value: &Datum, span: Span) -> Datum {
    reckoned(Binary::Minus, &[plain("0", span), value.clone()], span)
}

/// What an operator makes of two numbers.
pub(super) fn reckoned(operator: Binary, values: &[Datum], span: Span) -> Datum {
    if let Some(why) = values.iter().find_map(|value| value.as_text().why()) {
        return Datum::unknown(why, span);
    }
    let texts: Vec<Text> = values.iter().map(Datum::as_text).collect();
    let [Some(left), Some(right)] = [texts.first(), texts.get(1)].map(|text| text.and_then(Text::literal)) else {
        return refused("these are no numbers to reckon with", span);
    };
    if let (Some(left), Some(right)) = (Decimal::parse(left), Decimal::parse(right)) {
        let exact = match operator {
            Binary::Plus => left.plus(right),
            Binary::Minus => left.minus(right),
            Binary::Times => left.times(right),
            Binary::Divided => left.over(right),
            Binary::Modulo => left.remainder(right),
            _ => None,
        };
        if let Some(exact) = exact {
            return plain(&exact.to_string(), span);
        }
    }
    let result = numbers::parse(left).zip(numbers::parse(right)).and_then(|(left, right)| match operator {
        Binary::Plus => Some(left + right),
        Binary::Minus => Some(left - right),
        Binary::Times => Some(left * right),
        Binary::Divided if right != 0.0 => Some(left / right),
        Binary::Modulo if right != 0.0 => Some(left % right),
        _ => None,
    });
    match result.filter(|number| number.is_finite()) {
        Some(number) => plain(&numbers::show(number), span),
        None => refused("these are no numbers to reckon with", span),
    }
}

/// How two numbers compare; none where one is no number.
pub(super) fn order(left: &str, right: &str) -> Option<Ordering> {
    let exact = Decimal::parse(left).zip(Decimal::parse(right)).and_then(|(left, right)| left.compare(right));
    exact.or_else(|| numbers::parse(left)?.partial_cmp(&numbers::parse(right)?))
}

/// Whether two numbers stand in an order.
pub(super) fn compared(operator: Binary, values: &[Datum], span: Span) -> Datum {
    let [left, right] = values else { return refused("two numbers are compared", span) };
    if values.iter().any(|value| matches!(value.content, Content::List(_) | Content::Map { .. })) {
        return refused("only numbers can be compared like this", span);
    }
    let (left, right) = (left.as_text(), right.as_text());
    if let Some(why) = left.why().or_else(|| right.why()) {
        return Datum::unknown(why, span);
    }
    let order = left.literal().zip(right.literal()).and_then(|(left, right)| order(left, right));
    let Some(order) = order else { return refused("only numbers can be compared like this", span) };
    let holds = match operator {
        Binary::Less => order.is_lt(),
        Binary::LessOrEqual => order.is_le(),
        Binary::Greater => order.is_gt(),
        _ => order.is_ge(),
    };
    plain(if holds { "true" } else { "false" }, span)
}

//! Numbers as the language reckons with them: decimals that are exact as long as their digits fit. Terraform keeps 512
//! binary digits, so that `0.1 + 0.2` is `0.3` there and here. It knows nothing of values and expressions.

use std::cmp::Ordering;
use std::fmt;

/// Most places behind the point, and most noughts that an exponent may add.
const MAX_PLACES: u32 = 36;

/// A number: its digits without the point, and how many of them stand behind it. There are no noughts at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    places: u32,
}

impl Decimal {
    fn new(mut digits: i128, mut places: u32) -> Option<Decimal> {
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        (places <= MAX_PLACES).then_some(Decimal { digits, places })
    }

    /// A number as it is written, with its exponent; none where it is none, or has more digits than can be kept.
    pub(super) fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        if unsigned.is_empty() || !is_digits(unsigned) || !is_digits(fraction) {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        match u32::try_from(places) {
            Ok(places) if digits != 0 => {
                let noughts = (0..places.min(MAX_PLACES)).take_while(|n| digits % 10i128.pow(n + 1) == 0).count();
                let noughts = u32::try_from(noughts).ok()?;
                Decimal::new(digits / 10i128.pow(noughts), places - noughts)
            }
            Ok(_) => Decimal::new(digits, 0),
            Err(_) if digits == 0 => Decimal::new(0, 0),
            Err(_) => Decimal::new(digits.checked_mul(power(places.unsigned_abs())?)?, 0),
        }
    }

    /// Two numbers with as many places.
    fn aligned(self, other: Decimal) -> Option<(i128, i128, u32)> {
        let places = self.places.max(other.places);
        let digits = |one: Decimal| one.digits.checked_mul(power(places - one.places)?);
        Some((digits(self)?, digits(other)?, places))
    }

    pub(super) fn plus(self, other: Decimal) -> Option<Decimal> {
        let (one, other, places) = self.aligned(other)?;
        Decimal::new(one.checked_add(other)?, places)
    }

    pub(super) fn minus(self, other: Decimal) -> Option<Decimal> {
        let (one, other, places) = self.aligned(other)?;
        Decimal::new(one.checked_sub(other)?, places)
    }

    pub(super) fn times(self, other: Decimal) -> Option<Decimal> {
        Decimal::new(self.digits.checked_mul(other.digits)?, self.places + other.places)
    }

    /// The quotient, where it ends.
    pub(super) fn over(self, other: Decimal) -> Option<Decimal> {
        let (one, other, _) = self.aligned(other)?;
        let quotient = |places: u32| {
            let one = one.checked_mul(power(places)?)?;
            (one.checked_rem(other)? == 0).then(|| Decimal::new(one / other, places)).flatten()
        };
        (0..=MAX_PLACES).find_map(quotient)
    }

    /// What is left of a division, with the sign of the first number.
    pub(super) fn remainder(self, other: Decimal) -> Option<Decimal> {
        let (one, other, places) = self.aligned(other)?;
        Decimal::new(one.checked_rem(other)?, places)
    }

    /// Which is greater; none where that takes too many digits.
    pub(super) fn compare(self, other: Decimal) -> Option<Ordering> {
        let (one, other, _) = self.aligned(other)?;
        Some(one.cmp(&other))
    }
}

fn power(exponent: u32) -> Option<i128> {
    10i128.checked_pow(exponent)
}

/// As the language writes it: never with an exponent.
impl fmt::Display for Decimal {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = power(self.places).unwrap_or(1).unsigned_abs();
        let (size, sign) = (self.digits.unsigned_abs(), if self.digits < 0 { "-" } else { "" });
        match usize::try_from(self.places) {
            Ok(places) if places > 0 => write!(to, "{sign}{}.{:0>places$}", size / scale, size % scale),
            _ => write!(to, "{sign}{size}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Option<Decimal>) -> String {
        number.map_or_else(|| "none".to_owned(), |number| number.to_string())
    }

    #[test]
    fn numbers_are_what_is_written() {
        for (written, wanted) in [
            ("1e3", "1000"),
            ("1.50", "1.5"),
            ("-0.05", "-0.05"),
            ("-0", "0"),
            ("0e99", "0"),
            ("12300e-2", "123"),
            ("1E-3", "0.001"),
            ("007", "7"),
            ("1e99", "none"),
            ("1e-99", "none"),
            ("1e99999999999", "none"),
            ("x", "none"),
            ("", "none"),
            ("-", "none"),
            ("1.2.3", "none"),
            ("--1", "none"),
            ("9007199254740993", "9007199254740993"),
        ] {
            assert_eq!(shown(Decimal::parse(written)), wanted, "{written}");
        }
    }

    #[test]
    fn they_are_reckoned_with_exactly() {
        let number = |text: &str| Decimal::parse(text).unwrap_or(Decimal { digits: 0, places: 0 });
        assert_eq!(shown(number("0.1").plus(number("0.2"))), "0.3");
        assert_eq!(shown(number("1").minus(number("0.9"))), "0.1");
        assert_eq!(shown(number("-1.5").times(number("0.4"))), "-0.6");
        assert_eq!(shown(number("1").over(number("8"))), "0.125");
        assert_eq!(shown(number("1").over(number("3"))), "none");
        assert_eq!(shown(number("1").over(number("0"))), "none");
        assert_eq!(shown(number("-7").remainder(number("3"))), "-1");
        assert_eq!(shown(number("5.5").remainder(number("2"))), "1.5");
        assert_eq!(number("0.30").compare(number("3e-1")), Some(Ordering::Equal));
        assert_eq!(number("-2").compare(number("1.5")), Some(Ordering::Less));
        let large = number("99999999999999999999999999999999999999");
        assert_eq!(shown(large.times(large)), "none");
    }
}

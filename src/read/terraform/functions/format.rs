//! `format` and `formatlist`: Go's verbs, as far as the language takes them.

use super::{Answer, Call, Function, failure, json, numbers};
use crate::read::{Content, Datum, json_text};
use crate::value::{Hole, Of, Piece, Text, Why};

pub(super) fn find(name: &str) -> Option<Function> {
    match name {
        "format" => Function::writing(|call| call.says(formatted(call, &call.text(0)?, call.arguments.get(1..))?)),
        "formatlist" => Function::listing(format_list),
        _ => None,
    }
}

/// A verb with what stands between it and its `%`.
#[derive(Default)]
struct Verb {
    minus: bool,
    plus: bool,
    zero: bool,
    sharp: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
    argument: Option<usize>,
    letter: char,
}

/// Whether what fills a hole can hold no `%`, so that it stands in a format for itself.
fn is_plain(hole: &Hole) -> bool {
    match &hole.of {
        Of::Account | Of::Partition | Of::Region | Of::Organization => true,
        Of::Resource { attribute, .. } => matches!(&**attribute, "id" | "Arn" | "KeyId" | "TopicArn" | "TopicName"),
        _ => false,
    }
}

fn formatted(call: &Call<'_>, pattern: &Text, arguments: Option<&[Datum]>) -> Result<Text, Why> {
    let arguments = arguments.unwrap_or_default();
    let (mut text, mut buffer) = (Text::default(), String::new());
    let (mut next, mut most, mut written) = (0, 0, 0);
    let mut pieces = pattern.pieces().iter().peekable();
    while let Some(piece) = pieces.next() {
        let mut rest = match piece {
            Piece::Literal(literal) => &**literal,
            Piece::Hole(hole) if is_plain(hole) => {
                text.push(Piece::Literal(std::mem::take(&mut buffer).into()));
                text.push(piece.clone());
                continue;
            }
            Piece::Hole(hole) => return Err(hole.why()),
            Piece::Unknown(why) => return Err(why.clone()),
        };
        while let Some((before, after)) = rest.split_once('%') {
            buffer.push_str(before);
            // A verb that goes on in a hole is not known.
            let (verb, behind) = verb(after).ok_or_else(|| match pieces.peek() {
                Some(Piece::Hole(hole)) => hole.why(),
                _ => call.fails("the format has a verb that is none"),
            })?;
            rest = behind;
            if verb.letter == '%' {
                buffer.push('%');
                continue;
            }
            let at = verb.argument.unwrap_or(next);
            let argument =
                arguments.get(at).ok_or_else(|| call.fails("the format asks for more values than are given"))?;
            next = at + 1;
            most = most.max(next);
            let value = value(call, &verb, argument)?;
            let value = match value.literal() {
                Some(literal) => padded(call, &verb, literal)?,
                None => value,
            };
            written += value.literal().map_or(1, str::len);
            call.fits(written)?;
            match value.literal() {
                Some(literal) => buffer.push_str(literal),
                None => {
                    text.push(Piece::Literal(std::mem::take(&mut buffer).into()));
                    match (verb.width, value.why()) {
                        (Some(_), Some(why)) => text.push(Piece::Unknown(why)),
                        _ => text.append(&value),
                    }
                }
            }
        }
        buffer.push_str(rest);
    }
    if most < arguments.len() {
        return Err(call.fails("more values are given than the format asks for"));
    }
    text.push(Piece::Literal(buffer.into()));
    Ok(text)
}

/// Reads a verb; what stands behind it is the rest.
fn verb(text: &str) -> Option<(Verb, &str)> {
    let mut verb = Verb::default();
    let mut rest = text;
    loop {
        let mut characters = rest.chars();
        match characters.next()? {
            '-' => verb.minus = true,
            '+' => verb.plus = true,
            '0' => verb.zero = true,
            '#' => verb.sharp = true,
            ' ' => verb.space = true,
            _ => break,
        }
        rest = characters.as_str();
    }
    let number = |text: &str| -> (Option<usize>, usize) {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        // A width that is no number that the machine knows is too wide for anything.
        let number = text.get(..digits).filter(|digits| !digits.is_empty());
        (number.map(|digits| digits.parse().unwrap_or(usize::MAX)), digits)
    };
    let (width, digits) = number(rest);
    (verb.width, rest) = (width, rest.get(digits..)?);
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, digits) = number(after);
        (verb.precision, rest) = (Some(precision.unwrap_or(0)), after.get(digits..)?);
    }
    if let Some(after) = rest.strip_prefix('[') {
        let (position, digits) = number(after);
        verb.argument = Some(position?.checked_sub(1)?);
        rest = after.get(digits..)?.strip_prefix(']')?;
    }
    let mut characters = rest.chars();
    verb.letter = characters.next()?;
    "%vtbcdoxXeEfgGsq".contains(verb.letter).then_some((verb, characters.as_str()))
}

/// What a verb makes of a value, without its width.
fn value(call: &Call<'_>, verb: &Verb, datum: &Datum) -> Result<Text, Why> {
    match (verb.letter, &datum.content) {
        (_, Content::Unknown(why)) => Ok(Text::unknown(why.clone())),
        ('v', Content::Absent) => Ok("null".into()),
        (_, Content::Absent) => Err(call.fails("a value is null")),
        ('v', Content::List(_) | Content::Map { .. }) => Ok(json(datum)),
        ('v', Content::Text { plain: false, .. }) if verb.sharp => Ok(json(datum)),
        ('s' | 'v', _) => {
            let text = call.text_of(datum)?;
            Ok(match (verb.precision, text.literal()) {
                (Some(most), Some(literal)) => literal.chars().take(most).collect::<String>().as_str().into(),
                (Some(_), None) => text.why().map_or(text, Text::unknown),
                (None, _) => text,
            })
        }
        ('q', _) => {
            let mut quoted = Text::from("\"");
            for piece in call.text_of(datum)?.pieces() {
                quoted.push(match piece {
                    Piece::Literal(literal) => {
                        Piece::Literal(json_text::escape(literal, json_text::Form::Canonical).into())
                    }
                    hole => hole.clone(),
                });
            }
            quoted.push(Piece::Literal("\"".into()));
            Ok(quoted)
        }
        ('t', _) => {
            let text = call.text_of(datum)?;
            if text.literal().is_none() {
                return Ok(text);
            }
            Ok(if call.bool_of(datum)? { "true" } else { "false" }.into())
        }
        (letter, _) => {
            let text = call.text_of(datum)?;
            let Some(literal) = text.literal() else { return Ok(text) };
            let number = numbers::parse(literal).ok_or_else(|| call.fails("a number is wanted"))?;
            Ok(number_as(call, verb, letter, number)?.as_str().into())
        }
    }
}

fn number_as(call: &Call<'_>, verb: &Verb, letter: char, number: f64) -> Result<String, Why> {
    let whole = || numbers::whole(number).ok_or_else(|| call.fails("a whole number is wanted"));
    let precision = verb.precision.unwrap_or(6);
    call.fits(precision)?;
    let body = match letter {
        'd' => whole()?.unsigned_abs().to_string(),
        'b' => format!("{:b}", whole()?.unsigned_abs()),
        'o' => format!("{:o}", whole()?.unsigned_abs()),
        'x' => format!("{:x}", whole()?.unsigned_abs()),
        'X' => format!("{:X}", whole()?.unsigned_abs()),
        'f' => format!("{:.precision$}", number.abs()),
        'e' | 'E' => exponent(&format!("{:.precision$e}", number.abs()), letter),
        'g' | 'G' if verb.precision.is_none() && (1e-4..1e21).contains(&number.abs()) || number == 0.0 => {
            numbers::show(number.abs())
        }
        _ => return Err(call.beyond("this way to write a number")),
    };
    let sign = if number < 0.0 {
        "-"
    } else if verb.plus {
        "+"
    } else if verb.space {
        " "
    } else {
        ""
    };
    Ok(format!("{sign}{body}"))
}

/// `1.5e3` as Go writes it: `1.5e+03`.
fn exponent(text: &str, letter: char) -> String {
    let (digits, power) = text.split_once('e').unwrap_or((text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |power| ('-', power));
    format!("{digits}{letter}{sign}{power:0>2}")
}

fn padded(call: &Call<'_>, verb: &Verb, literal: &str) -> Result<Text, Why> {
    let Some(width) = verb.width else { return Ok(literal.into()) };
    call.fits(width)?;
    let missing = width.saturating_sub(literal.chars().count());
    let whole = if verb.minus {
        format!("{literal}{}", " ".repeat(missing))
    } else if verb.zero && !matches!(verb.letter, 's' | 'q' | 'v' | 't') {
        let (sign, digits) =
            literal.strip_prefix(['-', '+']).map_or(("", literal), |digits| (literal.get(..1).unwrap_or(""), digits));
        format!("{sign}{}{digits}", "0".repeat(missing))
    } else {
        format!("{}{literal}", " ".repeat(missing))
    };
    Ok(whole.as_str().into())
}

fn format_list(call: &Call<'_>) -> Answer {
    let pattern = call.text(0)?;
    let arguments = call.arguments.get(1..).unwrap_or_default();
    let lists = arguments.iter().filter_map(|argument| match &argument.content {
        Content::List(items) => Some(items),
        _ => None,
    });
    let lists: Vec<&Vec<Datum>> = lists.collect();
    if let Some(Content::Unknown(why)) =
        arguments.iter().map(|one| &one.content).find(|one| matches!(one, Content::Unknown(_)))
    {
        return Err(why.clone());
    }
    // Behind an element that may be several, nothing is known to stand beside anything.
    let until = |items: &Vec<Datum>| items.iter().position(|item| super::wavers(item).is_some());
    let (cut, why) = match lists.as_slice() {
        [] => (1, None),
        [only] => (only.len(), None),
        several => {
            let cut = several.iter().filter_map(|items| until(items)).min();
            match cut {
                Some(cut) => (cut, several.iter().flat_map(|items| items.get(cut)).find_map(super::wavers)),
                None => (several.first().map_or(0, |items| items.len()), None),
            }
        }
    };
    if why.is_none() && lists.iter().any(|items| items.len() != cut) {
        return Err(failure("formatlist", "the lists have different lengths"));
    }
    let mut results = Vec::new();
    let mut bytes = 0;
    for n in 0..cut {
        let mut row = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match &argument.content {
                Content::List(items) => row.extend(items.get(n).cloned()),
                _ => row.push(argument.clone()),
            }
        }
        if let Some(why) = row.iter().find_map(super::wavers) {
            results.push(Datum::unknown(why, call.span));
            continue;
        }
        let text = formatted(call, &pattern, Some(&row))?;
        bytes += text.literal().map_or(1, str::len);
        call.fits(bytes)?;
        // The element is the place to look at, not the call.
        let place = row.first().map_or(call.span, |first| if lists.is_empty() { call.span } else { first.span });
        let assumes: Vec<_> = row.iter().flat_map(|datum| datum.assumes.iter().cloned()).collect();
        results.push(Datum::text(text, place).assuming(&assumes));
    }
    results.extend(why.map(|why| Datum::unknown(why, call.span)));
    call.lists(results)
}

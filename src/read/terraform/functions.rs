//! The functions of the language, on evaluated values.
//!
//! Arguments with two sides are worked out on both ([`super::lift`]). What an argument leaves unknown, the result leaves
//! unknown for the same reason; what the language refuses is a [`failure`], which `try` and `can` recognise. Files, and
//! what is evaluated lazily (`try`, `can`, `templatestring`), are no business of this module.

mod characters;
mod collections;
mod encoding;
pub(super) mod equal;
mod format;
mod made;
mod mappings;
pub(super) mod numbers;
mod opaque;
mod patterns;
mod sets;
mod strings;
mod types;

#[cfg(test)]
mod tests;

use super::lift::{self, Reach};
use super::refusal::refusal_in;
use crate::read::{Content, Datum, Member, json_text};
use crate::source::Span;
use crate::value::{Condition, Text, Why, WhyKind};

/// No list or mapping that a function makes holds more.
const MAX_ELEMENTS: usize = 100_000;

/// No text that a function makes has more bytes.
const MAX_BYTES: usize = 1024 * 1024;

/// A result, or why there is none.
type Answer = Result<Datum, Why>;

/// A function.
struct Function {
    work: fn(&Call<'_>) -> Answer,
    reach: Reach,
    gives: Gives,
}

/// What a result is where it cannot be told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gives {
    /// A text of which nothing is known.
    Text,
    /// Anything.
    Any,
}

impl Function {
    /// One that hands on what it is given.
    fn passing(work: fn(&Call<'_>) -> Answer) -> Option<Function> {
        Some(Function { work, reach: Reach::Top, gives: Gives::Any })
    }

    /// One that looks at each element of its lists.
    fn listing(work: fn(&Call<'_>) -> Answer) -> Option<Function> {
        Some(Function { work, reach: Reach::Lists, gives: Gives::Any })
    }

    /// One that makes a text of all that it is given.
    fn writing(work: fn(&Call<'_>) -> Answer) -> Option<Function> {
        Some(Function { work, reach: Reach::All, gives: Gives::Text })
    }
}

/// Calls a function. None where the language has no such function, or it has to do with files, or is evaluated lazily.
pub(super) fn call(name: &str, arguments: &[Datum], span: Span) -> Option<Datum> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let function = strings::find(name)
        .or_else(|| patterns::find(name))
        .or_else(|| format::find(name))
        .or_else(|| collections::find(name))
        .or_else(|| mappings::find(name))
        .or_else(|| sets::find(name))
        .or_else(|| numbers::find(name))
        .or_else(|| encoding::find(name))
        .or_else(|| types::find(name))
        .or_else(|| opaque::find(name))?;
    Some(lift::lift(arguments, span, function.reach, &|arguments| {
        if let Some(why) = arguments.iter().find_map(refusal_in) {
            return Datum::unknown(why.clone(), span);
        }
        let result = match (function.work)(&Call { name, arguments, span }) {
            Ok(result) => result,
            Err(why) => {
                let why = if why.place.is_none() { why.at(span) } else { why };
                match function.gives {
                    Gives::Text if !failed(&why) => Datum::text(Text::unknown(why), span),
                    _ => Datum::unknown(why, span),
                }
            }
        };
        let result = made::named(result, name, arguments);
        // What is made of parts carries what each part rests on.
        let scalar = matches!(result.content, Content::Text { .. } | Content::Unknown(_));
        if scalar && function.reach != Reach::Top { lift::resting_on(result, arguments) } else { result }
    }))
}

/// Why an expression has no value at all, whatever becomes known: the language refuses it.
pub(super) fn failure(function: &str, words: &str) -> Why {
    Why::new(WhyKind::Unsupported, format!("{function}()"), format!("`{function}` fails here: {words}"))
}

/// Whether something is unknown because the language refuses it, as opposed to what is merely not known.
pub(super) fn failed(why: &Why) -> bool {
    why.kind == WhyKind::Unsupported && why.name.ends_with("()")
}

/// One call of a function, its arguments without sides at their top.
struct Call<'c> {
    name: &'c str,
    arguments: &'c [Datum],
    span: Span,
}

impl<'c> Call<'c> {
    /// What the language refuses.
    fn fails(&self, words: &str) -> Why {
        failure(self.name, words)
    }

    /// What is not worked out here, though the language does.
    fn beyond(&self, words: &str) -> Why {
        Why::new(WhyKind::Unsupported, self.name, format!("`{}` is not worked out here: {words}", self.name))
    }

    /// Refuses any other number of arguments.
    fn takes(&self, least: usize, most: usize) -> Result<(), Why> {
        if (least..=most).contains(&self.arguments.len()) { Ok(()) } else { Err(self.fails("the number of arguments")) }
    }

    fn argument(&self, n: usize) -> Result<&'c Datum, Why> {
        self.arguments.get(n).ok_or_else(|| self.fails("an argument is missing"))
    }

    /// An argument as text, holes kept.
    fn text(&self, n: usize) -> Result<Text, Why> {
        self.text_of(self.argument(n)?)
    }

    fn text_of(&self, datum: &Datum) -> Result<Text, Why> {
        match &datum.content {
            Content::Text { text, .. } | Content::OneOf { text, .. } => Ok(text.clone()),
            // JSON text is kept as what it says.
            Content::List(_) | Content::Map { .. } => Ok(json(datum)),
            Content::Absent => Err(self.fails("a text is null")),
            Content::Unknown(why) => Err(why.clone()),
            Content::Either(condition, ..) => Err(Why::condition(condition.clone())),
        }
    }

    /// An argument as characters that are all known.
    fn literal(&self, n: usize) -> Result<String, Why> {
        let text = self.text(n)?;
        self.characters(&text).map(str::to_owned)
    }

    fn characters<'t>(&self, text: &'t Text) -> Result<&'t str, Why> {
        text.literal().ok_or_else(|| text.why().unwrap_or_else(|| self.beyond("a text is too long")))
    }

    /// An argument as a number.
    fn number(&self, n: usize) -> Result<f64, Why> {
        self.number_of(self.argument(n)?)
    }

    fn number_of(&self, datum: &Datum) -> Result<f64, Why> {
        let text = self.text_of(datum)?;
        numbers::parse(self.characters(&text)?).ok_or_else(|| self.fails("a number is wanted"))
    }

    /// An argument as a whole number.
    fn whole(&self, n: usize) -> Result<i64, Why> {
        let number = self.number(n)?;
        numbers::whole(number).ok_or_else(|| self.fails("a whole number is wanted"))
    }

    /// An argument as a boolean.
    fn bool_of(&self, datum: &Datum) -> Result<bool, Why> {
        let text = self.text_of(datum)?;
        match self.characters(&text)? {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(self.fails("a boolean is wanted")),
        }
    }

    /// The elements of an argument.
    fn list(&self, n: usize) -> Result<&'c [Datum], Why> {
        self.list_of(self.argument(n)?)
    }

    fn list_of<'d>(&self, datum: &'d Datum) -> Result<&'d [Datum], Why> {
        match &datum.content {
            Content::List(items) => Ok(items),
            _ => Err(self.misfit(datum, "a list is wanted")),
        }
    }

    /// The members of an argument, and why there may be more.
    fn members(&self, n: usize) -> Result<(&'c [Member], Option<&'c Why>), Why> {
        let datum = self.argument(n)?;
        match &datum.content {
            Content::Map { members, rest } => Ok((members, rest.as_ref())),
            _ => Err(self.misfit(datum, "a mapping is wanted")),
        }
    }

    /// Why a value is not of the shape that is wanted: it is not known, or of another one.
    fn misfit(&self, datum: &Datum, words: &str) -> Why {
        match &datum.content {
            Content::Unknown(why) | Content::OneOf { why, .. } => why.clone(),
            Content::Either(condition, ..) => Why::condition(condition.clone()),
            Content::Text { text, .. } if text.literal().is_none() => {
                text.why().unwrap_or_else(|| self.beyond("a text is too long"))
            }
            _ => self.fails(words),
        }
    }

    /// A text as the result.
    fn says(&self, text: Text) -> Answer {
        Ok(Datum::text(text, self.span))
    }

    /// Known characters as the result.
    fn spells(&self, text: &str) -> Answer {
        self.fits(text.len())?;
        self.says(Text::from(text))
    }

    /// Refuses to make a text that is too long.
    fn fits(&self, bytes: usize) -> Result<(), Why> {
        if bytes <= MAX_BYTES { Ok(()) } else { Err(self.beyond("the text would be too long")) }
    }

    /// A number or boolean as the result.
    fn plain(&self, text: impl AsRef<str>) -> Answer {
        Ok(Datum::new(Content::Text { text: Text::from(text.as_ref()), plain: true }, self.span))
    }

    fn truth(&self, holds: bool) -> Answer {
        self.plain(if holds { "true" } else { "false" })
    }

    /// A list as the result.
    fn lists(&self, items: Vec<Datum>) -> Answer {
        self.holds(items.len())?;
        Ok(Datum::new(Content::List(items), self.span))
    }

    /// Refuses to make what has too many elements.
    fn holds(&self, elements: usize) -> Result<(), Why> {
        if elements <= MAX_ELEMENTS { Ok(()) } else { Err(self.beyond("it would have too many elements")) }
    }

    /// A mapping as the result, its members in the order of their keys.
    fn maps(&self, mut members: Vec<Member>, rest: Option<Why>) -> Answer {
        self.holds(members.len())?;
        members.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Datum::new(Content::Map { members, rest }, self.span))
    }
}

/// A value as JSON text, as the language writes it.
fn json(datum: &Datum) -> Text {
    let mut text = Text::default();
    json_text::write(datum, json_text::Form::Canonical, &mut text);
    text
}

/// Why it is not known how many elements a list has, or which one stands where, from this element on.
fn wavers(item: &Datum) -> Option<Why> {
    match &item.content {
        Content::Unknown(why) => Some(why.clone()),
        Content::Either(condition, yes, no) => {
            let there = |side: &Datum| side.content != Content::Absent;
            if there(yes) == there(no) {
                wavers(yes).or_else(|| wavers(no))
            } else {
                Some(Why::condition(Condition::clone(condition)))
            }
        }
        _ => None,
    }
}

/// Whether all elements of a list are there, each in its place.
fn counted(items: &[Datum]) -> Result<(), Why> {
    items.iter().find_map(wavers).map_or(Ok(()), Err)
}

//! The functions that make texts of texts and lists. What they make of a value without content is a hole that is named by
//! the expression: whatever it becomes, it is equal to itself.

use super::eval::Eval;
use super::functions::{misuse, misused};
use crate::read::{Content, Datum};
use crate::source::Span;
use crate::syntax::Node;
use crate::value::{Hole, Of, Piece, Text, Why};
use base64::Engine;

/// A text with its holes named, for people and for the identity of expressions.
pub(super) struct Shown<'t>(pub(super) &'t Text);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in self.0.pieces() {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Hole(hole) => write!(f, "${{{}}}", hole.name())?,
                Piece::Unknown(why) => write!(f, "${{{}}}", why.name)?,
            }
        }
        Ok(())
    }
}

/// The elements of a list, or why they are not known.
fn elements(list: &Datum) -> Result<Vec<&Datum>, Why> {
    match &list.content {
        Content::List(items) => Ok(items.iter().collect()),
        Content::Unknown(why) | Content::OneOf { why, .. } => Err(why.clone()),
        Content::Either(condition, ..) => Err(Why::condition(condition.clone())),
        Content::Text { text, .. } if text.why().is_none() => Ok(vec![list]),
        Content::Text { text, .. } => Err(text.why().unwrap_or_else(|| misuse("list"))),
        Content::Absent | Content::Map { .. } => Err(misuse("list")),
    }
}

pub(super) fn join(delimiter: &Datum, list: &Datum, span: Span) -> Datum {
    let assumes = [delimiter.assumes.clone(), list.assumes.clone()].concat();
    let items = match elements(list) {
        Ok(items) => items,
        Err(why) => return Datum::text(Text::unknown(why.at(span)), span).assuming(&assumes),
    };
    let delimiter = delimiter.as_text();
    let mut text = Text::default();
    let mut inner = Vec::new();
    let mut first = true;
    for item in items {
        // A list among the elements (a list parameter) is joined with the rest; an element left out leaves no delimiter.
        let parts: Vec<&Datum> = match &item.content {
            Content::List(items) => items.iter().collect(),
            Content::Absent => Vec::new(),
            _ => vec![item],
        };
        for part in parts {
            if !first {
                text.append(&delimiter);
            }
            first = false;
            text.append(&part.as_text());
            inner.extend(part.assumes.iter().cloned());
        }
    }
    Datum::text(text, span).assuming(&assumes).assuming(&inner)
}

pub(super) fn split(delimiter: &Datum, text: &Datum, span: Span) -> Datum {
    let assumes = [delimiter.assumes.clone(), text.assumes.clone()].concat();
    let (delimiter, whole) = (delimiter.as_text(), text.as_text());
    let Some(delimiter) = delimiter.literal().filter(|delimiter| !delimiter.is_empty()) else {
        return Datum::unknown(delimiter.why().unwrap_or_else(|| misuse("Fn::Split")).at(span), span)
            .assuming(&assumes);
    };
    let mut parts = vec![Text::default()];
    for piece in whole.pieces() {
        match piece {
            Piece::Literal(literal) => {
                for (n, part) in literal.split(delimiter).enumerate() {
                    if n > 0 {
                        parts.push(Text::default());
                    }
                    if let Some(last) = parts.last_mut() {
                        last.push(Piece::Literal(part.into()));
                    }
                }
            }
            Piece::Hole(hole) if !may_hold(hole, delimiter) => {
                if let Some(last) = parts.last_mut() {
                    last.push(piece.clone());
                }
            }
            Piece::Hole(hole) => return Datum::unknown(hole.why().at(span), span).assuming(&assumes),
            Piece::Unknown(why) => return Datum::unknown(why.clone().at(span), span).assuming(&assumes),
        }
    }
    let items = parts.into_iter().map(|part| Datum::text(part, span)).collect();
    Datum::new(Content::List(items), span).assuming(&assumes)
}

/// Whether what fills a hole may hold a delimiter, or a part of one. Names and ids hold neither `:` nor `/` nor `,`; what a
/// parameter holds cannot be known.
fn may_hold(hole: &Hole, delimiter: &str) -> bool {
    let of_names = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    match &hole.of {
        Of::Account => delimiter.chars().all(|letter| letter.is_ascii_digit()),
        Of::Region | Of::Partition | Of::Organization => delimiter.chars().all(of_names),
        Of::Resource { attribute, .. } if matches!(&**attribute, "id" | "TopicName") => delimiter.chars().all(of_names),
        Of::Expression(name) if STACK.contains(&&**name) => delimiter.chars().all(of_names),
        _ => true,
    }
}

/// The name of a stack, and the id that ends its ARN.
const STACK: [&str; 2] = ["AWS::StackName", "the end of AWS::StackId"];

fn length(list: Datum, span: Span) -> Datum {
    let text = match elements(&list) {
        Ok(items) => Text::from(items.len().to_string().as_str()),
        Err(why) => Text::unknown(why.at(span)),
    };
    Datum::text(text, span).assuming(&list.assumes)
}

impl Eval<'_> {
    /// What an expression makes of a value without content.
    fn made(&self, frame: usize, expression: String, why: Why, span: Span) -> Datum {
        let of = Of::Made(expression.into(), Box::new(Why { place: None, ..why }));
        Datum::text(Hole { instance: self.stack.instance(frame), of }, span)
    }

    pub(super) fn length(&self, list: Datum, span: Span) -> Datum {
        length(list, span)
    }

    /// The ARN of the stack, whose parts are what templates make names of.
    pub(super) fn stack_id(&self, frame: usize, span: Span) -> Datum {
        let own =
            |name: &str| Text::from(Hole { instance: self.stack.instance(frame), of: Of::Expression(name.into()) });
        let home = self.home(frame);
        let [name, end] = STACK.map(own);
        let parts: [&Text; 10] = [
            &"arn:".into(),
            &home.partition,
            &":cloudformation:".into(),
            &home.region,
            &":".into(),
            &home.account,
            &":stack/".into(),
            &name,
            &"/".into(),
            &end,
        ];
        Datum::text(Text::concat(parts), span)
    }

    /// An element of a list; `written` is the list as it is written.
    pub(super) fn select(&self, frame: usize, index: &Datum, list: Datum, written: &Node, span: Span) -> Datum {
        let assumes = [index.assumes.clone(), list.assumes.clone()].concat();
        let index = index.as_text();
        let Some(at) = index.literal().and_then(|text| text.trim().parse::<usize>().ok()) else {
            return Datum::unknown(index.why().unwrap_or_else(|| misuse("Fn::Select")).at(span), span)
                .assuming(&assumes);
        };
        let element = match list.content {
            // A list parameter that is given nothing is a list of one empty text to `Fn::Select`.
            Content::List(items) if items.is_empty() && at == 0 => Datum::text("", span),
            Content::List(items) => match items.into_iter().nth(at) {
                Some(item) => Datum { span, ..item },
                None => Datum::unknown(misuse("Fn::Select").at(span), span),
            },
            Content::Unknown(why) if why.condition.is_none() => match self.called(frame, written) {
                Some(called) => self.made(frame, format!("element {at} of {called}"), why, span),
                None => Datum::unknown(why, span),
            },
            Content::Unknown(why) | Content::OneOf { why, .. } => Datum::unknown(why, span),
            Content::Either(condition, ..) => Datum::unknown(Why::condition(condition).at(span), span),
            Content::Text { text, .. } => match text.why() {
                Some(why) => self.made(frame, format!("element {at} of {}", Shown(&text)), why, span),
                None => misused("Fn::Select", span),
            },
            Content::Absent | Content::Map { .. } => misused("Fn::Select", span),
        };
        element.assuming(&assumes)
    }

    /// What a list is called that is not known, where equal names mean equal lists.
    fn called(&self, frame: usize, written: &Node) -> Option<String> {
        let [(key, argument)] = written.entries() else { return None };
        let shown = |node: &Node| {
            let text = self.datum(frame, node, node.span, &super::foreach::Env::from([])).as_text();
            // A part that has no name of its own is not the same everywhere.
            let is_named = !text.pieces().iter().any(|piece| matches!(piece, Piece::Unknown(_)));
            is_named.then(|| Shown(&text).to_string())
        };
        match (&*key.text, argument.items()) {
            ("Ref", _) => argument.text().map(str::to_owned),
            ("Fn::Split", [delimiter, text]) => Some(format!("{} split at `{}`", shown(text)?, shown(delimiter)?)),
            ("Fn::GetAZs", _) => Some(format!("the availability zones of {}", shown(argument)?)),
            _ => None,
        }
    }

    pub(super) fn to_base64(&self, frame: usize, datum: &Datum, span: Span) -> Datum {
        let text = datum.as_text();
        match (text.literal(), text.why()) {
            (None, Some(why)) => self.made(frame, format!("Fn::Base64 of {}", Shown(&text)), why, span),
            (literal, _) => {
                let encoded = base64::engine::general_purpose::STANDARD.encode(literal.unwrap_or_default());
                Datum::text(encoded.as_str(), span)
            }
        }
        .assuming(&datum.assumes)
    }
}

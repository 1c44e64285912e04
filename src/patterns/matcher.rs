//! What a value of a field is compared with.

use super::network::Network;
use crate::value::{Case, Fit, Match, Pattern, Piece, Text, Truth, Why, WhyKind};
use regex::{Regex, RegexBuilder};

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Sample {
    /// The field is not there.
    Absent,
    /// JSON's null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text.
    Text(Text),
    /// A text that no test names.
    Other,
    /// A mapping.
    Object,
    /// A list.
    List(Vec<Sample>),
}

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// The same.
    Equal,
    /// Less.
    Less,
    /// Less, or the same.
    AtMost,
    /// More.
    More,
    /// More, or the same.
    AtLeast,
}

impl Compare {
    fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Compare::Equal => value == bound,
            Compare::Less => value < bound,
            Compare::AtMost => value <= bound,
            Compare::More => value > bound,
            Compare::AtLeast => value >= bound,
        }
    }
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// A text, with stars where it is open.
    Text(Box<Texts>),
    /// A number that keeps to all of these bounds.
    Number(Vec<(Compare, f64)>),
    /// A boolean or null.
    Just(Sample),
    /// A text in which an expression is found.
    Expression(Box<Regex>),
    /// An address in a range.
    Network(Network),
    /// It cannot be told.
    Unknown(Why),
}

/// A text to compare with.
#[derive(Clone, Debug)]
pub struct Texts {
    text: Text,
    pattern: Pattern,
    case: Case,
    /// Whether other texts fit it too.
    open: bool,
    /// Whether every text fits it.
    total: bool,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Matcher::Text(a), Matcher::Text(b)) => a.text == b.text && a.case == b.case && a.open == b.open,
            (Matcher::Number(a), Matcher::Number(b)) => a == b,
            (Matcher::Just(a), Matcher::Just(b)) => a == b,
            (Matcher::Expression(a), Matcher::Expression(b)) => a.as_str() == b.as_str(),
            (Matcher::Network(a), Matcher::Network(b)) => a == b,
            (Matcher::Unknown(a), Matcher::Unknown(b)) => a == b,
            _ => false,
        }
    }
}

/// Most memory that a compiled expression may take: a pattern has at most 1,024 characters.
const MAX_EXPRESSION: usize = 256 * 1024;

/// What a text that fits a star may be.
const BETWEEN: &str = "x";

impl Matcher {
    /// This text and no other.
    pub fn exact(text: Text) -> Matcher {
        let pattern = Pattern::subject(&text, Case::Matters);
        Matcher::Text(Box::new(Texts { text, pattern, case: Case::Matters, open: false, total: false }))
    }

    /// This text, whatever the case of its letters.
    pub fn folded(text: Text) -> Matcher {
        let pattern = Pattern::subject(&text, Case::Ignored);
        Matcher::Text(Box::new(Texts { text, pattern, case: Case::Ignored, open: true, total: false }))
    }

    /// What these parts make with anything between them. One part alone is exact.
    pub fn between(parts: Vec<Text>, case: Case) -> Matcher {
        let mut pattern = Pattern::default();
        let mut text = Text::default();
        for (n, part) in parts.iter().enumerate() {
            if n > 0 {
                pattern.push(Pattern::new(&"*".into(), Match::Wild, Case::Matters));
                text.push(Piece::Literal("*".into()));
            }
            pattern.push_plain(part, case);
            text.append(part);
        }
        let open = parts.len() > 1 || case == Case::Ignored;
        let total = parts.len() > 1 && parts.iter().all(|part| part.pieces().is_empty());
        Matcher::Text(Box::new(Texts { text, pattern, case, open, total }))
    }

    /// What stars in a text are anything in: of a metric filter.
    pub fn starred(text: &Text) -> Matcher {
        let mut parts = vec![Text::default()];
        let add = |parts: &mut Vec<Text>, piece: Piece| {
            if let Some(last) = parts.last_mut() {
                last.push(piece);
            }
        };
        for piece in text.pieces() {
            let Piece::Literal(literal) = piece else {
                add(&mut parts, piece.clone());
                continue;
            };
            for (n, part) in literal.split('*').enumerate() {
                if n > 0 {
                    parts.push(Text::default());
                }
                add(&mut parts, Piece::Literal(part.into()));
            }
        }
        Matcher::between(parts, Case::Matters)
    }

    /// What an expression is found in.
    pub fn expression(text: &Text) -> Matcher {
        let unknown = |why: &'static str| Matcher::Unknown(Why::new(WhyKind::Unsupported, "pattern", why));
        let Some(literal) = text.literal() else {
            return Matcher::Unknown(text.why().unwrap_or_else(|| Why::new(WhyKind::Unsupported, "pattern", "")));
        };
        match RegexBuilder::new(literal).size_limit(MAX_EXPRESSION).build() {
            Ok(found) => Matcher::Expression(Box::new(found)),
            Err(_) => unknown("this regular expression is not understood"),
        }
    }

    /// Whether every text fits it.
    pub fn is_total(&self) -> bool {
        matches!(self, Matcher::Text(texts) if texts.total)
    }

    /// Whether texts fit it that are not written.
    pub(super) fn is_open(&self) -> bool {
        match self {
            Matcher::Text(texts) => texts.open && !texts.total,
            Matcher::Just(_) | Matcher::Unknown(_) => false,
            Matcher::Number(bounds) => !matches!(bounds.as_slice(), [(Compare::Equal, _)]),
            Matcher::Expression(_) | Matcher::Network(_) => true,
        }
    }

    /// Values that are worth trying: some that fit.
    pub(super) fn samples(&self) -> Vec<Sample> {
        match self {
            Matcher::Text(texts) if texts.total => Vec::new(),
            Matcher::Text(texts) => {
                let mut sample = Text::default();
                for piece in texts.text.pieces() {
                    sample.push(match piece {
                        Piece::Literal(literal) if texts.open => Piece::Literal(literal.replace('*', BETWEEN).into()),
                        piece => piece.clone(),
                    });
                }
                vec![Sample::Text(sample)]
            }
            Matcher::Number(bounds) => {
                bounds.iter().flat_map(|(_, bound)| [bound - 1.0, *bound, bound + 1.0]).map(Sample::Number).collect()
            }
            Matcher::Just(sample) => vec![sample.clone()],
            Matcher::Expression(expression) => {
                let plain = |part: &str| Sample::Text(part.trim_matches(['^', '$']).replace('\\', "").as_str().into());
                expression.as_str().split('|').map(plain).collect()
            }
            Matcher::Network(network) => vec![Sample::Text(network.sample().as_str().into())],
            Matcher::Unknown(_) => Vec::new(),
        }
    }

    /// Whether a value fits it.
    pub fn fits(&self, value: &Sample) -> Truth {
        match (self, value) {
            (_, Sample::Absent | Sample::Object | Sample::List(_)) => Truth::no(),
            (Matcher::Unknown(why), _) => Truth::unknown(why.clone()),
            (Matcher::Text(texts), Sample::Text(text)) => {
                let Fit { all, .. } = texts.pattern.fits(&Pattern::subject(text, texts.case));
                all
            }
            (Matcher::Text(texts), Sample::Other) if texts.total => Truth::yes(),
            (Matcher::Text(texts), Sample::Other) if texts.open => {
                texts.pattern.fits(&Pattern::subject(&OTHER.into(), texts.case)).all
            }
            (Matcher::Number(bounds), Sample::Number(value)) => {
                bounds.iter().all(|(compare, bound)| compare.holds(*value, *bound)).into()
            }
            (Matcher::Just(wanted), value) => (wanted == value).into(),
            (Matcher::Expression(expression), Sample::Text(text)) => match text.literal() {
                Some(literal) => expression.is_match(literal).into(),
                None => text.why().map_or_else(Truth::no, Truth::unknown),
            },
            (Matcher::Expression(expression), Sample::Other) => expression.is_match(OTHER).into(),
            (Matcher::Network(network), Sample::Text(text)) => match text.literal() {
                Some(literal) => network.holds(literal).into(),
                None => text.why().map_or_else(Truth::no, Truth::unknown),
            },
            _ => Truth::no(),
        }
    }
}

/// A text that is written nowhere.
const OTHER: &str = "\u{1}another\u{1}";

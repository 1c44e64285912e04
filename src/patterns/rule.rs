//! Event patterns of EventBridge rules (EventBridge User Guide, "Comparison operators"; the source of event-ruler).

use super::network::Network;
use super::{Ask, Compare, Formula, Matcher, Path, Refused, Sample, Test};
use crate::value::{Case, Text, Why, WhyKind};
use std::sync::Arc;

/// A value of a pattern as it is written, whatever it is written in.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub shape: Shape,
    /// Which of the pattern's values it is, for those who know their places.
    pub at: usize,
}

/// The shapes of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A mapping; of equal keys the last counts.
    Object(Vec<(Arc<str>, Node)>),
    /// A list.
    List(Vec<Node>),
    /// A text.
    Text(Text),
    /// A number.
    Number(f64),
    /// A boolean.
    Bool(bool),
    /// JSON's null.
    Null,
    /// It cannot be told.
    Unknown(Why),
}

/// Mappings in one another that are followed; EventBridge takes 2,048 characters.
const MAX_DEPTH: usize = 64;

/// The words that `anything-but`, `prefix` and the like are.
const WORDS: [&str; 8] =
    ["prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr", "exists"];

/// What an event pattern means.
///
/// # Errors
///
/// EventBridge does not take the pattern, or it cannot be told what it is.
pub fn rule(pattern: &Node) -> Result<Formula, Refused> {
    match &pattern.shape {
        Shape::Object(members) => object(members, pattern.at, &Path::default(), 0),
        Shape::Unknown(why) => Err(Refused::Unknown(why.clone())),
        _ => Err(invalid(pattern, "an event pattern is a JSON object")),
    }
}

fn invalid(node: &Node, words: &str) -> Refused {
    Refused::Invalid(node.at, words.to_owned())
}

fn object(members: &[(Arc<str>, Node)], at: usize, path: &Path, depth: usize) -> Result<Formula, Refused> {
    if members.is_empty() {
        return Err(Refused::Invalid(at, "an event pattern has no empty objects".to_owned()));
    }
    if depth > MAX_DEPTH {
        let why = Why::new(WhyKind::Unsupported, "pattern", "this pattern is nested deeper than is followed");
        return Err(Refused::Unknown(why));
    }
    let mut parts = Vec::new();
    for (n, (key, value)) in members.iter().enumerate() {
        // The last of equal keys counts.
        if members.get(n + 1..).unwrap_or_default().iter().any(|(other, _)| other == key) {
            continue;
        }
        if let (Some(sides), "$or") = (alternatives(value), &**key) {
            let sides = sides.into_iter().map(|(side, at)| object(side, at, path, depth + 1));
            parts.push(Formula::Any(sides.collect::<Result<_, _>>()?));
            continue;
        }
        let inner = Path(path.0.iter().cloned().chain([key.clone()]).collect());
        parts.push(match &value.shape {
            Shape::Object(members) => object(members, value.at, &inner, depth + 1)?,
            Shape::List(items) => leaf(items, value, &inner)?,
            Shape::Unknown(why) => Formula::Unknown(why.clone()),
            _ => return Err(invalid(value, "a value of an event pattern is a list: write it in brackets")),
        });
    }
    Ok(Formula::All(parts))
}

type Members = [(Arc<str>, Node)];

/// The sides of `$or`, where it is no field of that name: at least two mappings that are more than matchers.
fn alternatives(value: &Node) -> Option<Vec<(&Members, usize)>> {
    let Shape::List(items) = &value.shape else { return None };
    let is_matcher = |side: &(&Members, usize)| side.0.iter().any(|(key, _)| WORDS.contains(&&**key));
    let sides: Option<Vec<(&Members, usize)>> = items.iter().map(mapping).collect();
    sides.filter(|sides| sides.len() >= 2 && !sides.iter().any(is_matcher))
}

fn mapping(item: &Node) -> Option<(&Members, usize)> {
    match &item.shape {
        Shape::Object(members) => Some((members, item.at)),
        _ => None,
    }
}

/// The alternatives of a field.
fn leaf(items: &[Node], list: &Node, path: &Path) -> Result<Formula, Refused> {
    if items.is_empty() {
        return Err(invalid(list, "an event pattern has no empty lists"));
    }
    let test = |ask: Ask, at: usize| Formula::Test(Test { path: path.clone(), ask, each: true, at });
    let mut plain = Vec::new();
    let mut parts = Vec::new();
    for item in items {
        match &item.shape {
            Shape::Text(text) => plain.push(Matcher::exact(text.clone())),
            Shape::Number(number) => plain.push(Matcher::Number(vec![(Compare::Equal, *number)])),
            Shape::Bool(value) => plain.push(Matcher::Just(Sample::Bool(*value))),
            Shape::Null => plain.push(Matcher::Just(Sample::Null)),
            Shape::Unknown(why) => plain.push(Matcher::Unknown(why.clone())),
            Shape::List(_) => return Err(invalid(item, "an event pattern has no list inside the list of a field")),
            Shape::Object(members) => {
                let ask = match members.as_slice() {
                    [(word, value)] => matcher(word, value, item)?,
                    _ => return Err(invalid(item, "each value of an event pattern has one operator")),
                };
                match ask {
                    Ask::Is(matchers) => plain.extend(matchers),
                    ask => parts.push(test(ask, item.at)),
                }
            }
        }
    }
    if !plain.is_empty() {
        parts.insert(0, test(Ask::Is(plain), list.at));
    }
    Ok(Formula::Any(parts))
}

fn matcher(word: &str, value: &Node, whole: &Node) -> Result<Ask, Refused> {
    Ok(match word {
        "exists" => match &value.shape {
            Shape::Bool(true) => Ask::Present,
            Shape::Bool(false) => Ask::Absent,
            Shape::Unknown(why) => Ask::Is(vec![Matcher::Unknown(why.clone())]),
            _ => return Err(invalid(value, "`exists` is true or false")),
        },
        "numeric" => Ask::Is(vec![numeric(value)?]),
        "cidr" => match &value.shape {
            Shape::Text(text) => Ask::Is(vec![match text.literal() {
                Some(literal) => Network::parse(literal)
                    .map(Matcher::Network)
                    .ok_or_else(|| invalid(value, "this is no CIDR block"))?,
                None => Matcher::Unknown(text.why().unwrap_or_else(|| unknown("this CIDR block is not known"))),
            }]),
            _ => return Err(invalid(value, "a CIDR block is a text")),
        },
        "anything-but" => Ask::IsNot(anything_but(value)?),
        _ => Ask::Is(vec![
            text_matcher(word, value)?
                .ok_or_else(|| invalid(whole, &format!("`{word}` is no operator of event patterns")))?,
        ]),
    })
}

fn unknown(text: &str) -> Why {
    Why::new(WhyKind::AfterApply, "pattern", text)
}

/// `prefix`, `suffix`, `equals-ignore-case`, `wildcard`.
fn text_matcher(word: &str, value: &Node) -> Result<Option<Matcher>, Refused> {
    let (text, case) = match &value.shape {
        Shape::Text(text) => (text, Case::Matters),
        Shape::Unknown(why) => return Ok(Some(Matcher::Unknown(why.clone()))),
        Shape::Object(members) => match members.as_slice() {
            [(inner, Node { shape: Shape::Text(text), .. })]
                if &**inner == "equals-ignore-case" && matches!(word, "prefix" | "suffix") =>
            {
                (text, Case::Ignored)
            }
            _ => return Err(invalid(value, "this operator takes a text")),
        },
        _ => return Err(invalid(value, "this operator takes a text")),
    };
    Ok(Some(match word {
        "prefix" => Matcher::between(vec![text.clone(), Text::default()], case),
        "suffix" => Matcher::between(vec![Text::default(), text.clone()], case),
        "equals-ignore-case" => Matcher::folded(text.clone()),
        "wildcard" => wildcard(text, value)?,
        _ => return Ok(None),
    }))
}

/// Stars are anything; a backslash takes a star or a backslash as it is.
fn wildcard(text: &Text, value: &Node) -> Result<Matcher, Refused> {
    let Some(literal) = text.literal() else {
        return Ok(Matcher::Unknown(text.why().unwrap_or_else(|| unknown("this wildcard is not known"))));
    };
    let mut parts = vec![String::new()];
    let mut letters = literal.chars();
    let mut after_star = false;
    while let Some(letter) = letters.next() {
        let plain = match letter {
            '*' if after_star => return Err(invalid(value, "EventBridge takes no two `*` beside one another")),
            '*' => None,
            '\\' => match letters.next() {
                Some(escaped @ ('*' | '\\')) => Some(escaped),
                _ => return Err(invalid(value, "a backslash stands before `*` or another backslash")),
            },
            letter => Some(letter),
        };
        after_star = plain.is_none();
        match (plain, parts.last_mut()) {
            (Some(letter), Some(last)) => last.push(letter),
            _ => parts.push(String::new()),
        }
    }
    Ok(Matcher::between(parts.iter().map(|part| part.as_str().into()).collect(), Case::Matters))
}

/// What a field is not.
fn anything_but(value: &Node) -> Result<Vec<Matcher>, Refused> {
    let plain = |node: &Node| match &node.shape {
        Shape::Text(text) => Ok(Matcher::exact(text.clone())),
        Shape::Number(number) => Ok(Matcher::Number(vec![(Compare::Equal, *number)])),
        Shape::Unknown(why) => Ok(Matcher::Unknown(why.clone())),
        _ => Err(invalid(node, "`anything-but` takes texts, numbers, and operators on texts")),
    };
    match &value.shape {
        Shape::List(items) if items.is_empty() => Err(invalid(value, "an event pattern has no empty lists")),
        Shape::List(items) => items.iter().map(plain).collect(),
        Shape::Object(members) => match members.as_slice() {
            [(word, Node { shape: Shape::List(items), .. })] if !items.is_empty() => {
                items.iter().map(|item| inner_matcher(word, item, value)).collect()
            }
            [(word, inner)] => Ok(vec![inner_matcher(word, inner, value)?]),
            _ => Err(invalid(value, "`anything-but` takes one operator")),
        },
        _ => Ok(vec![plain(value)?]),
    }
}

fn inner_matcher(word: &str, value: &Node, whole: &Node) -> Result<Matcher, Refused> {
    text_matcher(word, value)?.ok_or_else(|| invalid(whole, &format!("`{word}` does not stand in `anything-but`")))
}

fn numeric(value: &Node) -> Result<Matcher, Refused> {
    let Shape::List(items) = &value.shape else {
        return match &value.shape {
            Shape::Unknown(why) => Ok(Matcher::Unknown(why.clone())),
            _ => Err(invalid(value, "`numeric` takes a list of operators and numbers")),
        };
    };
    let mut bounds = Vec::new();
    for pair in items.chunks(2) {
        bounds.push(match pair {
            [Node { shape: Shape::Text(operator), .. }, Node { shape: Shape::Number(bound), .. }] => {
                let compare = match operator.literal() {
                    Some("=") => Compare::Equal,
                    Some("<") => Compare::Less,
                    Some("<=") => Compare::AtMost,
                    Some(">") => Compare::More,
                    Some(">=") => Compare::AtLeast,
                    _ => return Err(invalid(value, "`numeric` knows =, <, <=, > and >=")),
                };
                (compare, *bound)
            }
            pair => match pair.iter().find_map(|node| match &node.shape {
                Shape::Unknown(why) => Some(why.clone()),
                Shape::Text(text) => text.why(),
                _ => None,
            }) {
                Some(why) => return Ok(Matcher::Unknown(why)),
                None => return Err(invalid(value, "`numeric` takes a list of operators and numbers")),
            },
        });
    }
    match bounds.is_empty() {
        true => Err(invalid(value, "`numeric` takes a list of operators and numbers")),
        false => Ok(Matcher::Number(bounds)),
    }
}

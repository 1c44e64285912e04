//! The intrinsic functions (CloudFormation User Guide, "Intrinsic function reference"), each as far as it can be known.
//!
//! No function is half evaluated: where an argument that it depends on is unknown, the result is unknown for that reason.

use super::eval::Eval;
use super::foreach::{Env, substitute};
use super::names::{self, Part};
use super::template::{macro_result, unknown_transform};
use crate::read::tri::Tri;
use crate::read::{Content, Datum, json_text};
use crate::source::Span;
use crate::syntax::{Key, Node};
use crate::value::{Condition, Hole, Of, Piece, Text, Why, WhyKind};
use base64::Engine;
use std::sync::Arc;

impl Eval<'_> {
    /// The result of a function call.
    pub(super) fn function(&self, frame: usize, key: &Key, argument: &Node, span: Span, env: &Env) -> Datum {
        let datum = |node: &Node| self.datum(frame, node, span, env);
        match (&*key.text, argument.items()) {
            ("Ref", _) => match argument.text() {
                Some(name) => self.reference(frame, name, span, env),
                None => misused("Ref", span),
            },
            ("Fn::GetAtt", _) => self.get_att(frame, argument, span, env),
            ("Fn::Sub", [template, variables]) => self.sub(frame, template, Some(variables), span, env),
            ("Fn::Sub", _) => self.sub(frame, argument, None, span, env),
            ("Fn::If", [name, yes, no]) => self.choose(frame, name, yes, no, span, env),
            ("Fn::Join", [delimiter, list]) => join(&datum(delimiter), &datum(list), span),
            ("Fn::Split", [delimiter, text]) => split(&datum(delimiter), &datum(text), span),
            ("Fn::Select", [index, list]) => select(&datum(index), datum(list), span),
            ("Fn::FindInMap", [map, first, second, rest @ ..]) => {
                self.find_in_map(frame, [map, first, second], rest.first(), span, env)
            }
            ("Fn::ImportValue", _) => self.import(frame, &datum(argument), span),
            ("Fn::Base64", _) => to_base64(frame, self, &datum(argument), span),
            ("Fn::GetAZs", _) => Datum::unknown(
                Why::new(
                    WhyKind::AfterApply,
                    "Fn::GetAZs",
                    "the availability zones are known only once it is deployed",
                ),
                span,
            ),
            ("Fn::Cidr", [block, count, ..]) => self.cidr(frame, &datum(block), &datum(count), span),
            ("Fn::Length", _) => length(datum(argument), span),
            ("Fn::ToJsonString", _) => {
                let value = datum(argument);
                let mut json = Text::default();
                json_text::write(&value, json_text::Form::AsWritten, &mut json);
                Datum::text(json, span).assuming(&value.assumes)
            }
            ("Fn::Transform", _) => Datum::unknown(
                unknown_transform(argument).unwrap_or_else(|| macro_result("AWS::Include")).at(span),
                span,
            ),
            ("Condition" | "Fn::And" | "Fn::Or" | "Fn::Not" | "Fn::Equals", _) => {
                self.truth(frame, key, argument, span, env)
            }
            (name, _) => misused(name, span),
        }
    }

    /// A condition function where a value is expected.
    fn truth(&self, frame: usize, key: &Key, argument: &Node, span: Span, env: &Env) -> Datum {
        let node = Node { span, tag: None, kind: crate::syntax::Kind::Map(vec![(key.clone(), argument.clone())]) };
        // `Condition` is also an ordinary key: of IAM statements, with a mapping below it.
        if &*key.text == "Condition" && argument.text().is_none() {
            let value = self.datum(frame, argument, key.span, env);
            let member = crate::read::Member { key: key.text.as_ref().into(), span: key.span, value };
            return Datum::new(Content::Map { members: vec![member], rest: None }, span);
        }
        match self.expression(frame, &node, env).value {
            Some(value) => Datum::text(if value { "true" } else { "false" }, span),
            None => Datum::unknown(
                Why::new(WhyKind::Condition, &*key.text, "this condition may be true or false").at(span),
                span,
            ),
        }
    }

    fn get_att(&self, frame: usize, argument: &Node, span: Span, env: &Env) -> Datum {
        let named = names::attribute(argument);
        let computed = || argument.items().get(1).map(|node| self.datum(frame, node, span, env).as_text());
        match named {
            Some((id, Some(attribute))) => {
                self.attribute(frame, &substitute(id, env), &substitute(attribute, env), span)
            }
            Some((id, None)) => match computed() {
                Some(text) => match text.literal() {
                    Some(attribute) => self.attribute(frame, &substitute(id, env), attribute, span),
                    None => Datum::text(Text::unknown(text.why().unwrap_or_else(|| misuse("Fn::GetAtt"))), span),
                },
                None => misused("Fn::GetAtt", span),
            },
            None => misused("Fn::GetAtt", span),
        }
    }

    fn sub(&self, frame: usize, template: &Node, variables: Option<&Node>, span: Span, env: &Env) -> Datum {
        let Some(template) = template.text() else { return misused("Fn::Sub", span) };
        let mut text = Text::default();
        let mut assumes = Vec::new();
        for part in names::parts(template) {
            match part {
                Part::Literal(literal) => text.append(&self.literal(frame, literal)),
                Part::Name(name) => {
                    let value = match (variables.and_then(|all| all.get(name)), name.split_once('.')) {
                        (Some(node), _) => self.datum(frame, node, span, env),
                        (None, Some((id, attribute))) => self.attribute(frame, &substitute(id, env), attribute, span),
                        (None, None) => self.reference(frame, name, span, env),
                    };
                    text.append(&value.as_text());
                    assumes.extend(value.assumes);
                }
            }
        }
        Datum::text(text, span).assuming(&assumes)
    }

    fn choose(&self, frame: usize, name: &Node, yes: &Node, no: &Node, span: Span, env: &Env) -> Datum {
        let Some(name) = name.text() else { return misused("Fn::If", span) };
        let condition = Condition { instance: self.stack.instance(frame), name: substitute(name, env).into() };
        if let Tri { value: Some(value), assumed: false } = self.condition(&condition) {
            return self.datum(frame, if value { yes } else { no }, span, env);
        }
        // Each side is looked at where it counts: in the world with the condition set that way.
        let side = |node: &Node, value: bool| {
            let world = self.stack.assume(self.world, &condition, value)?;
            Some(self.in_world(&world).datum(frame, node, span, env))
        };
        match (side(yes, true), side(no, false)) {
            (Some(yes), Some(no)) if yes.content == Content::Absent && no.content == Content::Absent => yes,
            (Some(yes), Some(no)) => Datum::new(Content::Either(condition, Box::new(yes), Box::new(no)), span),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => misused("Fn::If", span),
        }
    }

    fn find_in_map(&self, frame: usize, path: [&Node; 3], options: Option<&Node>, span: Span, env: &Env) -> Datum {
        let [map, first, second] = path.map(|node| self.datum(frame, node, span, env));
        let assumes = [map.assumes.clone(), first.assumes.clone(), second.assumes.clone()].concat();
        let (map, first, second) = (map.as_text(), first.as_text(), second.as_text());
        let Some(this) = self.stack.frames.get(frame) else { return misused("Fn::FindInMap", span) };
        let Some(rows) = map.literal().and_then(|name| this.template.mappings.get(name)) else {
            let why = map
                .why()
                .unwrap_or_else(|| Why::not_visible("Mappings", "this mapping is not declared in this template"));
            return Datum::unknown(why.at(span), span).assuming(&assumes);
        };
        let default = options.and_then(|node| node.get("DefaultValue"));
        let mut found: Vec<Option<&Node>> = Vec::new();
        for row in self.keys(&first, rows) {
            match row {
                Some(row) => found.extend(self.keys(&second, row)),
                None => found.push(None),
            }
        }
        let mut values = found.into_iter().map(|node| match node.or(default) {
            Some(node) => Datum { span, ..self.datum(frame, node, span, env) },
            None => {
                Datum::unknown(Why::new(WhyKind::Unsupported, "Fn::FindInMap", "the mapping has no such key"), span)
            }
        });
        let Some(value) = values.next() else { return misused("Fn::FindInMap", span) };
        let others: Vec<Datum> = values.collect();
        let why = first.why().or_else(|| second.why()).unwrap_or_else(|| misuse("Fn::FindInMap"));
        one_of(value, others, why.at(span)).assuming(&assumes)
    }

    /// The entries of a mapping that a key may mean: the one, or those that the key's declaration allows.
    fn keys<'n>(&self, key: &Text, rows: &'n Node) -> Vec<Option<&'n Node>> {
        match (key.literal(), self.allowed(key)) {
            (Some(key), _) => vec![rows.get(key)],
            (None, Some(allowed)) => allowed.iter().map(|key| rows.get(key)).collect(),
            (None, None) => rows.entries().iter().map(|(_, node)| Some(node)).collect(),
        }
    }

    fn import(&self, frame: usize, name: &Datum, span: Span) -> Datum {
        let text = name.as_text();
        let exported = text.literal().map_or(&[][..], |name| self.stack.exports.get(name));
        if let [first, others @ ..] = exported {
            let place = |value: &Datum| Datum { span, ..value.clone() };
            let why = Why::not_visible("export", "several stacks of this run export this name");
            return one_of(place(first), others.iter().map(place).collect(), why.at(span)).assuming(&name.assumes);
        }
        let shown: Arc<str> = match text.literal() {
            Some(name) => name.into(),
            None => format!("{}", Shown(&text)).into(),
        };
        let hole = Hole { instance: self.stack.instance(frame), of: Of::Import(shown) };
        Datum::text(hole, span).assuming(&name.assumes)
    }

    fn cidr(&self, frame: usize, block: &Datum, count: &Datum, span: Span) -> Datum {
        let count = count.as_text();
        let Some(count) = count.literal().and_then(|text| text.parse::<usize>().ok()).filter(|count| *count <= 256)
        else {
            return Datum::unknown(count.why().unwrap_or_else(|| misuse("Fn::Cidr")).at(span), span);
        };
        let block = block.as_text();
        let each = |n: usize| {
            let of = Of::Expression(format!("block {n} of {}", Shown(&block)).into());
            Datum::text(Hole { instance: self.stack.instance(frame), of }, span)
        };
        Datum::new(Content::List((0..count).map(each).collect()), span)
    }
}

/// A key without value leaves the rows that may be meant; where all are alike it does not matter which.
fn one_of(first: Datum, others: Vec<Datum>, why: Why) -> Datum {
    let alike = |other: &Datum| match (&first.content, &other.content) {
        (Content::Text { text, .. }, Content::Text { text: other, .. }) => text == other,
        (one, other) => one == other,
    };
    if others.iter().all(alike) {
        return first;
    }
    let span = first.span;
    let hole = Text::unknown(why.clone());
    Datum::new(Content::OneOf { text: hole, why, values: [first].into_iter().chain(others).collect() }, span)
}

/// A text with its holes named, for people and for the identity of expressions.
struct Shown<'t>(&'t Text);

impl std::fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in self.0.pieces() {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Hole(hole) => write!(f, "${{{}}}", hole.why().name)?,
                Piece::Unknown(why) => write!(f, "${{{}}}", why.name)?,
            }
        }
        Ok(())
    }
}

fn misuse(function: &str) -> Why {
    Why::new(WhyKind::Unsupported, function, format!("this use of `{function}` is not understood"))
}

fn misused(function: &str, span: Span) -> Datum {
    Datum::unknown(misuse(function).at(span), span)
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

fn join(delimiter: &Datum, list: &Datum, span: Span) -> Datum {
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

fn split(delimiter: &Datum, text: &Datum, span: Span) -> Datum {
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
            // Names and ids hold neither `:` nor `/` nor `,`; what a parameter holds cannot be known.
            Piece::Hole(hole) if !matches!(hole.of, Of::Parameter { .. } | Of::Import(_) | Of::Expression(_)) => {
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

fn select(index: &Datum, list: Datum, span: Span) -> Datum {
    let assumes = [index.assumes.clone(), list.assumes.clone()].concat();
    let index = index.as_text();
    let Some(at) = index.literal().and_then(|text| text.trim().parse::<usize>().ok()) else {
        return Datum::unknown(index.why().unwrap_or_else(|| misuse("Fn::Select")).at(span), span).assuming(&assumes);
    };
    match list.content {
        // A list parameter that is given nothing is a list of one empty text to `Fn::Select`.
        Content::List(items) if items.is_empty() && at == 0 => Datum::text("", span).assuming(&assumes),
        Content::List(items) => match items.into_iter().nth(at) {
            Some(item) => Datum { span, ..item }.assuming(&assumes),
            None => Datum::unknown(misuse("Fn::Select").at(span), span).assuming(&assumes),
        },
        Content::Unknown(why) | Content::OneOf { why, .. } => Datum::unknown(why, span).assuming(&assumes),
        Content::Either(condition, ..) => Datum::unknown(Why::condition(condition).at(span), span).assuming(&assumes),
        _ => misused("Fn::Select", span),
    }
}

fn length(list: Datum, span: Span) -> Datum {
    let text = match elements(&list) {
        Ok(items) => Text::from(items.len().to_string().as_str()),
        Err(why) => Text::unknown(why.at(span)),
    };
    Datum::text(text, span).assuming(&list.assumes)
}

fn to_base64(frame: usize, eval: &Eval, datum: &Datum, span: Span) -> Datum {
    let text = datum.as_text();
    let Some(literal) = text.literal() else {
        let of = Of::Expression(format!("Fn::Base64 of {}", Shown(&text)).into());
        return Datum::text(Hole { instance: eval.stack.instance(frame), of }, span).assuming(&datum.assumes);
    };
    let encoded = base64::engine::general_purpose::STANDARD.encode(literal);
    Datum::text(encoded.as_str(), span).assuming(&datum.assumes)
}

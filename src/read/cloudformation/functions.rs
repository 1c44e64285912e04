//! The intrinsic functions (CloudFormation User Guide, "Intrinsic function reference"), each as far as it can be known.
//!
//! No function is half evaluated: where an argument that it depends on is unknown, the result is unknown for that reason.

use super::eval::Eval;
use super::foreach::{Env, substitute};
use super::names::{self, Part};
use super::template::{macro_result, unknown_transform};
use super::texts::{Shown, join, split};
use super::work::Named;
use crate::read::tri::Tri;
use crate::read::{Content, Datum, json_text};
use crate::source::Span;
use crate::syntax::{Key, Node};
use crate::value::{Condition, Hole, Of, Piece, Text, Why, WhyKind};
use std::sync::Arc;

impl Eval<'_> {
    /// The result of a function call.
    pub(super) fn function(&self, frame: usize, key: &Key, argument: &Node, span: Span, env: &Env) -> Datum {
        let datum = |node: &Node| self.datum(frame, node, span, env);
        match (&*key.text, argument.items()) {
            ("Ref", _) => match argument.text() {
                Some(name) => self.reference(frame, name, span, env),
                // The transform `AWS::LanguageExtensions` works the name out.
                None => self.of_each(&datum(argument), "Ref", span, &|name| self.reference(frame, name, span, env)),
            },
            ("Fn::GetAtt", _) => self.get_att(frame, argument, span, env),
            ("Fn::Sub", [template, variables]) => self.sub(frame, template, Some(variables), span, env),
            ("Fn::Sub", _) => self.sub(frame, argument, None, span, env),
            ("Fn::If", [name, yes, no]) => self.choose(frame, name, yes, no, span, env),
            ("Fn::Join", [delimiter, list]) => join(&datum(delimiter), &datum(list), span),
            ("Fn::Split", [delimiter, text]) => split(&datum(delimiter), &datum(text), span),
            ("Fn::Select", [index, list]) => self.select(frame, &datum(index), datum(list), list, span),
            ("Fn::FindInMap", [map, first, second, rest @ ..]) => {
                self.find_in_map(frame, [map, first, second], rest.first(), span, env)
            }
            ("Fn::ImportValue", _) => self.import(frame, &datum(argument), span),
            ("Fn::Base64", _) => self.to_base64(frame, &datum(argument), span),
            ("Fn::GetAZs", _) => Datum::unknown(
                Why::new(
                    WhyKind::AfterApply,
                    "Fn::GetAZs",
                    "the availability zones are known only once it is deployed",
                ),
                span,
            ),
            ("Fn::Cidr", [block, count, ..]) => self.cidr(frame, &datum(block), &datum(count), span),
            ("Fn::Length", _) => self.length(datum(argument), span),
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
        let given =
            |id: &str, attribute: &str| self.attribute(frame, &substitute(id, env), &substitute(attribute, env), span);
        match (names::attribute(argument), argument.items()) {
            (Some((id, Some(attribute))), _) => given(id, attribute),
            (_, [id, attribute]) => {
                let (id, attribute) = (self.datum(frame, id, span, env), self.datum(frame, attribute, span, env));
                self.of_each(&id, "Fn::GetAtt", span, &|id| {
                    self.of_each(&attribute, "Fn::GetAtt", span, &|attribute| given(id, attribute))
                })
            }
            _ => misused("Fn::GetAtt", span),
        }
    }

    /// What a function gives for a name that was worked out: for each that it may be, where it is one of several.
    fn of_each(&self, name: &Datum, function: &str, span: Span, give: &dyn Fn(&str) -> Datum) -> Datum {
        let made = match &name.content {
            Content::Text { text, .. } => match (text.literal(), self.readings(text)) {
                (Some(name), _) => give(name),
                (None, Some((why, names))) => {
                    let values: Vec<Datum> = names.iter().map(|name| give(name)).collect();
                    let mut values = values.into_iter();
                    match values.next() {
                        Some(first) => one_of(first, values.collect(), why.at(span)),
                        None => misused(function, span),
                    }
                }
                (None, None) => Datum::unknown(text.why().unwrap_or_else(|| misuse(function)).at(span), span),
            },
            Content::Either(condition, yes, no) => {
                let side = |side: &Datum| Box::new(self.of_each(side, function, span, give));
                Datum::new(Content::Either(condition.clone(), side(yes), side(no)), span)
            }
            Content::OneOf { values, why, .. } => {
                let mut values = values.iter().map(|value| self.of_each(value, function, span, give));
                match values.next() {
                    Some(first) => one_of(first, values.collect(), why.clone().at(span)),
                    None => misused(function, span),
                }
            }
            Content::Unknown(why) => Datum::unknown(why.clone().at(span), span),
            Content::Absent | Content::List(_) | Content::Map { .. } => misused(function, span),
        };
        made.assuming(&name.assumes)
    }

    /// What a text may be where all that is not known of it is one parameter whose values are listed.
    fn readings(&self, text: &Text) -> Option<(Why, Vec<String>)> {
        let mut holes = text.pieces().iter().filter(|piece| !matches!(piece, Piece::Literal(_)));
        let Some(Piece::Hole(hole)) = holes.next() else { return None };
        let values = self.allowed(&Text::from(hole.clone()))?;
        let is_it = |piece: &Piece| matches!(piece, Piece::Hole(other) if other == hole);
        if !holes.all(is_it) {
            return None;
        }
        let with = |value: &str| {
            let part = |piece: &Piece| {
                if let Piece::Literal(literal) = piece { literal.to_string() } else { value.to_owned() }
            };
            text.pieces().iter().map(part).collect()
        };
        Some((hole.why(), values.iter().map(|value| with(value)).collect()))
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
        let named = Named::Condition(condition.clone());
        if self.work.is_circular(&named) {
            return Datum::unknown(named.rests_on_itself().at(span), span);
        }
        if self.work.compares() {
            let side = |node: &Node| Box::new(self.datum(frame, node, span, env));
            return Datum::new(Content::Either(condition, side(yes), side(no)), span);
        }
        // Each side is looked at where it counts: in the world with the condition set that way.
        let side = |node: &Node, value: bool| {
            let setting = self.setting(&condition, value)?;
            Some(self.in_setting(&setting).datum(frame, node, span, env))
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

pub(super) fn misuse(function: &str) -> Why {
    Why::new(WhyKind::Unsupported, function, format!("this use of `{function}` is not understood"))
}

pub(super) fn misused(function: &str, span: Span) -> Datum {
    Datum::unknown(misuse(function).at(span), span)
}

//! What references lead to: variables, locals, modules, resources, and the parts of what they hold.

use super::conditions::variable_hole;
use super::eval::{Each, Env, Eval, Frame, hole_of};
use super::folder::relative;
use super::lift::{Reach, lift};
use super::module::Resource;
use super::plan::without_keys;
use super::refusal::refused;
use super::types;
use crate::read::{Content, Datum};
use crate::source::Span;
use crate::syntax::hcl::{Expr, ExprKind};
use crate::value::{Hole, Of, Piece, Sure, Text, Why, WhyKind};
use std::rc::Rc;
use std::sync::Arc;

/// One step from a value into it.
pub(super) enum Step<'e> {
    Attribute(&'e str),
    Index(&'e Expr),
}

/// The first thing of a reference, with the steps from it.
pub(super) fn chain(expr: &Expr) -> (&Expr, Vec<Step<'_>>) {
    let mut steps = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Attribute(inner, name) => {
                steps.push(Step::Attribute(&name.text));
                at = inner;
            }
            ExprKind::Index(inner, index) => {
                steps.push(Step::Index(index));
                at = inner;
            }
            _ => break,
        }
    }
    steps.reverse();
    (at, steps)
}

/// A reference as a person would write it; other expressions by what they begin with.
pub(super) fn shown(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::Attribute(inner, name) => format!("{}.{}", shown(inner), name.text),
        ExprKind::Index(inner, index) => match index.literal() {
            Some(key) => format!("{}[\"{key}\"]", shown(inner)),
            None => format!("{}[{}]", shown(inner), shown(index)),
        },
        ExprKind::Splat { over, .. } => format!("{}[*]", shown(over)),
        ExprKind::Number(number) => number.to_string(),
        ExprKind::Call { name, .. } => format!("{}(…)", name.text),
        _ => expr.literal().unwrap_or("an expression").to_owned(),
    }
}

impl<'a> Eval<'a> {
    /// The value of a reference.
    pub(super) fn reference(&self, env: &Env<'a>, expr: &Expr) -> Datum {
        let (first, steps) = chain(expr);
        let span = expr.span;
        let (mut datum, rest) = match &first.kind {
            ExprKind::Variable(name) => self.named(env, name, &steps, span),
            _ => (self.expr(env, first), steps.as_slice()),
        };
        for step in rest {
            datum = match step {
                Step::Attribute(name) => self.access(&datum, name, span),
                Step::Index(index) => {
                    let index = self.expr(env, index);
                    lift(&[datum, index], span, Reach::Top, &|values| match values {
                        [datum, index] => self.index(datum, index, span),
                        _ => refused("an index is taken of one value", span),
                    })
                }
            };
        }
        Datum { span, ..datum }
    }

    /// What the first words of a reference stand for, and the steps that are left.
    fn named<'s, 'e>(&self, env: &Env<'a>, name: &str, steps: &'s [Step<'e>], span: Span) -> (Datum, &'s [Step<'e>]) {
        if let Some((_, value)) = env.names.iter().rev().find(|(own, _)| &**own == name) {
            return self.stepped(env, value, steps, span);
        }
        let frame = &env.frame;
        let missing = |what: &str| {
            let hole = Hole { instance: self.root.instance(), of: Of::Undeclared(frame.address(what)) };
            Datum::text(hole, span)
        };
        let (second, after) = match steps.split_first() {
            Some((Step::Attribute(second), after)) => (*second, after),
            _ => return (missing(name), steps),
        };
        let datum = match name {
            "var" => self.variable(frame, second, span),
            "local" => match frame.module.locals.get(second) {
                Some(local) => {
                    let work = || self.expr(&Env::of(frame), local);
                    self.remembered(frame, &format!("local.{second}"), span, work)
                }
                None => missing(&format!("local.{second}")),
            },
            "module" => match frame.module.call(second) {
                Some(call) => {
                    // How often it is there is known of one that is not here too.
                    self.children_of(frame, call);
                    let whole = self.instances_as_value(frame, &call.body, &format!("module.{second}"), span);
                    return self.stepped(env, &whole, after, span);
                }
                None => missing(&format!("module.{second}")),
            },
            "each" | "count" => {
                let value = match (name, second) {
                    ("each", "key") => &env.each.key,
                    ("each", "value") => &env.each.value,
                    ("count", "index") => &env.each.index,
                    _ => &None,
                };
                // A set has no keys of its own: its values are.
                value.clone().unwrap_or_else(|| missing(&format!("{name}.{second}")))
            }
            "path" => match second {
                // Terraform runs in the directory of the root module, and writes paths from there.
                "root" => Datum::text(".", span),
                "module" => match relative(self.root.path(), &frame.module.path) {
                    Some(path) => Datum::text(&*path, span),
                    None => self.expression_hole("path.module", span),
                },
                _ => self.expression_hole(&format!("path.{second}"), span),
            },
            "terraform" => self.expression_hole(&format!("terraform.{second}"), span),
            "data" => {
                let Some((Step::Attribute(third), after)) = after.split_first() else {
                    return (missing(&format!("data.{second}")), after);
                };
                let whole = self.declared(frame, &format!("data.{second}.{third}"), span);
                return self.stepped(env, &whole, after, span);
            }
            _ => {
                let whole = self.declared(frame, &format!("{name}.{second}"), span);
                return self.stepped(env, &whole, after, span);
            }
        };
        (datum, after)
    }

    /// The first step into a value that is kept, so that not all of it is copied for one of its elements; the steps that
    /// are left.
    fn stepped<'s, 'e>(
        &self,
        env: &Env<'a>,
        whole: &Datum,
        steps: &'s [Step<'e>],
        span: Span,
    ) -> (Datum, &'s [Step<'e>]) {
        if let (Content::List(_) | Content::Map { .. }, Some((step, rest))) = (&whole.content, steps.split_first()) {
            match step {
                Step::Attribute(name) => {
                    return (self.attribute_of(whole, name, span).assuming(&whole.assumes), rest);
                }
                Step::Index(index) => {
                    let index = self.expr(env, index);
                    if matches!(index.content, Content::Text { .. }) {
                        let element = self.index(whole, &index, span);
                        return (element.assuming(&whole.assumes).assuming(&index.assumes), rest);
                    }
                }
            }
        }
        (self.copied(whole), steps)
    }

    /// A resource or data source of a module.
    fn declared(&self, frame: &Rc<Frame<'a>>, address: &str, span: Span) -> Rc<Datum> {
        match frame.module.resource(address) {
            Some(resource) => {
                self.places_of(frame, resource);
                self.instances_as_value(frame, &resource.body, address, span)
            }
            None => {
                let of = Of::Undeclared(frame.address(address));
                Rc::new(Datum::text(Hole { instance: self.root.instance(), of }, span))
            }
        }
    }

    pub(super) fn expression_hole(&self, text: &str, span: Span) -> Datum {
        Datum::text(Hole { instance: self.root.instance(), of: Of::Expression(text.into()) }, span)
    }

    /// A resource or module itself, by its whole address.
    pub(super) fn object(&self, address: &str, span: Span) -> Datum {
        let of = Of::Resource { address: address.into(), attribute: "".into() };
        Datum::text(Hole { instance: self.root.instance(), of }, span)
    }

    /// `value.name`.
    pub(super) fn access(&self, datum: &Datum, name: &str, span: Span) -> Datum {
        lift(std::slice::from_ref(datum), span, Reach::Top, &|values| match values {
            [value] => self.attribute_of(value, name, span),
            _ => refused("an attribute is taken of one value", span),
        })
    }

    fn attribute_of(&self, value: &Datum, name: &str, span: Span) -> Datum {
        if let Some(hole) = hole_of(value) {
            let further = |text: &str| format!("{text}.{name}");
            let of = match &hole.of {
                Of::Resource { address, attribute } if attribute.is_empty() => {
                    return self.attribute(address, name, span);
                }
                Of::Resource { address, attribute } => {
                    Of::Resource { address: address.clone(), attribute: further(attribute).into() }
                }
                Of::Parameter { name, .. } => {
                    let hole = variable_hole(hole.instance, &further(name));
                    if let Some(bound) = self.bound(&hole, span) {
                        return bound;
                    }
                    hole.of
                }
                Of::Expression(text) => Of::Expression(further(text).into()),
                Of::Made(text, why) => Of::Made(further(text).into(), why.clone()),
                Of::Undeclared(text) => match types::undeclared_name(text, name) {
                    Some(attribute) => Of::Resource { address: text.clone(), attribute: attribute.into() },
                    None => Of::Undeclared(further(text).into()),
                },
                Of::Unseen { name: text, .. } => {
                    // Of what another state has, an output that is null is left out.
                    let is_output = text.ends_with(".outputs") && text.contains("data.terraform_remote_state.");
                    let sure = if is_output { Sure::Text } else { Sure::Nothing };
                    Of::Unseen { name: further(text).into(), sure }
                }
                _ => return refused(format!("this has no `{name}`"), span),
            };
            return Datum::text(Hole { instance: hole.instance, of }, span);
        }
        match &value.content {
            Content::Map { members, rest } => match (members.iter().find(|member| &*member.key == name), rest) {
                (Some(member), _) => member.value.clone(),
                (None, Some(why)) => Datum::unknown(why.clone(), span),
                (None, None) => refused(format!("this has no `{name}`"), span),
            },
            Content::Unknown(_) => value.clone(),
            // `a.0`: the parser has it as an index; a single block may be asked without one in old code.
            _ => refused(format!("this has no `{name}`"), span),
        }
    }

    /// `value[index]`, of values without sides.
    fn index(&self, value: &Datum, index: &Datum, span: Span) -> Datum {
        let text = index.as_text();
        if let Some(hole) = hole_of(value) {
            // An instance of what cannot be counted is the instance that stands for all of them.
            return match &hole.of {
                Of::Resource { address, attribute } if attribute.is_empty() && address.ends_with("[*]") => {
                    value.clone()
                }
                Of::Resource { attribute, .. } if attribute.is_empty() => refused("this has no instances", span),
                // Two elements by what is not known are not one.
                _ => match (text.literal(), text.hole().filter(|by| by.instance == hole.instance)) {
                    (Some(by), _) => self.attribute_of(value, &format!("[{by}]"), span),
                    (_, Some(by)) => self.attribute_of(value, &format!("[{}]", by.name()), span),
                    _ => Datum::unknown(text.why().unwrap_or_else(|| hole.why()), span),
                },
            };
        }
        let Some(literal) = text.literal() else {
            let items: Vec<&Datum> = match &value.content {
                Content::List(items) => items.iter().collect(),
                Content::Map { members, .. } => members.iter().map(|member| &member.value).collect(),
                _ => Vec::new(),
            };
            let why = text.why().unwrap_or_else(|| Why::new(WhyKind::AfterApply, "index", "the index is not known"));
            return match items.as_slice() {
                [only] => (*only).clone(),
                [_, ..] if items.len() <= 64 => {
                    let values = items.into_iter().cloned().collect();
                    Datum::new(Content::OneOf { text: Text::unknown(why.clone()), why, values }, span)
                }
                _ => Datum::unknown(why, span),
            };
        };
        match &value.content {
            Content::List(items) => {
                let at: Option<usize> = literal.parse().ok();
                let wavering = |item: &Datum| matches!(item.content, Content::Either(..) | Content::Unknown(_));
                match at.and_then(|at| Some((at, items.get(at)?))) {
                    // What comes before may not be there, and then this one is another.
                    Some((at, item)) if !items.iter().take(at).any(wavering) => item.clone(),
                    Some((_, item)) => {
                        super::expand::open(item).map_or_else(|| item.clone(), |why| Datum::unknown(why, span))
                    }
                    None => match items.iter().find_map(|item| super::expand::open(item).filter(|_| wavering(item))) {
                        Some(why) => Datum::unknown(why, span),
                        None => refused(format!("there is no element {literal}"), span),
                    },
                }
            }
            Content::Map { .. } | Content::Unknown(_) => self.attribute_of(value, literal, span),
            _ => refused("this has no elements", span),
        }
    }

    /// An attribute of a resource or module instance: what names it, what is written for it, or a hole.
    fn attribute(&self, address: &Arc<str>, name: &str, span: Span) -> Datum {
        let module = self.shared.modules.borrow().get(address).cloned();
        if let Some(frame) = module {
            self.note_frame(&frame);
            let Some(output) = frame.module.outputs.get(name) else {
                return refused(format!("`{address}` has no output `{name}`"), span);
            };
            let work = || self.expr(&Env::of(&frame), output);
            return self.remembered(&frame, &format!("output.{name}"), span, work);
        }
        let known = self.shared.instances.borrow().get(address).cloned();
        let Some((frame, resource, each)) = known else {
            let whole: Arc<str> = format!("{address}.{name}").into();
            let of = if is_module(address) {
                Of::Unseen { name: whole, sure: Sure::Nothing }
            } else {
                Of::Undeclared(whole)
            };
            return Datum::text(Hole { instance: self.root.instance(), of }, span);
        };
        self.note_frame(&frame);
        self.places_of(&frame, resource);
        let named = format!("{address}.{name}");
        self.remembered(&frame, &named, span, || self.attribute_at(&frame, resource, each, address, name, span))
    }

    fn attribute_at(
        &self,
        frame: &Rc<Frame<'a>>,
        resource: &'a Resource,
        each: Each,
        address: &Arc<str>,
        name: &str,
        span: Span,
    ) -> Datum {
        let env = Env::with(frame, each);
        if resource.is_data {
            let worked_out = self.data(&env, resource, address, name, span);
            return self.attribute_known(address, name, Some(worked_out.clone()), span).unwrap_or(worked_out);
        }
        let own = |attribute: &str| {
            let of = Of::Resource { address: address.clone(), attribute: attribute.into() };
            Text::from(Hole { instance: self.root.instance(), of })
        };
        let written = |name: &str| self.written(&env, resource, name);
        if let Some(identity) = types::identity(&resource.kind, name) {
            let home = self.home(&env, &resource.kind, &resource.body);
            return identity.value(&home, span, &own, &written);
        }
        // What is put into it comes out of it.
        let argument = if (&*resource.kind, name) == ("terraform_data", "output") { "input" } else { name };
        let known = self.attribute_known(address, name, written(argument), span);
        match known.filter(|value| value.content != Content::Absent) {
            Some(value) => value,
            None => Datum::text(own(name), span),
        }
    }

    /// What is written for an argument of a resource, or the blocks of a kind.
    pub(super) fn written(&self, env: &Env<'a>, resource: &Resource, name: &str) -> Option<Datum> {
        if let Some(value) = resource.body.get(name) {
            return Some(self.expr(env, value));
        }
        let is_own = |block: &&crate::syntax::hcl::Block| {
            let label = block.labels.first().filter(|_| &*block.kind.text == "dynamic");
            &*label.unwrap_or(&block.kind).text == name
        };
        let blocks: Vec<_> = resource.body.blocks.iter().filter(is_own).cloned().collect();
        if blocks.is_empty() {
            return None;
        }
        let body = crate::syntax::hcl::Body { blocks, ..Default::default() };
        match self.body(env, &body) {
            Content::Map { mut members, .. } => members.pop().map(|member| member.value),
            _ => None,
        }
    }
}

/// Whether an address is that of a use of a module.
fn is_module(address: &str) -> bool {
    without_keys(address).rsplit('.').nth(1) == Some("module")
}

/// Whether a text is nothing but literal pieces.
pub(super) fn literal_path(datum: &Datum) -> Option<String> {
    let text = datum.as_text();
    let whole = text.pieces().iter().all(|piece| matches!(piece, Piece::Literal(_)));
    whole.then(|| text.literal().unwrap_or_default().to_owned())
}

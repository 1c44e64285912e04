//! Values of a root module's variables: from the environment, `terraform.tfvars` and `*.auto.tfvars`, `--var-file`, `--var`;
//! the later ones count more (Terraform language, "Variable definition precedence").

use super::conditions::variable_hole;
use super::eval::{Env, Eval, Frame};
use super::folder::{Given, Values};
use super::formula::NULL;
use super::functions;
use super::lift::{Reach, lift};
use super::module::{Module, Variable};
use super::refusal::refused;
use crate::read::tri::Defaults;
use crate::read::{Content, Datum};
use crate::source::{FileId, Span};
use crate::syntax::hcl::{Body, Expr, ExprKind, expression};
use crate::value::{Assumption, Hole, Of, Why, WhyKind};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A value as it was given.
#[derive(Debug)]
pub(super) enum Value {
    /// An expression.
    Expression(Expr),
    /// A text from the command line, for a variable that takes a text.
    Text(Arc<str>),
    /// A file that could not be read may give it.
    Unread(FileId),
}

/// The values that are given to a root module, by variable, and where it is deployed.
#[derive(Debug, Default)]
pub(super) struct Variables {
    values: BTreeMap<Arc<str>, Value>,
    home: Given,
}

impl Variables {
    pub(super) fn new(module: &Module, own: &[(FileId, Body)], values: &Values) -> Variables {
        let mut given = Variables { home: values.home.clone(), ..Variables::default() };
        given.add_texts(module, &values.environment);
        for (file, body) in own.iter().chain(&values.files) {
            if body.is_broken {
                given.values.extend(module.variables.keys().map(|name| (name.clone(), Value::Unread(*file))));
            }
            for attribute in &body.attributes {
                let name = Arc::from(&*attribute.name.text);
                given.values.insert(name, Value::Expression(attribute.value.clone()));
            }
        }
        given.add_texts(module, &values.flags);
        given
    }

    /// No values, at the same place.
    pub(super) fn at_home(&self) -> Variables {
        Variables { home: self.home.clone(), ..Variables::default() }
    }

    fn add_texts(&mut self, module: &Module, texts: &BTreeMap<String, String>) {
        for (name, text) in texts {
            let Some(variable) = module.variables.get(name.as_str()) else { continue };
            let takes_text = match variable.kind.as_ref().map(|kind| &kind.kind) {
                None => true,
                Some(ExprKind::Variable(kind)) => matches!(&**kind, "string" | "any"),
                Some(_) => false,
            };
            let parsed = if takes_text { None } else { expression(FileId(u32::MAX), text, 0).ok() };
            let value = parsed.map_or_else(|| Value::Text(text.as_str().into()), Value::Expression);
            self.values.insert(name.as_str().into(), value);
        }
    }

    /// The account, partition or Region that is given.
    pub(super) fn pseudo(&self, of: &Of) -> Option<&str> {
        match of {
            Of::Account => self.home.account.as_deref(),
            Of::Region => self.home.region.as_deref(),
            Of::Partition => self.home.partition.as_deref(),
            _ => None,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }
}

impl<'a> Eval<'a> {
    /// The value of a variable: set by the world, given, passed by the caller, its default, or a hole.
    pub(super) fn variable(&self, frame: &Rc<Frame<'a>>, name: &str, span: Span) -> Datum {
        let datum = self.open_variable(frame, name, span);
        let is_sensitive = frame.module.variables.get(name).is_some_and(|declared| declared.sensitive);
        if is_sensitive { self.hidden(datum, &frame.address(&format!("var.{name}"))) } else { datum }
    }

    /// A value whose words may be in no output: switches stay what they are, texts and numbers are holes.
    pub(super) fn hidden(&self, datum: Datum, name: &str) -> Datum {
        let span = datum.span;
        let hole = || self.expression_hole(name, span);
        let content = match datum.content {
            Content::Text { ref text, .. } => match text.literal() {
                Some("" | "true" | "false") => datum.content,
                None if text.hole().is_some() => datum.content,
                Some(_) | None => hole().content,
            },
            Content::List(items) => {
                let each = items.into_iter().enumerate();
                Content::List(each.map(|(n, item)| self.hidden(item, &format!("{name}[{n}]"))).collect())
            }
            Content::Map { members, rest } => {
                let each = members.into_iter().map(|member| {
                    let name = format!("{name}.{}", member.key);
                    crate::read::Member { value: self.hidden(member.value, &name), ..member }
                });
                Content::Map { members: each.collect(), rest }
            }
            Content::Either(condition, yes, no) => {
                Content::Either(condition, Box::new(self.hidden(*yes, name)), Box::new(self.hidden(*no, name)))
            }
            Content::OneOf { .. } => hole().content,
            other @ (Content::Absent | Content::Unknown(_)) => other,
        };
        Datum { content, span, assumes: datum.assumes }
    }

    /// The default of a variable of the root module, as its type makes it.
    pub(super) fn default_of(&self, name: &str) -> Option<Datum> {
        let declared = self.top.module.variables.get(name)?;
        let default = self.written_default(&self.top, declared)?;
        Some(match &declared.kind {
            Some(kind) if declared.no_constant.is_none() => self.converted(kind, default, 0),
            _ => default,
        })
    }

    /// The default of a variable as it is written.
    fn written_default(&self, frame: &Rc<Frame<'a>>, declared: &Variable) -> Option<Datum> {
        let default = declared.default.as_ref()?;
        Some(match &declared.no_constant {
            Some(why) => Datum::unknown(why.clone().at(default.span), default.span),
            None => self.expr(&Env::of(frame), default),
        })
    }

    fn open_variable(&self, frame: &Rc<Frame<'a>>, name: &str, span: Span) -> Datum {
        let hole = variable_hole(self.root.instance(), name);
        let Some(declared) = frame.module.variables.get(name) else {
            let of = Of::Undeclared(frame.address(&format!("var.{name}")));
            return Datum::text(Hole { instance: self.root.instance(), of }, span);
        };
        let typed = |datum: Datum| match &declared.kind {
            Some(kind) if declared.no_constant.is_none() => self.converted(kind, datum, 0),
            _ => datum,
        };
        let default = || self.written_default(frame, declared).map(typed);
        if let Some((call, above, each)) = &frame.above {
            return self.remembered(frame, &format!("var.{name}"), span, || {
                let passed =
                    call.body.get(name).map(|passed| self.placed(&Env::with(above, each.clone()), passed, span));
                let passed = passed.filter(|passed| declared.nullable || passed.content != Content::Absent);
                let value = passed.map(typed).or_else(default);
                value.unwrap_or_else(|| {
                    refused(format!("`{}` is not passed", frame.address(&format!("var.{name}"))), span)
                })
            });
        }
        if let Some(bound) = self.bound(&hole, span) {
            return bound;
        }
        if let Some(planned) = self.planned_variable(name, span) {
            return planned;
        }
        match self.root.given.get(name) {
            Some(Value::Text(text)) => return Datum::text(&**text, span),
            Some(Value::Expression(value)) => return Datum { span, ..typed(self.constant(value)) },
            Some(Value::Unread(file)) => {
                let text = format!("`var.{name}` may have a value in a file that could not be read");
                let why = Why::new(WhyKind::Denied, format!("var.{name}"), text);
                return Datum::unknown(why.at(Span::new(*file, 0..0)), span);
            }
            None => {}
        }
        if self.defaults == Defaults::Count
            && !self.world.releases(&hole)
            && let (Some(default), Some(written)) = (default(), &declared.default)
        {
            let assumption =
                Assumption { instance: hole.instance, name: format!("var.{name}").into(), place: written.span };
            return Datum { span, ..default }.assuming(&[assumption]);
        }
        // A list of which nothing is known is any number of elements.
        if declared.kind.as_ref().is_some_and(is_collection) {
            return Datum::unknown(hole.why().at(span), span);
        }
        let allowed = declared.allowed.iter().map(|one| Datum { span, ..typed(self.constant(one)) });
        let possible = |one: &Datum| one.as_text().literal().is_some_and(|text| !self.world.excludes(&hole, text));
        let values: Vec<Datum> = allowed.filter(possible).collect();
        let filled = self.world.excludes(&hole, "")
            || (!values.is_empty() && values.iter().all(|one| one.as_text().is_empty().is_false()));
        let of = match hole.of {
            Of::Parameter { name, .. } => Of::Parameter { name, filled, plain: false },
            other => other,
        };
        let hole = Hole { of, ..hole };
        if values.is_empty() {
            return Datum::text(hole, span);
        }
        let why = hole.why();
        Datum::new(Content::OneOf { text: hole.into(), why, values }, span)
    }

    /// What the world has set a variable to.
    pub(super) fn bound(&self, hole: &Hole, span: Span) -> Option<Datum> {
        let content = match &**self.world.bound(hole)? {
            NULL => Content::Absent,
            text => Content::Text { text: text.into(), plain: matches!(text, "true" | "false") },
        };
        Some(Datum::new(content, span))
    }

    /// A value as its declared type makes it: what an object's type calls optional is filled in.
    fn converted(&self, kind: &Expr, datum: Datum, depth: usize) -> Datum {
        if matches!(&kind.kind, ExprKind::Variable(_)) && matches!(&datum.content, Content::Either(..)) {
            let span = datum.span;
            return lift(&[datum], span, Reach::Top, &|values| match values {
                [value] => self.converted(kind, value.clone(), depth + 1),
                _ => refused("no value", span),
            });
        }
        if let (ExprKind::Variable(name), Content::Text { text, .. }) = (&kind.kind, &datum.content) {
            let plain = match &**name {
                "string" => false,
                "bool" | "number" => true,
                _ => return datum,
            };
            return Datum { content: Content::Text { text: text.clone(), plain }, ..datum };
        }
        let ExprKind::Call { name, arguments, .. } = &kind.kind else { return datum };
        let (Some(inner), true) = (arguments.first(), depth < 32) else { return datum };
        let span = datum.span;
        match (&*name.text, &inner.kind) {
            ("object", ExprKind::Map(entries)) => lift(&[datum], span, Reach::Top, &|values| {
                let Some(datum) = values.first() else { return refused("no value", span) };
                let Content::Map { members, rest } = &datum.content else { return datum.clone() };
                let mut made = Vec::new();
                for (key, kind) in entries {
                    let Some(key) = key.literal() else { continue };
                    let (kind, default) = optional(kind);
                    let known = members.iter().find(|member| &*member.key == key);
                    let value =
                        known.map(|member| member.value.clone()).filter(|value| value.content != Content::Absent);
                    let value = match (value, default) {
                        (Some(value), _) => value,
                        (None, Some(default)) => Datum { span: datum.span, ..self.constant(default) },
                        (None, None) => Datum::new(Content::Absent, known.map_or(span, |member| member.value.span)),
                    };
                    let place = known.map_or(span, |member| member.span);
                    let value = self.converted(kind, value, depth + 1);
                    made.push(crate::read::Member { key: key.into(), span: place, value });
                }
                made.sort_by(|one: &crate::read::Member, other| one.key.cmp(&other.key));
                let content = Content::Map { members: made, rest: rest.clone() };
                Datum { content, span: datum.span, assumes: datum.assumes.clone() }
            }),
            ("list" | "set", _) => match datum.content {
                Content::List(items) => {
                    let items = items.into_iter().map(|item| self.converted(inner, item, depth + 1)).collect();
                    let list = Datum { content: Content::List(items), ..datum };
                    let set =
                        (&*name.text == "set").then(|| functions::call("toset", std::slice::from_ref(&list), span));
                    set.flatten().unwrap_or(list)
                }
                _ => datum,
            },
            ("map", _) => match datum.content {
                Content::Map { members, rest } => {
                    let each = members.into_iter().map(|member| crate::read::Member {
                        value: self.converted(inner, member.value, depth + 1),
                        ..member
                    });
                    Datum { content: Content::Map { members: each.collect(), rest }, ..datum }
                }
                _ => datum,
            },
            ("optional", _) => self.converted(inner, datum, depth + 1),
            _ => datum,
        }
    }
}

/// Whether a type is one of lists, sets or maps.
fn is_collection(kind: &Expr) -> bool {
    let name = match &kind.kind {
        ExprKind::Call { name, .. } => &*name.text,
        ExprKind::Variable(name) => name,
        _ => return false,
    };
    matches!(name, "list" | "set" | "map" | "tuple")
}

/// The type inside `optional(…)`, and the default.
fn optional(kind: &Expr) -> (&Expr, Option<&Expr>) {
    match &kind.kind {
        ExprKind::Call { name, arguments, .. } if &*name.text == "optional" => match arguments.as_slice() {
            [inner, default, ..] => (inner, Some(default)),
            [inner] => (inner, None),
            [] => (kind, None),
        },
        _ => (kind, None),
    }
}

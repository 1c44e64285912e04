//! Calls of functions, `for` expressions and splats.

use super::eval::{Env, Eval};
use super::expand::{self, Made};
use super::functions;
use super::lift::{Reach, lift};
use super::refusal::{is_refused, refusal, refusal_in, refused};
use crate::read::weight::{Room, too_large};
use crate::read::{Content, Datum};
use crate::source::Span;
use crate::syntax::hcl::{Expr, ExprKind, For};
use crate::value::{Why, WhyKind};
use std::sync::Arc;

impl<'a> Eval<'a> {
    pub(super) fn call(&self, env: &Env<'a>, name: &str, arguments: &[Expr], spread: bool, span: Span) -> Datum {
        let name = name.strip_prefix("core::").unwrap_or(name);
        match name {
            "try" => return self.first_without_error(env, arguments, span),
            "can" => {
                let datum = arguments.first().map(|argument| self.expr(env, argument));
                let datum = datum.unwrap_or_else(|| refused("`can` needs an argument", span));
                return lift(&[datum], span, Reach::Refused, &|values| match values {
                    [Datum { content: Content::Unknown(why), .. }] if !is_refused(why) => {
                        Datum::unknown(why.clone(), span)
                    }
                    [value] => {
                        let text = if refusal_in(value).is_some() { "false" } else { "true" };
                        Datum::new(Content::Text { text: text.into(), plain: true }, span)
                    }
                    _ => refused("`can` takes one argument", span),
                });
            }
            _ => {}
        }
        let room = Room::new();
        let each = arguments.iter().map(|argument| room.put(self.placed(env, argument, span)));
        let mut values: Vec<Datum> = each.collect();
        if room.is_full() {
            return too_large(span);
        }
        if spread && let Some(last) = values.pop() {
            match &last.content {
                Content::List(items) => values.extend(items.iter().cloned()),
                _ => {
                    let why = last.as_text().why().unwrap_or_else(|| refusal("`...` needs a list"));
                    return Datum::unknown(why, span);
                }
            }
        }
        if name == "sensitive"
            && let [value] = values.as_slice()
        {
            let place = format!("a sensitive value ({}.{})", span.file.0, span.start);
            return self.hidden(Datum { span, ..value.clone() }, &env.frame.address(&place));
        }
        if let Some(result) = self.file_function(env, name, &values, span) {
            return result;
        }
        // What is taken out of a collection that stands elsewhere is underlined here, where it is taken.
        let result = functions::call(name, &values, span).map(|result| Datum { span, ..result });
        result.unwrap_or_else(|| {
            let text = format!("the result of `{name}` is known only once it is deployed");
            Datum::unknown(Why::new(WhyKind::AfterApply, name, text).at(span), span)
        })
    }

    /// Whether a collection is a set, by how it is written.
    pub(super) fn is_set(&self, env: &Env<'a>, expr: &Expr, depth: usize) -> bool {
        if depth > 16 {
            return false;
        }
        match &expr.kind {
            ExprKind::Call { name, .. } => {
                matches!(
                    &*name.text,
                    "toset" | "setunion" | "setintersection" | "setsubtract" | "setproduct" | "fileset"
                )
            }
            ExprKind::Conditional(_, yes, no) => self.is_set(env, yes, depth + 1) || self.is_set(env, no, depth + 1),
            ExprKind::Attribute(base, name) => match &base.kind {
                ExprKind::Variable(base) if &**base == "local" => {
                    let local = env.frame.module.locals.get(&*name.text);
                    local.is_some_and(|local| self.is_set(&Env::of(&env.frame), local, depth + 1))
                }
                ExprKind::Variable(base) if &**base == "var" => {
                    let kind = env.frame.module.variables.get(&*name.text).and_then(|it| it.kind.as_ref());
                    kind.is_some_and(|kind| matches!(&kind.kind, ExprKind::Call { name, .. } if &*name.text == "set"))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// `try`: the first of its arguments that is no error.
    fn first_without_error(&self, env: &Env<'a>, arguments: &[Expr], span: Span) -> Datum {
        let Some((first, others)) = arguments.split_first() else {
            return refused("none of the arguments of `try` is without an error", span);
        };
        let value = self.expr(env, first);
        lift(&[Datum { span, ..value }], span, Reach::Refused, &|values| match values {
            [value] if refusal_in(value).is_some() => self.first_without_error(env, others, span),
            [value] => value.clone(),
            _ => refused("`try` needs an argument", span),
        })
    }

    pub(super) fn for_each(&self, env: &Env<'a>, each: &For, span: Span) -> Datum {
        let over = self.expr(env, &each.over);
        lift(&[over], span, Reach::Top, &|over| {
            let Some(over) = over.first() else { return refused("nothing to go through", span) };
            let Some(entries) = expand::entries(over) else {
                let why = match &over.content {
                    Content::Unknown(why) => Some(why.clone()),
                    Content::Absent => None,
                    _ => over.as_text().why(),
                };
                return why
                    .map_or_else(|| refused("this cannot be gone through", span), |why| Datum::unknown(why, span));
            };
            let mut made = Made::new(each.key_made.is_some(), each.grouped);
            let is_set = self.is_set(env, &each.over, 0);
            let room = Room::new();
            for (index, element) in entries {
                if !self.enters() {
                    let why = Why::new(WhyKind::Unsupported, "for", "this expression is too large to work out");
                    return Datum::unknown(why, span);
                }
                self.leaves();
                // An element of a set is its own key.
                let index = if is_set { element.clone() } else { index };
                let key = each.key.iter().map(|key| (Arc::from(&**key), index.clone()));
                let inner = env.naming(key.chain([(Arc::from(&*each.value), element.clone())]));
                let make = || {
                    let key = each.key_made.as_ref().map(|key| (self.expr(&inner, key), key.span));
                    let value = room.put(self.placed(&inner, &each.value_made, each.value_made.span));
                    (key, value)
                };
                let Some(condition) = &each.condition else {
                    made.add(make(), None);
                    continue;
                };
                let formula = self.formula(&inner, condition);
                match self.settled(&formula) {
                    Some(true) => made.add(make(), None),
                    Some(false) => {}
                    None => match self.refused_condition(&inner, condition, &formula) {
                        Some(why) => return Datum::unknown(why, span),
                        None => made.add(make(), Some(self.root.condition(formula))),
                    },
                }
            }
            if room.is_full() { too_large(span) } else { made.finish(span) }
        })
    }

    pub(super) fn splat(&self, env: &Env<'a>, over: &Datum, each: &Expr, span: Span) -> Datum {
        let apply = |element: &Datum| {
            let inner = Env { element: Some(element.clone()), ..env.clone() };
            lift(std::slice::from_ref(element), span, Reach::Top, &|_| self.expr(&inner, each))
        };
        match &over.content {
            Content::List(items) => {
                let room = Room::new();
                let each = items.iter().map(|item| room.put(self.element_of(env, item, each, span)));
                room.all(Content::List(each.collect()), span)
            }
            Content::Absent => Datum::new(Content::List(Vec::new()), span),
            Content::Unknown(_) => Datum { span, ..over.clone() },
            _ => Datum::new(Content::List(vec![apply(over)]), span),
        }
    }

    /// What a splat takes of an element, which may hang on a condition.
    fn element_of(&self, env: &Env<'a>, element: &Datum, each: &Expr, span: Span) -> Datum {
        lift(std::slice::from_ref(element), span, Reach::Top, &|values| match values {
            [value] if value.content == Content::Absent => value.clone(),
            [value] => self.expr(&Env { element: Some(value.clone()), ..env.clone() }, each),
            _ => refused("nothing to take", span),
        })
    }
}

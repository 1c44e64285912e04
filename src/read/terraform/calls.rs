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
use crate::value::{Hole, Of, Piece, Text, Why, WhyKind};
use std::sync::Arc;

/// Functions that begin with a text.
const TAKE_A_TEXT: [&str; 19] = [
    "base64decode",
    "base64encode",
    "chomp",
    "endswith",
    "jsondecode",
    "lower",
    "replace",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "title",
    "tostring",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
    "urlencode",
];

/// The sorts of collections: one of a sort equals none of another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Tuple,
    List,
    Set,
    Object,
    Map,
}

impl<'a> Eval<'a> {
    pub(super) fn call(&self, env: &Env<'a>, name: &str, arguments: &[Expr], spread: bool, span: Span) -> Datum {
        let name = name.strip_prefix("core::").unwrap_or(name);
        match name {
            "try" => return self.first_without_error(env, arguments, span),
            "can" => return self.is_no_error(env, arguments, span),
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
        // JSON is kept as what it says, so that only what is written tells a collection from its text.
        let first = arguments.first().filter(|_| TAKE_A_TEXT.contains(&name));
        if first.is_some_and(|first| self.sort_of(env, first, 0).is_some()) {
            return refused(format!("`{name}` takes a text"), span);
        }
        // What is made of a set is one, in its order.
        if name == "setproduct" && arguments.iter().any(|argument| self.sort_of(env, argument, 0) == Some(Sort::Set)) {
            let in_order = |value: &Datum| functions::call("toset", std::slice::from_ref(value), value.span);
            values = values.iter().map(|value| in_order(value).unwrap_or_else(|| value.clone())).collect();
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

    /// What a collection is, by how it is written; none where that does not tell.
    pub(super) fn sort_of(&self, env: &Env<'a>, expr: &Expr, depth: usize) -> Option<Sort> {
        if depth > 16 {
            return None;
        }
        match &expr.kind {
            ExprKind::List(_) => Some(Sort::Tuple),
            ExprKind::Map(_) => Some(Sort::Object),
            ExprKind::For(each) => Some(if each.key_made.is_some() { Sort::Object } else { Sort::Tuple }),
            ExprKind::Call { name, .. } => match &*name.text {
                "toset" | "setunion" | "setintersection" | "setsubtract" | "fileset" => Some(Sort::Set),
                "tolist" | "sort" | "split" | "compact" | "formatlist" | "distinct" | "chunklist" => Some(Sort::List),
                "tomap" | "transpose" => Some(Sort::Map),
                _ => None,
            },
            ExprKind::Splat { over, .. } => match self.sort_of(env, over, depth + 1) {
                Some(Sort::Tuple) => Some(Sort::Tuple),
                _ => None,
            },
            ExprKind::Conditional(_, yes, no) => {
                let (yes, no) = (self.sort_of(env, yes, depth + 1), self.sort_of(env, no, depth + 1));
                // The sides are made one: a set where one of them is.
                if yes == Some(Sort::Set) || no == Some(Sort::Set) {
                    return Some(Sort::Set);
                }
                yes.filter(|sort| no == yes && !matches!(sort, Sort::Tuple | Sort::Object))
            }
            ExprKind::Attribute(base, name) => match &base.kind {
                ExprKind::Variable(base) if &**base == "local" => {
                    let local = env.frame.module.locals.get(&*name.text)?;
                    self.sort_of(&Env::of(&env.frame), local, depth + 1)
                }
                ExprKind::Variable(base) if &**base == "var" => {
                    let kind = env.frame.module.variables.get(&*name.text)?.kind.as_ref()?;
                    let ExprKind::Call { name, .. } = &kind.kind else { return None };
                    match &*name.text {
                        "set" => Some(Sort::Set),
                        "list" => Some(Sort::List),
                        "tuple" => Some(Sort::Tuple),
                        "map" => Some(Sort::Map),
                        "object" => Some(Sort::Object),
                        _ => None,
                    }
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a collection is a set, by how it is written.
    pub(super) fn is_set(&self, env: &Env<'a>, expr: &Expr) -> bool {
        let made = |expr: &Expr| matches!(&expr.kind, ExprKind::Call { name, .. } if &*name.text == "setproduct");
        self.sort_of(env, expr, 0) == Some(Sort::Set) || made(expr)
    }

    /// `can`: whether its argument is no error.
    fn is_no_error(&self, env: &Env<'a>, arguments: &[Expr], span: Span) -> Datum {
        let datum = arguments.first().map(|argument| self.expr(env, argument));
        let datum = datum.unwrap_or_else(|| refused("`can` needs an argument", span));
        lift(&[datum], span, Reach::Refused, &|values| match values {
            [Datum { content: Content::Unknown(why), .. }] if !is_refused(why) => Datum::unknown(why.clone(), span),
            // An unknown text may be an error as well.
            [Datum { content: Content::Text { text, .. }, .. }] if self.may_be_error(text) => {
                Datum::new(Content::Unknown(text.why().unwrap_or_else(|| refusal("this is not known"))), span)
            }
            [value] => {
                let text = if refusal_in(value).is_some() { "false" } else { "true" };
                Datum::new(Content::Text { text: text.into(), plain: true }, span)
            }
            _ => refused("`can` takes one argument", span),
        })
    }

    /// Whether an unknown text may be no value at all: what a function makes of what is not known, and what
    /// is looked for in a variable of any type.
    fn may_be_error(&self, text: &Text) -> bool {
        match text.pieces() {
            [Piece::Unknown(_) | Piece::Hole(Hole { of: Of::Made(..), .. })] => true,
            [Piece::Hole(Hole { of: Of::Parameter { name, .. }, .. })] => {
                let mut steps = name.split('.').skip(1);
                let declared = steps.next().and_then(|variable| self.top.module.variables.get(variable));
                declared.is_some_and(|declared| may_lack(declared.kind.as_ref(), steps))
            }
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
            let is_set = self.is_set(env, &each.over);
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

/// Whether a value of a type may have no such part.
fn may_lack<'n>(kind: Option<&Expr>, mut steps: impl Iterator<Item = &'n str>) -> bool {
    let (mut kind, mut is_sure) = (kind, true);
    while let Some(step) = steps.next().filter(|_| is_sure) {
        // What is optional may be null, and null has no parts.
        let inner = match kind.map(|kind| &kind.kind) {
            Some(ExprKind::Call { name, arguments, .. }) if &*name.text == "object" => arguments.first(),
            _ => None,
        };
        kind = match inner.map(|inner| &inner.kind) {
            Some(ExprKind::Map(entries)) => {
                entries.iter().find(|(key, _)| key.literal() == Some(step)).map(|(_, kind)| kind)
            }
            _ => None,
        };
        is_sure = kind.is_some();
    }
    !is_sure
}

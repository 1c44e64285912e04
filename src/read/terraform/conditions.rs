//! Where the source offers two sides: boolean expressions to formulas, conditionals to both of their sides.

use super::arithmetic::compared;
use super::eval::{Env, Eval, hole_of};
use super::formula::{Formula, NULL};
use super::functions;
use super::lift::{Reach, either, lift};
use super::refusal::{refusal, refusal_in};
use crate::read::tri::{Defaults, Tri};
use crate::read::{Content, Datum};
use crate::source::Span;
use crate::syntax::hcl::{Binary, Expr, ExprKind, Unary};
use crate::value::{Assumption, Hole, Instance, Of, Piece, Sure, Text, Truth, Why};

/// What a formula takes, in steps of values.
const STEPS_OF_A_FORMULA: usize = 8;

/// Longest name of an expression that nothing more is known of.
const MAX_NAME: usize = 1_000;

impl<'a> Eval<'a> {
    /// `condition ? yes : no`. What only defaults decide may be given otherwise: both sides are kept.
    pub(super) fn conditional(&self, env: &Env<'a>, condition: &Expr, yes: &Expr, no: &Expr, span: Span) -> Datum {
        let formula = self.formula(env, condition);
        if let Some(why) = self.refused_condition(env, condition, &formula) {
            return Datum::unknown(why, span);
        }
        self.choose(formula, span, &|holds| {
            let side = if holds { yes } else { no };
            // The side that is chosen is what is underlined, where that is no block of lines.
            self.placed(env, side, span)
        })
    }

    /// One side by a formula, or both.
    pub(super) fn choose(&self, formula: Formula, span: Span, side: &dyn Fn(bool) -> Datum) -> Datum {
        match self.settled(&formula) {
            Some(holds) => side(holds),
            None => either(self.root.condition(formula), side(true), side(false), span),
        }
    }

    /// What a formula is for certain in this world.
    pub(super) fn settled(&self, formula: &Formula) -> Option<bool> {
        self.root.decide(formula, self.world, Defaults::Ignore).value
    }

    /// A boolean expression as a value: what defaults decide counts, and is said.
    pub(super) fn boolean(&self, env: &Env<'a>, expr: &Expr) -> Datum {
        let formula = self.formula(env, expr);
        let plain = |value: bool| {
            let text = if value { "true" } else { "false" };
            Datum::new(Content::Text { text: text.into(), plain: true }, expr.span)
        };
        match self.root.decide(&formula, self.world, self.defaults) {
            Tri { value: Some(value), assumed: false } => plain(value),
            Tri { value: Some(value), assumed: true } => {
                let mut holes = Vec::new();
                formula.holes(&mut holes);
                let assumes: Vec<Assumption> = holes.iter().filter_map(|hole| self.assumption(hole)).collect();
                plain(value).assuming(&assumes)
            }
            _ => match (self.refused_condition(env, expr, &formula), formula) {
                (Some(why), _) => Datum::unknown(why, expr.span),
                (None, Formula::Is(hole)) => Datum::text(hole, expr.span),
                (None, formula) => either(self.root.condition(formula), plain(true), plain(false), expr.span),
            },
        }
    }

    /// Why the language refuses a condition of which nothing more is known than its words.
    pub(super) fn refused_condition(&self, env: &Env<'a>, expr: &Expr, formula: &Formula) -> Option<Why> {
        let formula = if let Formula::Not(inner) = formula { inner } else { formula };
        let Formula::Opaque(_, None, _) = formula else { return None };
        match &expr.kind {
            ExprKind::Unary(Unary::Not, inner) => self.refused_condition(env, inner, formula),
            ExprKind::Binary(Binary::And | Binary::Or, left, right) => {
                [left, right].into_iter().find_map(|side| self.refused_condition(env, side, formula))
            }
            ExprKind::Binary(operator, left, right) => {
                let sides = [self.expr(env, left), self.expr(env, right)];
                let ordered = || match operator {
                    Binary::Equal | Binary::NotEqual => None,
                    _ => {
                        let work = |values: &[Datum]| compared(*operator, values, expr.span);
                        refusal_in(&lift(&sides, expr.span, Reach::Top, &work)).cloned()
                    }
                };
                sides.iter().find_map(|side| refusal_in(side).cloned()).or_else(ordered)
            }
            _ => match self.expr(env, expr) {
                Datum { content: Content::Text { text, .. }, .. } => {
                    let wrong = text.literal().is_some_and(|text| !matches!(text, "true" | "false"));
                    wrong.then(|| refusal("a condition is neither true nor false"))
                }
                Datum { content: Content::Absent, .. } => Some(refusal("a condition is null")),
                value
                    if refusal_in(&value).is_none()
                        && matches!(value.content, Content::List(_) | Content::Map { .. }) =>
                {
                    Some(refusal("a condition is neither true nor false"))
                }
                value => refusal_in(&value).cloned(),
            },
        }
    }

    fn assumption(&self, hole: &Hole) -> Option<Assumption> {
        let Of::Parameter { name, .. } = &hole.of else { return None };
        let variable = name.strip_prefix("var.")?.split('.').next()?;
        let default = self.top.module.variables.get(variable)?.default.as_ref()?;
        Some(Assumption { instance: hole.instance, name: name.clone(), place: default.span })
    }

    /// The formula of a boolean expression. It hangs on the root module's variables alone, not on the world.
    pub(super) fn formula(&self, env: &Env<'a>, expr: &Expr) -> Formula {
        if !self.enters() {
            return self.opaque(env, expr);
        }
        self.spends(STEPS_OF_A_FORMULA);
        let formula = self.symbolic().structure(env, expr).filter(Formula::is_small);
        let formula = formula.unwrap_or_else(|| self.opaque(env, expr));
        self.leaves();
        formula
    }

    fn structure(&self, env: &Env<'a>, expr: &Expr) -> Option<Formula> {
        Some(match &expr.kind {
            ExprKind::Bool(value) => Formula::Known(*value),
            ExprKind::Unary(Unary::Not, inner) => self.formula(env, inner).not(),
            ExprKind::Binary(Binary::And, left, right) => {
                Formula::all([self.formula(env, left), self.formula(env, right)])
            }
            ExprKind::Binary(Binary::Or, left, right) => {
                Formula::any([self.formula(env, left), self.formula(env, right)])
            }
            ExprKind::Conditional(condition, yes, no) => {
                let condition = self.formula(env, condition);
                match condition {
                    Formula::Known(true) => self.formula(env, yes),
                    Formula::Known(false) => self.formula(env, no),
                    condition => Formula::choose(&condition, self.formula(env, yes), self.formula(env, no)),
                }
            }
            ExprKind::Binary(operator @ (Binary::Equal | Binary::NotEqual), left, right) => {
                let equal = match self.sort_of(env, left, 0).zip(self.sort_of(env, right, 0)) {
                    // `[]` is a tuple, and equals no list.
                    Some((one, other)) if one != other => Formula::Known(false),
                    _ => self.equal(&self.expr(env, left), &self.expr(env, right))?,
                };
                if *operator == Binary::Equal { equal } else { equal.not() }
            }
            ExprKind::Binary(
                operator @ (Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual),
                left,
                right,
            ) => {
                let sides = [self.expr(env, left), self.expr(env, right)];
                self.truth(&lift(&sides, expr.span, Reach::Top, &|values| compared(*operator, values, expr.span)))?
            }
            _ => self.truth(&self.expr(env, expr))?,
        })
    }

    /// The formula of a value that is a boolean.
    fn truth(&self, datum: &Datum) -> Option<Formula> {
        match &datum.content {
            // Where one side is an error nothing is deployed: it is the other one, or nothing.
            Content::Either(_, yes, no) if refusal_in(no).is_some() => self.truth(yes),
            Content::Either(_, yes, no) if refusal_in(yes).is_some() => self.truth(no),
            Content::Either(condition, yes, no) => {
                let condition = self.root.formula(condition)?;
                let formula = Formula::choose(&condition, self.truth(yes)?, self.truth(no)?);
                Some(formula).filter(Formula::is_small)
            }
            Content::Text { text, .. } => match text.literal() {
                Some("true") => Some(Formula::Known(true)),
                Some("false") => Some(Formula::Known(false)),
                _ => variable(datum).map(Formula::Is),
            },
            Content::OneOf { .. } => variable(datum).map(Formula::Is),
            _ => None,
        }
    }

    fn equal(&self, left: &Datum, right: &Datum) -> Option<Formula> {
        match (&left.content, &right.content) {
            (Content::Either(condition, yes, no), _) => {
                if !self.enters() {
                    return None;
                }
                let sides = self.equal(yes, right).zip(self.equal(no, right));
                self.leaves();
                let (condition, (yes, no)) = (self.root.formula(condition)?, sides?);
                Some(Formula::choose(&condition, yes, no)).filter(Formula::is_small)
            }
            (_, Content::Either(..)) => self.equal(right, left),
            (Content::Unknown(_), _) | (_, Content::Unknown(_)) => None,
            (Content::Absent, Content::Absent) => Some(Formula::Known(true)),
            (Content::Absent, _) | (_, Content::Absent) => {
                let other = if left.content == Content::Absent { right } else { left };
                match hole_of(other) {
                    Some(hole) if matches!(hole.of, Of::Resource { ref attribute, .. } if attribute.is_empty()) => {
                        Some(Formula::Known(false))
                    }
                    // What is known once it is deployed is there; a variable may be null.
                    Some(Hole {
                        of: Of::Parameter { .. } | Of::Undeclared(_) | Of::Unseen { sure: Sure::Nothing, .. },
                        ..
                    }) => Some(Formula::equal(other.as_text(), Text::from(NULL))),
                    _ => Some(Formula::Known(false)),
                }
            }
            // A text is no number and no boolean, whatever it reads.
            (Content::Text { text: one, plain: true }, Content::Text { text: other, plain: false })
            | (Content::Text { text: other, plain: false }, Content::Text { text: one, plain: true })
                if one.literal().is_some() && other.literal().is_some() =>
            {
                Some(Formula::Known(false))
            }
            (Content::Text { text: one, plain: true }, Content::Text { text: other, plain: true })
                if let (Some(one), Some(other)) = (one.literal(), other.literal()) =>
            {
                Some(Formula::Known(functions::equal::plainly(one, other)))
            }
            // What is not known of one text is not what is not known of another, though the reason is the same. What is
            // made of variables is what their defaults make of it, where those count.
            (Content::Text { text, .. } | Content::OneOf { text, .. }, _)
            | (_, Content::Text { text, .. } | Content::OneOf { text, .. })
                if text.pieces().iter().any(is_made) =>
            {
                match left.as_text().same(&right.as_text()) {
                    Truth::True(_) => Some(Formula::Known(true)),
                    Truth::False(_) => Some(Formula::Known(false)),
                    _ => None,
                }
            }
            (Content::Text { .. } | Content::OneOf { .. }, Content::Text { .. } | Content::OneOf { .. }) => {
                let is_quoted = |side: &Datum| matches!(&side.content, Content::Text { text, plain: false } if text.literal().is_some());
                let equal = if is_quoted(left) || is_quoted(right) { Formula::equal_words } else { Formula::equal };
                let equal = equal(left.as_text(), right.as_text());
                // A switch that is null by default is neither on nor off, and equals neither.
                let null = [left, right]
                    .into_iter()
                    .filter_map(hole_of)
                    .find(|hole| self.root.default_of(hole).is_some_and(|default| default.literal() == Some(NULL)));
                Some(match null {
                    Some(hole) if !matches!(equal, Formula::Known(_) | Formula::Equal(..)) => {
                        let null = Formula::equal(Text::from(hole.clone()), Text::from(NULL));
                        Formula::all([null.not(), equal])
                    }
                    _ => equal,
                })
            }
            _ => match functions::equal::equals(left, right) {
                Truth::True(_) => Some(Formula::Known(true)),
                Truth::False(_) => Some(Formula::Known(false)),
                Truth::Unknown(..) => None,
            },
        }
    }

    /// An expression of which nothing more is known than what defaults make of it.
    fn opaque(&self, env: &Env<'a>, expr: &Expr) -> Formula {
        let text = self.root.library.cut(expr.span);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut holes = Vec::new();
        let mut default = None;
        if self.enters() {
            default = self.counting().counted_truth(env, expr, &mut holes);
            self.leaves();
        }
        let mut name = text;
        if name.len() > MAX_NAME {
            // What two long expressions have in common does not make them one.
            let begin: String = name.chars().take(MAX_NAME / 8).collect();
            name = format!("{begin}… ({}.{})", expr.span.file.0, expr.span.start);
        }
        if name.is_empty() {
            name = super::references::shown(expr);
        }
        for (word, key, datum) in [("each.", "each.key", &env.each.key), ("count.", "count.index", &env.each.index)] {
            if !name.contains(word) {
                continue;
            }
            let value = datum.as_ref().map(Datum::as_text);
            name = format!("{name} ({key} is {})", value.as_ref().and_then(Text::literal).unwrap_or("not known"));
        }
        for (key, datum) in &env.names {
            if let Some(value) = datum.as_text().literal().filter(|value| value.len() < MAX_NAME) {
                name = format!("{name} ({key} is {value})");
            }
        }
        if !env.frame.path.is_empty() {
            name = format!("{}: {name}", env.frame.path);
        }
        Formula::Opaque(name, default, holes)
    }

    /// The truth of an expression where defaults count, and the variables whose defaults it hangs on.
    fn counted_truth(&self, env: &Env<'a>, expr: &Expr, holes: &mut Vec<Hole>) -> Option<bool> {
        let mut note = |datum: &Datum, instance: Instance| {
            for one in &datum.assumes {
                let hole = variable_hole(instance, &one.name);
                if !holes.contains(&hole) {
                    holes.push(hole);
                }
            }
        };
        let instance = self.root.instance();
        let decide = |formula: Formula| self.root.decide(&formula, self.world, Defaults::Count).value;
        match &expr.kind {
            ExprKind::Binary(operator, left, right) if !matches!(operator, Binary::And | Binary::Or) => {
                let sides = [self.expr(env, left), self.expr(env, right)];
                sides.iter().for_each(|side| note(side, instance));
                let [left, right] = &sides;
                match operator {
                    Binary::Equal => decide(self.equal(left, right)?),
                    Binary::NotEqual => decide(self.equal(left, right)?.not()),
                    _ => decide(self.truth(&compared(*operator, &sides, expr.span))?),
                }
            }
            _ if matches!(expr.kind, ExprKind::Unary(Unary::Not, _) | ExprKind::Binary(..)) => None,
            _ => {
                let datum = self.expr(env, expr);
                note(&datum, instance);
                decide(self.truth(&datum)?)
            }
        }
    }
}

/// Whether a part of a text is what an expression makes of what is not known, or not known at all.
fn is_made(piece: &Piece) -> bool {
    matches!(piece, Piece::Unknown(_) | Piece::Hole(Hole { of: Of::Made(..), .. }))
}

/// A hole that is true or false itself, not by what is made of others.
fn variable(datum: &Datum) -> Option<Hole> {
    hole_of(datum).filter(|hole| !matches!(hole.of, Of::Made(..))).cloned()
}

/// The hole of a variable of the root module, by its name as an assumption has it.
pub(super) fn variable_hole(instance: Instance, name: &str) -> Hole {
    let name = if name.starts_with("var.") { name.into() } else { format!("var.{name}").into() };
    Hole { instance, of: Of::Parameter { name, filled: false, plain: false } }
}

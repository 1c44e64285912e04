//! Defaults of variables, which the language takes as constants alone: what refers to anything has no value, and what comes
//! back to itself would never end. References are followed as they are written.

use super::module::{Module, Variable};
use super::order::inside;
use super::references::{Step, chain};
use crate::syntax::hcl::{Expr, ExprKind};
use crate::value::{Why, WhyKind};
use std::collections::BTreeSet;

impl Module {
    /// Why a variable's default, or one of a part of its type, has no value, where that is so.
    pub(super) fn no_constant(&self, name: &str, variable: &Variable) -> Option<Why> {
        let own = format!("var.{name}");
        let first = variable.default.as_ref().and_then(|default| references(default).into_iter().next());
        let text = if variable.default.iter().chain(&variable.kind).any(|expr| self.comes_to(expr, &own)) {
            format!("`{own}` refers to itself: the default of a variable is a constant")
        } else {
            format!("the default of `{own}` refers to `{}`, and only constants can stand there", first?)
        };
        Some(Why::new(WhyKind::Unsupported, own, text))
    }

    /// Whether what an expression refers to refers to a variable in the end.
    fn comes_to(&self, expr: &Expr, wanted: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = references(expr);
        while let Some(name) = open.pop() {
            if name == wanted {
                return true;
            }
            if !seen.insert(name.clone()) {
                continue;
            }
            let local = name.strip_prefix("local.").and_then(|name| self.locals.get(name));
            let variable = name.strip_prefix("var.").and_then(|name| self.variables.get(name));
            let parts = variable.into_iter().flat_map(|variable| variable.default.iter().chain(&variable.kind));
            parts.chain(local).for_each(|expr| open.extend(references(expr)));
        }
        false
    }
}

/// The names that an expression begins its references with: `local.a`, `var.b`, `each.key`.
fn references(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        let (first, steps) = chain(expr);
        let ExprKind::Variable(word) = &first.kind else {
            inside(expr, &mut open);
            continue;
        };
        found.push(match steps.first() {
            Some(Step::Attribute(second)) => format!("{word}.{second}"),
            _ => word.to_string(),
        });
        open.extend(steps.iter().filter_map(|step| if let Step::Index(index) = step { Some(*index) } else { None }));
    }
    found
}

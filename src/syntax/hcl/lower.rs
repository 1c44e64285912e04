//! From the parser's structures to our tree, with places in the file.
//!
//! Parentheses leave only their places. What the parser keeps for writing a file back (spaces, commas) is dropped.

use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, FuncCall, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{
    Attribute as ParsedAttribute, Block as ParsedBlock, BlockLabel, Body as ParsedBody, Structure,
};
use hcl_edit::{Decorated, Ident};

use super::super::{MAX_DEPTH, SyntaxError};
use super::template;
use super::{Attribute, Binary, Block, Body, Expr, ExprKind, For, Name, Part, Unary};
use crate::source::{FileId, Span};

/// A text that was parsed, and where it stands in its file.
pub(super) struct Place<'t> {
    pub(super) file: FileId,
    /// What was parsed.
    pub(super) text: &'t str,
    /// Where it begins in the file.
    pub(super) offset: usize,
    /// What was put into it that the file does not have: where it begins in the text, and how long it is; in order.
    pub(super) inserted: &'t [(usize, usize)],
    /// The escapes of JSON that were resolved in it: after each, by how much the file is longer so far.
    pub(super) escapes: &'t [(usize, usize)],
}

impl Place<'_> {
    /// A place in the file.
    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        let shift = |at: usize| {
            let before = self.inserted.iter().take_while(|(from, _)| *from < at);
            let at = at - before.map(|(from, length)| (*length).min(at - from)).sum::<usize>();
            let passed = self.escapes.partition_point(|(end, _)| *end <= at);
            let longer = passed.checked_sub(1).and_then(|last| self.escapes.get(last)).map_or(0, |(_, longer)| *longer);
            at + longer + self.offset
        };
        Span::new(self.file, shift(range.start)..shift(range.end))
    }

    /// An error at a place in the text.
    pub(super) fn error(&self, message: impl Into<String>, at: usize) -> SyntaxError {
        let mut error = SyntaxError::at(message, self.file, self.text, at);
        error.span = self.span(&error.span.range());
        error
    }

    /// An error with places in the text as places in the file.
    pub(super) fn moved(&self, mut error: SyntaxError) -> SyntaxError {
        error.span = self.span(&error.span.range());
        error.related = error.related.map(|(span, label)| (self.span(&span.range()), label));
        error
    }

    fn name(&self, word: &Decorated<Ident>, around: &Range<usize>) -> Name {
        let range = word.span().unwrap_or_else(|| around.clone());
        Name { text: word.as_str().into(), span: self.span(&range) }
    }

    pub(super) fn body(&self, parsed: &ParsedBody) -> Result<Body, SyntaxError> {
        let mut body = Body::default();
        for structure in parsed {
            match structure {
                Structure::Attribute(attribute) => body.attributes.push(self.attribute(attribute)?),
                Structure::Block(block) => body.blocks.push(self.block(block)?),
            }
        }
        Ok(body)
    }

    fn attribute(&self, parsed: &ParsedAttribute) -> Result<Attribute, SyntaxError> {
        let around = parsed.span().unwrap_or_default();
        Ok(Attribute { name: self.name(&parsed.key, &around), value: self.expr(&parsed.value, &around, 0)? })
    }

    fn block(&self, parsed: &ParsedBlock) -> Result<Block, SyntaxError> {
        let around = parsed.span().unwrap_or_default();
        let label = |label: &BlockLabel| {
            let range = label.span().unwrap_or_else(|| around.clone());
            Name { text: label.as_str().into(), span: self.span(&range) }
        };
        Ok(Block {
            kind: self.name(&parsed.ident, &around),
            labels: parsed.labels.iter().map(label).collect(),
            body: self.body(&parsed.body)?,
        })
    }

    /// An expression; `around` is the place of what it stands in, should it have none.
    pub(super) fn expr(&self, parsed: &Expression, around: &Range<usize>, depth: usize) -> Result<Expr, SyntaxError> {
        let range = parsed.span().unwrap_or_else(|| around.clone());
        if depth > MAX_DEPTH {
            return Err(self.error(format!("an expression of more than {MAX_DEPTH} levels"), range.start));
        }
        let inner = |parsed: &Expression| self.expr(parsed, &range, depth + 1);
        let boxed = |parsed: &Expression| inner(parsed).map(Box::new);
        let kind = match parsed {
            Expression::Null(_) => ExprKind::Null,
            Expression::Bool(value) => ExprKind::Bool(*value.value()),
            Expression::Number(_) => ExprKind::Number(self.number(&range)),
            Expression::String(text) if text.is_empty() => ExprKind::Text(Vec::new()),
            Expression::String(text) => ExprKind::Text(vec![Part::Literal(text.as_str().into(), None)]),
            Expression::StringTemplate(parsed) => {
                ExprKind::Text(template::parts(self, parsed, template::Style::Quoted, &range, depth + 1)?)
            }
            Expression::HeredocTemplate(parsed) => {
                let written = self.text.get(range.clone()).unwrap_or("");
                let flush = if written.starts_with("<<-") { template::Style::Flush } else { template::Style::Bare };
                ExprKind::Text(template::parts(self, &parsed.template, flush, &range, depth + 1)?)
            }
            Expression::Array(items) => ExprKind::List(items.iter().map(inner).collect::<Result<_, _>>()?),
            Expression::Object(object) => {
                let mut members = Vec::with_capacity(object.len());
                for (key, value) in object {
                    members.push((self.key(key, &range, depth + 1)?, inner(value.expr())?));
                }
                ExprKind::Map(members)
            }
            Expression::Parenthesis(parsed) => inner(parsed.inner())?.kind,
            Expression::Variable(word) => ExprKind::Variable(word.as_str().into()),
            Expression::Conditional(parsed) => {
                ExprKind::Conditional(boxed(&parsed.cond_expr)?, boxed(&parsed.true_expr)?, boxed(&parsed.false_expr)?)
            }
            Expression::FuncCall(parsed) => self.call(parsed, &range, depth)?,
            Expression::Traversal(parsed) => return self.traversal(parsed, &range, depth),
            Expression::UnaryOp(parsed) => {
                let operator = match parsed.operator.value() {
                    UnaryOperator::Neg => Unary::Minus,
                    UnaryOperator::Not => Unary::Not,
                };
                ExprKind::Unary(operator, boxed(&parsed.expr)?)
            }
            Expression::BinaryOp(parsed) => {
                ExprKind::Binary(binary(*parsed.operator.value()), boxed(&parsed.lhs_expr)?, boxed(&parsed.rhs_expr)?)
            }
            Expression::ForExpr(parsed) => self.comprehension(parsed, &range, depth)?,
        };
        Ok(Expr { span: self.span(&range), kind })
    }

    /// A number as written; between a sign and its digits spaces and comments may stand.
    fn number(&self, range: &Range<usize>) -> Box<str> {
        let written = self.text.get(range.clone()).unwrap_or("").trim();
        match written.strip_prefix('-') {
            Some(rest) => {
                let digits = rest.rsplit([' ', '\t', '\n', '/']).next().unwrap_or(rest);
                format!("-{digits}").into()
            }
            None => written.into(),
        }
    }

    fn key(&self, key: &ObjectKey, around: &Range<usize>, depth: usize) -> Result<Expr, SyntaxError> {
        match key {
            ObjectKey::Ident(word) => {
                let Name { text, span } = self.name(word, around);
                Ok(Expr { span, kind: ExprKind::Text(vec![Part::Literal(text, None)]) })
            }
            ObjectKey::Expression(parsed) => match self.unmarked(parsed) {
                Expression::Variable(word) => {
                    let Name { text, span } = self.name(word, around);
                    Ok(Expr { span, kind: ExprKind::Text(vec![Part::Literal(text, None)]) })
                }
                parsed => self.expr(parsed, around, depth),
            },
        }
    }

    /// A key without the mark that was put before it.
    fn unmarked<'e>(&self, key: &'e Expression) -> &'e Expression {
        let start = key.span().map_or(usize::MAX, |range| range.start);
        let marked = self.inserted.iter().find(|(from, _)| *from == start);
        let marks = marked.map_or(0, |(_, length)| *length);
        (0..marks).fold(key, |key, _| if let Expression::UnaryOp(parsed) = key { &parsed.expr } else { key })
    }

    fn call(&self, parsed: &FuncCall, range: &Range<usize>, depth: usize) -> Result<ExprKind, SyntaxError> {
        let words: Vec<&Decorated<Ident>> = parsed.name.namespace.iter().chain([&parsed.name.name]).collect();
        let start = words.first().and_then(|word| word.span()).map_or(range.start, |span| span.start);
        let end = words.last().and_then(|word| word.span()).map_or(range.end, |span| span.end);
        let text = words.iter().map(|word| word.as_str()).collect::<Vec<_>>().join("::");
        Ok(ExprKind::Call {
            name: Name { text: text.into(), span: self.span(&(start..end)) },
            arguments: parsed.args.iter().map(|item| self.expr(item, range, depth + 1)).collect::<Result<_, _>>()?,
            spread: parsed.args.expand_final(),
        })
    }

    fn comprehension(&self, parsed: &ForExpr, range: &Range<usize>, depth: usize) -> Result<ExprKind, SyntaxError> {
        let inner = |parsed: &Expression| self.expr(parsed, range, depth + 1);
        Ok(ExprKind::For(Box::new(For {
            key: parsed.intro.key_var.as_ref().map(|word| word.as_str().into()),
            value: parsed.intro.value_var.as_str().into(),
            over: inner(&parsed.intro.collection_expr)?,
            key_made: parsed.key_expr.as_ref().map(inner).transpose()?,
            value_made: inner(&parsed.value_expr)?,
            condition: parsed.cond.as_ref().map(|condition| inner(&condition.expr)).transpose()?,
            grouped: parsed.grouping,
        })))
    }

    fn traversal(&self, parsed: &Traversal, range: &Range<usize>, depth: usize) -> Result<Expr, SyntaxError> {
        let steps = parsed.operators.as_slice();
        // Each step is a level of its own around the first.
        let first = self.expr(&parsed.expr, range, depth + steps.len())?;
        self.steps(first, range.start, steps, range, depth)
    }

    /// What `steps` make of an expression that starts at `start`.
    fn steps(
        &self,
        first: Expr,
        start: usize,
        steps: &[Decorated<TraversalOperator>],
        around: &Range<usize>,
        depth: usize,
    ) -> Result<Expr, SyntaxError> {
        let mut expr = first;
        let mut rest = steps;
        while let Some((step, after)) = rest.split_first() {
            rest = after;
            let at = step.span().unwrap_or_else(|| around.clone());
            let mut end = at.end;
            let kind = match step.value() {
                TraversalOperator::GetAttr(word) => ExprKind::Attribute(Box::new(expr), self.name(word, &at)),
                TraversalOperator::Index(index) => {
                    ExprKind::Index(Box::new(expr), Box::new(self.expr(index, &at, depth + 1)?))
                }
                TraversalOperator::LegacyIndex(index) => {
                    let range = index.span().unwrap_or_else(|| at.clone());
                    let number = ExprKind::Number(self.text.get(range.clone()).unwrap_or("").into());
                    let index = Expr { span: self.span(&range), kind: number };
                    ExprKind::Index(Box::new(expr), Box::new(index))
                }
                TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                    let only_attributes = matches!(step.value(), TraversalOperator::AttrSplat(_));
                    let belongs = |step: &Decorated<TraversalOperator>| {
                        matches!(step.value(), TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_))
                    };
                    let taken = if only_attributes {
                        after.iter().take_while(|step| belongs(step)).count()
                    } else {
                        after.len()
                    };
                    let (each, after) = after.split_at_checked(taken).unwrap_or((after, &[]));
                    rest = after;
                    end = each.last().and_then(|step| step.span()).map_or(end, |span| span.end);
                    let element = Expr { span: self.span(&at), kind: ExprKind::Element };
                    let each = self.steps(element, at.start, each, around, depth)?;
                    ExprKind::Splat { over: Box::new(expr), each: Box::new(each) }
                }
            };
            expr = Expr { span: self.span(&(start..end)), kind };
        }
        Ok(expr)
    }
}

fn binary(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::NotEqual,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::Plus => Binary::Plus,
        BinaryOperator::Minus => Binary::Minus,
        BinaryOperator::Mul => Binary::Times,
        BinaryOperator::Div => Binary::Divided,
        BinaryOperator::Mod => Binary::Modulo,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Or => Binary::Or,
    }
}

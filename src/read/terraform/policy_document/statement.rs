//! A block `statement` as a statement of a policy: `principals` by their types, conditions by test and variable.

use super::member;
use crate::read::terraform::functions;
use crate::read::terraform::lift::{Reach, lift};
use crate::read::{Content, Datum, Member};
use crate::source::Span;
use crate::value::{Piece, Text, Why, WhyKind};

/// A block `statement` as a statement of a policy.
pub(super) fn statement(block: &Datum) -> Datum {
    let content = match &block.content {
        Content::Either(condition, yes, no) => {
            Content::Either(condition.clone(), Box::new(statement(yes)), Box::new(statement(no)))
        }
        Content::OneOf { text, why, values } => {
            let values = values.iter().map(statement).collect();
            Content::OneOf { text: text.clone(), why: why.clone(), values }
        }
        Content::Map { rest, .. } => Content::Map { members: elements(block), rest: rest.clone() },
        other => other.clone(),
    };
    Datum { content, span: block.span, assumes: block.assumes.clone() }
}

/// The elements of a statement, each at the place of what it is made of.
fn elements(block: &Datum) -> Vec<Member> {
    let mut members = Vec::new();
    let mut put = |key: &str, name: &str, value: &dyn Fn(&Member) -> Datum| {
        if let Some(written) = member(block, name) {
            let value = value(written);
            let empty = match &value.content {
                Content::Absent => true,
                Content::List(items) => items.is_empty(),
                Content::Text { text, .. } => name == "sid" && text.literal() == Some(""),
                _ => false,
            };
            if !empty {
                members.push(Member { key: key.into(), span: written.span, value });
            }
        }
    };
    let as_is = |written: &Member| written.value.clone();
    let texts = |written: &Member| variables(&written.value);
    put("Sid", "sid", &as_is);
    put("Action", "actions", &as_is);
    put("NotAction", "not_actions", &as_is);
    put("Resource", "resources", &texts);
    put("NotResource", "not_resources", &texts);
    put("Principal", "principals", &|written| sided(written, &principals));
    put("NotPrincipal", "not_principals", &|written| sided(written, &principals));
    put("Condition", "condition", &|written| sided(written, &conditions));
    let effect = member(block, "effect");
    let (span, value) = effect.map_or((block.span, None), |member| (member.span, Some(&member.value)));
    let allow = Datum::text("Allow", value.map_or(block.span, |value| value.span));
    let effect = lift(&[value.cloned().unwrap_or_else(|| allow.clone())], span, Reach::Top, &|effect| match effect {
        [effect] if effect.content != Content::Absent => effect.clone(),
        _ => allow.clone(),
    });
    members.insert(0, Member { key: "Effect".into(), span, value: effect });
    members
}

/// What blocks of one kind make, on each side of what they hang on.
fn sided(written: &Member, make: &dyn Fn(&[Datum], Span) -> Datum) -> Datum {
    lift(std::slice::from_ref(&written.value), written.span, Reach::Lists, &|arguments| {
        let Some(list) = arguments.first() else { return Datum::new(Content::Absent, written.span) };
        match &list.content {
            Content::List(blocks) if blocks.is_empty() => Datum::new(Content::Absent, list.span),
            Content::List(blocks) => {
                let made = make(blocks, list.span);
                blocks.iter().fold(made, |made, block| made.assuming(&block.assumes))
            }
            Content::Map { .. } => make(arguments, list.span),
            _ => list.clone(),
        }
    })
}

/// A mapping that is filled piece by piece.
#[derive(Default)]
struct Filling {
    members: Vec<Member>,
    rest: Option<Why>,
}

impl Filling {
    /// Adds values below a key, behind those that stand there.
    fn add(&mut self, key: &Datum, values: Datum) {
        let text = key.as_text();
        let Some(literal) = text.literal() else {
            self.rest = self.rest.take().or_else(|| text.why());
            return;
        };
        match self.members.iter_mut().find(|member| &*member.key == literal) {
            Some(member) => {
                let both = [as_list(&member.value), as_list(&values)];
                member.value = functions::call("concat", &both, member.value.span).unwrap_or(values);
            }
            None => self.members.push(Member { key: literal.into(), span: key.span, value: values }),
        }
    }
}

/// A single value as a list of one.
fn as_list(datum: &Datum) -> Datum {
    match &datum.content {
        Content::Text { .. } => Datum::new(Content::List(vec![datum.clone()]), datum.span),
        _ => datum.clone(),
    }
}

/// An argument of a block; null where it is left out.
fn part(block: &Datum, name: &str) -> Datum {
    member(block, name).map_or_else(|| Datum::new(Content::Absent, block.span), |member| member.value.clone())
}

/// Why it is not known what a block says, where it is not.
fn hidden(block: &Datum) -> Option<Why> {
    match &block.content {
        Content::Map { rest, .. } => rest.clone(),
        Content::Absent => None,
        _ => Some(block.as_text().why().unwrap_or_else(|| {
            Why::new(WhyKind::Unsupported, "aws_iam_policy_document", "a block is expected here").at(block.span)
        })),
    }
}

fn principals(blocks: &[Datum], span: Span) -> Datum {
    let star = |datum: &Datum| datum.as_text().literal() == Some("*");
    let anyone = |block: &Datum| match (part(block, "type"), part(block, "identifiers").content) {
        (kind, Content::List(items)) if star(&kind) => {
            items.iter().find(|_| items.len() == 1).filter(|one| star(one)).cloned()
        }
        _ => None,
    };
    // Only this one form is written without its type.
    if let [block] = blocks
        && let Some(anyone) = anyone(block)
    {
        return anyone;
    }
    let mut filling = Filling::default();
    for block in blocks {
        filling.rest = filling.rest.take().or_else(|| hidden(block));
        if matches!(block.content, Content::Map { .. }) {
            filling.add(&part(block, "type"), variables(&part(block, "identifiers")));
        }
    }
    Datum::new(Content::Map { members: filling.members, rest: filling.rest }, span)
}

fn conditions(blocks: &[Datum], span: Span) -> Datum {
    let mut operators: Vec<(Datum, Filling)> = Vec::new();
    let mut rest: Option<Why> = None;
    for block in blocks {
        rest = rest.or_else(|| hidden(block));
        if !matches!(block.content, Content::Map { .. }) {
            continue;
        }
        let test = part(block, "test");
        let text = test.as_text();
        let Some(operator) = text.literal() else {
            rest = rest.or_else(|| text.why());
            continue;
        };
        if !operators.iter().any(|(known, _)| known.as_text().literal() == Some(operator)) {
            operators.push((test.clone(), Filling::default()));
        }
        if let Some((_, filling)) = operators.iter_mut().find(|(known, _)| known.as_text().literal() == Some(operator))
        {
            filling.add(&part(block, "variable"), variables(&part(block, "values")));
        }
    }
    let member = |(test, filling): (Datum, Filling)| {
        let value = Datum::new(Content::Map { members: filling.members, rest: filling.rest }, test.span);
        Member { key: test.as_text().literal().unwrap_or_default().into(), span: test.span, value }
    };
    Datum::new(Content::Map { members: operators.into_iter().map(member).collect(), rest }, span)
}

/// Values with `&{…}`, which stands for a variable of the policy language.
fn variables(datum: &Datum) -> Datum {
    let content = match &datum.content {
        Content::Text { text, plain } => Content::Text { text: with_variables(text), plain: *plain },
        // One value is written without a list around it.
        Content::List(items) if matches!(items.as_slice(), [Datum { content: Content::Text { .. }, .. }]) => {
            return items.first().map_or_else(|| datum.clone(), variables).assuming(&datum.assumes);
        }
        Content::List(items) => Content::List(items.iter().map(variables).collect()),
        Content::Either(condition, yes, no) => {
            Content::Either(condition.clone(), Box::new(variables(yes)), Box::new(variables(no)))
        }
        Content::OneOf { text, why, values } => Content::OneOf {
            text: with_variables(text),
            why: why.clone(),
            values: values.iter().map(variables).collect(),
        },
        other => other.clone(),
    };
    Datum { content, span: datum.span, assumes: datum.assumes.clone() }
}

fn with_variables(text: &Text) -> Text {
    let mut changed = Text::default();
    for piece in text.pieces() {
        changed.push(match piece {
            Piece::Literal(literal) => Piece::Literal(literal.replace("&{", "${").into()),
            hole => hole.clone(),
        });
    }
    changed
}

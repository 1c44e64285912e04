//! The names that expressions mention: what `Fn::Sub` interpolates, and which resources a mapping refers to.

use crate::syntax::{Kind, Node};

/// A part of a `Fn::Sub` string.
#[derive(Debug, PartialEq)]
pub(super) enum Part<'a> {
    /// Characters as they are.
    Literal(&'a str),
    /// `${Name}`.
    Name(&'a str),
}

/// Takes a `Fn::Sub` string apart. `${!x}` is the literal `${x}`; an unclosed `${` is literal too.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("${") {
        let Some((name, after)) = inside.split_once('}') else { break };
        parts.push(Part::Literal(before));
        match name.strip_prefix('!') {
            Some(literal) => parts.extend([Part::Literal("${"), Part::Literal(literal), Part::Literal("}")]),
            None => parts.push(Part::Name(name.trim())),
        }
        rest = after;
    }
    parts.push(Part::Literal(rest));
    parts.retain(|part| *part != Part::Literal(""));
    parts
}

/// The pieces of a `Fn::GetAtt` argument: `A.B.C` or `[A, B.C]`, where the attribute may not be known.
pub(super) fn attribute(argument: &Node) -> Option<(&str, Option<&str>)> {
    match &argument.kind {
        Kind::Scalar { text, .. } => Some(match text.split_once('.') {
            Some((id, attribute)) => (id, Some(attribute)),
            None => (text, None),
        }),
        Kind::List(items) => match items.as_slice() {
            [id, attribute] => Some((id.text()?, attribute.text())),
            _ => None,
        },
        Kind::Map(_) => None,
    }
}

/// Calls `add` with every name that `Ref`, `Fn::GetAtt` and `Fn::Sub` mention below a node.
pub(super) fn references(node: &Node, add: &mut dyn FnMut(&str)) {
    match &node.kind {
        Kind::Scalar { .. } => {}
        Kind::List(items) => items.iter().for_each(|item| references(item, add)),
        Kind::Map(entries) => {
            if let [(key, argument)] = entries.as_slice() {
                // A name that is put together of the values of loops is known once those are.
                let made = |node: &Node, add: &mut dyn FnMut(&str)| {
                    node.get("Fn::Sub").and_then(Node::text).into_iter().for_each(add);
                };
                match &*key.text {
                    "Ref" => match argument.text() {
                        Some(name) => add(name),
                        None => made(argument, add),
                    },
                    "Fn::GetAtt" => match attribute(argument) {
                        Some((id, _)) => add(id),
                        None => argument.items().iter().take(1).for_each(|id| made(id, add)),
                    },
                    "Fn::Sub" => {
                        let template = argument.text().or_else(|| argument.items().first().and_then(Node::text));
                        for part in template.map(parts).unwrap_or_default() {
                            if let Part::Name(name) = part {
                                add(name.split('.').next().unwrap_or(name));
                            }
                        }
                    }
                    _ => {}
                }
            }
            entries.iter().for_each(|(_, value)| references(value, add));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sub_strings_come_apart() {
        use Part::{Literal, Name};
        assert_eq!(parts("a${B}c${D.E}"), [Literal("a"), Name("B"), Literal("c"), Name("D.E")]);
        assert_eq!(parts("${!x}"), [Literal("${"), Literal("x"), Literal("}")]);
        assert_eq!(parts("${open"), [Literal("${open")]);
        assert_eq!(parts(""), []);
    }
}

//! Policy documents that are written as JSON in a string: read as the mappings that they are.

use super::eval::Eval;
use super::foreach::Env;
use crate::read::{Content, Datum, embedded};
use crate::syntax::{Kind, Node};

impl Eval<'_> {
    /// The document that a property's value is. What is no JSON object stays as it is.
    pub(super) fn document(&self, frame: usize, node: &Node, value: Datum, env: &Env) -> Datum {
        let call = match node.entries() {
            [(key, argument)] => Some((&*key.text, argument)),
            _ => None,
        };
        match (&value.content, call) {
            // What is turned into JSON is read before that is done to it.
            (_, Some(("Fn::ToJsonString", argument))) => {
                Datum { span: value.span, ..self.datum(frame, argument, value.span, env) }.assuming(&value.assumes)
            }
            (Content::Either(condition, yes, no), Some(("Fn::If", choice))) => {
                let [_, first, second] = choice.items() else { return value };
                let side = |datum: &Datum, node: &Node| Box::new(self.document(frame, node, datum.clone(), env));
                Datum { content: Content::Either(condition.clone(), side(yes, first), side(no, second)), ..value }
            }
            (Content::Text { text, .. }, _) => {
                let source = written(node).and_then(|scalar| {
                    let text = &self.stack.frames.get(frame)?.template.text;
                    Some((text.get(scalar.span.range())?, scalar.span.start as usize))
                });
                match embedded::document(text, value.span, source) {
                    Some(datum) => datum.assuming(&value.assumes),
                    None => value,
                }
            }
            _ => value,
        }
    }
}

/// The scalar that a text was written as, where it is one.
fn written(node: &Node) -> Option<&Node> {
    match (&node.kind, node.entries()) {
        (Kind::Scalar { .. }, _) => Some(node),
        (_, [(key, argument)]) if &*key.text == "Fn::Sub" => match &argument.kind {
            Kind::Scalar { .. } => Some(argument),
            _ => argument.items().first(),
        },
        _ => None,
    }
}

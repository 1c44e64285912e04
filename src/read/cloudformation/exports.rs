//! What stacks export to one another. Which of two exports of one name is meant is not settled here.

use super::eval::Eval;
use super::stack::Stack;
use crate::read::tri::Defaults;
use crate::read::{Datum, World};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the stacks of a run export, by name. Two exports of one name are kept both: the name is then ambiguous.
#[derive(Debug, Default)]
pub struct Exports {
    by_name: BTreeMap<Arc<str>, Vec<Datum>>,
}

impl Exports {
    /// What the stacks of a run export.
    pub(super) fn of(stacks: &[Stack]) -> Exports {
        let mut exports = Exports::default();
        stacks.iter().for_each(|stack| exports.add(stack));
        exports
    }

    fn add(&mut self, stack: &Stack) {
        let world = World::default();
        let eval = Eval::new(stack, &world, Defaults::Count);
        for (frame, this) in stack.frames.iter().enumerate() {
            for (output, env) in this.template.outputs.values() {
                let (Some(name), Some(value)) = (output.get("Export").and_then(|e| e.get("Name")), output.get("Value"))
                else {
                    continue;
                };
                let name = eval.datum(frame, name, name.span, env).as_text();
                if let Some(name) = name.literal() {
                    self.by_name.entry(name.into()).or_default().push(eval.datum(frame, value, value.span, env));
                }
            }
        }
    }

    /// The values that are exported under a name.
    pub(super) fn get(&self, name: &str) -> &[Datum] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

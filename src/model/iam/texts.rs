//! What a policy writes, wherever it stands in it.

use super::document::Shape;
use super::{Names, Policy, Statement};
use crate::value::{Piece, Text, Value};

impl Statement {
    /// The texts of its principals, resources and conditions.
    fn texts(&self) -> impl Iterator<Item = &Text> {
        let principals = [&self.principals.these, &self.principals.all_but];
        let principals = principals.into_iter().flat_map(Value::candidates).flatten().flat_map(|shape| match shape {
            Shape::Text(text) => text.candidates(),
            Shape::Kinds(kinds) => {
                let lists = kinds.candidates().into_iter().flatten().map(|(_, names)| names);
                lists.flat_map(Value::candidates).flatten().flat_map(Value::candidates).collect()
            }
        });
        let resources = [&self.resources.these, &self.resources.all_but].into_iter().flat_map(Value::candidates);
        let resources = resources.flatten().flatten().flat_map(Value::candidates);
        let values = self.tests().flat_map(|(_, test)| test.values.candidates()).flatten().flat_map(Value::candidates);
        principals.chain(resources).chain(values)
    }
}

impl Policy {
    /// Whether the policy writes a symbol somewhere: one piece of a text, references written out.
    pub fn writes(&self, symbol: &Piece, names: &Names) -> bool {
        let statements = self.statements.candidates().into_iter().flatten();
        statements.flat_map(Statement::texts).any(|text| names.resolve(text).pieces().contains(symbol))
    }

    /// Whether a condition of a statement asks for one of these keys.
    pub fn asks_for(&self, keys: &[&str]) -> bool {
        let statements = self.statements.candidates().into_iter().flatten();
        statements.flat_map(Statement::tests).any(|(_, test)| keys.iter().any(|key| test.is_of(key)))
    }
}

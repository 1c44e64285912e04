//! Values of a root module's variables: from the environment, `terraform.tfvars` and `*.auto.tfvars`, `--var-file`, `--var`;
//! the later ones count more (Terraform language, "Variable definition precedence").

use super::folder::{Given, Values};
use super::module::Module;
use crate::source::FileId;
use crate::syntax::hcl::{Body, Expr, ExprKind, expression};
use crate::value::Of;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value as it was given.
#[derive(Debug)]
pub(super) enum Value {
    /// An expression.
    Expression(Expr),
    /// A text from the command line, for a variable that takes a text.
    Text(Arc<str>),
}

/// The values that are given to a root module, by variable, and where it is deployed.
#[derive(Debug, Default)]
pub(super) struct Variables {
    values: BTreeMap<Arc<str>, Value>,
    home: Given,
}

impl Variables {
    pub(super) fn new(module: &Module, own: &[(FileId, Body)], values: &Values) -> Variables {
        let mut given = Variables { home: values.home.clone(), ..Variables::default() };
        given.add_texts(module, &values.environment);
        for (_, body) in own.iter().chain(&values.files) {
            for attribute in &body.attributes {
                let name = Arc::from(&*attribute.name.text);
                given.values.insert(name, Value::Expression(attribute.value.clone()));
            }
        }
        given.add_texts(module, &values.flags);
        given
    }

    fn add_texts(&mut self, module: &Module, texts: &BTreeMap<String, String>) {
        for (name, text) in texts {
            let Some(variable) = module.variables.get(name.as_str()) else { continue };
            let takes_text = match variable.kind.as_ref().map(|kind| &kind.kind) {
                None => true,
                Some(ExprKind::Variable(kind)) => matches!(&**kind, "string" | "any"),
                Some(_) => false,
            };
            let parsed = if takes_text { None } else { expression(FileId(u32::MAX), text, 0).ok() };
            let value = parsed.map_or_else(|| Value::Text(text.as_str().into()), Value::Expression);
            self.values.insert(name.as_str().into(), value);
        }
    }

    /// The account, partition or Region that is given.
    pub(super) fn pseudo(&self, of: &Of) -> Option<&str> {
        match of {
            Of::Account => self.home.account.as_deref(),
            Of::Region => self.home.region.as_deref(),
            Of::Partition => self.home.partition.as_deref(),
            _ => None,
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }
}

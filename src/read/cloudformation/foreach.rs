//! `Fn::ForEach` (transform `AWS::LanguageExtensions`): loops written out before anything is evaluated.
//!
//! A loop whose list cannot be known keeps its body out: what it makes is not there to be judged.

use super::template::Parameter;
use crate::syntax::{Key, Kind, Node};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The values of the loop variables around a node, innermost last.
pub(super) type Env = Arc<[(Arc<str>, Arc<str>)]>;

/// Most entries that the loops of one section may make; CloudFormation takes 500 resources in a template.
const MAX_ENTRIES: usize = 2_000;

/// Puts loop values in place of `${Var}` and `&{Var}`; the latter keeps only letters and digits.
pub(super) fn substitute(text: &str, env: &[(Arc<str>, Arc<str>)]) -> String {
    let mut text = text.to_owned();
    for (name, value) in env {
        let alphanumeric: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
        text = text.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), &alphanumeric);
    }
    text
}

/// What loops may go over.
pub(super) struct Lists {
    defaults: BTreeMap<Arc<str>, Arc<str>>,
    mappings: Option<Node>,
}

impl Lists {
    pub(super) fn new(parameters: &BTreeMap<Arc<str>, Parameter>, mappings: Option<Node>) -> Self {
        let default =
            |(name, parameter): (&Arc<str>, &Parameter)| Some((name.clone(), parameter.default.as_ref()?.0.clone()));
        Lists { defaults: parameters.iter().filter_map(default).collect(), mappings }
    }

    /// The entries of a section with every loop written out.
    pub(super) fn expand(&self, section: Node) -> Vec<(Key, Node, Env)> {
        let mut entries = Vec::new();
        if let Kind::Map(written) = section.kind {
            self.collect(written, &Env::from([]), &mut entries);
        }
        entries
    }

    fn collect(&self, written: Vec<(Key, Node)>, env: &Env, to: &mut Vec<(Key, Node, Env)>) {
        for (mut key, node) in written {
            match (key.text.starts_with("Fn::ForEach::"), node.items()) {
                (true, [variable, list, body]) => {
                    for value in self.values(list, env) {
                        if to.len() >= MAX_ENTRIES {
                            break;
                        }
                        let Some(name) = variable.text() else { continue };
                        let inner: Env = env.iter().cloned().chain([(Arc::from(name), value)]).collect();
                        self.collect(body.entries().to_vec(), &inner, to);
                    }
                }
                (true, _) => {}
                (false, _) => {
                    key.text = substitute(&key.text, env).into();
                    to.push((key, node, env.clone()));
                }
            }
        }
    }

    fn values(&self, list: &Node, env: &Env) -> Vec<Arc<str>> {
        let split = |text: &str| text.split(',').map(|item| Arc::from(item.trim())).collect();
        match (&list.kind, list.entries()) {
            (Kind::List(items), _) => items.iter().flat_map(|item| self.value(item, env)).collect(),
            (_, [(key, name)]) if &*key.text == "Ref" => {
                name.text().and_then(|name| self.defaults.get(name)).map(|text| split(text)).unwrap_or_default()
            }
            (_, [(key, path)]) if &*key.text == "Fn::FindInMap" => {
                let mut node = self.mappings.as_ref();
                for step in path.items() {
                    let step = step.text().map(|text| substitute(text, env));
                    node = step.and_then(|step| node.and_then(|node| node.get(&step)));
                }
                node.map(|found| found.items().iter().filter_map(Node::text).map(Arc::from).collect())
                    .unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    fn value(&self, item: &Node, env: &Env) -> Vec<Arc<str>> {
        match item.text() {
            Some(text) => vec![substitute(text, env).into()],
            None => self.values(item, env),
        }
    }
}

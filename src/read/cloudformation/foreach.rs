//! `Fn::ForEach` (transform `AWS::LanguageExtensions`): loops written out before anything is evaluated.
//!
//! A loop whose list cannot be known is written out once, with a hole for its value: what it makes is judged, and what
//! hangs on the value is unknown.

use crate::source::Span;
use crate::syntax::{Key, Kind, Node};
use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

/// The values of the loop variables around a node, innermost last.
pub(super) type Env = Arc<[(Arc<str>, Arc<str>)]>;

/// Most entries that the loops of one section may make; CloudFormation takes 500 resources in a template.
pub const MAX_ENTRIES: usize = 2_000;

/// Most turns that the loops of one template may take together.
const MAX_TURNS: usize = 100_000;

/// Puts loop values in place of `${Var}` and `&{Var}`; the latter keeps only letters and digits.
pub(super) fn substitute<'t>(text: &'t str, env: &[(Arc<str>, Arc<str>)]) -> Cow<'t, str> {
    if env.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut text = text.to_owned();
    for (name, value) in env {
        let alphanumeric: String = match each_of(value) {
            Some(_) => value.to_string(),
            None => value.chars().filter(char::is_ascii_alphanumeric).collect(),
        };
        text = text.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), &alphanumeric);
    }
    Cow::Owned(text)
}

/// The value of a loop over a list that is not known: a hole, spelled so that ids made with it can be read. No name that
/// CloudFormation takes has brackets.
fn any_of(list: &str) -> Arc<str> {
    format!("${{{list}[*]}}").into()
}

/// The list of which a text is any element.
fn each_of(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix("[*]}")
}

/// Takes a text apart at the values of loops that are not known: literals, and what the hole between them is called.
pub(super) fn holes(mut text: &str) -> Vec<(&str, Option<&str>)> {
    let mut parts = Vec::new();
    while let Some(end) = text.find("[*]}") {
        let start = text.get(..end).and_then(|before| before.rfind("${"));
        let Some(start) = start.filter(|start| text.get(*start..end).is_some_and(|name| !name.contains('}'))) else {
            break;
        };
        let (Some(before), Some(name)) = (text.get(..start), text.get(start + 2..end + 3)) else { break };
        parts.push((before, Some(name)));
        text = text.get(end + 4..).unwrap_or_default();
    }
    parts.push((text, None));
    parts
}

/// What loops may go over.
pub(super) struct Lists<'a> {
    values: &'a dyn Fn(&str) -> Option<Vec<Arc<str>>>,
    mappings: Option<Node>,
    cut: Cell<Option<Span>>,
    turns: Cell<usize>,
}

impl<'a> Lists<'a> {
    /// `values` says what a parameter is; none where that is not known.
    pub(super) fn new(values: &'a dyn Fn(&str) -> Option<Vec<Arc<str>>>, mappings: Option<Node>) -> Self {
        Lists { values, mappings, cut: Cell::new(None), turns: Cell::new(0) }
    }

    /// The first loop that was not written out to its end.
    pub(super) fn cut(&self) -> Option<Span> {
        self.cut.get()
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
                        // Loops in loops may turn without making anything.
                        self.turns.set(self.turns.get() + 1);
                        if to.len() >= MAX_ENTRIES || self.turns.get() > MAX_TURNS {
                            self.cut.set(self.cut.get().or(Some(key.span)));
                            break;
                        }
                        let Some(name) = variable.text() else { continue };
                        let inner: Env = env.iter().cloned().chain([(Arc::from(name), value)]).collect();
                        self.collect(body.entries().to_vec(), &inner, to);
                    }
                }
                (true, _) => {}
                (false, _) => {
                    if let Cow::Owned(text) = substitute(&key.text, env) {
                        key.text = text.into();
                    }
                    to.push((key, node, env.clone()));
                }
            }
        }
    }

    fn values(&self, list: &Node, env: &Env) -> Vec<Arc<str>> {
        match (&list.kind, list.entries()) {
            (Kind::Scalar { text, .. }, _) => vec![substitute(text, env).into()],
            (Kind::List(items), _) => items.iter().flat_map(|item| self.values(item, env)).collect(),
            (_, [(key, name)]) if &*key.text == "Ref" => self.named(name.text().unwrap_or_default(), env),
            (_, [(key, path)]) if &*key.text == "Fn::FindInMap" => self.mapped(path.items(), env),
            (_, entries) => entries.first().map(|(key, _)| any_of(&key.text)).into_iter().collect(),
        }
    }

    fn named(&self, name: &str, env: &Env) -> Vec<Arc<str>> {
        if let Some((_, value)) = env.iter().rev().find(|(variable, _)| &**variable == name) {
            return vec![value.clone()];
        }
        match name {
            "AWS::NoValue" => Vec::new(),
            _ => (self.values)(name).unwrap_or_else(|| vec![any_of(name)]),
        }
    }

    fn mapped(&self, path: &[Node], env: &Env) -> Vec<Arc<str>> {
        let mut node = self.mappings.as_ref();
        for step in path.iter().take(3) {
            let name = self.values(step, env);
            let [name] = name.as_slice() else { return vec![any_of("Fn::FindInMap")] };
            if each_of(name).is_some() {
                return vec![name.clone()];
            }
            node = node.and_then(|node| node.get(name));
        }
        let default = || path.get(3).and_then(|options| options.get("DefaultValue"));
        node.or_else(default).map_or_else(|| vec![any_of("Fn::FindInMap")], |found| self.values(found, env))
    }
}

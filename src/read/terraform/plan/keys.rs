//! Instances and their keys: which of them a plan lists.

use super::{Known, Plan};
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

/// Which of several instances one is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Of `count`.
    Number(u64),
    /// Of `for_each`.
    Text(Arc<str>),
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Key::Number(number) => write!(f, "[{number}]"),
            Key::Text(text) => write!(f, "[\"{}\"]", text.replace('\\', "\\\\").replace('"', "\\\"")),
        }
    }
}

impl Plan {
    /// The instances of a resource that are there after the plan: `address` has the module, and no key.
    pub fn instances(&self, address: &str) -> Vec<&Known> {
        let keyed = format!("{address}[");
        let several = self.resources.range::<str, _>(from(&keyed)).take_while(|(known, _)| known.starts_with(&keyed));
        let all = self.resources.get(address).into_iter().chain(several.map(|(_, known)| known));
        all.filter(|known| known.after.is_some()).collect()
    }

    /// The keys of the instances of a module call (`module.a.module.b`) in which resources are; none for a single one.
    /// A module without resources is not listed, so that an empty answer says nothing.
    pub fn module_keys(&self, address: &str) -> BTreeSet<Option<Key>> {
        let inner = format!("{address}.");
        let single = self.modules.contains(address)
            || self.modules.range::<str, _>(from(&inner)).next().is_some_and(|known| known.starts_with(&inner));
        let keyed = format!("{address}[");
        let several = self.modules.range::<str, _>(from(&keyed)).take_while(|known| known.starts_with(&keyed));
        let keys = several.filter_map(|known| first_key(known.get(keyed.len()..)?));
        single.then_some(None).into_iter().chain(keys.map(Some)).collect()
    }
}

/// Everything from a text on.
fn from(text: &str) -> (Bound<&str>, Bound<&str>) {
    (Bound::Included(text), Bound::Unbounded)
}

/// The key that a text begins with, behind its opening bracket.
fn first_key(text: &str) -> Option<Key> {
    if !text.starts_with('"') {
        return text.get(..text.find(']')?)?.parse().ok().map(Key::Number);
    }
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    serde_json::from_str::<String>(text.get(..end + 2)?).ok().map(|key| Key::Text(key.into()))
}

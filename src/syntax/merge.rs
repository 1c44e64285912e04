//! Merge keys: `<<: *defaults` copies the entries of another mapping into this one.
//!
//! A YAML 1.1 habit that the 1.2 language dropped and its readers kept. A key of the mapping itself wins over a merged
//! one, and an earlier mapping of a list wins over a later one.

use std::collections::HashSet;

use super::{Key, Kind, Node, SyntaxError};

/// The key that merges, where it is not in quotes.
pub(super) const MERGE: &str = "<<";

/// Puts the merged entries where the merge key stands.
pub(super) fn resolve(entries: Vec<(Key, Node)>) -> Result<Vec<(Key, Node)>, SyntaxError> {
    let mut seen: HashSet<Box<str>> = entries.iter().map(|(key, _)| key.text.clone()).collect();
    let mut merged = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        if &*key.text != MERGE {
            merged.push((key, value));
            continue;
        }
        for map in maps(&key, value)? {
            merged.extend(map.into_iter().filter(|(name, _)| seen.insert(name.text.clone())));
        }
    }
    Ok(merged)
}

/// The mappings that a merge key names, in the order in which they win.
fn maps(key: &Key, value: Node) -> Result<Vec<Vec<(Key, Node)>>, SyntaxError> {
    let refuse = || SyntaxError::new("`<<` takes a mapping or a list of mappings", key.span);
    match value {
        Node { tag: None, kind: Kind::Map(entries), .. } => Ok(vec![entries]),
        Node { tag: None, kind: Kind::List(items), .. } => items
            .into_iter()
            .map(|item| match item {
                Node { tag: None, kind: Kind::Map(entries), .. } => Ok(entries),
                _ => Err(refuse()),
            })
            .collect(),
        _ => Err(refuse()),
    }
}

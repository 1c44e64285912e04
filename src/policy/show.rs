//! What is in force, and where each value comes from.

use super::config::json;
use super::table::{KEYS, Key, Shape};
use crate::source::{FileId, SourceFile};
use crate::syntax::{self, Node};

/// A file: its name and its text.
type Given = Option<(String, String)>;

/// A line for each key: its value, and where that is written. What a central team demands stands beside what the repository says.
pub fn shown(file: Given, policy: Given) -> String {
    let parsed = [file, policy].map(|given| {
        let (name, text) = given?;
        let root = syntax::yaml::parse(FileId(0), &text).ok()?;
        Some((SourceFile::new(name, text), root))
    });
    let mut rows: Vec<[String; 3]> = Vec::new();
    leaves(KEYS, &mut Vec::new(), &mut |path, key| {
        let mut is_written = false;
        for (file, root) in parsed.iter().flatten() {
            let found = path.iter().try_fold(root, |node, name| node.get(name)).filter(|node| !node.is_null());
            for (name, node) in found.into_iter().flat_map(|node| values(path, key, node)) {
                is_written = true;
                let position = file.position(node.span.start);
                rows.push([
                    name,
                    json(node).to_string(),
                    format!("{}:{}:{}", file.name, position.line, position.column),
                ]);
            }
        }
        if !is_written && !key.default.is_empty() {
            rows.push([path.join("."), key.default.to_owned(), "default".to_owned()]);
        }
    });
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|it| it.chars().count()).max();
    let (names, values) = (width(0).unwrap_or(0), width(1).unwrap_or(0).min(60));
    let line = |[name, value, place]: &[String; 3]| {
        let text = format!("{name:names$}  {value:values$}  {place}");
        crate::report::escape::visible(&text) + "\n"
    };
    rows.iter().map(line).collect()
}

/// What a key holds, one by one where each has a place of its own.
fn values<'n>(path: &[&str], key: &Key, node: &'n Node) -> Vec<(String, &'n Node)> {
    let name = path.join(".");
    match key.shape {
        Shape::Allows | Shape::Checks | Shape::Texts | Shape::Words(_) if !node.items().is_empty() => {
            node.items().iter().map(|item| (name.clone(), item)).collect()
        }
        Shape::Accounts | Shape::Severities | Shape::Values => {
            node.entries().iter().map(|(id, value)| (format!("{name}.{}", id.text), value)).collect()
        }
        _ => vec![(name, node)],
    }
}

fn leaves<'k>(keys: &'k [Key], path: &mut Vec<&'k str>, tell: &mut impl FnMut(&[&str], &Key)) {
    for key in keys {
        path.push(key.name);
        match key.shape {
            Shape::Keys(inner) => inner_leaves(inner, path, tell),
            _ => tell(path, key),
        }
        path.pop();
    }
}

/// The keys of a key have no further ones.
fn inner_leaves<'k>(keys: &'k [Key], path: &mut Vec<&'k str>, tell: &mut impl FnMut(&[&str], &Key)) {
    for key in keys {
        path.push(key.name);
        tell(path, key);
        path.pop();
    }
}

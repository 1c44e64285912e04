//! The XML of S3 and of the query protocol, read by what is kept: only the paths know which element is a list.

use super::super::fields::{KEYS, Kept};
use roxmltree::{Document, Node};
use serde_json::{Map, Value};

/// Lists of S3 whose items stand side by side: the name of the list, and that of an item on the wire.
const FLAT: [(&str, &str); 2] = [("Rules", "Rule"), ("Tags", "Tag")];

/// Members that the wire calls otherwise than the API does.
const RENAMED: [(&str, &str); 2] = [("MFADelete", "MfaDelete"), ("Grants", "AccessControlList")];

/// What is kept of a document.
pub(super) fn read(kept: &Kept, document: &Document) -> Value {
    let root = top(document);
    let of_root = |kept: &Kept| root.has_tag_name_of(kept.name).then_some(root);
    let members = kept.below.iter().filter_map(|below| {
        // Some answers of S3 are the member itself.
        let value = match of_root(below) {
            Some(root) => one(below, root),
            None => member(below, root),
        };
        Some((below.name.to_owned(), value?))
    });
    Value::Object(members.collect())
}

/// What asks for the next page.
pub(super) fn next(document: &Document) -> Option<String> {
    let token = ["NextToken", "Marker", "ContinuationToken"].iter().find_map(|name| child(top(document), name))?;
    token.text().map(str::to_owned)
}

/// The element that holds the members: below the answers of queries there is a result.
fn top<'d>(document: &'d Document<'d>) -> Node<'d, 'd> {
    let root = document.root_element();
    root.children().find(|node| node.tag_name().name().ends_with("Result")).unwrap_or(root)
}

trait Named {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl Named for Node<'_, '_> {
    /// Whether that is its name, in whatever namespace.
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

/// A member of an element, or of a map's entries.
fn child<'d>(of: Node<'d, 'd>, name: &str) -> Option<Node<'d, 'd>> {
    let wire = RENAMED.iter().find(|(api, _)| *api == name).map_or(name, |(_, wire)| wire);
    of.children().find(|node| node.has_tag_name_of(wire)).or_else(|| {
        let mut entries = of.children().filter(|node| node.has_tag_name_of("entry"));
        let entry = entries.find(|entry| child_text(*entry, "key") == Some(name))?;
        entry.children().find(|node| node.has_tag_name_of("value"))
    })
}

fn child_text<'d>(of: Node<'d, 'd>, name: &str) -> Option<&'d str> {
    of.children().find(|node| node.has_tag_name_of(name))?.text()
}

fn member(kept: &Kept, of: Node) -> Option<Value> {
    if kept.list {
        let items = |node: &Node| node.is_element();
        let flat = FLAT.iter().find(|(list, _)| *list == kept.name).filter(|_| child(of, kept.name).is_none());
        let list: Vec<Value> = match flat {
            Some((_, item)) => {
                of.children().filter(|node| node.has_tag_name_of(item)).filter_map(|node| one(kept, node)).collect()
            }
            None => child(of, kept.name)?.children().filter(items).filter_map(|node| one(kept, node)).collect(),
        };
        let list: Vec<Value> = list.into_iter().filter(|item| kept.counts(item)).collect();
        return (flat.is_none() || !list.is_empty()).then(|| list.into());
    }
    match child(of, kept.name) {
        Some(node) => one(kept, node).or_else(|| Some("".into())),
        // The type of a grantee is an attribute.
        None if kept.name == "Type" => {
            of.attributes().find(|attribute| attribute.name() == "type").map(|it| it.value().into())
        }
        None => None,
    }
}

/// What is kept of one element; none where it is an empty leaf, or a tag of which nothing is kept.
fn one(kept: &Kept, node: Node) -> Option<Value> {
    if kept.below.is_empty() {
        return node.text().map(|text| kept.text(text));
    }
    let key = KEYS.iter().find_map(|key| child_text(node, key));
    kept.kept(key).next()?;
    let members = kept.kept(key).filter_map(|below| Some((below.name.to_owned(), member(below, node)?)));
    Some(Value::Object(members.collect::<Map<_, _>>()))
}

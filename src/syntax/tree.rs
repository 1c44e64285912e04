//! Builds the tree from what the two parsers report, one piece after another, with the checks that both need.
//!
//! The open collections lie on a stack of our own, so that hostile nesting meets a limit and never the end of the
//! program's stack.

use std::collections::HashMap;

use super::{Key, Kind, MAX_DEPTH, Node, SyntaxError, Tag};
use crate::source::{FileId, Span};

/// Up to this many keys are compared with one another; hashing costs more for the small maps that templates hold.
const SMALL: usize = 12;

/// Keys longer than this are shortened in messages.
const SHOWN: usize = 60;

/// The tree so far.
pub(super) struct Tree {
    file: FileId,
    stack: Vec<Open>,
    /// The items and entries of all that is open, the innermost last: each collection is allocated once, at its size.
    items: Vec<Node>,
    entries: Vec<(Key, Node)>,
    /// The finished document.
    pub(super) root: Option<Node>,
}

/// A collection that has not ended yet.
pub(super) struct Open {
    /// Its first byte, that of its tag where it has one.
    pub(super) start: usize,
    /// One past the last byte of what it holds so far.
    pub(super) end: usize,
    pub(super) tag: Option<Box<Tag>>,
    /// The anchor that names it, 0 for none.
    pub(super) anchor: usize,
    body: Body,
}

/// A collection's content so far: where it begins among the open items or entries.
enum Body {
    List(usize),
    Map { first: usize, key: Option<Key>, merge: bool },
}

/// What the innermost open collection takes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    /// Nothing is open: the document itself.
    Document,
    /// An item of a list.
    List,
    /// A key of a mapping.
    Key,
    /// The value of a key.
    Value,
}

impl Tree {
    pub(super) fn new(file: FileId) -> Self {
        Tree { file, stack: Vec::new(), items: Vec::new(), entries: Vec::new(), root: None }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start..end.max(start))
    }

    pub(super) fn depth(&self) -> usize {
        self.stack.len()
    }

    pub(super) fn inside(&self) -> Inside {
        match self.stack.last().map(|open| &open.body) {
            None => Inside::Document,
            Some(Body::List(_)) => Inside::List,
            Some(Body::Map { key: None, .. }) => Inside::Key,
            Some(Body::Map { key: Some(_), .. }) => Inside::Value,
        }
    }

    /// The first byte of the innermost open collection, for errors about its end.
    pub(super) fn innermost(&self) -> Option<usize> {
        self.stack.last().map(|open| open.start)
    }

    /// One past the last byte of the key that waits for its value.
    pub(super) fn key_end(&self) -> Option<usize> {
        match self.stack.last().map(|open| &open.body) {
            Some(Body::Map { key: Some(key), .. }) => Some(key.span.end as usize),
            _ => None,
        }
    }

    pub(super) fn open_list(
        &mut self,
        at: (usize, usize),
        tag: Option<Box<Tag>>,
        anchor: usize,
    ) -> Result<(), SyntaxError> {
        self.open(at, tag, anchor, Body::List(self.items.len()))
    }

    pub(super) fn open_map(
        &mut self,
        at: (usize, usize),
        tag: Option<Box<Tag>>,
        anchor: usize,
    ) -> Result<(), SyntaxError> {
        self.open(at, tag, anchor, Body::Map { first: self.entries.len(), key: None, merge: false })
    }

    fn open(
        &mut self,
        at: (usize, usize),
        tag: Option<Box<Tag>>,
        anchor: usize,
        body: Body,
    ) -> Result<(), SyntaxError> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(too_deep(self.span(at.0, at.1)));
        }
        self.stack.push(Open { start: at.0, end: at.1, tag, anchor, body });
        Ok(())
    }

    /// Takes the key of the next entry; `merge` says that it is YAML's merge key.
    pub(super) fn key(&mut self, text: Box<str>, span: Span, merge: bool) {
        if let Some(open) = self.stack.last_mut() {
            open.end = span.end as usize;
            if let Body::Map { key, merge: merges, .. } = &mut open.body {
                *key = Some(Key { text, span });
                *merges |= merge;
            }
        }
    }

    /// Adds a value that ends, as written, at `end`: an alias ends elsewhere than the value that it stands for.
    pub(super) fn put(&mut self, node: Node, end: usize) {
        let Some(open) = self.stack.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.end = open.end.max(end);
        match &mut open.body {
            Body::List(_) => self.items.push(node),
            Body::Map { key, .. } => self.entries.extend(key.take().map(|key| (key, node))),
        }
    }

    /// Ends the innermost collection, at `end` where a bracket closes it and else where its last value ends. Gives the
    /// node, its anchor and its end; the caller puts it into what is now the innermost.
    pub(super) fn close(&mut self, end: Option<usize>) -> Result<Option<(Node, usize, usize)>, SyntaxError> {
        let Some(open) = self.stack.pop() else { return Ok(None) };
        let end = end.unwrap_or(open.end);
        let kind = match open.body {
            Body::List(first) => Kind::List(self.items.drain(first.min(self.items.len())..).collect()),
            Body::Map { first, merge, .. } => {
                let entries: Vec<(Key, Node)> = self.entries.drain(first.min(self.entries.len())..).collect();
                unique(&entries)?;
                Kind::Map(if merge { super::merge::resolve(entries)? } else { entries })
            }
        };
        let node = Node { span: self.span(open.start, end), tag: open.tag, kind };
        Ok(Some((node, open.anchor, end)))
    }
}

/// The error for nesting beyond the limit, the same whoever notices it.
pub(super) fn too_deep(span: Span) -> SyntaxError {
    SyntaxError::new(format!("nested deeper than {MAX_DEPTH} levels"), span)
}

/// Refuses a key that is given twice: which of the two is meant differs from reader to reader.
fn unique(entries: &[(Key, Node)]) -> Result<(), SyntaxError> {
    let twice = |first: &Key, second: &Key| SyntaxError {
        message: format!("duplicate key `{}`", shown(&second.text)),
        span: second.span,
        related: Some((first.span, "first here")),
    };
    if entries.len() <= SMALL {
        for (n, (key, _)) in entries.iter().enumerate() {
            if let Some((first, _)) = entries.iter().take(n).find(|(first, _)| first.text == key.text) {
                return Err(twice(first, key));
            }
        }
        return Ok(());
    }
    let mut seen: HashMap<&str, &Key> = HashMap::with_capacity(entries.len());
    for (key, _) in entries {
        if let Some(first) = seen.insert(&key.text, key) {
            return Err(twice(first, key));
        }
    }
    Ok(())
}

/// A name from the file, short enough for a message.
pub(super) fn shown(name: &str) -> String {
    match name.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", name.get(..cut).unwrap_or(name)),
        None => name.to_owned(),
    }
}

//! YAML as CloudFormation uses it.
//!
//! granit-parser 2.1 cuts the text into events. Measured on 13.3 MB of templates, one thread, events dropped: 0.43 s,
//! and 0.50 s with comments; saphyr-parser 0.3.3, from which it descends, 0.35 s. saphyr's spans decide against it: a
//! quoted scalar ends after the comment behind it, tags have no place, offsets are in characters, comments are lost.
//! granit gives exact byte ranges in every style, the range of each tag, comments with theirs, and limits on nesting;
//! ten million bytes of `[`, `- `, `? ` or `{a: ` took linear time. serde_yaml is archived and has no positions.
//!
//! Aliases are expanded here, within a budget; what a tag means is the reader's business.

mod quoted;
mod scalar;
mod words;

use std::collections::HashMap;

use granit_parser::{Event, Parser, Span as Place, StructureStyle};

use super::merge::MERGE;
use super::tree::{Inside, Tree, shown, too_deep};
use super::{Kind, MAX_DEPTH, MAX_NODES, Node, SyntaxError, Tag};
use crate::source::{FileId, Span};

/// So many bytes of copied text weigh as much as a value, so that copies of a long text are bounded too.
const TEXT_PER_NODE: usize = 64;

/// The one document of a text; nothing but comments is a null. Further documents are an error: CloudFormation reads
/// one, and files with several belong to other tools.
pub fn parse(file: FileId, text: &str) -> Result<Node, SyntaxError> {
    parse_within(file, text, MAX_NODES)
}

/// The same, with a limit of values that aliases may expand to.
pub fn parse_within(file: FileId, text: &str, most: usize) -> Result<Node, SyntaxError> {
    let mut reader = Reader::new(file, text, most);
    let Err(error) = reader.read(text) else { return Ok(reader.root()) };
    let mut unindented = match &error {
        Refused::Unindented(at, _) => *at,
        Refused::For(_) => return Err(error.into()),
    };
    // Where that does not help, the first complaint is the one to tell.
    let mut joined = quoted::Joined::new(text);
    while joined.join(unindented) {
        let mut reader = Reader { joined: Some((&joined, text)), ..Reader::new(file, &joined.text, most) };
        match reader.read(&joined.text) {
            Ok(()) => return Ok(reader.root()),
            Err(Refused::Unindented(at, _)) => unindented = at,
            Err(Refused::For(_)) => break,
        }
    }
    Err(error.into())
}

/// Where the comments of a text stand, as far as it can be read.
pub fn comments(text: &str) -> Vec<std::ops::Range<usize>> {
    // A text holds no more of them than it has bytes.
    let options = granit_parser::options! {
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
        max_buffered_comment_events: text.len(),
    };
    let mut comments = Vec::new();
    for (event, place) in Parser::new_from_str_with_options(text, options).map_while(Result::ok) {
        if let (Event::Comment(..), Some(range)) = (event, place.byte_range()) {
            comments.push(range);
        }
    }
    comments
}

/// Why a text is not read.
enum Refused {
    /// A quoted text goes on at this byte, no further in than its key.
    Unindented(usize, SyntaxError),
    /// Anything else.
    For(SyntaxError),
}

impl From<Refused> for SyntaxError {
    fn from(refused: Refused) -> SyntaxError {
        match refused {
            Refused::Unindented(_, error) | Refused::For(error) => error,
        }
    }
}

fn empty(span: Span) -> Node {
    Node { span, tag: None, kind: Kind::Scalar { text: "".into(), plain: true } }
}

/// A value that aliases may copy.
struct Anchored {
    node: Node,
    weight: usize,
    height: usize,
}

struct Reader<'t> {
    text: &'t str,
    tree: Tree,
    anchors: HashMap<usize, Anchored>,
    /// Where the current document starts: its `---`, if it has one.
    document: Span,
    /// One past the last byte that belongs to an event so far.
    last: usize,
    /// How many values the document may still grow by.
    left: usize,
    /// How many values may still be kept for aliases: anchors inside anchors keep the inner ones twice.
    keep: usize,
    most: usize,
    /// What of the text had its lines joined, and the text as it is written.
    joined: Option<(&'t quoted::Joined, &'t str)>,
}

impl<'t> Reader<'t> {
    fn new(file: FileId, text: &'t str, most: usize) -> Self {
        let tree = Tree::new(file);
        let document = tree.span(0, 0);
        Reader { text, tree, anchors: HashMap::new(), document, last: 0, left: most, keep: most, most, joined: None }
    }

    fn read(&mut self, text: &str) -> Result<(), Refused> {
        let options = granit_parser::options! {
            emit_comments: false,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, place) = event.map_err(|error| {
                let explained = words::explain(&error, self.document.file, text);
                match (error.kind(), error.marker().byte_offset()) {
                    (granit_parser::ErrorKind::InvalidQuotedScalarIndent, Some(at)) => {
                        Refused::Unindented(at, explained)
                    }
                    _ => Refused::For(explained),
                }
            })?;
            self.event(event, &place).map_err(Refused::For)?;
        }
        Ok(())
    }

    fn root(self) -> Node {
        let nothing = empty(Span { start: 0, end: 0, ..self.document });
        self.tree.root.unwrap_or(nothing)
    }

    fn event(&mut self, event: Event<'_>, place: &Place) -> Result<(), SyntaxError> {
        let range = place.byte_range().unwrap_or(0..0);
        let (start, end) = (range.start, range.end);
        match event {
            Event::DocumentStart(explicit, _) => {
                // One without `---` is reported at its first token, which is still to come.
                self.document = self.tree.span(start, if explicit { end } else { start });
                self.last = if explicit { end } else { self.last };
            }
            Event::Scalar(text, style, anchor, tag) => {
                let tag = tag.map(|tag| scalar::tag(&tag, place, self.text, &self.tree));
                let found = scalar::Scalar { text, style, anchored: anchor != 0, start, end };
                self.scalar(found, anchor, tag)?;
            }
            Event::SequenceStart(style, anchor, tag) => {
                let tag = tag.map(|tag| scalar::tag(&tag, place, self.text, &self.tree));
                // A list that is not indented below its key is reported at its first item.
                let outside = style == StructureStyle::Block && self.tree.inside() == Inside::Value;
                let from = tag.as_ref().map_or(self.last, |tag| tag.end.max(self.last));
                let dash = outside.then(|| scalar::find(self.text, from, &['-'])).flatten();
                let (start, end) = dash.map_or((start, end), |dash| (dash, dash));
                let (start, tag) = self.before(start, end, tag)?;
                self.tree.open_list((start, end), tag, anchor)?;
            }
            Event::MappingStart(_, anchor, tag) => {
                let tag = tag.map(|tag| scalar::tag(&tag, place, self.text, &self.tree));
                let (start, tag) = self.before(start, end, tag)?;
                self.tree.open_map((start, end), tag, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let bracket = self.text.get(start..end).is_some_and(|end| matches!(end, "]" | "}"));
                self.last = if bracket { end } else { self.last };
                if let Some((node, anchor, end)) = self.tree.close(bracket.then_some(end))? {
                    self.put(node, anchor, end)?;
                }
            }
            Event::Alias(id) => self.alias(id, start, end)?,
            _ => {}
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        found: scalar::Scalar<'_>,
        anchor: usize,
        tag: Option<scalar::Tagged>,
    ) -> Result<(), SyntaxError> {
        let (start, end) = found.place(self.text, self.last, tag.as_ref(), self.tree.key_end());
        self.last = self.last.max(end).max(found.end);
        let span = self.tree.span(start, end);
        let plain = found.plain(tag.as_ref());
        let said = self.joined.and_then(|(joined, written)| joined.said(start..end, written));
        let text = said.unwrap_or_else(|| found.text());
        if self.tree.inside() == Inside::Key {
            let own = tag.and_then(|tag| tag.own);
            return self.key(text, plain, span, own, anchor);
        }
        let own = tag.and_then(|tag| tag.own);
        let nothing = own.is_none() && anchor == 0 && plain && text.is_empty();
        if !self.starts(nothing)? {
            return Ok(());
        }
        self.spend(1, span)?;
        self.put(Node { span, tag: own, kind: Kind::Scalar { text, plain } }, anchor, end)
    }

    fn key(
        &mut self,
        text: Box<str>,
        plain: bool,
        span: Span,
        tag: Option<Box<Tag>>,
        anchor: usize,
    ) -> Result<(), SyntaxError> {
        if let Some(tag) = tag {
            return Err(SyntaxError::new("a key cannot have a tag", tag.span));
        }
        if plain && text.is_empty() {
            return Err(SyntaxError::new("a key is missing before `:`", span));
        }
        if anchor != 0 {
            self.anchor(anchor, &Node { span, tag: None, kind: Kind::Scalar { text: text.clone(), plain } })?;
        }
        let merge = plain && &*text == MERGE;
        self.tree.key(text, span, merge);
        Ok(())
    }

    /// What every collection needs before it opens: its start and its tag.
    fn before(
        &mut self,
        start: usize,
        end: usize,
        tag: Option<scalar::Tagged>,
    ) -> Result<(usize, Option<Box<Tag>>), SyntaxError> {
        // Those without brackets take no room of their own, and may be reported further down than they start.
        self.last = if end > start { end } else { self.last };
        self.last = tag.as_ref().map_or(self.last, |tag| tag.end.max(self.last));
        let start = tag.as_ref().map_or(start, |tag| tag.start.min(start));
        let span = self.tree.span(start, end);
        if self.tree.inside() == Inside::Key {
            return Err(SyntaxError::new("a key must be text, not a list or a mapping", span));
        }
        self.starts(false)?;
        self.spend(1, span)?;
        Ok((start, tag.and_then(|tag| tag.own)))
    }

    /// Whether a value that comes now belongs to the document; an empty one beside another document does not.
    fn starts(&mut self, nothing: bool) -> Result<bool, SyntaxError> {
        if self.tree.inside() != Inside::Document {
            return Ok(true);
        }
        match &self.tree.root {
            Some(_) if nothing => Ok(false),
            Some(root) if !(root.tag.is_none() && root.text() == Some("") && root.is_null()) => {
                Err(SyntaxError::new("more than one document: split the file at this place", self.document))
            }
            _ => Ok(true),
        }
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Result<(), SyntaxError> {
        self.last = self.last.max(end);
        let span = self.tree.span(start, end);
        let Some(anchored) = self.anchors.get(&id) else {
            let name = shown(self.text.get(start..end).unwrap_or(""));
            return Err(SyntaxError::new(format!("alias `{name}` stands inside the value that it names"), span));
        };
        if self.tree.inside() == Inside::Key {
            let Some(text) = anchored.node.text() else {
                return Err(SyntaxError::new("a key must be text, not a list or a mapping", span));
            };
            let (text, weight) = (Box::from(text), anchored.weight);
            self.spend(weight, span)?;
            self.tree.key(text, span, false);
            return Ok(());
        }
        if self.tree.depth() + anchored.height > MAX_DEPTH {
            return Err(too_deep(span));
        }
        let weight = anchored.weight;
        self.spend(weight, span)?;
        if let Some(anchored) = self.anchors.get(&id) {
            self.tree.put(anchored.node.clone(), end);
        }
        Ok(())
    }

    fn put(&mut self, node: Node, anchor: usize, end: usize) -> Result<(), SyntaxError> {
        if anchor != 0 {
            self.anchor(anchor, &node)?;
        }
        self.tree.put(node, end);
        Ok(())
    }

    /// Keeps a copy of a value for its aliases.
    fn anchor(&mut self, id: usize, node: &Node) -> Result<(), SyntaxError> {
        let (weight, height) = measure(node);
        let Some(keep) = self.keep.checked_sub(weight) else {
            return Err(SyntaxError::new(format!("anchors here hold more than {} values", self.most), node.span));
        };
        self.keep = keep;
        self.anchors.insert(id, Anchored { node: node.clone(), weight, height });
        Ok(())
    }

    fn spend(&mut self, weight: usize, span: Span) -> Result<(), SyntaxError> {
        self.left = self.left.checked_sub(weight).ok_or_else(|| {
            SyntaxError::new(format!("the document expands to more than {} values here", self.most), span)
        })?;
        Ok(())
    }
}

/// The weight of a value, and the levels of collections in it. It recurses, no deeper than values may nest.
fn measure(node: &Node) -> (usize, usize) {
    let text = |text: &str| text.len() / TEXT_PER_NODE;
    let (mut weight, mut height) = (1, 0);
    let mut add = |value: &Node, key: usize| {
        let (inner, levels) = measure(value);
        weight += key + inner;
        height = height.max(levels);
    };
    match &node.kind {
        Kind::Scalar { text: value, .. } => return (1 + text(value), 0),
        Kind::List(items) => items.iter().for_each(|item| add(item, 0)),
        Kind::Map(entries) => entries.iter().for_each(|(key, value)| add(value, text(&key.text))),
    }
    (weight, height + 1)
}

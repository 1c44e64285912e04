//! Exceptions in code: comments, and metadata where comments cannot stand.
//!
//! A file without a mark costs the search for it. One with a mark is taken apart once more, for the places of its comments
//! and of what they stand beside.

use super::allow::{Allow, Scope};
use super::directive::{self, Directive};
use super::outline::{Item, Outline, end_of_line};
use super::peers::{self, Foreign};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::{Kind, Node};
use memchr::memmem::Finder;
use std::ops::Range;
use std::sync::LazyLock;

/// Most exceptions that are read of one file.
const MAX_ALLOWS: usize = 1_000;

/// The key of our metadata.
const METADATA: &str = "trailproof";

/// The exceptions of a file, and the place from which on there are more than are read.
pub(super) fn allows(id: FileId, file: &SourceFile) -> (Vec<Allow>, Option<Span>) {
    static OURS: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(METADATA));
    static THEIRS: LazyLock<[Finder<'static>; 5]> = LazyLock::new(|| peers::MARKS.map(Finder::new));
    let holds = |mark: &Finder| mark.find(file.text.as_bytes()).is_some();
    let (ours, theirs) = (holds(&OURS), THEIRS.iter().any(holds));
    if !ours && !theirs {
        return (Vec::new(), None);
    }
    let outline = Outline::of(file);
    let mut reader = Reader { id, text: &file.text, outline: &outline, allows: Vec::new() };
    for comment in &outline.comments {
        reader.comment(comment);
    }
    if let Some(root) = &outline.root {
        let whole = Span::new(id, 0..file.text.len());
        let is_terraform = [".tf.json", ".tofu.json"].iter().any(|ending| file.name.ends_with(ending));
        reader.tree(root, Scope::Document(whole), &mut Vec::new(), is_terraform);
    }
    let mut allows = reader.allows;
    if theirs {
        allows.extend(peers::read(file, &outline).into_iter().filter_map(|foreign| translated(id, foreign)));
    }
    let cut = allows.get(MAX_ALLOWS).map(|allow| allow.span);
    allows.truncate(MAX_ALLOWS);
    (allows, cut)
}

/// A suppression of another tool as an exception; none where it means no check of ours.
fn translated(id: FileId, foreign: Foreign) -> Option<Allow> {
    let (place, covers) = (Span::new(id, foreign.place), Span::new(id, foreign.covers));
    let scope = if foreign.is_for_document { Scope::Document(covers) } else { Scope::Place(covers) };
    let boxed = |text: Option<String>| text.map(String::into_boxed_str);
    let allow = Allow {
        reason: boxed(foreign.reason),
        until: boxed(foreign.until),
        foreign: Some(foreign.checks),
        ..Allow::new(foreign.tool, &foreign.id, place, scope, String::new())
    };
    allow.foreign.as_ref().is_some_and(|checks| !checks.is_empty()).then_some(allow)
}

struct Reader<'t> {
    id: FileId,
    text: &'t str,
    outline: &'t Outline,
    allows: Vec<Allow>,
}

impl Reader<'_> {
    fn comment(&mut self, comment: &Range<usize>) {
        if self.allows.len() > MAX_ALLOWS {
            return;
        }
        let text = self.text.get(comment.clone()).unwrap_or_default();
        let directives = directive::read(text);
        if directives.is_empty() {
            return;
        }
        let beside = self.outline.beside(self.text, comment);
        for directive in &directives {
            self.add(directive, comment.start, beside, None);
        }
    }

    /// Adds what a directive allows, whose places begin at `start`.
    fn add(&mut self, directive: &Directive<'_>, start: usize, beside: Option<&Item>, scope: Option<&(Scope, String)>) {
        let span = |place: &Range<usize>| Span::new(self.id, start + place.start..start + place.end);
        let (scope, place, misplaced) = match (directive.is_for_file, scope, beside) {
            (true, ..) if start < self.outline.begin() => {
                let end = self.text.len();
                (Scope::Document(Span::new(self.id, 0..end)), String::new(), None)
            }
            (true, ..) => {
                let end = end_of_line(self.text, start);
                let why = "`allow-file` stands at the head of a file, before everything else".to_owned();
                (Scope::Nothing, String::new(), Some((why, Span::new(self.id, start..end.max(start)))))
            }
            (false, Some((scope, place)), _) => (scope.clone(), place.clone(), None),
            (false, None, Some(item)) => {
                (Scope::Place(Span::new(self.id, item.span.clone())), self.outline.path(item), None)
            }
            (false, None, None) => (Scope::Nothing, String::new(), None),
        };
        let malformed = directive.malformed.as_ref().map(|(why, place)| (why.clone(), span(place))).or(misplaced);
        let boxed = |text: Option<&str>| text.map(Box::from);
        let allow = |id: &str, place_of_id: Span| Allow {
            by: "comment",
            id: id.into(),
            span: place_of_id,
            scope: scope.clone(),
            place: place.clone(),
            part: boxed(directive.part),
            reason: boxed(directive.reason),
            until: boxed(directive.until),
            owner: boxed(directive.owner),
            kind: boxed(directive.kind),
            ticket: boxed(directive.ticket),
            malformed: malformed.clone(),
            foreign: None,
        };
        let mut all: Vec<Allow> = directive.checks.iter().map(|(id, place)| allow(id, span(place))).collect();
        // One that cannot be understood is told once.
        if let Some((_, place)) = &malformed {
            all = vec![allow(directive.checks.first().map_or("", |(id, _)| id), *place)];
        }
        self.allows.extend(all);
    }

    /// Finds metadata in a tree, and in Terraform's JSON the properties that are comments. It recurses, no deeper than trees
    /// nest.
    fn tree(&mut self, node: &Node, scope: Scope, path: &mut Vec<String>, is_terraform: bool) {
        if self.allows.len() > MAX_ALLOWS {
            return;
        }
        if let Some(ours) = node.get("Metadata").and_then(|metadata| metadata.get(METADATA)).filter(|_| !is_terraform) {
            self.metadata(ours, &(scope.clone(), path.join("/")));
        }
        match &node.kind {
            Kind::Map(entries) => {
                for (key, value) in entries {
                    if is_terraform && &*key.text == "//" {
                        self.property(value, &(scope.clone(), path.join("/")));
                        continue;
                    }
                    let end = value.span.range().end.max(key.span.range().end);
                    let start = key.span.range().start.min(value.span.range().start);
                    path.push(key.text.to_string());
                    self.tree(value, Scope::Place(Span::new(self.id, start..end)), path, is_terraform);
                    path.pop();
                }
            }
            Kind::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    path.push(number.to_string());
                    self.tree(item, Scope::Place(item.span), path, is_terraform);
                    path.pop();
                }
            }
            Kind::Scalar { .. } => {}
        }
    }

    /// A comment as a property of Terraform's JSON, or several.
    fn property(&mut self, node: &Node, scope: &(Scope, String)) {
        let texts = node.items().iter().chain(node.text().map(|_| node));
        for text in texts {
            // Behind the quote; what is escaped before an id would move it, and takes nothing from what it means.
            let start = text.span.range().start + 1;
            for directive in text.text().map(directive::read).unwrap_or_default() {
                self.add(&directive, start, None, Some(scope));
            }
        }
    }

    /// `Metadata.trailproof.allow`.
    fn metadata(&mut self, ours: &Node, scope: &(Scope, String)) {
        let mut told = |why: String, span: Span| {
            let allow = Allow {
                malformed: Some((why, span)),
                ..Allow::new("metadata", "", span, scope.0.clone(), scope.1.clone())
            };
            self.allows.push(allow);
        };
        if ours.entries().is_empty() {
            told("`trailproof` takes `allow`, a list of exceptions".to_owned(), ours.span);
        }
        let mut found = Vec::new();
        for (key, value) in ours.entries() {
            match (&*key.text, &value.kind) {
                ("allow", Kind::List(items)) => found.extend(items),
                ("allow", _) => told("`allow` takes a list of exceptions".to_owned(), value.span),
                (other, _) => told(format!("`{other}` is no key here: it takes `allow`"), key.span),
            }
        }
        for item in found {
            let allows = super::entry::allows(item, "metadata", &scope.0, &scope.1);
            self.allows.extend(allows);
        }
    }
}

//! What a file consists of, and where: the attributes, blocks, entries and elements that a comment can stand beside.
//!
//! Only files that hold a mark are looked at this way, so that all others cost no more than the search for it. This module
//! knows no AWS and no exceptions.

use crate::source::{FileId, SourceFile};
use crate::syntax::hcl::{self, Block, Body, Expr, ExprKind};
use crate::syntax::{self, Kind, Node};
use std::collections::BTreeMap;
use std::ops::Range;

/// A file taken apart.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Everything that has a place of its own, what holds something before what it holds.
    pub(super) items: Vec<Item>,
    /// Where comments stand.
    pub(super) comments: Vec<Range<usize>>,
    /// The tree, where it is YAML or JSON.
    pub(super) root: Option<Node>,
    /// The items by where they begin, the outermost first, and by where they end, the innermost last.
    begins: Vec<usize>,
    ends: Vec<usize>,
}

/// An attribute, a block, an entry or an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Item {
    pub(super) span: Range<usize>,
    /// What it is called inside what holds it: a name, which outlives moved lines, or a number where it has none.
    name: Box<str>,
    /// The item that holds it.
    holder: Option<usize>,
}

impl Item {
    fn new(span: Range<usize>, name: &str, holder: Option<usize>) -> Item {
        Item { span, name: name.into(), holder }
    }
}

impl Outline {
    /// Takes a file apart, whatever its language.
    pub(super) fn of(file: &SourceFile) -> Outline {
        let text = &*file.text;
        let mut outline = Outline::default();
        if is_hcl(&file.name) {
            outline.comments = hcl::comments(FileId(0), text);
            let (body, _) = hcl::parse(FileId(0), text);
            let mut reader = Hcl { text, comments: &outline.comments, items: Vec::new() };
            reader.body(&body, None);
            outline.items = reader.items;
        } else if text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
            outline.root = syntax::json::parse(FileId(0), text).or_else(|_| syntax::yaml::parse(FileId(0), text)).ok();
            outline.comments = syntax::yaml::comments(text);
        } else {
            outline.root = syntax::yaml::parse(FileId(0), text).ok();
            outline.comments = syntax::yaml::comments(text);
        }
        if let Some(root) = &outline.root {
            inside(root, None, &mut outline.items);
        }
        let place = |at: &usize| outline.items.get(*at).map_or(0..0, |item| item.span.clone());
        outline.begins = (0..outline.items.len()).collect();
        outline.begins.sort_by_key(|at| (place(at).start, std::cmp::Reverse(place(at).end)));
        outline.ends = (0..outline.items.len()).collect();
        outline.ends.sort_by_key(|at| (place(at).end, place(at).start));
        outline
    }

    /// The names that lead to an item.
    pub(super) fn path(&self, item: &Item) -> String {
        let holders = std::iter::successors(Some(item), |item| self.items.get(item.holder?));
        let mut names: Vec<&str> = holders.map(|item| &*item.name).collect();
        names.reverse();
        names.join("/")
    }

    /// What a comment stands beside: what begins in its line, else what ends there, else, where it stands alone, what begins
    /// in the first line below it that is none.
    pub(super) fn beside(&self, text: &str, comment: &Range<usize>) -> Option<&Item> {
        let (first, last) = (start_of_line(text, comment.start), end_of_line(text, comment.end));
        let before = text.get(first..comment.start).unwrap_or_default().trim();
        let after = text.get(comment.end..last).unwrap_or_default().trim();
        if before.is_empty() && after.is_empty() {
            let mut next = last + 1;
            // Comments in a row lead on to the same.
            while let Some(line) = text.get(next..end_of_line(text, next)) {
                let own = next + line.len() - line.trim_start().len();
                let known = self.comments.binary_search_by_key(&own, |comment| comment.start);
                match known.ok().and_then(|at| self.comments.get(at)) {
                    Some(comment) if text.get(comment.end..end_of_line(text, comment.end))?.trim().is_empty() => {
                        next = end_of_line(text, comment.end) + 1;
                    }
                    _ => break,
                }
            }
            return self.begins_in(next..end_of_line(text, next));
        }
        self.begins_in(first..last).or_else(|| {
            let before =
                self.ends.partition_point(|at| self.at(*at).is_some_and(|item| item.span.end <= comment.start));
            let last = self.at(*self.ends.get(before.checked_sub(1)?)?)?;
            (last.span.end >= first).then_some(last)
        })
    }

    /// The outermost item that a place is in.
    pub(super) fn block_around(&self, at: usize) -> Option<&Item> {
        let tops = self.begins.iter().filter_map(|place| self.at(*place)).filter(|item| item.holder.is_none());
        tops.into_iter().find(|item| item.span.contains(&at))
    }

    /// The resource of a template that a line is in, or the next one.
    pub(super) fn resource_at(&self, text: &str, at: usize) -> Option<&Item> {
        let is_section = |item: &Item| item.holder.is_none() && &*item.name == "Resources";
        let is_resource = |item: &&Item| item.holder.and_then(|holder| self.at(holder)).is_some_and(is_section);
        let line = start_of_line(text, at);
        let mut resources = self.begins.iter().filter_map(|place| self.at(*place)).filter(is_resource);
        resources.find(|item| line <= item.span.end)
    }

    fn at(&self, place: usize) -> Option<&Item> {
        self.items.get(place)
    }

    /// The outermost item that begins in a line.
    fn begins_in(&self, line: Range<usize>) -> Option<&Item> {
        let before = self.begins.partition_point(|at| self.at(*at).is_some_and(|item| item.span.start < line.start));
        let first = self.at(*self.begins.get(before)?)?;
        line.contains(&first.span.start).then_some(first)
    }

    /// Where the first item begins.
    pub(super) fn begin(&self) -> usize {
        let first = self.begins.first().and_then(|at| self.at(*at));
        first.map_or(usize::MAX, |item| item.span.start)
    }
}

pub(super) fn start_of_line(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1)
}

/// Whether a file of this name is HCL.
pub(super) fn is_hcl(name: &str) -> bool {
    [".tf", ".tofu"].iter().any(|ending| name.ends_with(ending))
}

pub(super) fn end_of_line(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |length| at + length)
}

/// The entries and elements of a tree. It recurses, no deeper than trees nest.
fn inside(node: &Node, holder: Option<usize>, items: &mut Vec<Item>) {
    match &node.kind {
        Kind::Map(entries) => {
            for (key, value) in entries {
                let (start, bare) = (key.span.range().start, key.span.range().end);
                // What an alias stands for is written elsewhere.
                let end = if value.span.range().start < start { bare } else { value.span.range().end.max(bare) };
                items.push(Item::new(start..end, &key.text, holder));
                inside(value, items.len().checked_sub(1), items);
            }
        }
        Kind::List(list) => {
            for (number, value) in list.iter().enumerate() {
                let named = ["Sid", "Id", "Name"].iter().find_map(|key| value.get(key)?.text());
                items.push(Item::new(value.span.range(), named.unwrap_or(&number.to_string()), holder));
                inside(value, items.len().checked_sub(1), items);
            }
        }
        Kind::Scalar { .. } => {}
    }
}

struct Hcl<'t> {
    text: &'t str,
    comments: &'t [Range<usize>],
    items: Vec<Item>,
}

impl Hcl<'_> {
    /// Adds what a body holds; one past the last byte of it.
    fn body(&mut self, body: &Body, holder: Option<usize>) -> usize {
        let mut end = 0;
        for attribute in &body.attributes {
            let (start, last) = (attribute.name.span.range().start, attribute.value.span.range().end);
            let item = self.add(start..last, &attribute.name.text, holder);
            self.expression(&attribute.value, item);
            end = end.max(last);
        }
        let mut counts = BTreeMap::<String, usize>::new();
        for block in &body.blocks {
            let mut name = block.kind.text.to_string();
            block.labels.iter().for_each(|label| name.push_str(&format!(".{}", label.text)));
            let count = counts.entry(name.clone()).or_default();
            *count += 1;
            let name = if *count == 1 { name } else { format!("{name}[{count}]") };
            end = end.max(self.block(block, &name, holder));
        }
        end
    }

    fn add(&mut self, span: Range<usize>, name: &str, holder: Option<usize>) -> Option<usize> {
        self.items.push(Item::new(span, name, holder));
        self.items.len().checked_sub(1)
    }

    fn block(&mut self, block: &Block, name: &str, holder: Option<usize>) -> usize {
        let start = block.kind.span.range().start;
        let item = self.add(start..start, name, holder);
        let head = block.labels.last().map_or(block.kind.span, |label| label.span).range().end;
        let open = self.find('{', head).unwrap_or(head);
        let last = self.body(&block.body, item).max(open);
        let end = self.find('}', last).unwrap_or(last);
        if let Some(item) = item.and_then(|item| self.items.get_mut(item)) {
            item.span.end = end;
        }
        end
    }

    /// One past the next such character that stands in no comment.
    fn find(&self, wanted: char, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            let next = at + self.text.get(at..)?.find(wanted)?;
            let first = self.comments.partition_point(|comment| comment.end <= next);
            match self.comments.get(first).filter(|comment| comment.contains(&next)) {
                Some(comment) => at = comment.end,
                None => return Some(next + wanted.len_utf8()),
            }
        }
    }

    /// The members and elements of an expression. It recurses, no deeper than expressions nest.
    fn expression(&mut self, expr: &Expr, holder: Option<usize>) {
        match &expr.kind {
            ExprKind::Map(members) => {
                for (key, value) in members {
                    let span = key.span.range().start..value.span.range().end;
                    let item = self.add(span, key.literal().unwrap_or("?"), holder);
                    self.expression(value, item);
                }
            }
            ExprKind::List(list) => {
                for (number, value) in list.iter().enumerate() {
                    let item = self.add(value.span.range(), named(value).unwrap_or(&number.to_string()), holder);
                    self.expression(value, item);
                }
            }
            ExprKind::Call { arguments, .. } => {
                arguments.iter().for_each(|argument| self.expression(argument, holder));
            }
            ExprKind::Conditional(_, yes, no) => {
                self.expression(yes, holder);
                self.expression(no, holder);
            }
            ExprKind::For(made) => self.expression(&made.value_made, holder),
            ExprKind::Attribute(of, _) | ExprKind::Index(of, _) => self.expression(of, holder),
            _ => {}
        }
    }
}

/// The name of an element, where it has one.
fn named(value: &Expr) -> Option<&str> {
    let ExprKind::Map(members) = &value.kind else { return None };
    members.iter().find(|(key, _)| key.literal() == Some("Sid")).and_then(|(_, value)| value.literal())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn beside(name: &str, text: &str) -> Vec<Option<String>> {
        let file = SourceFile::new(name, text);
        let outline = Outline::of(&file);
        outline.comments.iter().map(|comment| outline.beside(text, comment).map(|item| outline.path(item))).collect()
    }

    #[test]
    fn comments_stand_beside_what_they_are_about() {
        let text = "# a\n# b\nresource \"t\" \"n\" { # c\n  # d\n  x = 1 # e\n  # f\n\n  y = jsonencode({\n    \
                    # g\n    Statement = [{ Sid = \"S\" }] # h\n  }) # i\n  /* j */ z = 2\n  # k\n} # l\n# m\n";
        let block = Some("resource.t.n".to_owned());
        let at = |inner: &str| Some(format!("resource.t.n/{inner}"));
        let expected = vec![
            block.clone(),
            block.clone(),
            block.clone(),
            at("x"),
            at("x"),
            None,
            at("y/Statement"),
            at("y/Statement"),
            at("y"),
            at("z"),
            None,
            block,
            None,
        ];
        assert_eq!(beside("main.tf", text), expected);
    }

    #[test]
    fn so_they_do_in_yaml() {
        let text = "# a\nResources: # b\n  # c\n  T:\n    Type: A # d\n    P:\n      # e\n      - Sid: S\n        x: 1 # f\n  \
                    # g\n  U: {a: 1,\n      b: 2} # h\n";
        let at = |inner: &str| Some(format!("Resources{inner}"));
        let expected =
            vec![at(""), at(""), at("/T"), at("/T/Type"), at("/T/P/S"), at("/T/P/S/x"), at("/U"), at("/U/b")];
        assert_eq!(beside("t.yaml", text), expected);
    }

    #[test]
    fn blocks_end_at_their_brace() {
        let text = "a \"b\" {\n  # }\n  c = <<E\n}\nE\n  /* } */\n}\nd {}\n";
        let outline = Outline::of(&SourceFile::new("x.tf", text));
        let spans: Vec<&str> = outline.items.iter().map(|item| &text[item.span.clone()]).collect();
        assert_eq!(spans, ["a \"b\" {\n  # }\n  c = <<E\n}\nE\n  /* } */\n}", "c = <<E\n}\nE", "d {}"]);
    }
}

//! What a stack names and does not show: nested templates that are not among the files of the run, templates inside
//! resources, which are not opened, and macros that may add resources.

use super::eval::Eval;
use super::stack::Stack;
use super::template::{Resource, Template, is_macro};
use super::work::Named;
use crate::read::containers::{self, MODULE, container};
use crate::read::tri::{Defaults, Tri};
use crate::read::{Notice, NoticeKind, UnseenKind, World};
use crate::source::Span;
use crate::syntax::Node;
use crate::value::Condition;
use std::collections::BTreeSet;

/// A resource of a frame whose template is not followed.
#[derive(Debug)]
pub(super) struct Unfollowed {
    /// Its index in the template.
    pub(super) resource: usize,
    /// The address of the template as written, where it is.
    pub(super) address: Option<String>,
    /// Why it is not followed, where the address says which template is meant.
    pub(super) why: Option<&'static str>,
}

impl Stack {
    /// What it names and does not show, and what its bounds have cut off.
    pub(super) fn unseen(&self) -> Vec<Notice> {
        let world = World::default();
        let eval = Eval::new(self, &world, Defaults::Ignore);
        let mut notices = BTreeSet::new();
        for (frame, this) in self.frames.iter().enumerate() {
            notices.extend(this.template.macros().iter().map(|(span, name)| added(*span, name)));
            for unfollowed in &this.unfollowed {
                let Some(resource) = this.template.resources.get(unfollowed.resource) else { continue };
                let never = |condition: &Condition| eval.condition(condition) == Tri::known(false);
                if !self.conditions_of(frame, resource).iter().any(never) {
                    notices.insert(self.notice(&eval, frame, resource, unfollowed));
                }
            }
        }
        notices.extend(self.circular_conditions(&eval));
        notices.extend(self.cut.iter().map(|(span, message)| Notice {
            span: *span,
            message: message.clone(),
            kind: NoticeKind::Problem,
        }));
        notices.into_iter().collect()
    }

    /// The conditions that rest on themselves: CloudFormation refuses a template with such.
    fn circular_conditions(&self, eval: &Eval) -> Vec<Notice> {
        self.conditions().iter().for_each(|condition| {
            eval.condition(condition);
        });
        let told = |named: &Named| {
            let Named::Condition(condition) = named else { return None };
            let template = &self.frames.get(self.frame_of(condition.instance)?)?.template;
            let (node, _) = template.conditions.get(&condition.name)?;
            let message = named.rests_on_itself().text.to_string();
            Some(Notice { span: node.span, message, kind: NoticeKind::Problem })
        };
        eval.work.circles().iter().filter_map(told).collect()
    }

    fn notice(&self, eval: &Eval, frame: usize, resource: &Resource, unfollowed: &Unfollowed) -> Notice {
        let row = container(&resource.kind);
        let called = row.map_or("module", |row| row.called);
        let address = unfollowed.address.as_deref().filter(|address| !address.is_empty());
        let body = row.and_then(|row| resource.body.get("Properties")?.get(row.body?.0));
        let unseen = |what, message, may_hold_trail| {
            let name = address.unwrap_or(&resource.id).to_owned();
            Notice { span: resource.span, message, kind: NoticeKind::Unseen { what, name, may_hold_trail } }
        };
        match (body, unfollowed.why) {
            (Some(body), _) => {
                let body = eval.datum(frame, body, body.span, &resource.env);
                let message = containers::unopened(called, &resource.id, None);
                unseen(UnseenKind::Body, message, containers::may_hold_trail(&body))
            }
            (None, Some(why)) => {
                let which = address.map_or_else(String::new, |address| format!(" `{address}`"));
                let message = format!("{called} `{}`: its template{which} {why}", resource.id);
                unseen(UnseenKind::Template, message, why != ITSELF)
            }
            (None, None) => {
                let message = containers::unopened(called, &resource.id, address);
                unseen(UnseenKind::Template, message, true)
            }
        }
    }
}

/// Why a template that includes itself is not followed again: it was seen.
pub(super) const ITSELF: &str = "refers to itself, and is judged once";

fn added(span: Span, name: &str) -> Notice {
    let message = format!("`{name}` may add resources when it is deployed, which are not in this file");
    let kind = NoticeKind::Unseen { what: UnseenKind::Template, name: name.to_owned(), may_hold_trail: true };
    Notice { span, message, kind }
}

/// Whether resources of a type make what another document declares.
pub fn is_container(kind: &str) -> bool {
    container(kind).is_some_and(|row| row.cloudformation == kind) || kind.ends_with(MODULE)
}

/// Words by which a file is told that holds such a resource, or takes some from elsewhere.
pub fn container_words() -> impl Iterator<Item = &'static str> {
    containers::kinds().chain(["AWS::Include"])
}

/// Whether bytes name a resource that a registered module makes.
pub fn names_module(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, MODULE.as_bytes()).is_some()
}

/// What may add resources to a template: its macros, and what it includes among its resources, with the places.
pub(super) fn macros(root: &Node) -> Vec<(Span, String)> {
    let mut all = Vec::new();
    let mut add = |node: &Node, is_included: bool| {
        let name = node.text().or_else(|| node.get("Name").and_then(Node::text));
        let location = node.get("Parameters").and_then(|all| all.get("Location")).and_then(Node::text);
        let shown = match (name, location) {
            (Some("AWS::Include"), Some(location)) => location,
            (name, _) => name.unwrap_or("Fn::Transform"),
        };
        // Transforms of AWS that are not known to the reader add no trail either.
        let is_own = name.is_some_and(|name| name.starts_with("AWS::"));
        if is_included || (is_macro(name) && !is_own) || (name == Some("AWS::Include") && location.is_some()) {
            all.push((node.span, shown.to_owned()));
        }
    };
    if let Some(transform) = root.get("Transform") {
        transform.items().iter().for_each(|node| add(node, false));
        if transform.items().is_empty() {
            add(transform, false);
        }
    }
    let included = [Some(root), root.get("Resources")].into_iter().flatten();
    included.filter_map(|all| all.get("Fn::Transform")).for_each(|node| add(node, true));
    all
}

impl Template {
    /// Whether it may have more resources than are written.
    pub fn leads_on(&self) -> bool {
        !self.macros().is_empty()
    }
}

//! What exists before a resource: Terraform makes what is referred to first, and what `depends_on` names
//! (Terraform language, "Resource dependencies"). References are followed as they are written, not as they are evaluated.

use super::eval::{Eval, Frame};
use super::module::{Call, Resource};
use super::references::{Step, chain};
use crate::syntax::hcl::{Block, Body, Expr, ExprKind, Part};
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// The way through what is referred to.
struct Walk<'a> {
    found: BTreeSet<Arc<str>>,
    seen: HashSet<(Arc<str>, String)>,
    open: Vec<(Rc<Frame<'a>>, Target<'a>)>,
}

/// Something that is referred to.
enum Target<'a> {
    Resource(&'a Resource),
    Expression(&'a Expr),
    Body(&'a Body),
    /// Everything in the module of the frame.
    Module,
}

impl<'a> Eval<'a> {
    /// The addresses of the resources that exist before one. They are the same for each of its instances.
    pub(super) fn earlier_than(&self, frame: &Rc<Frame<'a>>, resource: &'a Resource) -> BTreeSet<Arc<str>> {
        let key = (frame.path.clone(), resource.address.clone());
        if let Some(known) = self.earlier.get(self.world, &key) {
            return BTreeSet::clone(&known);
        }
        let earlier = self.world.noting(|| Rc::new(self.before(frame, resource)));
        BTreeSet::clone(&self.earlier.keep(key, earlier))
    }

    fn before(&self, frame: &Rc<Frame<'a>>, resource: &'a Resource) -> BTreeSet<Arc<str>> {
        let mut walk = Walk { found: BTreeSet::new(), seen: HashSet::new(), open: Vec::new() };
        self.follow_resource(frame, resource, &mut walk);
        while let Some((frame, target)) = walk.open.pop() {
            match target {
                Target::Resource(other) => {
                    for place in self.places_of(&frame, other).iter().filter(|_| !other.is_data) {
                        walk.found.insert(frame.address(&format!("{}{}", other.address, place.suffix)));
                    }
                    self.follow_resource(&frame, other, &mut walk);
                }
                Target::Expression(expr) => self.follow(&frame, expr, &mut walk),
                Target::Body(body) => self.follow_body(&frame, body, &mut walk),
                Target::Module => {
                    for resource in &frame.module.resources {
                        walk.add(&frame, &resource.address, Target::Resource(resource));
                    }
                    for call in &frame.module.calls {
                        self.follow_call(&frame, call, None, &mut walk);
                    }
                }
            }
        }
        walk.found
    }

    fn follow_resource(&self, frame: &Rc<Frame<'a>>, resource: &'a Resource, walk: &mut Walk<'a>) {
        self.follow_body(frame, &resource.body, walk);
        // What a module waits for, everything in it waits for.
        let mut at = frame;
        while let Some((call, above, _)) = &at.above {
            for name in ["depends_on", "count", "for_each"] {
                if let Some(expr) = call.body.get(name) {
                    self.follow(above, expr, walk);
                }
            }
            at = above;
        }
    }

    fn follow_body(&self, frame: &Rc<Frame<'a>>, body: &'a Body, walk: &mut Walk<'a>) {
        body.attributes.iter().for_each(|attribute| self.follow(frame, &attribute.value, walk));
        for block in &body.blocks {
            match &*block.kind.text {
                "lifecycle" => self.follow_lifecycle(frame, &block.body, walk),
                _ => self.follow_body(frame, &block.body, walk),
            }
        }
    }

    /// What a change of replaces the resource, and what its conditions ask of others, exists before it (Terraform language,
    /// "The `lifecycle` meta-argument"; `terraform graph` draws both). The rest names attributes of the resource itself.
    fn follow_lifecycle(&self, frame: &Rc<Frame<'a>>, body: &'a Body, walk: &mut Walk<'a>) {
        if let Some(expr) = body.get("replace_triggered_by") {
            self.follow(frame, expr, walk);
        }
        let conditions = body.blocks.iter().filter(|block: &&Block| block.kind.text.ends_with("condition"));
        conditions.for_each(|block| self.follow_body(frame, &block.body, walk));
    }

    fn follow_call(&self, frame: &Rc<Frame<'a>>, call: &'a Call, output: Option<&str>, walk: &mut Walk<'a>) {
        for child in self.children_of(frame, call).iter().flat_map(|all| all.iter()) {
            match output.and_then(|name| Some((name, child.module.outputs.get(name)?))) {
                Some((name, value)) => {
                    walk.add(child, &format!("output.{name}"), Target::Expression(value));
                    if let Some(waits) = child.module.waits.get(name) {
                        walk.add(child, &format!("output.{name} itself"), Target::Body(waits));
                    }
                }
                None => walk.add(child, "", Target::Module),
            }
        }
    }

    fn follow(&self, frame: &Rc<Frame<'a>>, expr: &'a Expr, walk: &mut Walk<'a>) {
        let mut open = vec![expr];
        while let Some(expr) = open.pop() {
            let (first, steps) = chain(expr);
            if let ExprKind::Variable(name) = &first.kind {
                self.follow_reference(frame, name, &steps, walk);
                open.extend(steps.iter().filter_map(|step| match step {
                    Step::Index(index) => Some(*index),
                    Step::Attribute(_) => None,
                }));
                continue;
            }
            inside(expr, &mut open);
        }
    }

    fn follow_reference(&self, frame: &Rc<Frame<'a>>, name: &str, steps: &[Step<'a>], walk: &mut Walk<'a>) {
        let mut names = steps.iter().filter_map(|step| match step {
            Step::Attribute(name) => Some(*name),
            Step::Index(_) => None,
        });
        let Some(second) = names.next() else { return };
        match name {
            "var" => {
                if let Some((call, above, _)) = &frame.above
                    && let Some(passed) = call.body.get(second)
                {
                    // What is passed is written where the module is called.
                    if walk.seen.insert((frame.path.clone(), format!("var.{second}"))) {
                        walk.open.push((above.clone(), Target::Expression(passed)));
                    }
                }
            }
            "local" => {
                if let Some(local) = frame.module.locals.get(second) {
                    walk.add(frame, &format!("local.{second}"), Target::Expression(local));
                }
            }
            "module" => {
                if let Some(call) = frame.module.call(second) {
                    self.follow_call(frame, call, names.next(), walk);
                }
            }
            "data" => {
                let address = names.next().map(|third| format!("data.{second}.{third}"));
                if let Some(resource) = address.and_then(|address| frame.module.resource(&address)) {
                    walk.add(frame, &resource.address, Target::Resource(resource));
                }
            }
            kind => {
                if let Some(resource) = frame.module.resource(&format!("{kind}.{second}")) {
                    walk.add(frame, &resource.address, Target::Resource(resource));
                }
            }
        }
    }
}

impl<'a> Walk<'a> {
    fn add(&mut self, frame: &Rc<Frame<'a>>, name: &str, target: Target<'a>) {
        if self.seen.insert((frame.path.clone(), name.to_owned())) {
            self.open.push((frame.clone(), target));
        }
    }
}

/// The expressions directly inside one.
pub(super) fn inside<'a>(expr: &'a Expr, open: &mut Vec<&'a Expr>) {
    match &expr.kind {
        ExprKind::Text(parts) => in_parts(parts, open),
        ExprKind::List(items) | ExprKind::Opaque(items) | ExprKind::Chosen(items) => open.extend(items),
        ExprKind::Map(entries) => entries.iter().for_each(|(key, value)| open.extend([key, value])),
        ExprKind::Attribute(inner, _) | ExprKind::Unary(_, inner) => open.push(inner),
        ExprKind::Index(one, other) | ExprKind::Binary(_, one, other) | ExprKind::Splat { over: one, each: other } => {
            open.extend([&**one, &**other])
        }
        ExprKind::Call { arguments, .. } => open.extend(arguments),
        ExprKind::Conditional(condition, yes, no) => open.extend([&**condition, &**yes, &**no]),
        ExprKind::For(each) => {
            open.extend([&each.over, &each.value_made]);
            open.extend(each.key_made.iter().chain(&each.condition));
        }
        ExprKind::Null | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Variable(_) | ExprKind::Element => {}
    }
}

fn in_parts<'a>(parts: &'a [Part], open: &mut Vec<&'a Expr>) {
    for part in parts {
        match part {
            Part::Literal(..) => {}
            Part::Interpolation(inner) => open.push(inner),
            Part::If(condition, yes, no) => {
                open.push(condition);
                in_parts(yes, open);
                in_parts(no, open);
            }
            Part::For { over, body, .. } => {
                open.push(over);
                in_parts(body, open);
            }
        }
    }
}

//! Stacks: a template with its nested stacks, each template in its own [`Instance`].
//!
//! A nested template of the run is judged below its parent, with the parent's parameters; a template that nobody includes
//! is a stack of its own.

use super::eval::Eval;
use super::exports::Exports;
use super::foreach::Env;
use super::given::Given;
use super::includes::Includes;
use super::template::{Resource, Template, macro_result};
use super::unseen::{ITSELF, Unfollowed};
use super::work::Named;
use crate::read::tri::{Defaults, Tri};
use crate::read::{Again, Asked, Content, Datum, Dialect, Groups, Home, Notice, Record, Unit, World};
use crate::source::{FileId, Span};
use crate::syntax::Node;
use crate::value::{Condition, Instance};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Nested stacks deeper than this are not followed, nor more than this in one stack, nor those that bring more resources;
/// CloudFormation works on 2,500 resources of nested stacks at once.
const MAX_NESTING: usize = 64;
const MAX_FRAMES: usize = 2_500;
const MAX_RESOURCES: usize = 50_000;

/// One use of a template in a stack.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) template: Arc<Template>,
    /// `Parent/` for nested stacks, else empty.
    prefix: String,
    /// The frame and the resource that include it.
    pub(super) parent: Option<(usize, usize)>,
    /// The frames of the nested stacks, by the index of the resource that includes them.
    children: BTreeMap<usize, usize>,
    /// What it names and does not show.
    pub(super) unfollowed: Vec<Unfollowed>,
}

/// A template with its nested stacks.
#[derive(Debug)]
pub struct Stack {
    pub(super) frames: Vec<Frame>,
    base: u32,
    resources: usize,
    /// The first nested stack that a bound has cut off, and what is to be said of it.
    pub(super) cut: Option<(Span, String)>,
    pub(super) given: Arc<Given>,
    pub(super) exports: Arc<Exports>,
}

/// Puts the templates of a run together to stacks, in the order of the templates. `empty` are the paths of files that were
/// looked at and declare nothing to judge.
pub fn stacks(templates: Vec<Template>, empty: &[String], given: Given) -> Vec<Stack> {
    let templates: Vec<Arc<Template>> = templates.into_iter().map(Arc::new).collect();
    let includes = Includes::new(&templates, empty);
    let given = Arc::new(given);
    let mut base = 0;
    let mut all: Vec<Stack> = Vec::new();
    for root in includes.roots() {
        let mut stack =
            Stack { frames: Vec::new(), base, resources: 0, cut: None, given: given.clone(), exports: Arc::default() };
        stack.include(&templates, &includes, root, None, &mut Vec::new());
        base += u32::try_from(stack.frames.len()).unwrap_or(u32::MAX);
        all.push(stack);
    }
    let exports = Arc::new(Exports::of(&all));
    for stack in &mut all {
        stack.exports = exports.clone();
    }
    all
}

impl Unit for Stack {
    fn records(&self, world: &World, wanted: &dyn Fn(&str) -> bool) -> Vec<Record> {
        let eval = Eval::new(self, world, Defaults::Count);
        let homes: Vec<Home> = (0..self.frames.len()).map(|frame| eval.home(frame)).collect();
        let each = self.wanted(wanted);
        each.filter_map(|(frame, resource)| self.record(&eval, frame, resource, homes.get(frame)?)).collect()
    }

    fn groups(&self, wanted: &dyn Fn(&str) -> bool) -> Option<Groups> {
        let world = World::default().watched();
        let eval = Eval::new(self, &world, Defaults::Count);
        let homes: Vec<(Home, Asked)> = (0..self.frames.len()).map(|frame| world.noting(|| eval.home(frame))).collect();
        let mut all = Groups::default();
        for (frame, resource) in self.wanted(wanted) {
            let (record, asked) = world.noting(|| {
                let (home, asked) = homes.get(frame)?;
                world.note(asked);
                self.record(&eval, frame, resource, home)
            });
            all.groups.push((record.iter().map(|_| all.records.len()).collect(), asked));
            all.records.extend(record);
        }
        Some(all)
    }

    fn groups_in(&self, world: &World, wanted: &dyn Fn(&str) -> bool, places: &[usize]) -> Option<Again> {
        let eval = Eval::new(self, world, Defaults::Count);
        let all: Vec<(usize, &Resource)> = self.wanted(wanted).collect();
        let each = places.iter().map(|place| {
            let (frame, resource) = all.get(*place)?;
            self.record(&eval, *frame, resource, &eval.home(*frame))
        });
        Some(Again { records: each.map(|record| record.into_iter().collect()).collect(), effort: places.len() })
    }

    fn assume(&self, world: &World, condition: &Condition, value: bool) -> Option<World> {
        Stack::assume(self, world, condition, value)
    }

    fn by_default(&self, world: &World, condition: &Condition) -> Option<bool> {
        Stack::by_default(self, world, condition)
    }

    fn parameters_of(&self, condition: &Condition) -> Vec<String> {
        Stack::parameters_of(self, condition)
    }

    fn first_instance(&self) -> Instance {
        Instance(self.base)
    }

    fn holds(&self, instance: Instance) -> bool {
        self.frame_of(instance).is_some()
    }

    fn file(&self) -> Option<FileId> {
        self.templates().next().map(|template| template.file())
    }

    fn calls_around(&self, address: &str) -> Vec<Span> {
        let Some((above, _)) = address.rsplit_once('/') else { return Vec::new() };
        // The prefix of a frame is the address of what holds it, and a stroke.
        let is_around = |frame: &&Frame| !frame.prefix.is_empty() && format!("{above}/").starts_with(&frame.prefix);
        let mut around: Vec<&Frame> = self.frames.iter().filter(is_around).collect();
        around.sort_by_key(|frame| std::cmp::Reverse(frame.prefix.len()));
        let called = |frame: &Frame| {
            let (above, index) = frame.parent?;
            Some(self.frames.get(above)?.template.resources.get(index)?.span)
        };
        around.into_iter().filter_map(called).collect()
    }

    fn exports_values(&self) -> bool {
        let outputs = self.templates().flat_map(|template| template.outputs.values());
        outputs.into_iter().any(|(output, _)| output.get("Export").is_some())
    }

    fn size(&self) -> usize {
        self.resources
    }

    fn notices(&self) -> Vec<Notice> {
        self.unseen()
    }
}

impl Stack {
    /// The resources of the wanted types, with their frames.
    fn wanted<'a>(&'a self, wanted: &'a dyn Fn(&str) -> bool) -> impl Iterator<Item = (usize, &'a Resource)> {
        self.frames.iter().enumerate().flat_map(move |(frame, this)| {
            this.template.resources.iter().filter(|it| wanted(&it.kind)).map(move |it| (frame, it))
        })
    }

    fn include(
        &mut self,
        templates: &[Arc<Template>],
        includes: &Includes,
        index: usize,
        parent: Option<(usize, usize)>,
        path: &mut Vec<usize>,
    ) -> Option<usize> {
        let mut template = templates.get(index)?.clone();
        let prefix = parent.and_then(|(frame, resource)| {
            let above = self.frames.get(frame)?;
            Some(format!("{}{}/", above.prefix, above.template.resources.get(resource)?.id))
        });
        let frame = self.frames.len();
        let prefix = prefix.unwrap_or_default();
        self.frames.push(Frame {
            template: template.clone(),
            prefix,
            parent,
            children: BTreeMap::new(),
            unfollowed: Vec::new(),
        });
        if let Some(expanded) = self.expanded(frame, &template) {
            template = Arc::new(expanded);
            self.frames.get_mut(frame)?.template = template.clone();
        }
        self.resources = self.resources.saturating_add(template.resource_count());
        path.push(index);
        let mut unfollowed = includes.unfollowed(index, &template);
        for (resource, child) in includes.of(index, &template) {
            if path.contains(&child) {
                unfollowed.push(Unfollowed { resource, address: None, why: Some(ITSELF) });
            } else if self.has_room(path.len(), &template, resource)
                && let Some(at) = self.include(templates, includes, child, Some((frame, resource)), path)
                && let Some(this) = self.frames.get_mut(frame)
            {
                this.children.insert(resource, at);
            }
        }
        path.pop();
        self.frames.get_mut(frame)?.unfollowed = unfollowed;
        Some(frame)
    }

    /// Whether there is room for one more nested stack; where there is not, that is to be said.
    fn has_room(&mut self, depth: usize, parent: &Template, resource: usize) -> bool {
        let bound = match () {
            () if depth >= MAX_NESTING => format!("stacks are nested deeper than {MAX_NESTING} levels"),
            () if self.frames.len() >= MAX_FRAMES => format!("more than {MAX_FRAMES} stacks are nested in one"),
            () if self.resources >= MAX_RESOURCES => format!("nested stacks have more than {MAX_RESOURCES} resources"),
            () => return true,
        };
        if let (None, Some(first)) = (&self.cut, parent.resources.get(resource)) {
            let message = format!("{bound}: what `{}` and others like it declare is not judged", first.id);
            self.cut = Some((first.span, message));
        }
        false
    }

    /// The template with its loops written out over the values that its parameters have in this frame.
    fn expanded(&self, frame: usize, template: &Template) -> Option<Template> {
        let world = World::default();
        let eval = Eval::new(self, &world, Defaults::Count);
        let none = Env::from([]);
        template.expanded(&|name| {
            let value = eval.reference(frame, name, Span { file: template.file(), start: 0, end: 0 }, &none);
            match &value.content {
                Content::List(items) => {
                    items.iter().map(|item| item.as_text().literal().map(Arc::from)).collect::<Option<Vec<_>>>()
                }
                _ => value.as_text().literal().map(|text| vec![Arc::from(text)]),
            }
        })
    }

    /// The instance of a frame.
    pub(super) fn instance(&self, frame: usize) -> Instance {
        Instance(self.base.saturating_add(u32::try_from(frame).unwrap_or(u32::MAX)))
    }

    /// The frame of an instance, where it belongs to this stack.
    pub(super) fn frame_of(&self, instance: Instance) -> Option<usize> {
        let frame = instance.0.checked_sub(self.base)? as usize;
        (frame < self.frames.len()).then_some(frame)
    }

    pub(super) fn child(&self, frame: usize, resource: usize) -> Option<usize> {
        self.frames.get(frame)?.children.get(&resource).copied()
    }

    /// The address of a logical id of a frame.
    pub(super) fn address(&self, frame: usize, id: &str) -> Arc<str> {
        let prefix = self.frames.get(frame).map_or("", |this| this.prefix.as_str());
        format!("{prefix}{id}").into()
    }

    /// The number behind those of its instances.
    pub fn end(&self) -> u32 {
        self.base.saturating_add(u32::try_from(self.frames.len()).unwrap_or(u32::MAX))
    }

    /// The templates of the stack, the root first.
    pub fn templates(&self) -> impl Iterator<Item = &Arc<Template>> {
        self.frames.iter().map(|frame| &frame.template)
    }

    /// Every named condition of the stack.
    pub fn conditions(&self) -> Vec<Condition> {
        let each = |frame: usize| {
            let names = self.frames.get(frame).into_iter().flat_map(|this| this.template.conditions.keys());
            names.map(move |name| Condition { instance: self.instance(frame), name: name.clone() })
        };
        (0..self.frames.len()).flat_map(each).collect()
    }

    fn record(&self, eval: &Eval, frame: usize, resource: &Resource, home: &Home) -> Option<Record> {
        let conditions = self.conditions_of(frame, resource);
        let mut undecided = None;
        for condition in &conditions {
            match eval.condition(condition) {
                Tri { value: Some(true), assumed: false } => {}
                Tri { value: Some(false), assumed: false } => return None,
                // What only defaults decide may be given otherwise: both ways are looked at.
                _ => undecided = undecided.or_else(|| Some(condition.clone())),
            }
        }
        let properties = match resource.body.get("Properties") {
            Some(node) => eval.datum(frame, node, resource.span, &resource.env),
            None => Datum::new(Content::Map { members: Vec::new(), rest: None }, resource.span),
        };
        let template = &self.frames.get(frame)?.template;
        Some(Record {
            dialect: Dialect::CloudFormation,
            kind: resource.kind.clone(),
            address: self.address(frame, &resource.id),
            span: resource.span,
            instance: self.instance(frame),
            home: home.clone(),
            conditions,
            undecided,
            properties: open(properties, template, resource),
            after: self.before(frame, resource),
            joined: Vec::new(),
        })
    }

    /// What exists before a resource: what it waits for, and what the nested stacks around it wait for.
    fn before(&self, frame: usize, resource: &Resource) -> BTreeSet<Arc<str>> {
        let mut all = BTreeSet::new();
        for (frame, resource) in self.path(frame, resource) {
            if let Some(this) = self.frames.get(frame) {
                all.extend(this.template.before(resource).iter().map(|id| self.address(frame, id)));
            }
        }
        all
    }

    /// A resource, the nested stack that holds it, the one that holds that, with their frames.
    fn path<'a>(&'a self, frame: usize, resource: &'a Resource) -> Vec<(usize, &'a Resource)> {
        let above = |(frame, _): &(usize, &'a Resource)| {
            let (above, index) = self.frames.get(*frame)?.parent?;
            Some((above, self.frames.get(above)?.template.resources.get(index)?))
        };
        std::iter::successors(Some((frame, resource)), above).collect()
    }

    /// The conditions under which a resource exists, those of the stacks around it first.
    pub(super) fn conditions_of(&self, frame: usize, resource: &Resource) -> Vec<Condition> {
        let named = |(frame, resource): (usize, &Resource)| {
            resource.condition().map(|name| Condition { instance: self.instance(frame), name })
        };
        self.path(frame, resource).into_iter().rev().filter_map(named).collect()
    }

    /// The value of a nested stack's output.
    pub(super) fn output(&self, eval: &Eval, frame: usize, resource: usize, name: &str) -> Option<Datum> {
        let child = self.child(frame, resource)?;
        let (output, env) = self.frames.get(child)?.template.outputs.get(name)?;
        let value = output.get("Value")?;
        let named = Named::Output(child, name.into());
        Some(eval.named(named, value.span, || eval.datum(child, value, value.span, env)))
    }

    /// What a parent writes for a parameter of a nested stack, with the parent's frame and the resource that says it.
    pub(super) fn passed_node(&self, frame: usize, name: &str) -> Option<(usize, &Resource, &Node)> {
        let (above, index) = self.frames.get(frame)?.parent?;
        let resource = self.frames.get(above)?.template.resources.get(index)?;
        let node = resource.body.get("Properties")?.get("Parameters")?.get(name)?;
        Some((above, resource, node))
    }

    /// The text of the parameter that a parent passes to a nested stack.
    pub(super) fn passed(&self, eval: &Eval, frame: usize, name: &str) -> Option<Datum> {
        let (above, resource, node) = self.passed_node(frame, name)?;
        let named = Named::Parameter(frame, name.into());
        let datum = eval.named(named, node.span, || eval.datum(above, node, node.span, &resource.env));
        (datum.content != Content::Absent).then_some(datum)
    }
}

/// A mapping on which a macro works may hold more than is written.
fn open(mut properties: Datum, template: &Template, resource: &Resource) -> Datum {
    let why = template
        .macro_on_all
        .clone()
        .or_else(|| resource.body.get("Fn::Transform").map(|_| macro_result("Fn::Transform")));
    if let Some(why) = why {
        leave_open(&mut properties, &why);
    }
    properties
}

fn leave_open(datum: &mut Datum, why: &crate::value::Why) {
    match &mut datum.content {
        Content::Map { members, rest } => {
            rest.get_or_insert_with(|| why.clone());
            members.iter_mut().for_each(|member| leave_open(&mut member.value, why));
        }
        Content::List(items) => items.iter_mut().for_each(|item| leave_open(item, why)),
        Content::OneOf { values, .. } => values.iter_mut().for_each(|value| leave_open(value, why)),
        Content::Either(_, yes, no) => {
            leave_open(yes, why);
            leave_open(no, why);
        }
        _ => {}
    }
}

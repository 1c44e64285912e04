//! Evaluation of a tree in a world: plain values, references, parameters. Functions of more than that are in `functions`.

use super::conditions::parameter_hole;
use super::foreach::{Env, holes, substitute};
use super::given::pseudo;
use super::stack::Stack;
use super::template::{macro_result, unknown_transform};
use super::work::{Memory, Named, Setting, Work};
use crate::read::partition::partition_of;
use crate::read::tri::{Defaults, Tri};
use crate::read::{Content, Datum, Member, Unit, World};
use crate::source::Span;
use crate::syntax::{Key, Kind, Node};
use crate::value::{Assumption, Condition, Hole, Instance, Of, Piece, Text, Why, WhyKind};
use std::rc::Rc;
use std::sync::Arc;

/// An evaluation of one stack in one world.
pub(super) struct Eval<'a> {
    pub(super) stack: &'a Stack,
    pub(super) world: &'a World,
    defaults: Defaults,
    memory: Rc<Memory>,
    pub(super) work: Rc<Work>,
}

impl<'a> Eval<'a> {
    /// One that no other has started.
    pub(super) fn new(stack: &'a Stack, world: &'a World, defaults: Defaults) -> Self {
        Eval::sharing(&Work::new(stack.size()), stack, world, defaults)
    }

    /// One that another has started.
    pub(super) fn sharing(work: &Rc<Work>, stack: &'a Stack, world: &'a World, defaults: Defaults) -> Self {
        Eval { stack, world, defaults, memory: Rc::default(), work: work.clone() }
    }

    /// The same evaluation with a condition set; none where it cannot be so.
    pub(super) fn setting(&self, condition: &Condition, value: bool) -> Option<Rc<Setting>> {
        let assume = || self.stack.assume_within(&self.work, self.world, condition, value);
        self.work.setting(self.world, condition, value, self.defaults, assume)
    }

    /// The same evaluation in another world, going on from where this one is.
    pub(super) fn in_setting<'b>(&self, setting: &'b Setting) -> Eval<'b>
    where
        'a: 'b,
    {
        Eval { memory: setting.memory.clone(), ..Eval::sharing(&self.work, self.stack, &setting.world, self.defaults) }
    }

    /// A condition's value, worked out once. One that rests on itself stays unknown.
    pub(super) fn remembered(&self, condition: &Condition, work: impl FnOnce() -> Tri) -> Tri {
        if let Some((known, asked)) = self.memory.conditions.borrow().get(condition) {
            self.world.note(asked);
            return *known;
        }
        let named = Named::Condition(condition.clone());
        let (value, asked) = self.world.noting(|| self.work.within(&named, work).unwrap_or(Tri::UNKNOWN));
        self.memory.conditions.borrow_mut().insert(condition.clone(), (value, asked));
        value
    }

    /// A value that is referred to by a name, worked out once.
    pub(super) fn named(&self, named: Named, span: Span, work: impl FnOnce() -> Datum) -> Datum {
        self.work.remembered((self.world, &self.memory), named, span, work)
    }

    /// The value of a node. `place` is underlined for it where the node itself spans several lines.
    pub(super) fn datum(&self, frame: usize, node: &Node, place: Span, env: &Env) -> Datum {
        let span = if self.stands_alone(frame, node) { node.span } else { place };
        self.work.deeper(|| self.shape(frame, node, span, env)).unwrap_or_else(|| {
            let text = "this expression is too large to work out";
            Datum::unknown(Why::new(WhyKind::Unsupported, "expression", text).at(span), span)
        })
    }

    /// Whether a value is underlined itself: it is on one line, and no list or mapping of lines of its own.
    fn stands_alone(&self, frame: usize, node: &Node) -> bool {
        let text = self.stack.frames.get(frame).and_then(|this| this.template.text.get(node.span.range()));
        // A long value is not scanned to its end: nothing on one line is that long and worth underlining.
        let one_line = text.is_some_and(|text| text.len() < 4096 && !text.contains('\n'));
        let flows = || text.is_some_and(|text| text.starts_with(['[', '{']));
        one_line
            && match &node.kind {
                Kind::Scalar { .. } => true,
                Kind::List(_) => flows(),
                Kind::Map(entries) => flows() || matches!(entries.as_slice(), [(key, _)] if is_function(&key.text)),
            }
    }

    fn shape(&self, frame: usize, node: &Node, span: Span, env: &Env) -> Datum {
        match &node.kind {
            _ if node.is_null() => Datum::new(Content::Absent, span),
            Kind::Scalar { text, plain } => {
                let text = self.literal(frame, &substitute(text, env));
                Datum::new(Content::Text { text, plain: *plain }, span)
            }
            Kind::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for item in items {
                    let datum = self.datum(frame, item, self.item_place(item, span), env);
                    match datum.content {
                        // A list where one element is expected: CloudFormation refuses it, except for what a loop made.
                        Content::Absent => {}
                        _ => list.push(datum),
                    }
                }
                Datum::new(Content::List(list), span)
            }
            Kind::Map(entries) => match entries.as_slice() {
                [(key, argument)] if is_function(&key.text) => {
                    self.work.bounded(self.function(frame, key, argument, span, env))
                }
                entries => self.mapping(frame, entries, span, env),
            },
        }
    }

    /// A multi-line element is underlined at its first key.
    fn item_place(&self, item: &Node, list: Span) -> Span {
        item.entries().first().map_or(list, |(key, _)| key.span)
    }

    fn mapping(&self, frame: usize, entries: &[(Key, Node)], span: Span, env: &Env) -> Datum {
        let mut members = Vec::with_capacity(entries.len());
        let mut rest = None;
        for (key, node) in entries {
            if &*key.text == "Fn::Transform" {
                rest = unknown_transform(node).or_else(|| Some(macro_result("AWS::Include")));
            } else if key.text.starts_with("Fn::ForEach::") {
                rest = self.loop_members(frame, node, env, &mut members).or(rest);
            } else {
                let value = self.datum(frame, node, key.span, env);
                let value =
                    if DOCUMENTS.contains(&&*key.text) { self.document(frame, node, value, env) } else { value };
                members.push(Member { key: substitute(&key.text, env).into(), span: key.span, value });
            }
        }
        Datum::new(Content::Map { members, rest }, span)
    }

    /// The members that a loop makes; where its list is not known, the reason for which there may be more.
    fn loop_members(&self, frame: usize, node: &Node, env: &Env, members: &mut Vec<Member>) -> Option<Why> {
        let [variable, list, body] = node.items() else { return None };
        let values = self.datum(frame, list, list.span, env);
        let unknown = values.as_text().why();
        let (Some(name), Content::List(values)) = (variable.text(), values.content) else { return unknown };
        let mut rest = None;
        for value in values.iter().map(Datum::as_text) {
            let Some(value) = value.literal() else {
                rest = rest.or_else(|| value.why());
                continue;
            };
            let inner: Env = env.iter().cloned().chain([(name.into(), value.into())]).collect();
            let made = self.mapping(frame, body.entries(), body.span, &inner).content;
            if let Content::Map { members: made, rest: more } = made {
                members.extend(made);
                rest = rest.or(more);
            }
        }
        rest
    }

    /// Text as written, with `{{resolve:…}}` as what it is: a value that is looked up at deployment; and the values of
    /// loops over lists that are not known.
    pub(super) fn literal(&self, frame: usize, written: &str) -> Text {
        // Most texts hold nothing of the kind.
        if !written.contains('{') {
            return Text::from(written);
        }
        let mut text = Text::default();
        for (literal, hole) in holes(written) {
            self.resolved(frame, literal, &mut text);
            if let Some(name) = hole {
                let hole = parameter_hole(self.stack.instance(frame), name, true, false);
                match self.world.bound(&hole) {
                    Some(bound) => text.push(Piece::Literal(bound.clone())),
                    None => text.push(Piece::Hole(hole)),
                }
            }
        }
        text
    }

    fn resolved(&self, frame: usize, written: &str, text: &mut Text) {
        let mut rest = written;
        while let Some((before, inside)) = rest.split_once("{{resolve:") {
            let Some((reference, after)) = inside.split_once("}}") else { break };
            text.push(Piece::Literal(before.into()));
            let of = Of::Expression(format!("{{{{resolve:{reference}}}}}").into());
            text.push(Piece::Hole(Hole { instance: self.stack.instance(frame), of }));
            rest = after;
        }
        text.push(Piece::Literal(rest.into()));
    }

    /// What `Ref` gives for a name.
    pub(super) fn reference(&self, frame: usize, name: &str, span: Span, env: &Env) -> Datum {
        if let Some((_, value)) = env.iter().rev().find(|(variable, _)| &**variable == name) {
            return Datum::text(self.literal(frame, value), span);
        }
        if name == "AWS::NoValue" {
            return Datum::new(Content::Absent, span);
        }
        if name == "AWS::StackId" {
            return self.stack_id(frame, span);
        }
        if let Some(of) = pseudo(name) {
            return self.pseudo(frame, of, span);
        }
        let name = substitute(name, env);
        let Some(this) = self.stack.frames.get(frame) else {
            return undeclared(self.stack.instance(frame), &name, span);
        };
        if this.template.parameters.contains_key(&*name) {
            return self.parameter(frame, &name, span);
        }
        match this.template.resource(&name) {
            Some(resource) => match resource.body.get("Properties").and_then(|all| all.get("AliasName")) {
                Some(alias) if &*resource.kind == "AWS::KMS::Alias" => {
                    let named = Named::Resource(frame, name.as_ref().into());
                    self.named(named, span, || self.datum(frame, alias, span, &resource.env))
                }
                _ => Datum::text(self.identifier(frame, &name, &resource.kind), span),
            },
            None => undeclared(self.stack.instance(frame), &name, span),
        }
    }

    /// A pseudo parameter: set by the world, given, or a hole. Account, partition and Region are those of the whole stack.
    pub(super) fn pseudo(&self, frame: usize, of: Of, span: Span) -> Datum {
        let instance = match of {
            Of::Expression(_) => self.stack.instance(frame),
            _ => self.stack.first_instance(),
        };
        let hole = Hole { instance, of };
        match self.known_pseudo(&hole) {
            Some(known) => Datum::text(known, span),
            None => Datum::text(hole, span),
        }
    }

    /// What a pseudo parameter is known to be; a Region says which partition it is in.
    pub(super) fn known_pseudo(&self, hole: &Hole) -> Option<&str> {
        let bound = |hole: &Hole| self.world.bound(hole).map(|bound| &**bound);
        let region = || bound(&Hole { instance: hole.instance, of: Of::Region }).and_then(partition_of);
        let implied = || if hole.of == Of::Partition { region() } else { None };
        bound(hole).or_else(|| self.stack.given.pseudo(&hole.of)).or_else(implied)
    }

    /// The value of a parameter: set by the world, passed by the parent, given, its default, or a hole.
    fn parameter(&self, frame: usize, name: &str, span: Span) -> Datum {
        let Some(this) = self.stack.frames.get(frame) else {
            return undeclared(self.stack.instance(frame), name, span);
        };
        let Some(declared) = this.template.parameters.get(name) else {
            return undeclared(self.stack.instance(frame), name, span);
        };
        let instance = self.stack.instance(frame);
        let hole = parameter_hole(instance, name, declared.is_filled(), declared.is_plain());
        let of_literal = |literal: &str, assumes: Vec<Assumption>| {
            let text = self.literal(frame, literal);
            let resolved = self.stack.given.resolved(name).filter(|_| this.parent.is_none());
            let text = resolved.map_or(text, Text::from);
            let literal = resolved.unwrap_or(literal);
            let content = if declared.is_stored() && resolved.is_none() {
                let of = Of::Expression(format!("stored value of {name}").into());
                let stored = Hole { instance, of };
                if declared.is_list() {
                    Content::Unknown(stored.why())
                } else {
                    Content::Text { text: stored.into(), plain: false }
                }
            } else if declared.is_list() {
                let items = literal.split(',').map(|item| Datum::text(item.trim(), span));
                Content::List(if literal.is_empty() { Vec::new() } else { items.collect() })
            } else {
                Content::Text { text, plain: false }
            };
            Datum { content, span, assumes }
        };
        if let Some(bound) = self.world.bound(&hole) {
            return of_literal(bound, Vec::new());
        }
        if let Some(passed) = self.stack.passed(self, frame, name) {
            let content = match passed.content {
                Content::Text { ref text, .. } if declared.is_list() => match text.literal() {
                    Some(literal) => of_literal(literal, Vec::new()).content,
                    None => Content::Unknown(text.why().unwrap_or_else(|| Why::parameter(name))),
                },
                // CloudFormation joins a list passed to a nested stack by commas; as a list it says the same.
                other => other,
            };
            return Datum { content, span, assumes: passed.assumes };
        }
        if let Some(given) = self.stack.given.get(name).filter(|_| this.parent.is_none()) {
            return of_literal(given, Vec::new());
        }
        if let (Some((default, place)), Defaults::Count) = (&declared.default, self.defaults)
            && !self.world.excludes(&hole, default)
            && !self.world.releases(&hole)
        {
            return of_literal(default, vec![Assumption { instance, name: name.into(), place: *place }]);
        }
        let mut left = declared.allowed.iter().filter(|value| !self.world.excludes(&hole, value));
        if let (Some(only), None) = (left.next(), left.next()) {
            return of_literal(only, Vec::new());
        }
        if declared.is_list() || declared.is_stored() {
            return match declared.is_list() {
                true => Datum::unknown(Why::parameter(name).at(span), span),
                false => of_literal("", Vec::new()),
            };
        }
        let filled = declared.is_filled() || self.world.excludes(&hole, "");
        let text = Text::from(parameter_hole(instance, name, filled, declared.is_plain()));
        let values: Vec<Datum> = declared
            .allowed
            .iter()
            .filter(|value| !self.world.excludes(&hole, value))
            .map(|value| of_literal(value, Vec::new()))
            .collect();
        match values.as_slice() {
            [] => Datum::text(text, span),
            _ => Datum::new(Content::OneOf { text, why: Why::parameter(name), values }, span),
        }
    }

    /// The values that a text may have where a parameter's declaration lists them.
    pub(super) fn allowed(&self, text: &Text) -> Option<Vec<Arc<str>>> {
        let hole = text.hole()?;
        let declared = self.parameter_of(hole)?;
        let left = declared.allowed.iter().filter(|value| !self.world.excludes(hole, value));
        (!declared.allowed.is_empty()).then(|| left.cloned().collect())
    }

    pub(super) fn parameter_of(&self, hole: &Hole) -> Option<&'a super::template::Parameter> {
        let Of::Parameter { name, .. } = &hole.of else { return None };
        let frame = self.stack.frame_of(hole.instance)?;
        self.stack.frames.get(frame)?.template.parameters.get(name)
    }
}

/// The properties that hold a policy: as a mapping, or as JSON in a string.
const DOCUMENTS: [&str; 6] =
    ["PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "ResourcePolicy", "Content", "InlinePolicy"];

/// Whether a mapping with this single key is a function call.
fn is_function(key: &str) -> bool {
    key == "Ref" || key == "Condition" || (key.starts_with("Fn::") && !key.starts_with("Fn::ForEach::"))
}

/// A name that nothing declares: the template does not deploy by itself, yet what is meant has a name.
pub(super) fn undeclared(instance: Instance, name: &str, span: Span) -> Datum {
    Datum::text(Hole { instance, of: Of::Undeclared(name.into()) }, span)
}

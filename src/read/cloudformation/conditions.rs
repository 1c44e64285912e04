//! Conditions: what they are in a world, and what setting one implies.

use super::eval::Eval;
use super::foreach::Env;
use super::names;
use super::stack::Stack;
use super::work::Work;
use crate::read::partition::partition_of;
use crate::read::tri::{Defaults, Tri};
use crate::read::{Content, Datum, Unit, World};
use crate::syntax::Node;
use crate::value::{Condition, Hole, Instance, Of, Text, Truth};
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

/// How deep operands of a disjunction are tried one by one before they are left open.
const MAX_TRIALS: usize = 4;

/// Disjunctions of more operands than this are left open.
const MAX_OPERANDS: usize = 8;

/// Where a condition expression stands, and how deep it was followed.
#[derive(Clone, Copy)]
struct At<'a> {
    frame: usize,
    env: &'a Env,
    depth: usize,
}

impl Eval<'_> {
    /// The value of a named condition.
    pub(super) fn condition(&self, condition: &Condition) -> Tri {
        if let Some(value) = self.world.get(condition) {
            return Tri::known(value);
        }
        self.remembered(condition, || self.defined(condition))
    }

    /// The value of a condition by its definition, whatever the world has set it to.
    fn defined(&self, condition: &Condition) -> Tri {
        let Some(frame) = self.stack.frame_of(condition.instance) else { return Tri::UNKNOWN };
        let definition = self.stack.frames.get(frame).and_then(|this| this.template.conditions.get(&condition.name));
        definition.map_or(Tri::UNKNOWN, |(node, env)| self.expression(frame, node, env))
    }

    /// The value of a condition expression.
    pub(super) fn expression(&self, frame: usize, node: &Node, env: &Env) -> Tri {
        self.work.deeper(|| self.call(frame, node, env)).unwrap_or(Tri::UNKNOWN)
    }

    fn call(&self, frame: usize, node: &Node, env: &Env) -> Tri {
        let [(key, argument)] = node.entries() else { return Tri::UNKNOWN };
        let each = || argument.items().iter().map(|item| self.expression(frame, item, env));
        match &*key.text {
            "Condition" => {
                self.named_by(frame, argument, env).map_or(Tri::UNKNOWN, |condition| self.condition(&condition))
            }
            "Fn::And" => each().fold(Tri::known(true), Tri::and),
            "Fn::Or" => each().fold(Tri::known(false), Tri::or),
            "Fn::Not" => each().next().map_or(Tri::UNKNOWN, Tri::not),
            "Fn::Equals" => self.equals(frame, argument, env),
            _ => Tri::UNKNOWN,
        }
    }

    fn named_by(&self, frame: usize, argument: &Node, env: &Env) -> Option<Condition> {
        let name = super::foreach::substitute(argument.text()?, env);
        Some(Condition { instance: self.stack.instance(frame), name: name.into() })
    }

    /// What an `Fn::Equals` compares.
    fn sides(&self, frame: usize, argument: &Node, env: &Env) -> Option<[Datum; 2]> {
        let [left, right] = argument.items() else { return None };
        let side = |node: &Node| self.datum(frame, node, node.span, env);
        Some(self.work.comparing(|| [side(left), side(right)]))
    }

    fn equals(&self, frame: usize, argument: &Node, env: &Env) -> Tri {
        match self.sides(frame, argument, env) {
            Some([left, right]) => self.compare(&left, &right, &[]),
            None => Tri::UNKNOWN,
        }
    }

    /// Whether two values are alike. What hangs on conditions is alike where it is so on each side that may be; `taken`
    /// is how conditions were taken on the way.
    fn compare(&self, left: &Datum, right: &Datum, taken: &[(&Condition, bool)]) -> Tri {
        let Some((condition, [yes, no])) = fork(left, right) else { return self.alike(left, right) };
        let with = |value: bool| {
            let [left, right] = if value { yes } else { no };
            let taken: Vec<_> = taken.iter().copied().chain([(condition, value)]).collect();
            self.work.deeper(|| self.compare(left, right, &taken)).unwrap_or(Tri::UNKNOWN)
        };
        let known = taken.iter().find(|(other, _)| *other == condition).map(|(_, value)| Tri::known(*value));
        let known = known.unwrap_or_else(|| self.condition(condition));
        match known.value {
            Some(value) => {
                let side = with(value);
                Tri { assumed: known.assumed || side.assumed, ..side }
            }
            None => match (with(true), with(false)) {
                (yes, no) if yes.value == no.value => Tri { assumed: yes.assumed || no.assumed, ..yes },
                _ => self.alike(left, right),
            },
        }
    }

    /// Whether two values without sides are alike.
    fn alike(&self, left: &Datum, right: &Datum) -> Tri {
        let assumed = !(left.assumes.is_empty() && right.assumes.is_empty());
        let (left, right) = (comparable(left), comparable(right));
        if let Some(value) = self.world.atom(&atom(&left, &right)) {
            return Tri::known(value);
        }
        if let Some((hole, literal)) = pair(&left, &right)
            && !self.admits(hole, literal)
        {
            return Tri { value: Some(false), assumed };
        }
        match left.same(&right) {
            Truth::True(_) => Tri { value: Some(true), assumed },
            Truth::False(_) => Tri { value: Some(false), assumed },
            Truth::Unknown(..) => Tri::UNKNOWN,
        }
    }

    /// Whether a hole may become a literal, by what the world and the parameter's declaration rule out.
    fn admits(&self, hole: &Hole, literal: &str) -> bool {
        if self.world.excludes(hole, literal) {
            return false;
        }
        if let Some(bound) = self.world.bound(hole) {
            return &**bound == literal;
        }
        match (self.parameter_of(hole), &hole.of) {
            (Some(parameter), _) => {
                (parameter.allowed.is_empty() || parameter.allowed.iter().any(|value| &**value == literal))
                    && !(literal.is_empty() && parameter.is_filled())
            }
            (None, Of::Region) => {
                let partition = Hole { instance: hole.instance, of: Of::Partition };
                let known = self.known_pseudo(&partition);
                literal.contains('-') && partition_of(literal).is_none_or(|own| known.is_none_or(|known| known == own))
            }
            (None, _) => true,
        }
    }

    /// The hole that a text is nothing but, and the literal that it is compared with.
    fn bindable<'t>(&self, left: &'t Text, right: &'t Text) -> Option<(&'t Hole, &'t str)> {
        pair(left, right)
            .filter(|(hole, _)| matches!(hole.of, Of::Parameter { .. } | Of::Region | Of::Partition | Of::Account))
    }
}

/// The first condition that one of two values hangs on, and both where it holds and where it does not.
fn fork<'d>(left: &'d Datum, right: &'d Datum) -> Option<(&'d Condition, [[&'d Datum; 2]; 2])> {
    match (&left.content, &right.content) {
        (Content::Either(condition, yes, no), _) => Some((condition, [[yes, right], [no, right]])),
        (_, Content::Either(condition, yes, no)) => Some((condition, [[left, yes], [left, no]])),
        _ => None,
    }
}

/// What a value is compared as: lists and mappings by what they are made of.
fn comparable(datum: &Datum) -> Text {
    match &datum.content {
        made @ (Content::List(_) | Content::Map { .. }) => Text::from(format!("{made:?}").as_str()),
        _ => datum.as_text(),
    }
}

fn pair<'t>(left: &'t Text, right: &'t Text) -> Option<(&'t Hole, &'t str)> {
    match (left.hole(), left.literal(), right.hole(), right.literal()) {
        (Some(hole), _, _, Some(literal)) | (_, Some(literal), Some(hole), _) => Some((hole, literal)),
        _ => None,
    }
}

/// The identity of a comparison that is neither true nor false by itself.
fn atom(left: &Text, right: &Text) -> String {
    let (a, b) = if left <= right { (left, right) } else { (right, left) };
    format!("{a:?}={b:?}")
}

impl Stack {
    /// The world with a condition set, and what that implies; none where it cannot be.
    pub fn assume(&self, world: &World, condition: &Condition, value: bool) -> Option<World> {
        self.assume_within(&Work::new(self.size()), world, condition, value)
    }

    /// The same, as a part of an evaluation.
    pub(super) fn assume_within(
        &self,
        work: &Rc<Work>,
        world: &World,
        condition: &Condition,
        value: bool,
    ) -> Option<World> {
        let mut next = world.clone();
        if self.eval(work, &next, Defaults::Ignore).condition(condition) == Tri::known(!value) {
            return None;
        }
        self.imply_named(work, &mut next, condition, value, 0).then_some(())?;
        self.consistent(work, &next).then_some(next)
    }

    /// How defaults decide a condition, where they do.
    pub fn by_default(&self, world: &World, condition: &Condition) -> Option<bool> {
        Eval::new(self, world, Defaults::Count).condition(condition).value
    }

    fn eval<'a>(&'a self, work: &Rc<Work>, world: &'a World, defaults: Defaults) -> Eval<'a> {
        Eval::sharing(work, self, world, defaults)
    }

    fn consistent(&self, work: &Rc<Work>, world: &World) -> bool {
        let eval = self.eval(work, world, Defaults::Ignore);
        world.assigned().iter().all(|(condition, value)| eval.defined(condition).value != Some(!value))
    }

    fn imply_named(
        &self,
        work: &Rc<Work>,
        world: &mut World,
        condition: &Condition,
        value: bool,
        depth: usize,
    ) -> bool {
        if let Some(known) = world.get(condition) {
            return known == value;
        }
        world.assign(condition.clone(), value);
        let Some(frame) = self.frame_of(condition.instance) else { return true };
        let Some((node, env)) = self.frames.get(frame).and_then(|this| this.template.conditions.get(&condition.name))
        else {
            return true;
        };
        let fits = self.imply(work, world, At { frame, env, depth: depth + 1 }, node, value);
        // Where defaults still say the opposite, they count no more: the world was reached by giving other values.
        let eval = self.eval(work, world, Defaults::Count);
        if eval.defined(condition).value == Some(!value) {
            for hole in self.parameters_below(frame, node) {
                world.release(&hole);
            }
        }
        fits
    }

    /// Carries a condition expression's value to its operands, as far as it decides them.
    fn imply(&self, work: &Rc<Work>, world: &mut World, at: At, node: &Node, value: bool) -> bool {
        let ([(key, argument)], true) = (node.entries(), at.depth < 64) else { return true };
        let inner = At { depth: at.depth + 1, ..at };
        match (&*key.text, value) {
            ("Condition", _) => {
                let named = self.eval(work, world, Defaults::Ignore).named_by(at.frame, argument, at.env);
                named.is_none_or(|condition| self.imply_named(work, world, &condition, value, at.depth))
            }
            ("Fn::Not", _) => argument.items().first().is_none_or(|not| self.imply(work, world, inner, not, !value)),
            ("Fn::And", true) | ("Fn::Or", false) => {
                argument.items().iter().all(|each| self.imply(work, world, inner, each, value))
            }
            ("Fn::And", false) | ("Fn::Or", true) => {
                let mut open: Vec<&Node> = {
                    let eval = self.eval(work, world, Defaults::Ignore);
                    let may = |each: &&Node| eval.expression(at.frame, each, at.env).value != Some(!value);
                    argument.items().iter().filter(may).collect()
                };
                // An operand that cannot be so in this world is none that could be meant.
                if (2..=MAX_OPERANDS).contains(&open.len()) && at.depth < MAX_TRIALS {
                    open.retain(|each| {
                        let mut trial = world.clone();
                        self.imply(work, &mut trial, inner, each, value) && self.consistent(work, &trial)
                    });
                }
                match open.as_slice() {
                    [] => false,
                    [only] => self.imply(work, world, inner, only, value),
                    _ => true,
                }
            }
            ("Fn::Equals", _) => self.imply_equals(work, world, at, argument, value),
            _ => true,
        }
    }

    /// Carries the value of a comparison to what it compares.
    fn imply_equals(&self, work: &Rc<Work>, world: &mut World, at: At, argument: &Node, value: bool) -> bool {
        let Some([left, right]) = self.eval(work, world, Defaults::Ignore).sides(at.frame, argument, at.env) else {
            return true;
        };
        if let Some((condition, [yes, no])) = fork(&left, &right) {
            let may = |[left, right]: [&Datum; 2], side: bool| {
                let eval = self.eval(work, world, Defaults::Ignore);
                eval.compare(left, right, &[(condition, side)]).value != Some(!value)
            };
            match (may(yes, true), may(no, false)) {
                (false, false) => return false,
                (true, true) => {}
                (side, _) if world.get(condition).is_none() && at.depth < 64 => {
                    // What is compared is settled by this, at least in part.
                    let next = At { depth: at.depth + 1, ..at };
                    return self.imply_named(work, world, condition, side, next.depth)
                        && self.imply_equals(work, world, next, argument, value);
                }
                (side, _) => return world.get(condition).is_none_or(|known| known == side),
            }
        }
        let (bound, atom, same) = {
            let eval = self.eval(work, world, Defaults::Ignore);
            let (left, right) = (comparable(&left), comparable(&right));
            let bound = eval.bindable(&left, &right).map(|(hole, literal)| (hole.clone(), Arc::<str>::from(literal)));
            (bound, atom(&left, &right), left.same(&right))
        };
        match (bound, same) {
            (Some((hole, literal)), _) if value => world.bind(&hole, &literal),
            (Some((hole, literal)), _) => world.exclude(&hole, &literal),
            (None, Truth::True(_)) => value,
            (None, Truth::False(_)) => !value,
            (None, Truth::Unknown(..)) => world.set_atom(&atom, value),
        }
    }

    /// The names of the parameters whose defaults a condition may rest on.
    pub fn parameters_of(&self, condition: &Condition) -> Vec<String> {
        let world = World::default();
        let eval = Eval::new(self, &world, Defaults::Count);
        let Some(frame) = self.frame_of(condition.instance) else { return Vec::new() };
        let Some(template) = self.frames.get(frame).map(|this| &this.template) else { return Vec::new() };
        let Some((node, _)) = template.conditions.get(&condition.name) else { return Vec::new() };
        let mut names = Vec::new();
        for hole in self.parameters_below(frame, node) {
            if let Of::Parameter { name, .. } = &hole.of
                && eval.parameter_of(&hole).is_some_and(|parameter| parameter.default.is_some())
                && (hole.instance != self.first_instance() || self.given.get(name).is_none())
            {
                names.push(name.to_string());
            }
        }
        names
    }

    /// The parameters that a condition expression reads, through the conditions that it names; where a stack passes a
    /// value to a nested one, those that the value is made of.
    fn parameters_below(&self, frame: usize, node: &Node) -> Vec<Hole> {
        let mut holes = Vec::new();
        let mut seen: BTreeSet<(usize, bool, &str)> = BTreeSet::new();
        let mut open = vec![(frame, node)];
        while let Some((frame, node)) = open.pop() {
            let Some(this) = self.frames.get(frame) else { continue };
            if let [(key, argument)] = node.entries() {
                let mut named: Vec<&str> = Vec::new();
                let condition = match (&*key.text, argument.text()) {
                    ("Condition", name) => name,
                    ("Fn::If", _) => argument.items().first().and_then(Node::text),
                    _ => None,
                };
                if let Some(name) = condition.filter(|name| seen.insert((frame, true, name))) {
                    open.extend(this.template.conditions.get(name).map(|(inner, _)| (frame, inner)));
                }
                if matches!(&*key.text, "Ref" | "Fn::Sub") {
                    names::references(node, &mut |name| {
                        named.extend(this.template.parameters.get_key_value(name).map(|(name, _)| &**name));
                    });
                }
                for name in named.into_iter().filter(|name| seen.insert((frame, false, name))) {
                    match self.passed_node(frame, name) {
                        Some((above, _, passed)) => open.push((above, passed)),
                        None => holes.push(parameter_hole(self.instance(frame), name, false, false)),
                    }
                }
            }
            open.extend(node.items().iter().map(|inner| (frame, inner)));
            open.extend(node.entries().iter().map(|(_, value)| (frame, value)));
        }
        holes
    }
}

/// The hole of a parameter. Whether it is filled and plain is known of it, and no part of its identity: the world keeps it
/// without.
pub(super) fn parameter_hole(instance: Instance, name: &str, filled: bool, plain: bool) -> Hole {
    Hole { instance, of: Of::Parameter { name: name.into(), filled, plain } }
}

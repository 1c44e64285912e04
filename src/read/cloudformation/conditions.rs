//! Conditions: what they are in a world, and what setting one implies.

use super::eval::Eval;
use super::foreach::Env;
use super::names;
use super::stack::Stack;
use crate::read::partition::partition_of;
use crate::read::tri::{Defaults, Tri};
use crate::read::{Content, Unit, World};
use crate::syntax::Node;
use crate::value::{Condition, Hole, Instance, Of, Text, Truth};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How deep operands of a disjunction are tried one by one before they are left open.
const MAX_TRIALS: usize = 4;

/// Disjunctions of more operands than this are left open.
const MAX_OPERANDS: usize = 8;

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
        let [(key, argument)] = node.entries() else { return Tri::UNKNOWN };
        let each = || argument.items().iter().map(|item| self.expression(frame, item, env));
        match &*key.text {
            "Condition" => {
                self.named(frame, argument, env).map_or(Tri::UNKNOWN, |condition| self.condition(&condition))
            }
            "Fn::And" => each().fold(Tri::known(true), Tri::and),
            "Fn::Or" => each().fold(Tri::known(false), Tri::or),
            "Fn::Not" => each().next().map_or(Tri::UNKNOWN, Tri::not),
            "Fn::Equals" => self.equals(frame, argument, env),
            _ => Tri::UNKNOWN,
        }
    }

    fn named(&self, frame: usize, argument: &Node, env: &Env) -> Option<Condition> {
        let name = super::foreach::substitute(argument.text()?, env);
        Some(Condition { instance: self.stack.instance(frame), name: name.into() })
    }

    fn sides(&self, frame: usize, argument: &Node, env: &Env) -> Option<(Text, Text, bool)> {
        let [left, right] = argument.items() else { return None };
        let side = |node: &Node| {
            let datum = self.datum(frame, node, node.span, env);
            let assumed = !datum.assumes.is_empty();
            match &datum.content {
                // Lists and mappings compare by what they are made of.
                other @ (Content::List(_) | Content::Map { .. }) => {
                    (Text::from(format!("{other:?}").as_str()), assumed)
                }
                _ => (datum.as_text(), assumed),
            }
        };
        let ((left, a), (right, b)) = (side(left), side(right));
        Some((left, right, a || b))
    }

    fn equals(&self, frame: usize, argument: &Node, env: &Env) -> Tri {
        let Some((left, right, assumed)) = self.sides(frame, argument, env) else { return Tri::UNKNOWN };
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
        let mut next = world.clone();
        if self.eval(&next, Defaults::Ignore).condition(condition) == Tri::known(!value) {
            return None;
        }
        self.imply_named(&mut next, condition, value, 0).then_some(())?;
        self.consistent(&next).then_some(next)
    }

    /// How defaults decide a condition, where they do.
    pub fn by_default(&self, world: &World, condition: &Condition) -> Option<bool> {
        self.eval(world, Defaults::Count).condition(condition).value
    }

    fn eval<'a>(&'a self, world: &'a World, defaults: Defaults) -> Eval<'a> {
        Eval::new(self, world, defaults)
    }

    fn consistent(&self, world: &World) -> bool {
        let eval = self.eval(world, Defaults::Ignore);
        world.assigned().iter().all(|(condition, value)| eval.defined(condition).value != Some(!value))
    }

    fn imply_named(&self, world: &mut World, condition: &Condition, value: bool, depth: usize) -> bool {
        if let Some(known) = world.get(condition) {
            return known == value;
        }
        world.assign(condition.clone(), value);
        let Some(frame) = self.frame_of(condition.instance) else { return true };
        let Some((node, env)) = self.frames.get(frame).and_then(|this| this.template.conditions.get(&condition.name))
        else {
            return true;
        };
        let fits = self.imply(world, frame, node, env, value, depth + 1);
        // Where defaults still say the opposite, they count no more: the world was reached by giving other values.
        let eval = self.eval(world, Defaults::Count);
        if eval.defined(condition).value == Some(!value) {
            for hole in self.parameters_below(frame, node) {
                world.release(&hole);
            }
        }
        fits
    }

    /// Carries a condition expression's value to its operands, as far as it decides them.
    fn imply(&self, world: &mut World, frame: usize, node: &Node, env: &Env, value: bool, depth: usize) -> bool {
        let ([(key, argument)], true) = (node.entries(), depth < 64) else { return true };
        match (&*key.text, value) {
            ("Condition", _) => {
                let named = self.eval(world, Defaults::Ignore).named(frame, argument, env);
                named.is_none_or(|condition| self.imply_named(world, &condition, value, depth))
            }
            ("Fn::Not", _) => {
                argument.items().first().is_none_or(|inner| self.imply(world, frame, inner, env, !value, depth + 1))
            }
            ("Fn::And", true) | ("Fn::Or", false) => {
                argument.items().iter().all(|inner| self.imply(world, frame, inner, env, value, depth + 1))
            }
            ("Fn::And", false) | ("Fn::Or", true) => {
                let mut open: Vec<&Node> = {
                    let eval = self.eval(world, Defaults::Ignore);
                    argument
                        .items()
                        .iter()
                        .filter(|inner| eval.expression(frame, inner, env).value != Some(!value))
                        .collect()
                };
                // An operand that cannot be so in this world is none that could be meant.
                if (2..=MAX_OPERANDS).contains(&open.len()) && depth < MAX_TRIALS {
                    open.retain(|inner| {
                        let mut trial = world.clone();
                        self.imply(&mut trial, frame, inner, env, value, depth + 1) && self.consistent(&trial)
                    });
                }
                match open.as_slice() {
                    [] => false,
                    [only] => self.imply(world, frame, only, env, value, depth + 1),
                    _ => true,
                }
            }
            ("Fn::Equals", _) => {
                let sides = {
                    let eval = self.eval(world, Defaults::Ignore);
                    eval.sides(frame, argument, env).map(|(left, right, _)| {
                        let bound = eval
                            .bindable(&left, &right)
                            .map(|(hole, literal)| (hole.clone(), Arc::<str>::from(literal)));
                        (bound, atom(&left, &right), left.same(&right))
                    })
                };
                match sides {
                    Some((Some((hole, literal)), ..)) if value => world.bind(&hole, &literal),
                    Some((Some((hole, literal)), ..)) => world.exclude(&hole, &literal),
                    Some((None, _, Truth::True(_))) => value,
                    Some((None, _, Truth::False(_))) => !value,
                    Some((None, atom, Truth::Unknown(..))) => world.set_atom(&atom, value),
                    None => true,
                }
            }
            _ => true,
        }
    }

    /// The names of the parameters whose defaults a condition may rest on.
    pub fn parameters_of(&self, condition: &Condition) -> Vec<String> {
        let world = World::default();
        let eval = self.eval(&world, Defaults::Count);
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
        let Some(this) = self.frames.get(frame) else { return holes };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if let [(key, argument)] = node.entries() {
                let mut named: Vec<&str> = Vec::new();
                match (&*key.text, argument.text()) {
                    ("Ref" | "Fn::Sub", _) => names::references(node, &mut |name| {
                        named.extend(this.template.parameters.get_key_value(name).map(|(name, _)| &**name));
                    }),
                    ("Condition", Some(name)) if seen.insert(name) => {
                        open.extend(this.template.conditions.get(name).map(|(inner, _)| inner));
                    }
                    _ => {}
                }
                for name in named {
                    match self.passed_node(frame, name) {
                        Some((above, _, passed)) => holes.extend(self.parameters_below(above, passed)),
                        None => holes.push(parameter_hole(self.instance(frame), name, false, false)),
                    }
                }
            }
            open.extend(node.items());
            open.extend(node.entries().iter().map(|(_, value)| value));
        }
        holes
    }
}

/// The hole of a parameter. Whether it is filled and plain is known of it, and no part of its identity: the world keeps it
/// without.
pub(super) fn parameter_hole(instance: Instance, name: &str, filled: bool, plain: bool) -> Hole {
    Hole { instance, of: Of::Parameter { name: name.into(), filled, plain } }
}

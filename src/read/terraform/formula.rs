//! What decides between two sides: a boolean expression brought down to the root module's variables.
//!
//! A condition is known by its formula, not by the expression that it was written as: `var.create` in the root module and
//! the `local.enabled` of a child that was passed it are one condition, and correlated code is judged as such.

use crate::read::World;
use crate::read::tri::Tri;
use crate::value::{Hole, Of, Piece, Text, Truth};
use std::fmt::Write as _;

/// What stands for null where texts are compared and bound: no string of the language holds this character.
pub(super) const NULL: &str = "\u{0}null";

/// What stands for a list or mapping there: it is no text, whichever it is.
pub(super) const COLLECTION: &str = "\u{0}collection";

/// Disjunctions of more operands than this are left open, and so are those deeper than [`MAX_TRIALS`].
const MAX_OPERANDS: usize = 8;
const MAX_TRIALS: usize = 4;

/// A formula of more parts than this is no better than the words that it is written in.
const MAX_PARTS: usize = 400;

/// So many bytes of text count as a part.
const BYTES_PER_PART: usize = 64;

/// A boolean expression over holes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Formula {
    Known(bool),
    Not(Box<Formula>),
    All(Vec<Formula>),
    Any(Vec<Formula>),
    /// A hole that is true or false itself.
    Is(Hole),
    /// A comparison of which no side is known.
    Equal(Text, Text),
    /// An expression that nothing more can be said of, by its text; what it is where defaults count, and the variables
    /// that it reads.
    Opaque(String, Option<bool>, Vec<Hole>),
}

impl Formula {
    pub(super) fn not(self) -> Formula {
        match self {
            Formula::Known(value) => Formula::Known(!value),
            Formula::Not(inner) => *inner,
            other => Formula::Not(Box::new(other)),
        }
    }

    pub(super) fn all(operands: impl IntoIterator<Item = Formula>) -> Formula {
        let mut flat = Vec::new();
        for operand in operands {
            match operand {
                Formula::Known(true) => {}
                Formula::Known(false) => return Formula::Known(false),
                Formula::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        distinct(flat, Formula::All, true)
    }

    pub(super) fn any(operands: impl IntoIterator<Item = Formula>) -> Formula {
        let mut flat = Vec::new();
        for operand in operands {
            match operand {
                Formula::Known(false) => {}
                Formula::Known(true) => return Formula::Known(true),
                Formula::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        distinct(flat, Formula::Any, false)
    }

    /// Either of two, by a third.
    pub(super) fn choose(condition: &Formula, yes: Formula, no: Formula) -> Formula {
        if yes == no {
            return yes;
        }
        Formula::any([Formula::all([condition.clone(), yes]), Formula::all([condition.clone().not(), no])])
    }

    /// Whether it is small enough to be copied and decided many times.
    pub(super) fn is_small(&self) -> bool {
        let mut left = MAX_PARTS;
        self.fits(&mut left)
    }

    fn fits(&self, left: &mut usize) -> bool {
        let bytes = |text: &Text| -> usize {
            let of = |piece: &Piece| if let Piece::Literal(literal) = piece { literal.len() } else { BYTES_PER_PART };
            text.pieces().iter().map(of).sum()
        };
        let own = match self {
            Formula::Equal(one, other) => (bytes(one) + bytes(other)) / BYTES_PER_PART,
            Formula::Opaque(name, _, holes) => name.len() / BYTES_PER_PART + holes.len(),
            _ => 0,
        };
        let Some(less) = left.checked_sub(1 + own) else { return false };
        *left = less;
        match self {
            Formula::Not(inner) => inner.fits(left),
            Formula::All(all) | Formula::Any(all) => all.iter().all(|one| one.fits(left)),
            _ => true,
        }
    }

    /// A comparison.
    pub(super) fn equal(left: Text, right: Text) -> Formula {
        match left.same(&right) {
            Truth::True(_) => Formula::Known(true),
            Truth::False(_) => Formula::Known(false),
            Truth::Unknown(..) => {
                let (left, right) =
                    if right.hole().is_some() && left.hole().is_none() { (right, left) } else { (left, right) };
                match (left.hole(), right.literal()) {
                    (Some(hole), Some("true")) => Formula::Is(hole.clone()),
                    (Some(hole), Some("false")) => Formula::Is(hole.clone()).not(),
                    _ => Formula::Equal(left, right),
                }
            }
        }
    }

    /// A comparison with a text between quotes, which is no boolean whatever it reads: it is told as it was written.
    pub(super) fn equal_words(left: Text, right: Text) -> Formula {
        let booleans = ["true", "false"];
        match (left.hole(), right.literal(), left.literal(), right.hole()) {
            (Some(_), Some(word), ..) if booleans.contains(&word) => Formula::Equal(left, right),
            (.., Some(word), Some(_)) if booleans.contains(&word) => Formula::Equal(right, left),
            _ => Formula::equal(left, right),
        }
    }

    /// Its value in a world; `default` gives the default of a hole where defaults count.
    pub(super) fn value(&self, world: &World, default: &dyn Fn(&Hole) -> Option<Text>) -> Tri {
        match self {
            Formula::Known(value) => Tri::known(*value),
            Formula::Not(inner) => inner.value(world, default).not(),
            Formula::All(all) => {
                let sum = all.iter().fold(Tri::known(true), |sum, one| sum.and(one.value(world, default)));
                self.or_set(sum, world)
            }
            Formula::Any(all) => {
                let sum = all.iter().fold(Tri::known(false), |sum, one| sum.or(one.value(world, default)));
                self.or_set(sum, world)
            }
            Formula::Is(hole) => {
                let (text, assumed) = settled(&hole.clone().into(), world, default);
                let value = match text.literal() {
                    Some("true") => Some(true),
                    Some("false") => Some(false),
                    // A null where a boolean is asked for is an error: neither side.
                    _ if world.excludes(hole, "true") => Some(false),
                    _ if world.excludes(hole, "false") => Some(true),
                    _ => return Tri::UNKNOWN,
                };
                Tri { value, assumed }
            }
            Formula::Equal(left, right) => {
                if let Some(value) = world.atom(&self.to_string()) {
                    return Tri::known(value);
                }
                let ((left, a), (right, b)) = (settled(left, world, default), settled(right, world, default));
                if let (Some(hole), Some(literal)) = (left.hole(), right.literal())
                    && world.excludes(hole, literal)
                {
                    return Tri { value: Some(false), assumed: a || b };
                }
                let value = match left.same(&right) {
                    Truth::True(_) => Some(true),
                    Truth::False(_) => Some(false),
                    Truth::Unknown(..) => return Tri::UNKNOWN,
                };
                Tri { value, assumed: a || b }
            }
            Formula::Opaque(name, by_default, holes) => match world.atom(name) {
                Some(value) => Tri::known(value),
                None => {
                    let counts = holes.iter().all(|hole| !world.releases(hole) && default(hole).is_some());
                    Tri { value: by_default.filter(|_| counts && !holes.is_empty()), assumed: true }
                }
            },
        }
    }

    /// What its operands say; where they do not decide it, what was set.
    fn or_set(&self, operands: Tri, world: &World) -> Tri {
        match (operands, world.atom(&self.to_string())) {
            (Tri { value: None, .. } | Tri { assumed: true, .. }, Some(value)) => Tri::known(value),
            _ => operands,
        }
    }

    /// Carries a value to the operands, as far as it decides them. False where it cannot be.
    pub(super) fn imply(&self, world: &mut World, value: bool, depth: usize) -> bool {
        let certain = |world: &World, formula: &Formula| formula.value(world, &|_| None).value;
        if depth >= 64 {
            return true;
        }
        match (self, value) {
            (Formula::Known(known), _) => *known == value,
            (Formula::Not(inner), _) => inner.imply(world, !value, depth + 1),
            (Formula::All(all), true) | (Formula::Any(all), false) => {
                all.iter().all(|one| one.imply(world, value, depth + 1))
            }
            (Formula::All(all), false) | (Formula::Any(all), true) => {
                let mut open: Vec<&Formula> = all.iter().filter(|one| certain(world, one) != Some(!value)).collect();
                // An operand that cannot be so in this world is none that could be meant.
                if (2..=MAX_OPERANDS).contains(&open.len()) && depth < MAX_TRIALS {
                    open.retain(|one| one.imply(&mut world.clone(), value, depth + 1));
                }
                match open.as_slice() {
                    [] => false,
                    [only] => only.imply(world, value, depth + 1),
                    // None of them is decided, and yet the whole is.
                    _ => world.set_atom(&self.to_string(), value),
                }
            }
            (Formula::Is(hole), true) => world.bind(hole, "true"),
            (Formula::Is(hole), false) => world.bind(hole, "false"),
            (Formula::Equal(left, right), _) => match (left.hole(), right.literal()) {
                (Some(hole), Some(literal)) if is_bindable(hole) && value => world.bind(hole, literal),
                (Some(hole), Some(literal)) if is_bindable(hole) => world.exclude(hole, literal),
                _ => world.set_atom(&self.to_string(), value),
            },
            (Formula::Opaque(name, ..), _) => world.set_atom(name, value),
        }
    }

    /// The variables that it reads.
    pub(super) fn holes(&self, to: &mut Vec<Hole>) {
        let mut add = |hole: &Hole| {
            if matches!(hole.of, Of::Parameter { .. }) && !to.contains(hole) {
                to.push(hole.clone());
            }
        };
        match self {
            Formula::Known(_) => {}
            Formula::Not(inner) => inner.holes(to),
            Formula::All(all) | Formula::Any(all) => all.iter().for_each(|one| one.holes(to)),
            Formula::Is(hole) => add(hole),
            Formula::Equal(left, right) => {
                for piece in left.pieces().iter().chain(right.pieces()) {
                    if let Piece::Hole(hole) = piece {
                        add(hole);
                    }
                }
            }
            Formula::Opaque(_, _, holes) => holes.iter().for_each(add),
        }
    }
}

fn distinct(mut operands: Vec<Formula>, shape: fn(Vec<Formula>) -> Formula, neutral: bool) -> Formula {
    let mut seen = Vec::new();
    operands.retain(|one| {
        let new = !seen.contains(one);
        if new {
            seen.push(one.clone());
        }
        new
    });
    match (operands.pop(), operands.is_empty()) {
        (None, _) => Formula::Known(neutral),
        (Some(only), true) => only,
        (Some(last), false) => {
            operands.push(last);
            shape(operands)
        }
    }
}

fn is_bindable(hole: &Hole) -> bool {
    matches!(hole.of, Of::Parameter { .. } | Of::Region | Of::Partition | Of::Account)
}

/// A text in a world, and whether a default made it so.
fn settled(text: &Text, world: &World, default: &dyn Fn(&Hole) -> Option<Text>) -> (Text, bool) {
    let Some(hole) = text.hole() else { return (text.clone(), false) };
    match world.bound(hole) {
        Some(bound) => (Text::from(&**bound), false),
        None if world.releases(hole) => (text.clone(), false),
        None => default(hole).map_or_else(|| (text.clone(), false), |text| (text, true)),
    }
}

/// As a person would write it.
impl std::fmt::Display for Formula {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |to: &mut std::fmt::Formatter<'_>, all: &[Formula], operator: &str| {
            for (n, one) in all.iter().enumerate() {
                to.write_str(if n > 0 { operator } else { "" })?;
                match one {
                    Formula::All(_) | Formula::Any(_) => write!(to, "({one})")?,
                    _ => write!(to, "{one}")?,
                }
            }
            Ok(())
        };
        match self {
            Formula::Known(value) => write!(to, "{value}"),
            Formula::Not(inner) => match &**inner {
                Formula::Equal(left, right) => write!(to, "{} != {}", side(left), side(right)),
                other @ (Formula::Is(_) | Formula::Not(_)) => write!(to, "!{other}"),
                other => write!(to, "!({other})"),
            },
            Formula::All(all) => joined(to, all, " && "),
            Formula::Any(all) => joined(to, all, " || "),
            Formula::Is(hole) => to.write_str(&side(&hole.clone().into())),
            Formula::Equal(left, right) => write!(to, "{} == {}", side(left), side(right)),
            Formula::Opaque(name, ..) => to.write_str(name),
        }
    }
}

fn side(text: &Text) -> String {
    if text.literal() == Some(NULL) {
        return "null".to_owned();
    }
    let mut shown = String::new();
    for piece in text.pieces() {
        let _ = match piece {
            Piece::Literal(literal) => write!(shown, "{literal}"),
            Piece::Hole(hole) if text.hole().is_some() => return hole.name(),
            Piece::Hole(hole) => write!(shown, "${{{}}}", hole.name()),
            Piece::Unknown(why) => write!(shown, "${{{}}}", why.name),
        };
    }
    format!("\"{shown}\"")
}

//! Evaluation of expressions in a world. What references lead to is in `references`, conditionals in `conditions`,
//! `count` and `for_each` in `expand`.

use super::arithmetic;
use super::lift::{Reach, lift};
use super::memory::Made;
use super::module::{Call, Module};
use super::refusal::refused;
use super::root::Root;
use crate::read::tri::Defaults;
use crate::read::weight::{Room, too_large, weight};
use crate::read::{Asked, Content, Datum, Member, World};
use crate::source::Span;
use crate::syntax::hcl::{Binary, Expr, ExprKind, Unary};
use crate::value::{Condition, Of, Piece, Why, WhyKind};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// Most values that one evaluation makes: loops and references to large defaults end here.
const MAX_STEPS: usize = 1_000_000;

/// Most that an evaluation keeps, by the weight of the values.
const MAX_KEPT: usize = 1_000_000;

/// So much of a value is copied in one step.
const COPIED_IN_A_STEP: usize = 8;

/// Deepest chain of expressions, through locals, variables and modules.
const MAX_DEPTH: usize = 250;

/// What `each` and `count` stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Each {
    pub(super) key: Option<Datum>,
    pub(super) value: Option<Datum>,
    pub(super) index: Option<Datum>,
}

/// One use of a module.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    pub(super) module: &'a Module,
    /// The place of the module in the library.
    pub(super) index: usize,
    /// `module.a["x"].module.b`; empty for the root.
    pub(super) path: Arc<str>,
    /// Who calls it, and for what.
    pub(super) above: Option<(&'a Call, Rc<Frame<'a>>, Each)>,
    /// The conditions under which it is called.
    pub(super) conditions: Vec<Condition>,
}

impl Frame<'_> {
    /// An address of the module, from the root.
    pub(super) fn address(&self, within: &str) -> Arc<str> {
        if self.path.is_empty() { within.into() } else { format!("{}.{within}", self.path).into() }
    }

    pub(super) fn depth(&self) -> usize {
        self.above.as_ref().map_or(0, |(_, above, _)| above.depth() + 1)
    }
}

/// What names stand for at one place.
#[derive(Clone)]
pub(super) struct Env<'a> {
    pub(super) frame: Rc<Frame<'a>>,
    pub(super) each: Rc<Each>,
    /// Variables of `for` and iterators of `dynamic`, the inner ones last.
    pub(super) names: Vec<(Arc<str>, Rc<Datum>)>,
    /// The element of a splat.
    pub(super) element: Option<Datum>,
}

impl<'a> Env<'a> {
    pub(super) fn of(frame: &Rc<Frame<'a>>) -> Env<'a> {
        Env::with(frame, Each::default())
    }

    pub(super) fn with(frame: &Rc<Frame<'a>>, each: Each) -> Env<'a> {
        Env { frame: frame.clone(), each: Rc::new(each), names: Vec::new(), element: None }
    }

    /// Where a template sees nothing but what is passed to it.
    pub(super) fn naming_only(&self, names: impl IntoIterator<Item = (Arc<str>, Datum)>) -> Env<'a> {
        Env { names: Vec::new(), ..self.clone() }.naming(names)
    }

    pub(super) fn naming(&self, names: impl IntoIterator<Item = (Arc<str>, Datum)>) -> Env<'a> {
        let mut inner = self.clone();
        inner.names.extend(names.into_iter().map(|(name, value)| (name, Rc::new(value))));
        inner
    }
}

/// An evaluation of one root module in one world.
pub(super) struct Eval<'a> {
    pub(super) root: &'a Root,
    pub(super) world: &'a World,
    pub(super) defaults: Defaults,
    pub(super) top: Rc<Frame<'a>>,
    pub(super) shared: Rc<super::expand::Shared<'a>>,
    pub(super) places: Made<Rc<Vec<super::expand::Place>>>,
    pub(super) wholes: Made<Rc<Datum>>,
    pub(super) children: Made<Rc<Vec<Rc<Frame<'a>>>>>,
    pub(super) earlier: Made<Rc<BTreeSet<Arc<str>>>>,
    /// What has a name: none while it is being worked out.
    memory: Made<Option<Rc<Datum>>>,
    symbolic: OnceCell<Box<Eval<'a>>>,
    counting: OnceCell<Box<Eval<'a>>>,
}

impl<'a> Eval<'a> {
    pub(super) fn new(root: &'a Root, world: &'a World, defaults: Defaults) -> Eval<'a> {
        static NOTHING: LazyLock<Module> = LazyLock::new(Module::default);
        let module = root.library.modules.get(root.module).unwrap_or(&NOTHING);
        let top = Frame { module, index: root.module, path: "".into(), above: None, conditions: Vec::new() };
        Eval::over(root, world, defaults, Rc::new(top), Rc::default())
    }

    fn over(
        root: &'a Root,
        world: &'a World,
        defaults: Defaults,
        top: Rc<Frame<'a>>,
        shared: Rc<super::expand::Shared<'a>>,
    ) -> Eval<'a> {
        Eval {
            root,
            world,
            defaults,
            top,
            shared,
            places: Made::default(),
            wholes: Made::default(),
            children: Made::default(),
            earlier: Made::default(),
            memory: Made::default(),
            symbolic: OnceCell::new(),
            counting: OnceCell::new(),
        }
    }

    /// The evaluation in which only what must be counts: what conditions are made of.
    pub(super) fn symbolic(&self) -> &Eval<'a> {
        if self.defaults == Defaults::Ignore {
            return self;
        }
        self.symbolic.get_or_init(|| {
            let (top, shared) = (self.top.clone(), self.shared.clone());
            Box::new(Eval::over(self.root, &self.root.nothing, Defaults::Ignore, top, shared))
        })
    }

    /// The evaluation in which defaults count and nothing is taken as given.
    pub(super) fn counting(&self) -> &Eval<'a> {
        if self.defaults == Defaults::Count && *self.world == self.root.nothing {
            return self;
        }
        self.counting.get_or_init(|| {
            let (top, shared) = (self.top.clone(), self.shared.clone());
            Box::new(Eval::over(self.root, &self.root.nothing, Defaults::Count, top, shared))
        })
    }

    /// Goes one level deeper; false where that is too deep, and then nothing was entered.
    pub(super) fn enters(&self) -> bool {
        let depth = &self.shared.depth;
        if depth.get() >= MAX_DEPTH || self.is_exhausted() {
            return false;
        }
        depth.set(depth.get() + 1);
        self.shared.steps.set(self.shared.steps.get() + 1);
        true
    }

    /// Notes work that is more than a step.
    pub(super) fn spends(&self, steps: usize) {
        self.shared.steps.set(self.shared.steps.get() + steps);
    }

    /// Whether the evaluation has come to its end before it was through.
    pub(super) fn is_exhausted(&self) -> bool {
        self.shared.steps.get() > MAX_STEPS
    }

    pub(super) fn leaves(&self) {
        self.shared.depth.set(self.shared.depth.get().saturating_sub(1));
    }

    /// Works something out once. What rests on itself is unknown.
    pub(super) fn remembered(&self, frame: &Frame, name: &str, span: Span, work: impl FnOnce() -> Datum) -> Datum {
        let key = (frame.path.clone(), Arc::from(name));
        match self.memory.get(self.world, &key) {
            Some(Some(known)) => return self.copied(&known),
            Some(None) => {
                self.root.problem(format!("`{}` refers to itself", frame.address(name)), span);
                let why = Why::new(WhyKind::Unsupported, name, format!("`{name}` refers to itself"));
                return Datum::unknown(why.at(span), span);
            }
            None => {}
        }
        self.memory.keep(key.clone(), (None, Asked::default()));
        let kept = &self.shared.kept;
        let (value, asked) = self.world.noting(work);
        let value = match weight(&value).map(|weight| kept.get() + weight).filter(|sum| *sum <= MAX_KEPT) {
            Some(sum) => {
                kept.set(sum);
                value
            }
            None => too_large(span),
        };
        self.memory.keep(key, (Some(Rc::new(value.clone())), asked));
        value
    }

    /// A copy of a value, which takes as many steps as it is large.
    pub(super) fn copied(&self, value: &Datum) -> Datum {
        match weight(value).filter(|_| !self.is_exhausted()) {
            Some(weight) => {
                self.spends(weight / COPIED_IN_A_STEP);
                value.clone()
            }
            None => too_large(value.span),
        }
    }

    /// A value of which only itself is needed: a default.
    pub(super) fn constant(&self, expr: &Expr) -> Datum {
        self.expr(&Env::of(&self.top), expr)
    }

    /// The value of an expression, underlined as it is written.
    pub(super) fn expr(&self, env: &Env<'a>, expr: &Expr) -> Datum {
        if !self.enters() {
            let why = Why::new(WhyKind::Unsupported, "expression", "this expression is too large to work out");
            return Datum::unknown(why, expr.span);
        }
        let datum = self.shape(env, expr);
        self.leaves();
        datum
    }

    /// The value of an expression; `place` is underlined for it where it spans several lines.
    pub(super) fn placed(&self, env: &Env<'a>, expr: &Expr, place: Span) -> Datum {
        let mut datum = self.expr(env, expr);
        if !self.root.library.is_one_line(expr.span) {
            datum.span = place;
        }
        datum
    }

    fn shape(&self, env: &Env<'a>, expr: &Expr) -> Datum {
        let span = expr.span;
        let plain = |text: &str| Datum::new(Content::Text { text: text.into(), plain: true }, span);
        match &expr.kind {
            ExprKind::Null => Datum::new(Content::Absent, span),
            ExprKind::Bool(value) => plain(if *value { "true" } else { "false" }),
            ExprKind::Number(number) => arithmetic::written(number, span),
            ExprKind::Text(parts) => self.text(env, parts, span),
            ExprKind::List(items) => {
                let room = Room::new();
                let each = items.iter().map(|item| room.put(self.placed(env, item, first_key(item).unwrap_or(span))));
                room.all(Content::List(each.collect()), span)
            }
            ExprKind::Map(entries) => self.mapping(env, entries, span),
            ExprKind::Element => env.element.clone().unwrap_or_else(|| refused("there is no element here", span)),
            ExprKind::Variable(_) | ExprKind::Attribute(..) | ExprKind::Index(..) => self.reference(env, expr),
            ExprKind::Splat { over, each } => {
                let over = self.expr(env, over);
                lift(&[over], span, Reach::Top, &|over| match over {
                    [over] => self.splat(env, over, each, span),
                    _ => refused("nothing to go through", span),
                })
            }
            ExprKind::Call { name, arguments, spread } => self.call(env, &name.text, arguments, *spread, span),
            ExprKind::Conditional(condition, yes, no) => self.conditional(env, condition, yes, no, span),
            ExprKind::Unary(Unary::Not, _)
            | ExprKind::Binary(
                Binary::And
                | Binary::Or
                | Binary::Equal
                | Binary::NotEqual
                | Binary::Less
                | Binary::LessOrEqual
                | Binary::Greater
                | Binary::GreaterOrEqual,
                ..,
            ) => self.boolean(env, expr),
            ExprKind::Unary(Unary::Minus, inner) => {
                let inner = self.expr(env, inner);
                lift(&[inner], span, Reach::Top, &|values| match values {
                    [value] => arithmetic::negative(value, span),
                    _ => refused("there is no number here", span),
                })
            }
            ExprKind::Binary(operator, left, right) => {
                let sides = [self.expr(env, left), self.expr(env, right)];
                lift(&sides, span, Reach::Top, &|values| arithmetic::reckoned(*operator, values, span))
            }
            ExprKind::For(each) => self.for_each(env, each, span),
            // What is chosen among others is known where the plan made one of them only: the rest, conditions and
            // constants, would be known before it is applied.
            ExprKind::Chosen(references) => {
                let links = references.iter().map(|reference| self.expr(env, reference));
                let mut links: Vec<Datum> = links.filter(is_resource).collect();
                links.dedup_by(|one, other| hole_of(one) == hole_of(other));
                match links.as_slice() {
                    [only] => Datum { span, ..only.clone() },
                    _ => opaque(references, span),
                }
            }
            ExprKind::Opaque(references) => opaque(references, span),
        }
    }

    fn mapping(&self, env: &Env<'a>, entries: &[(Expr, Expr)], span: Span) -> Datum {
        let mut members: Vec<Member> = Vec::with_capacity(entries.len());
        let mut rest = None;
        let room = Room::new();
        for (key, value) in entries {
            let name = self.expr(env, key);
            let value = room.put(self.placed(env, value, key.span));
            match name.as_text().literal() {
                Some(literal) => {
                    if let Some(at) = members.iter().position(|member| &*member.key == literal) {
                        self.root.lost(literal, members.remove(at).span);
                    }
                    members.push(Member { key: literal.into(), span: key.span, value });
                }
                None => rest = name.as_text().why().or(rest),
            }
        }
        // An object has no order but that of its keys.
        members.sort_by(|one, other| one.key.cmp(&other.key));
        room.all(Content::Map { members, rest }, span)
    }
}

/// Where a mapping's first key stands: what is underlined for it in a list.
fn first_key(expr: &Expr) -> Option<Span> {
    match &expr.kind {
        ExprKind::Map(entries) => entries.first().map(|(key, _)| key.span),
        _ => None,
    }
}

/// Whether a value is nothing but the name of a resource.
fn is_resource(datum: &Datum) -> bool {
    hole_of(datum).is_some_and(|hole| matches!(hole.of, Of::Resource { .. }))
}

/// What is made of other values in a way that nobody tells.
fn opaque(references: &[Expr], span: Span) -> Datum {
    let names: Vec<String> = references.iter().map(super::references::shown).collect();
    let names = names.join(", ");
    let text = format!("it is made of {names}, in a way that the plan does not tell");
    Datum::unknown(Why::new(WhyKind::AfterApply, names, text), span)
}

/// A text that is one hole.
pub(super) fn hole_of(datum: &Datum) -> Option<&crate::value::Hole> {
    match &datum.content {
        Content::Text { text, .. } | Content::OneOf { text, .. } => match text.pieces() {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        },
        _ => None,
    }
}

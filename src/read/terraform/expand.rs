//! How often things are there: `count` and `for_each`, of resources and of modules.

use super::conditions::variable_hole;
use super::eval::{Each, Env, Eval, Frame};
use super::formula::Formula;
use super::lift::either;
use super::memory::Within;
use super::module::Resource;
use super::refusal::{is_refused, refusal};
use crate::read::{Content, Datum, Member};
use crate::source::Span;
use crate::syntax::hcl::{Body, Expr, ExprKind};
use crate::value::{Assumption, Condition, Why};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Most instances of one resource or module that are looked at; what has more is looked at as one of them.
const MAX_INSTANCES: usize = 2_000;

/// One instance of a resource or module.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// What follows its address: nothing, `[0]`, `["key"]`, or `[*]` where the number is not known.
    pub(super) suffix: Arc<str>,
    pub(super) each: Each,
    /// The conditions under which it is there.
    pub(super) conditions: Vec<Condition>,
    /// The defaults by which it is there.
    pub(super) assumes: Vec<Assumption>,
}

/// An instance of a resource: where it is declared, as what, and what `each` and `count` stand for there.
type Instance<'a> = (Rc<Frame<'a>>, &'a Resource, Each);

/// What every evaluation of a root finds by address.
#[derive(Default)]
pub(super) struct Shared<'a> {
    pub(super) instances: RefCell<HashMap<Arc<str>, Instance<'a>>>,
    pub(super) modules: RefCell<HashMap<Arc<str>, Rc<Frame<'a>>>>,
    /// How much was worked out and kept, and how deep it is just now.
    pub(super) steps: Cell<usize>,
    pub(super) kept: Cell<usize>,
    pub(super) depth: Cell<usize>,
}

/// The entries of a collection, with their keys or places; none where it is not known.
pub(super) fn entries(datum: &Datum) -> Option<Vec<(Datum, Datum)>> {
    let number = |n: usize| Datum::new(Content::Text { text: n.to_string().as_str().into(), plain: true }, datum.span);
    match &datum.content {
        Content::List(items) => Some(items.iter().enumerate().map(|(n, item)| (number(n), item.clone())).collect()),
        Content::Map { members, rest: None } => {
            let key = |member: &Member| Datum::text(&*member.key, member.span);
            Some(members.iter().map(|member| (key(member), member.value.clone())).collect())
        }
        _ => None,
    }
}

/// What a `for` makes.
pub(super) struct Made {
    mapping: bool,
    grouped: bool,
    items: Vec<Datum>,
    members: BTreeMap<Arc<str>, Member>,
    rest: Option<Why>,
    /// Why the language refuses all of it.
    refused: Option<Why>,
}

impl Made {
    pub(super) fn new(mapping: bool, grouped: bool) -> Made {
        Made { mapping, grouped, items: Vec::new(), members: BTreeMap::new(), rest: None, refused: None }
    }

    /// Adds what was made of an element; it may hang on a condition.
    pub(super) fn add(&mut self, (key, value): (Option<(Datum, Span)>, Datum), on: Option<Condition>) {
        let span = value.span;
        let wavering = |value: Datum| match &on {
            Some(condition) => either(condition.clone(), value, Datum::new(Content::Absent, span), span),
            None => value,
        };
        let (true, Some((key, place))) = (self.mapping, key) else {
            self.items.push(wavering(value));
            return;
        };
        let text = key.as_text();
        let Some(literal) = text.literal() else {
            self.rest = self.rest.take().or_else(|| text.why());
            return;
        };
        if on.is_none() && !self.grouped && self.members.get(literal).is_some_and(is_certain) {
            self.refused = Some(refusal(format!("two elements have the key `{literal}`")));
        }
        let member = self.members.entry(literal.into()).or_insert_with(|| Member {
            key: literal.into(),
            span: place,
            value: Datum::new(Content::List(Vec::new()), span),
        });
        match &mut member.value.content {
            Content::List(all) if self.grouped => all.push(wavering(value)),
            _ => member.value = wavering(value),
        }
    }

    pub(super) fn finish(self, span: Span) -> Datum {
        if let Some(why) = self.refused {
            return Datum::unknown(why, span);
        }
        let content = match self.mapping {
            true => Content::Map { members: self.members.into_values().collect(), rest: self.rest },
            false => Content::List(self.items),
        };
        Datum::new(content, span)
    }
}

/// Whether a member is there for certain.
fn is_certain(member: &Member) -> bool {
    !matches!(member.value.content, Content::Either(..))
}

impl<'a> Eval<'a> {
    /// The condition that a condition does not hold.
    fn opposite(&self, condition: &Condition) -> Option<Condition> {
        Some(self.root.condition(self.root.formula(condition)?.not()))
    }

    /// The instances of something with `count` or `for_each`.
    pub(super) fn expanded(&self, env: &Env<'a>, body: &Body, address: &str) -> Vec<Place> {
        if let Some(places) = self.listed(env, body, address) {
            return places;
        }
        let once = Place { suffix: "".into(), each: Each::default(), conditions: Vec::new(), assumes: Vec::new() };
        let (written, counted) = match (body.get("count"), body.get("for_each")) {
            (Some(count), _) => (count, true),
            (None, Some(each)) => (each, false),
            (None, None) => return vec![once],
        };
        let span = written.span;
        let datum = match self.left_to_caller(env, written, counted, address) {
            Some(open) => open,
            None if counted => self.count(env, written),
            None => self.expr(env, written),
        };
        let certain = *self.world == self.root.nothing;
        if certain && counted && body.get("for_each").is_some() {
            self.root.problem(format!("`{address}` has both `count` and `for_each`: leave one of them out"), span);
        }
        let mut places: Vec<Place> = Vec::new();
        self.spread(&datum, &mut Vec::new(), &mut |leaf, conditions| {
            let instances = if counted { by_count(leaf) } else { by_key(leaf) };
            match instances {
                Some(instances) if instances.len() <= MAX_INSTANCES => {
                    for (suffix, each) in instances {
                        match places.iter_mut().find(|place| place.suffix == suffix) {
                            // It is there on both sides.
                            Some(known) => {
                                let common =
                                    known.conditions.iter().zip(&conditions).take_while(|(a, b)| a == b).count();
                                known.conditions.truncate(common);
                            }
                            None => {
                                let assumes = [datum.assumes.as_slice(), &leaf.assumes].concat();
                                places.push(Place { suffix, each, conditions: conditions.clone(), assumes });
                            }
                        }
                    }
                }
                Some(_) => {
                    self.root.problem(
                        format!("`{address}` has more than {MAX_INSTANCES} instances; they are looked at as one"),
                        span,
                    );
                    places.push(self.any_instance(address, env, conditions, span));
                }
                None => {
                    let mut conditions = conditions;
                    let text = leaf.as_text();
                    if let (true, true, Some(number)) = (certain, counted && conditions.is_empty(), text.literal()) {
                        let message = format!("`count` of `{address}` is `{number}`, which is no number of instances");
                        self.root.problem(message, span);
                    }
                    let formula = if counted && super::eval::hole_of(leaf).is_some() {
                        Formula::equal(text, "0".into()).not()
                    } else {
                        self.some(env, written, counted, &[])
                    };
                    let condition = self.root.condition(formula);
                    if (counted || !is_filled(written)) && !conditions.contains(&condition) {
                        conditions.push(condition);
                    }
                    places.push(self.any_instance(address, env, conditions, span));
                }
            }
        });
        places
    }

    /// What attaches a policy of an organization to targets that are none by default: the targets are for the module's
    /// caller to give, and how many there are cannot be told.
    fn left_to_caller(&self, env: &Env<'a>, written: &Expr, counted: bool, address: &str) -> Option<Datum> {
        if !address.starts_with("aws_organizations_policy_attachment.") {
            return None;
        }
        let datum = self.expr(env, written);
        let instances = if counted { by_count(&datum) } else { by_key(&datum) };
        let [input, ..] = datum.assumes.as_slice() else { return None };
        let why = Why::parameter(&input.name).at(written.span);
        instances.is_some_and(|all| all.is_empty()).then(|| Datum::unknown(why, written.span))
    }

    /// The value of a `count`. Nought by default is one side of two: with another value there are instances.
    fn count(&self, env: &Env<'a>, written: &Expr) -> Datum {
        let datum = self.expr(env, written);
        if datum.as_text().literal() != Some("0") || datum.assumes.is_empty() {
            return datum;
        }
        let open = self.symbolic().expr(env, written);
        let formula = match super::eval::hole_of(&open) {
            Some(_) => Formula::equal(open.as_text(), "0".into()).not(),
            None => self.some(env, written, true, &datum.assumes),
        };
        self.choose(formula, written.span, &|more| if more { open.clone() } else { datum.clone() })
    }

    /// That there is an instance at all, where the number is not known, or nought by these defaults.
    fn some(&self, env: &Env<'a>, written: &Expr, counted: bool, defaults: &[Assumption]) -> Formula {
        let text = self.root.library.cut(written.span);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = if counted { format!("{text} > 0") } else { format!("length({text}) > 0") };
        let path = &env.frame.path;
        let name = if path.is_empty() { text } else { format!("{path}: {text}") };
        let holes = defaults.iter().map(|one| variable_hole(one.instance, &one.name));
        Formula::Opaque(name, (!defaults.is_empty()).then_some(false), holes.collect())
    }

    /// An instance of which only the address is known.
    fn any_instance(&self, address: &str, env: &Env<'a>, conditions: Vec<Condition>, span: Span) -> Place {
        let unknown = |what: &str| Some(self.expression_hole(&format!("{}: {what}", env.frame.address(address)), span));
        let each = Each { key: unknown("each.key"), value: unknown("each.value"), index: unknown("count.index") };
        Place { suffix: "[*]".into(), each, conditions, assumes: Vec::new() }
    }

    /// Goes through both sides of a value, with the conditions on the way.
    pub(super) fn spread(
        &self,
        datum: &Datum,
        conditions: &mut Vec<Condition>,
        leaf: &mut dyn FnMut(&Datum, Vec<Condition>),
    ) {
        match &datum.content {
            Content::Either(condition, yes, no) if conditions.len() < 8 => {
                conditions.push(condition.clone());
                self.spread(yes, conditions, leaf);
                conditions.pop();
                if let Some(opposite) = self.opposite(condition) {
                    conditions.push(opposite);
                    self.spread(no, conditions, leaf);
                    conditions.pop();
                }
            }
            _ => leaf(datum, conditions.clone()),
        }
    }

    /// The instances of a resource.
    pub(super) fn places_of(&self, frame: &Rc<Frame<'a>>, resource: &'a Resource) -> Rc<Vec<Place>> {
        let key = (frame.path.clone(), resource.address.clone());
        if let Some(known) = self.places.get(self.world, &key) {
            return known;
        }
        let places = self.made_places(frame, key, &resource.body);
        let mut instances = self.shared.instances.borrow_mut();
        for place in places.iter() {
            let address = frame.address(&format!("{}{}", resource.address, place.suffix));
            instances.insert(address, (frame.clone(), resource, place.each.clone()));
        }
        places
    }

    /// The instances of a resource or call, made once. Those that hang on themselves are none.
    pub(super) fn made_places(&self, frame: &Rc<Frame<'a>>, key: Within, body: &Body) -> Rc<Vec<Place>> {
        self.places.get(self.world, &key).unwrap_or_else(|| {
            self.places.keep(key.clone(), Default::default());
            let places = self.world.noting(|| Rc::new(self.expanded(&Env::of(frame), body, &key.1)));
            self.places.keep(key, places)
        })
    }

    /// What a reference to a resource without index gives: itself, a list, or a mapping of its instances.
    pub(super) fn instances_as_value(
        &self,
        frame: &Rc<Frame<'a>>,
        body: &Body,
        address: &str,
        span: Span,
    ) -> Rc<Datum> {
        let key = (frame.path.clone(), Arc::from(address));
        self.wholes.get(self.world, &key).unwrap_or_else(|| {
            self.wholes.keep(key, self.world.noting(|| Rc::new(self.whole(frame, body, address, span))))
        })
    }

    fn whole(&self, frame: &Rc<Frame<'a>>, body: &Body, address: &str, span: Span) -> Datum {
        let env = Env::of(frame);
        if let Some(listed) = self.listed_as_value(&env, body, address, span) {
            return listed;
        }
        let (datum, counted) = match (body.get("count"), body.get("for_each")) {
            (Some(count), _) => (self.count(&env, count), true),
            (None, Some(each)) => (self.expr(&env, each), false),
            (None, None) => return self.object(&frame.address(address), span),
        };
        let assumes = datum.assumes.clone();
        self.as_value(&datum, counted, &frame.address(address), span).assuming(&assumes)
    }

    fn as_value(&self, datum: &Datum, counted: bool, address: &str, span: Span) -> Datum {
        if let Content::Either(condition, yes, no) = &datum.content {
            let side = |datum: &Datum| self.as_value(datum, counted, address, span);
            return either(condition.clone(), side(yes), side(no), span);
        }
        let instances = if counted { by_count(datum) } else { by_key(datum) };
        let Some(instances) = instances.filter(|all| all.len() <= MAX_INSTANCES) else {
            return self.object(&format!("{address}[*]"), span);
        };
        let object = |suffix: &str| self.object(&format!("{address}{suffix}"), span);
        let content = if counted {
            Content::List(instances.iter().map(|(suffix, _)| object(suffix)).collect())
        } else {
            let member = |(suffix, each): &(Arc<str>, Each)| {
                let key = each.key.as_ref().map(Datum::as_text)?;
                Some(Member { key: key.literal()?.into(), span, value: object(suffix) })
            };
            Content::Map { members: instances.iter().filter_map(member).collect(), rest: None }
        };
        Datum::new(content, span)
    }
}

/// Whether a collection that is no empty one is written with entries: of which only the keys are not known.
fn is_filled(written: &Expr) -> bool {
    match &written.kind {
        ExprKind::Map(_) => true,
        ExprKind::Conditional(_, yes, no) => is_filled(yes) && is_filled(no),
        _ => false,
    }
}

/// The instances of a count that is known.
fn by_count(count: &Datum) -> Option<Vec<(Arc<str>, Each)>> {
    let number: f64 = count.as_text().literal()?.parse().ok().filter(|number: &f64| *number >= 0.0)?;
    if number.fract() != 0.0 {
        return None;
    }
    let index = |n: usize| {
        let index = Datum::new(Content::Text { text: n.to_string().as_str().into(), plain: true }, count.span);
        (Arc::from(format!("[{n}]")), Each { index: Some(index.assuming(&count.assumes)), ..Each::default() })
    };
    // One more than are looked at tells that there are too many.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a small range")]
    let number = number.clamp(0.0, MAX_INSTANCES as f64 + 1.0) as usize;
    Some((0..number).map(index).collect())
}

/// The instances of a collection that is known.
fn by_key(collection: &Datum) -> Option<Vec<(Arc<str>, Each)>> {
    let instance = |key: &str, place: Span, value: &Datum| {
        let quoted = serde_json::to_string(key).unwrap_or_default();
        let key = Datum::text(key, place).assuming(&collection.assumes);
        let value = value.clone().assuming(&collection.assumes);
        (Arc::from(format!("[{quoted}]")), Each { key: Some(key), value: Some(value), index: None })
    };
    match &collection.content {
        Content::Map { members, rest: None } => {
            Some(members.iter().map(|member| instance(&member.key, member.span, &member.value)).collect())
        }
        Content::List(items) => {
            items.iter().map(|item| Some(instance(item.as_text().literal()?, item.span, item))).collect()
        }
        _ => None,
    }
}

/// Why a value cannot be told, where that is no error of the language.
pub(super) fn open(datum: &Datum) -> Option<Why> {
    match &datum.content {
        Content::Unknown(why) if is_refused(why) => None,
        Content::Unknown(why) => Some(why.clone()),
        Content::Either(condition, ..) => Some(Why::condition(condition.clone())),
        Content::OneOf { why, .. } => Some(why.clone()),
        Content::Text { text, .. } if text.literal().is_none() => text.why(),
        _ => None,
    }
}

//! Policy documents as written.
//!
//! Nothing is dropped: what is malformed stays, and makes the statement that holds it unknown when it is asked
//! (IAM User Guide, "IAM JSON policy elements reference").

use super::super::properties as p;
use crate::read::{Block, Property};
use crate::source::Span;
use crate::value::{Condition, Fit, Origin, Text, Truth, Value, Why, WhyKind};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a policy is attached to: it decides which elements it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A bucket, topic, event data store: has principals and resources.
    Resource,
    /// A KMS key: `Resource` means this key, whatever is written.
    Key,
    /// The trust policy of a role: has principals and no resources.
    Trust,
    /// A policy of a role, user or group: has no principals.
    Identity,
    /// A service control policy: has no principals.
    ServiceControl,
    /// A resource control policy: its principal is everyone.
    ResourceControl,
}

/// What a statement does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It allows.
    Allow,
    /// It denies.
    Deny,
}

/// A policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    /// What it is attached to.
    pub kind: Kind,
    /// Where the document stands: its key, where it has several lines.
    pub origin: Origin,
    /// `2012-10-17` or `2008-10-17`, which is meant where it is left out.
    pub version: Value<Option<Text>>,
    /// Its statements.
    pub statements: Value<Vec<Statement>>,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// What a report calls it: `Statement[Sid=Public]`, or by its position from 0.
    pub name: String,
    /// Where it begins.
    pub origin: Origin,
    /// `Allow` or `Deny`.
    pub effect: Value<Option<Text>>,
    /// `Principal` and `NotPrincipal`.
    pub principals: Principals,
    /// `Action` and `NotAction`.
    pub actions: Element,
    /// `Resource` and `NotResource`.
    pub resources: Element,
    /// The conditions, by operator.
    pub conditions: Value<Vec<Tests>>,
    /// The keys that are written.
    keys: Value<Vec<Arc<str>>>,
    /// Why it may not be there at all.
    open: Option<Why>,
}

/// An element and its opposite; one of them is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// What is meant.
    pub these: Value<Option<Vec<Value<Text>>>>,
    /// What is not meant: all else is.
    pub all_but: Value<Option<Vec<Value<Text>>>>,
}

/// `Principal` and `NotPrincipal`.
#[derive(Clone, Debug, PartialEq)]
pub struct Principals {
    /// Who is meant; none where it is left out.
    pub these: Value<Option<Shape>>,
    /// Who is not meant: everyone else is.
    pub all_but: Value<Option<Shape>>,
}

/// The values of an element, each with its place.
pub(super) type Texts = Value<Vec<Value<Text>>>;

/// The forms of a principal element.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A text: only the star is allowed.
    Text(Value<Text>),
    /// Names by their kind: `AWS`, `Service`, `Federated`, `CanonicalUser`.
    Kinds(Value<Vec<(Arc<str>, Texts)>>),
}

/// One operator of a condition with its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Tests {
    /// As written: `StringEquals`, `ForAnyValue:StringLike`.
    pub operator: Arc<str>,
    /// Its keys.
    pub tests: Value<Vec<Test>>,
}

/// One key of a condition with its values.
#[derive(Clone, Debug)]
pub struct Test {
    /// The key as written.
    pub key: Arc<str>,
    /// Where its value stands.
    pub origin: Origin,
    /// Its values.
    pub values: Texts,
}

/// Where it stands takes no part, as with values.
impl PartialEq for Test {
    fn eq(&self, other: &Self) -> bool {
        self.is_of(&other.key) && self.values == other.values
    }
}

/// The elements that a statement may have.
const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

impl Policy {
    /// The document that a property holds; none where it is left out.
    pub(in crate::model) fn lower(block: &Block, property: &Property, kind: Kind) -> Value<Option<Policy>> {
        block.blocks(property).map(&|documents| documents.first().map(|document| Policy::of(document, kind)))
    }

    /// The document that a mapping is.
    pub(in crate::model) fn of(document: &Block, kind: Kind) -> Policy {
        let statements = document.elements(&p::STATEMENT);
        Policy {
            kind,
            origin: document.origin(),
            version: document.word(&p::VERSION),
            statements: statements.map(&|all| all.iter().map(statement).collect()),
        }
    }

    /// What allows everything and denies nothing.
    pub(in crate::model) fn full_access(kind: Kind, origin: &Origin) -> Policy {
        fn at<T>(value: T, origin: &Origin) -> Value<T> {
            Value::known(value, origin.clone())
        }
        let nothing = || at(None, origin);
        let everything = || at(Some(vec![at(Text::from("*"), origin)]), origin);
        let statement = Statement {
            name: "Statement[0]".to_owned(),
            origin: origin.clone(),
            effect: at(Some(Text::from("Allow")), origin),
            principals: Principals { these: at(None, origin), all_but: at(None, origin) },
            actions: Element { these: everything(), all_but: nothing() },
            resources: Element { these: everything(), all_but: nothing() },
            conditions: at(Vec::new(), origin),
            keys: at(["Effect", "Action", "Resource"].map(Arc::from).to_vec(), origin),
            open: None,
        };
        Policy { kind, origin: origin.clone(), version: at(None, origin), statements: at(vec![statement], origin) }
    }

    /// The statements, or why they cannot be told.
    ///
    /// # Errors
    ///
    /// The reason, where a condition or a parameter decides which statements there are.
    pub fn statements(&self) -> Result<&[Statement], Why> {
        match (self.statements.get(), self.statements.why()) {
            (Some(statements), _) => Ok(statements),
            (None, why) => Err(why.unwrap_or_else(|| malformed("Statement", self.origin.span))),
        }
    }

    /// Whether policy variables count: only in the newer version of the language.
    pub fn has_variables(&self) -> bool {
        self.version.candidates().into_iter().flatten().any(|version| version.literal() == Some("2012-10-17"))
    }

    /// Whether any statement, on either side of a condition, allows a service by its name.
    pub fn names_service(&self, service: &str) -> bool {
        let statements = self.statements.candidates().into_iter().flatten();
        statements.filter(|statement| !statement.does(Effect::Allow).is_false()).any(|statement| {
            let shapes = statement.principals.these.candidates().into_iter().flatten();
            let kinds = shapes.filter_map(|shape| match shape {
                Shape::Kinds(kinds) => Some(kinds.candidates().into_iter().flatten()),
                Shape::Text(_) => None,
            });
            let services = kinds.flatten().filter(|(kind, _)| &**kind == "Service");
            let mut names = services.flat_map(|(_, names)| names.candidates()).flatten().flat_map(Value::candidates);
            names.any(|name| super::principal::is_service(name, service))
        })
    }
}

fn statement((block, condition): &(Block, Option<Condition>)) -> Statement {
    let (sid, origin) = (block.text(&p::SID), block.origin());
    let name = match sid.get().and_then(|sid| sid.as_ref()?.literal()) {
        Some(sid) if !sid.is_empty() => format!("Statement[Sid={sid}]"),
        // A statement that stands alone is the first.
        _ => format!("Statement{}", origin.name().find('[').and_then(|at| origin.name().get(at..)).unwrap_or("[0]")),
    };
    Statement {
        name,
        open: condition.clone().map(|condition| Why::condition(condition).at(origin.span)),
        origin,
        effect: block.word(&p::EFFECT),
        principals: Principals { these: shape(block, &p::PRINCIPAL), all_but: shape(block, &p::NOT_PRINCIPAL) },
        actions: Element { these: block.texts(&p::ACTION), all_but: block.texts(&p::NOT_ACTION) },
        resources: Element { these: block.texts(&p::RESOURCE), all_but: block.texts(&p::NOT_RESOURCE) },
        conditions: conditions(block),
        keys: block.keys(),
    }
}

fn shape(block: &Block, property: &Property) -> Value<Option<Shape>> {
    let found = block.blocks(property);
    found.map(&|all| {
        let element = all.first()?;
        let kinds = || {
            element.members().map(&|kinds| kinds.iter().map(|(kind, names)| (kind.clone(), names.as_texts())).collect())
        };
        let is_mapping = element.is_mapping();
        Some(if is_mapping.candidates().contains(&&true) {
            Shape::Kinds(kinds())
        } else {
            Shape::Text(element.as_text())
        })
    })
}

fn conditions(block: &Block) -> Value<Vec<Tests>> {
    let operators = |block: &Block| {
        block.members().map(&|operators| {
            let each =
                operators.iter().map(|(operator, keys)| Tests { operator: operator.clone(), tests: tests(keys) });
            each.collect::<Vec<_>>()
        })
    };
    // A condition that is left out is an empty one.
    let found = block.blocks(&p::CONDITION);
    match found.get().map(Vec::as_slice) {
        Some([]) => found.map(&|_| Vec::new()),
        Some([condition]) => operators(condition),
        Some(_) => Value::unknown(malformed("Condition", found.origin.span), found.origin),
        None => found.try_map(&|conditions| match conditions.first() {
            None => Ok(Vec::new()),
            Some(condition) => {
                let operators = operators(condition);
                operators
                    .get()
                    .cloned()
                    .ok_or_else(|| operators.why().unwrap_or_else(|| malformed("Condition", operators.origin.span)))
            }
        }),
    }
}

fn tests(operator: &Block) -> Value<Vec<Test>> {
    operator.members().map(&|keys| {
        let test = |(key, values): &(Arc<str>, Block)| Test {
            key: key.clone(),
            origin: values.origin(),
            values: values.as_texts(),
        };
        keys.iter().map(test).collect()
    })
}

fn malformed(what: &str, place: Span) -> Why {
    Why::new(WhyKind::Unsupported, what, format!("`{what}` has a form that the policy language does not know"))
        .at(place)
}

impl Test {
    /// Whether it asks for this key: names of keys ignore case.
    pub fn is_of(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }

    /// Whether its key begins so, as those of tags do.
    pub fn is_below(&self, start: &str) -> bool {
        self.key.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
    }
}

impl Element {
    fn says_the_same(&self, other: &Element) -> bool {
        let set = |element: &Element| {
            let these = element.these.get()?.as_ref()?;
            these.iter().map(|one| one.get().cloned()).collect::<Option<BTreeSet<Text>>>()
        };
        // The order of a list says nothing.
        self == other || set(self).is_some_and(|own| Some(own) == set(other))
    }
}

impl Statement {
    /// Whether another says the same in the same words, whatever it is called.
    pub fn says_the_same(&self, other: &Statement) -> bool {
        self.effect == other.effect
            && self.principals == other.principals
            && self.actions.says_the_same(&other.actions)
            && self.resources.says_the_same(&other.resources)
            && self.conditions == other.conditions
    }

    /// Every condition that it may have, with its operator as written.
    pub fn tests(&self) -> impl Iterator<Item = (&str, &Test)> {
        let operators = self.conditions.candidates().into_iter().flatten();
        operators.flat_map(|tests| {
            let each = tests.tests.candidates().into_iter().flatten();
            each.map(|test| (&*tests.operator, test))
        })
    }

    /// The condition keys that begin so, as those of tags do.
    pub fn keys_below<'s>(&'s self, start: &'s str) -> impl Iterator<Item = &'s str> {
        self.tests().filter(move |(_, test)| test.is_below(start)).map(|(_, test)| &*test.key)
    }

    /// The place of the first condition on one of these keys.
    pub fn place_of_key(&self, keys: &[&str]) -> Option<Origin> {
        let mut meant = self.tests().filter(|(_, test)| keys.iter().any(|key| test.is_of(key)));
        meant.next().map(|(_, test)| test.origin.clone())
    }

    /// Whether one of its values stands at a place.
    pub fn is_at(&self, place: Span) -> bool {
        let elements = [&self.actions, &self.resources];
        let lists = elements.into_iter().flat_map(|element| [&element.these, &element.all_but]);
        let values = lists.clone().flat_map(|list| list.candidates()).flatten().flatten().map(|one| &one.origin);
        let principals = [&self.principals.these, &self.principals.all_but].map(|shape| &shape.origin);
        let tests: Vec<&Test> = self.tests().map(|(_, test)| test).collect();
        let tested = tests.iter().flat_map(|test| test.values.candidates()).flatten().map(|value| &value.origin);
        let all = lists.map(|list| &list.origin).chain(values).chain(principals).chain(tested);
        let all = all.chain(tests.iter().map(|test| &test.origin)).chain([&self.effect.origin, &self.origin]);
        let named = self.principals(&super::Names::default()).into_iter().map(|principal| principal.origin.span);
        all.map(|origin| origin.span).chain(named).any(|span| span == place)
    }

    /// The actions that it names without wildcards.
    pub fn literal_actions(&self) -> Vec<String> {
        let values = self.actions.these.candidates().into_iter().flatten().flatten().flat_map(Value::candidates);
        let whole = values.filter_map(Text::literal).filter(|action| !action.contains(['*', '?']));
        whole.map(str::to_owned).collect()
    }

    /// Whether the name of one of its actions holds a word, in lower case.
    pub fn mentions_action(&self, word: &str) -> bool {
        let values = self.actions.these.candidates().into_iter().flatten().flatten().flat_map(Value::candidates);
        values.filter_map(Text::literal).any(|action| action.to_ascii_lowercase().contains(word))
    }

    /// Whether it is there, and allows, or denies.
    pub fn does(&self, effect: Effect) -> Truth {
        let wanted = if effect == Effect::Allow { "Allow" } else { "Deny" };
        let does = self.effect.ask(&|text, origin| match text.as_ref().map(Text::literal) {
            Some(Some(text @ ("Allow" | "Deny"))) => Truth::of(text == wanted, origin),
            Some(None) => {
                Truth::unknown(text.as_ref().and_then(Text::why).unwrap_or_else(|| malformed("Effect", origin.span)))
            }
            _ => Truth::unknown(malformed("Effect", origin.span)),
        });
        match &self.open {
            Some(why) => does.and(Truth::unknown(why.clone())),
            None => does,
        }
    }

    /// Whether it is one that the policy language knows: without strange elements, and without an element beside its
    /// opposite.
    pub(super) fn is_sound(&self) -> Fit {
        Fit::ask(&self.keys, &|keys, origin| {
            let has = |name: &str| keys.iter().any(|key| &**key == name);
            let strange = keys.iter().find(|key| !ELEMENTS.contains(&&***key)).map(|key| &**key);
            let twice = ["NotPrincipal", "NotAction", "NotResource"];
            let twice = twice.into_iter().find(|not| has(not) && has(not.trim_start_matches("Not")));
            match strange.or(twice) {
                None => Fit::always(),
                Some(element) => Fit::unknown(malformed(element, origin.span)),
            }
        })
    }
}

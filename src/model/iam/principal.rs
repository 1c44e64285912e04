//! Principals: whom a resource policy means (IAM User Guide, "AWS JSON policy elements: Principal").

use super::document::{Principals, Shape};
use super::{Caller, Names, Statement};
use crate::model::arn::{anywhere_in, global_arn};
use crate::value::{
    Case, Fit, Hole, Match, Of, Origin, Pattern, Piece, Text, Value, What, Why, WhyKind, is_account_id,
};

/// One principal as written, with the account that it names where it names one.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Who.
    pub who: Who,
    /// The text, references written out.
    pub text: Text,
    /// Where it is written.
    pub origin: Origin,
}

/// The kinds of principals.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// Everyone, signed in or not.
    Everyone,
    /// A whole account, by its id.
    Account(Text),
    /// A role, user or session of an account.
    Identity(Text),
    /// An AWS service.
    Service,
    /// An identity provider.
    Federated,
    /// A canonical user: an account, or the identity of a CloudFront distribution.
    Canonical,
    /// The unique id of a principal that was deleted.
    Deleted,
    /// It cannot be told.
    Unknown(Why),
}

/// Whether a text is a service's principal.
pub(super) fn is_service(text: &Text, service: &str) -> bool {
    Names::default().resolve(text).literal() == Some(service)
}

impl Principal {
    fn new(kind: &str, text: &Text, origin: &Origin, names: &Names) -> Principal {
        let text = names.resolve(text);
        let who = match kind {
            "AWS" => aws(&text),
            "Service" => Who::Service,
            "Federated" => Who::Federated,
            "CanonicalUser" => Who::Canonical,
            other => Who::Unknown(
                Why::new(WhyKind::Unsupported, "Principal", format!("`{other}` is no kind of principal"))
                    .at(origin.span),
            ),
        };
        Principal { who, text, origin: origin.clone() }
    }

    /// The principal that an ARN or account id names, wherever it is written.
    pub fn named(text: &Text, origin: &Origin) -> Principal {
        Principal::new("AWS", text, origin, &Names::default())
    }

    /// Whether it is this caller.
    pub fn is(&self, caller: &Caller) -> Fit {
        let same = |other: &Text| {
            Pattern::new(&self.text, Match::Exact, Case::Matters).fits(&Pattern::subject(other, Case::Matters))
        };
        let fit = match (&self.who, caller) {
            (Who::Everyone, _) => Fit::always(),
            (_, Caller::Same(place)) => Fit::when(self.origin.span == *place),
            (Who::Unknown(why), _) => Fit::unknown(why.clone()),
            (Who::Service, Caller::Service(name)) => same(name),
            (Who::Account(account), Caller::Named(named)) => match account_of(named) {
                Some(other) => Pattern::subject(account, Case::Matters).fits(&Pattern::subject(&other, Case::Matters)),
                None => same(named),
            },
            (Who::Identity(_), Caller::Named(named)) => match account_of(named) {
                // What a parameter ends may turn out to be the whole account.
                Some(account) if self.text.literal().is_none() => same(named).or(same(&root_of(&account))),
                _ => same(named),
            },
            _ => Fit::never(),
        };
        fit.located(&self.origin)
    }

    /// The account that it names.
    pub fn account(&self) -> Option<&Text> {
        match &self.who {
            Who::Account(account) | Who::Identity(account) => Some(account),
            _ => None,
        }
    }
}

/// What a text below `AWS` names: `*`, an account id, an ARN, or the unique id of somebody who is gone.
fn aws(text: &Text) -> Who {
    if text.literal() == Some("*") {
        return Who::Everyone;
    }
    let is_id = |text: &Text| match text.literal() {
        Some(id) => is_account_id(id),
        None => text.hole().is_some_and(|hole| hole.of == Of::Account),
    };
    if is_id(text) {
        return Who::Account(text.clone());
    }
    if text.literal().is_some_and(|id| ["AROA", "AIDA"].iter().any(|kind| id.starts_with(kind))) {
        return Who::Deleted;
    }
    match (account_of(text), text.hole()) {
        (Some(account), _) if text.strip_suffix(":root").is_some() => Who::Account(account),
        (Some(account), _) => Who::Identity(account),
        // A reference to a role, user or identity that is declared beside the policy.
        (None, Some(Hole { instance, of: Of::Resource { .. } })) => {
            Who::Identity(Text::from(Hole { instance: *instance, of: Of::Account }))
        }
        (None, _) => {
            let why = text.why().unwrap_or_else(|| {
                Why::new(WhyKind::Unsupported, "Principal", "this is neither an account, nor an ARN, nor `*`")
            });
            Who::Unknown(why)
        }
    }
}

/// The ARN that stands for a whole account.
fn root_of(account: &Text) -> Text {
    global_arn(&anywhere_in(account.clone()), "iam", "root", &Text::default())
}

/// The account of an IAM or STS ARN.
fn account_of(arn: &Text) -> Option<Text> {
    let rest = arn.after_partition()?;
    let rest = rest.strip_prefix("iam::").or_else(|| rest.strip_prefix("sts::"))?;
    let mut account = Text::default();
    for piece in rest.pieces() {
        match piece {
            Piece::Literal(literal) => match literal.split_once(':') {
                Some((before, _)) => {
                    account.append(&before.into());
                    return Some(account);
                }
                None => account.append(&(&**literal).into()),
            },
            piece => account.push(piece.clone()),
        }
    }
    None
}

impl Statement {
    /// Whether a caller is meant. A policy that names nobody means whoever it is attached to.
    pub(super) fn means(&self, caller: &Caller, names: &Names, unnamed: Fit) -> Fit {
        Fit::ask(&self.principals.these, &|these, _| match these {
            Some(shape) => any_of(shape, names, &|principal| principal.is(caller)),
            None => Fit::ask(&self.principals.all_but, &|all_but, _| match all_but {
                Some(shape) => any_of(shape, names, &|principal| principal.is(caller)).not(),
                None => unnamed.clone(),
            }),
        })
    }

    /// The principals that it names, as far as they can be told; with `NotPrincipal`, everyone.
    pub fn principals(&self, names: &Names) -> Vec<Principal> {
        let mut all = Vec::new();
        if let What::Unknown(why) = &self.principals.these.what {
            all.push(Principal::new("AWS", &Text::unknown(why.clone()), &self.principals.these.origin, names));
        }
        for shape in self.principals.these.candidates().into_iter().flatten() {
            each(shape, &mut |kind, text, origin| all.push(Principal::new(kind, text, origin, names)));
        }
        if self.principals.all_but.candidates().into_iter().flatten().next().is_some() {
            let origin = self.principals.all_but.origin.clone();
            all.push(Principal { who: Who::Everyone, text: "*".into(), origin });
        }
        all
    }
}

fn each(shape: &Shape, add: &mut dyn FnMut(&str, &Text, &Origin)) {
    match shape {
        Shape::Text(text) => with_origins(text, &mut |text, origin| add("AWS", text, origin)),
        Shape::Kinds(kinds) => {
            if let What::Unknown(why) = &kinds.what {
                add("AWS", &Text::unknown(why.clone()), &kinds.origin);
            }
            for (kind, names) in kinds.candidates().into_iter().flatten() {
                for name in names.candidates().into_iter().flatten() {
                    with_origins(name, &mut |text, origin| add(kind, text, origin));
                }
                if let What::Unknown(why) = &names.what {
                    add(kind, &Text::unknown(why.clone()), &names.origin);
                }
            }
        }
    }
}

fn with_origins(value: &Value<Text>, add: &mut dyn FnMut(&Text, &Origin)) {
    match &value.what {
        What::Known(text) => add(text, &value.origin),
        What::Either(_, yes, no) => [yes, no].into_iter().for_each(|side| with_origins(side, add)),
        What::OneOf(_, values) => values.iter().for_each(|value| with_origins(value, add)),
        What::Unknown(why) => add(&Text::unknown(why.clone()), &value.origin),
    }
}

fn any_of(shape: &Shape, names: &Names, fits: &dyn Fn(Principal) -> Fit) -> Fit {
    let one = |kind: &str, text: &Value<Text>| {
        Fit::ask(text, &|text, origin| fits(Principal::new(kind, text, origin, names)))
    };
    match shape {
        Shape::Text(text) => one("AWS", text),
        Shape::Kinds(kinds) => Fit::ask(kinds, &|kinds, _| {
            let each = kinds
                .iter()
                .map(|(kind, names)| Fit::ask(names, &|names, _| Fit::any(names.iter().map(|name| one(kind, name)))));
            Fit::any(each)
        }),
    }
}

impl Principals {
    /// Whether either is given.
    pub fn are_given(&self) -> bool {
        let given = |shape: &Value<Option<Shape>>| shape.candidates().into_iter().flatten().next().is_some();
        given(&self.these) || given(&self.all_but)
    }

    /// Where the one that is given stands.
    pub fn origin(&self) -> &Origin {
        let given = self.these.candidates().into_iter().flatten().next().is_some();
        if given { &self.these.origin } else { &self.all_but.origin }
    }
}

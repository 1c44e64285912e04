//! Looking up what was answered about one thing, and what it means where nothing was.

use super::Unasked;
use super::call;
use super::evidence::{Answer, Call, Calls, Evidence};
use super::tree::Tree;
use crate::read::{Arn, Content, Datum, Dialect, Home, Record, shape};
use crate::source::Span;
use crate::syntax::Node;
use crate::value::{Hole, Instance, Of, Text, Why, WhyKind};
use std::collections::BTreeSet;

/// An operation by its service and name.
pub(super) type Operation = (&'static str, &'static str);

/// Reads one file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    pub(super) evidence: &'a Evidence,
    pub(super) calls: &'a Calls,
    pub(super) unasked: Unasked,
    pub(super) instance: Instance,
}

impl<'a> Reader<'a> {
    /// Nodes of the file as values.
    pub(super) fn tree(&self) -> Tree<'a> {
        Tree::new(&self.evidence.text)
    }

    /// The calls of an operation.
    pub(super) fn calls(&self, (service, operation): Operation) -> impl Iterator<Item = &'a Call> {
        self.calls.of(service, operation)
    }

    /// The call about something, by an argument; one that was answered before one that was not.
    pub(super) fn call(&self, operation: Operation, parameter: &str, names: &[&str]) -> Option<&'a Call> {
        let about = || self.calls(operation).filter(|call| call.is_about(parameter, names));
        about().find(|call| call.output().is_some()).or_else(|| about().next())
    }

    /// What was answered about something. `place` is where that is named.
    pub(super) fn answer(&self, operation: Operation, call: Option<&Call>, place: Span) -> Datum {
        match call.map(|call| &call.answer) {
            Some(Answer::Output(key, output)) => {
                call.and_then(|call| self.cut(call)).unwrap_or_else(|| self.tree().below(key, output))
            }
            Some(Answer::Failure { .. }) => call.and_then(|call| self.failure(call)).unwrap_or_else(|| nothing(place)),
            None => self.unasked(operation, place),
        }
    }

    /// What a call that failed leaves open, or that there is nothing.
    pub(super) fn failure(&self, call: &Call) -> Option<Datum> {
        let Answer::Failure { code, message, permission, span } = &call.answer else { return None };
        let (service, name) = (&*call.service, &*call.operation);
        let known = call::Call::find(service, name);
        if known.is_some_and(|known| known.absent.contains(&code.as_str())) {
            return Some(nothing(*span));
        }
        let permission = permission.as_deref().or(known.map(|known| known.permission));
        let permission = permission.map_or_else(|| format!("{service}:{name}"), str::to_owned);
        let text = match is_refusal(code) {
            true if message.contains("service control policy") => {
                format!("a service control policy denies `{permission}`")
            }
            true => format!("`{permission}` was denied"),
            false if message.is_empty() => format!("`{name}` failed: {code}"),
            false => format!("`{name}` failed: {code}: {message}"),
        };
        Some(Datum::unknown(Why::new(WhyKind::Denied, permission, text).at(*span), *span))
    }

    /// What an answer leaves open that goes on where no other call follows it.
    pub(super) fn cut(&self, call: &Call) -> Option<Datum> {
        let token = call.output()?.entries().iter().find(|(key, _)| TOKENS.contains(&&*key.text))?.1.text()?;
        let follows = |next: &Call| {
            let mut input = next.input.iter().flat_map(Node::entries);
            input.any(|(_, value)| value.text() == Some(token))
        };
        if token.is_empty() || self.calls.of(&call.service, &call.operation).any(follows) {
            return None;
        }
        let text =
            format!("the answer of `{}:{}` goes on beyond what the evidence holds", call.service, call.operation);
        let place = call.output().map(|output| output.span)?;
        Some(Datum::unknown(Why::not_visible(call.operation.as_str(), text).at(place), place))
    }

    /// What it means that a call was not made.
    pub(super) fn unasked(&self, (service, name): Operation, place: Span) -> Datum {
        match self.unasked {
            Unasked::Nothing => nothing(place),
            Unasked::NotVisible => Datum::unknown(self.why_unasked((service, name)).at(place), place),
        }
    }

    pub(super) fn why_unasked(&self, (service, name): Operation) -> Why {
        Why::not_visible(name, format!("the evidence has no answer of `{service}:{name}` to this"))
    }

    /// The elements of a list in the outputs of an operation.
    pub(super) fn listed(
        &self,
        operation: Operation,
        list: &'static str,
    ) -> impl Iterator<Item = (&'a Call, &'a Node)> {
        self.calls(operation).flat_map(move |call| {
            let items = call.output().and_then(|output| output.get(list)).map(Node::items).unwrap_or_default();
            items.iter().map(move |item| (call, item))
        })
    }

    /// Where something is, by its ARN and its own Region, as far as they say.
    pub(super) fn home(&self, arn: Option<&Arn>, region: Option<&str>) -> Home {
        let or = |text: Option<&str>, other: Text| match text {
            Some(text) if !text.is_empty() => text.into(),
            _ => other,
        };
        let hole = Hole { instance: self.instance, of: Of::Region }.into();
        Home {
            partition: or(arn.map(|arn| arn.partition), self.evidence.partition.as_str().into()),
            region: or(arn.map(|arn| arn.region).filter(|region| !region.is_empty()).or(region), hole),
            account: or(arn.map(|arn| arn.account), self.evidence.account.as_str().into()),
        }
    }

    /// A record with its answers, each below the name of its operation.
    pub(super) fn record(
        &self,
        kind: &str,
        address: &str,
        span: Span,
        home: Home,
        answers: Vec<(&str, Datum)>,
    ) -> Record {
        Record {
            dialect: Dialect::Account,
            kind: kind.into(),
            address: address.into(),
            span,
            instance: self.instance,
            home,
            conditions: Vec::new(),
            undecided: None,
            properties: mapping(span, answers),
            after: BTreeSet::new(),
            joined: Vec::new(),
        }
    }
}

/// A mapping at a place.
pub(super) fn mapping(place: Span, members: Vec<(&str, Datum)>) -> Datum {
    let mut all = nothing(place);
    members.into_iter().for_each(|(key, value)| shape::set(&mut all, key, place, value));
    all
}

/// An answer that says nothing.
pub(super) fn nothing(place: Span) -> Datum {
    Datum::new(Content::Map { members: Vec::new(), rest: None }, place)
}

/// What an answer names its continuation by.
const TOKENS: [&str; 4] = ["NextToken", "nextToken", "Marker", "NextMarker"];

/// Whether an error says that the caller may not.
fn is_refusal(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    ["accessdenied", "unauthorized", "authorizationerror", "forbidden", "403"].iter().any(|word| code.contains(word))
}

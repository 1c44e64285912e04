//! An exception as a mapping: in metadata, and in the configuration, where patterns say what it is about.

use super::allow::{Allow, Globs, Scope};
use super::nearest::nearest;
use super::rules::Rules;
use crate::source::Span;
use crate::syntax::{Node, SyntaxError};
use jiff::civil::Date;

/// What every entry may say.
pub(super) const WHY: [&str; 7] = ["check", "part", "reason", "kind", "until", "owner", "ticket"];

/// What an entry of the configuration says of what it is about.
pub(super) const WHERE: [&str; 6] = ["address", "path", "arn", "account", "region", "everywhere"];

impl Allow {
    /// One that says nothing but what it is about.
    pub(super) fn new(by: &'static str, id: &str, span: Span, scope: Scope, place: String) -> Allow {
        Allow {
            by,
            id: id.into(),
            span,
            scope,
            place,
            part: None,
            reason: None,
            until: None,
            owner: None,
            kind: None,
            ticket: None,
            malformed: None,
            foreign: None,
        }
    }
}

/// The exceptions of an entry of metadata, one for each check that it names.
pub(super) fn allows(node: &Node, by: &'static str, scope: &Scope, place: &str) -> Vec<Allow> {
    read(node, by, &WHY, |_| Ok(scope.clone()), place)
}

/// The exceptions of an entry of the configuration.
pub(super) fn configured(node: &Node) -> Vec<Allow> {
    let keys = [&WHY[..], &WHERE[..]].concat();
    read(node, "configuration", &keys, globs, "")
}

/// Tells what is wrong with an entry of the configuration.
pub(super) fn check(node: &Node, errors: &mut Vec<SyntaxError>) {
    for allow in configured(node) {
        // What depends on rules, and on the day, is told of the run.
        if let Some((_, message, span)) = allow.objection(&Rules::default(), Date::MIN) {
            let error = SyntaxError { message, span, related: None };
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }
}

fn read(
    node: &Node,
    by: &'static str,
    keys: &[&str],
    scope: impl Fn(&Node) -> Result<Scope, (String, Span)>,
    place: &str,
) -> Vec<Allow> {
    let mut base = Allow::new(by, "", node.span, Scope::Nothing, place.to_owned());
    let broken = |base: &Allow, malformed: (String, Span)| vec![Allow { malformed: Some(malformed), ..base.clone() }];
    if node.entries().is_empty() {
        return broken(&base, ("an exception is a mapping with `check` and `reason`".to_owned(), node.span));
    }
    for (key, value) in node.entries() {
        if !keys.contains(&&*key.text) {
            let near = nearest(&key.text, keys.iter().copied());
            return broken(&base, (format!("`{}` is no key of an exception{near}", key.text), key.span));
        }
        if value.text().is_none() && &*key.text != "check" {
            return broken(&base, (format!("`{}` takes a text", key.text), value.span));
        }
    }
    match scope(node) {
        Ok(scope) => base.scope = scope,
        Err(malformed) => return broken(&base, malformed),
    }
    let text = |key: &str| node.get(key).and_then(Node::text).map(Box::from);
    base = Allow {
        part: text("part"),
        reason: text("reason"),
        until: text("until"),
        owner: text("owner"),
        kind: text("kind"),
        ticket: text("ticket"),
        ..base
    };
    let Some(check) = node.get("check") else {
        return broken(&base, ("it names no check: `check` is missing".to_owned(), node.span));
    };
    let ids: Vec<&Node> = if check.items().is_empty() { vec![check] } else { check.items().iter().collect() };
    let one = |id: &Node| match id.text() {
        Some(text) => Allow { id: text.into(), span: id.span, ..base.clone() },
        None => {
            let malformed = Some(("`check` takes the id of a check, or a list of them".to_owned(), id.span));
            Allow { malformed, span: id.span, ..base.clone() }
        }
    };
    ids.into_iter().map(one).collect()
}

/// The patterns of an entry; without any it has to say that it is about everything.
fn globs(node: &Node) -> Result<Scope, (String, Span)> {
    let glob = |key: &str| node.get(key).and_then(|value| Some((value.text()?.into(), value.span)));
    let globs = Globs {
        address: glob("address"),
        path: glob("path"),
        arn: glob("arn"),
        account: glob("account"),
        region: glob("region"),
        directory: "".into(),
    };
    let everywhere = node.get("everywhere").and_then(|value| Some((value.text()?, value.span)));
    let is_narrow = globs.all().next().is_some();
    match (is_narrow, everywhere) {
        (true, Some((_, span))) => {
            Err(("`everywhere` beside a pattern: an exception is about one or the other".to_owned(), span))
        }
        (true, None) | (false, Some(("true", _))) => Ok(Scope::Globs(globs)),
        (false, Some((_, span))) => Err(("`everywhere` takes `true`".to_owned(), span)),
        (false, None) => {
            let keys = "`address`, `path`, `arn`, `account` or `region`";
            Err((format!("it does not say what it is about: {keys}, or `everywhere: true`"), node.span))
        }
    }
}

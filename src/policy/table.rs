//! The keys of `trailproof.yaml`: what each is called, what it takes, and what it means.
//!
//! This one table is read by the reader, by the schema that is printed, and by what shows the configuration in force.

use super::nearest::nearest;
use crate::checks;
use crate::page::Severity;
use crate::source::Span;
use crate::syntax::{Kind, Node, SyntaxError};
use crate::value::is_account_id;

/// A key.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) shape: Shape,
    pub(super) about: &'static str,
    /// What counts where it is left out; empty where that is nothing.
    pub(super) default: &'static str,
}

/// What a key takes.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Any text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Bool,
    /// A whole number, from one on.
    Count,
    /// A text, or a list of texts.
    Texts,
    /// A list of words, each one of these.
    Words(&'static [&'static str]),
    /// A list of checks.
    Checks,
    /// A severity.
    Severity,
    /// Checks with their severities.
    Severities,
    /// Names with values.
    Values,
    /// Ids of accounts with what is said of them.
    Accounts,
    /// Exceptions.
    Allows,
    /// Keys of its own.
    Keys(&'static [Key]),
}

const fn key(name: &'static str, shape: Shape, about: &'static str) -> Key {
    Key { name, shape, about, default: "" }
}

impl Key {
    const fn or(self, default: &'static str) -> Key {
        Key { default, ..self }
    }
}

/// The version of the format.
pub(super) const SCHEMA: &str = "trailproof.config/1";

/// The tools whose comments can be honoured.
pub(super) const PEERS: [&str; 8] = ["checkov", "trivy", "tfsec", "kics", "terrascan", "cfn_nag", "cdk_nag", "guard"];

/// What an account has.
pub(super) const ACCOUNT: [Key; 3] = [
    key("name", Shape::Text, "what it is called in reports"),
    key("ou", Shape::Text, "the organizational units above it, `/` between them"),
    key("owner", Shape::Text, "who answers for it"),
];

/// Every key, in the order in which they are explained.
pub(super) const KEYS: &[Key] = &[
    key("schema", Shape::Word(&[SCHEMA]), "the version of the format"),
    key("requires", Shape::Text, "the versions of trailproof that this is for: `>=0.1, <1`"),
    key(
        "profile",
        Shape::Texts,
        "profiles: each turns its checks on, sets what they ask for, and adds its table of controls",
    ),
    key(
        "checks",
        Shape::Keys(&[
            key("enable", Shape::Checks, "checks that run beside those that are on by default"),
            key("disable", Shape::Checks, "checks that do not run"),
            key("severity", Shape::Severities, "other severities of checks"),
        ]),
        "which checks run",
    ),
    key("fail_on", Shape::Severity, "the mildest severity that makes a run end with exit code 1").or("medium"),
    key("strict", Shape::Bool, "whether what stays unknown ends a run with exit code 3").or("false"),
    key(
        "fail_on_exceptions",
        Shape::Bool,
        "whether an exception that does not simply hold ends a run with exit code 1",
    )
    .or("false"),
    key(
        "settings",
        Shape::Keys(&[
            key("required_days", Shape::Count, "days that logs must be kept").or("365"),
            key("required_tags", Shape::Texts, "tag keys that trails and event data stores must have"),
            key("organization", Shape::Bool, "whether the account belongs to an organization").or("false"),
            key("each_trail", Shape::Bool, "whether every trail is judged by itself").or("false"),
            key("log_archive", Shape::Text, "the account that keeps the logs, by its id"),
            key(
                "trust",
                Shape::Texts,
                "accounts, organizations and principals that may have what the estate's own may",
            ),
            key("log_buckets", Shape::Texts, "buckets that hold the logs, beside those that a trail names"),
            key("log_keys", Shape::Texts, "keys that encrypt the logs"),
            key("log_groups", Shape::Texts, "log groups that receive the events"),
            key("trail_topics", Shape::Texts, "topics that announce deliveries"),
            key("network_activity", Shape::Texts, "services whose calls through VPC endpoints must be recorded"),
            key("data_events", Shape::Texts, "types of resources whose data events must be recorded"),
        ]),
        "what the checks ask for",
    ),
    key("parameters", Shape::Values, "values of the templates' parameters"),
    key("parameter_files", Shape::Texts, "files with values of parameters, from this file; `*` for any name"),
    key("variables", Shape::Values, "values of the root modules' variables"),
    key("variable_files", Shape::Texts, "files with values of variables, from this file; `*` for any name"),
    key(
        "accounts",
        Shape::Accounts,
        "the accounts by their ids; what is found in one, and no source declares, stands at its line",
    ),
    key(
        "paths",
        Shape::Keys(&[
            key("include", Shape::Texts, "what of the given directories is read; without it, all"),
            key("exclude", Shape::Texts, "what of the given directories is left out"),
        ]),
        "what is read, as patterns from this file: `*` inside a name, `**` through directories",
    ),
    key("allow", Shape::Allows, "exceptions"),
    key("never_allow", Shape::Checks, "checks whose findings no exception holds back"),
    key(
        "allow_rules",
        Shape::Keys(&[
            key("until", Shape::Word(&["required", "optional"]), "whether an exception needs its last day")
                .or("optional"),
            key("owner", Shape::Word(&["required", "optional"]), "whether an exception needs an owner").or("optional"),
            key("max_days", Shape::Count, "how many days ahead an exception may hold"),
            key("ticket", Shape::Text, "what a ticket looks like: `SEC-*`; each exception then names one"),
        ]),
        "what an exception has to say",
    ),
    key(
        "peers",
        Shape::Keys(&[
            key("honour", Shape::Words(&PEERS), "tools whose comments count"),
            key("critical", Shape::Bool, "whether they count for critical findings too").or("false"),
            key("reason", Shape::Word(&["required", "optional"]), "whether they need a reason").or("optional"),
        ]),
        "comments for other tools",
    ),
    key("baseline", Shape::Text, "the file of what was there on the first day, from this file"),
    key("policy", Shape::Text, "the file of a central team, from this file: it can be tightened and not loosened"),
];

/// What is wrong with a mapping, held against keys.
pub(super) fn check(node: &Node, keys: &[Key], errors: &mut Vec<SyntaxError>) {
    let Kind::Map(entries) = &node.kind else {
        errors.push(error("takes keys and values", node.span));
        return;
    };
    for (name, value) in entries {
        match keys.iter().find(|key| key.name == &*name.text) {
            // Nothing written is nothing said.
            Some(_) if value.is_null() => {}
            Some(key) => check_value(value, key, errors),
            None => {
                let near = nearest(&name.text, keys.iter().map(|key| key.name));
                errors.push(error(format!("`{}` is no key here{near}", name.text), name.span));
            }
        }
    }
}

fn error(message: impl Into<String>, span: Span) -> SyntaxError {
    SyntaxError { message: message.into(), span, related: None }
}

fn check_value(node: &Node, key: &Key, errors: &mut Vec<SyntaxError>) {
    let wants = |what: &str, node: &Node| error(format!("`{}` takes {what}", key.name), node.span);
    let texts = |node: &Node| match &node.kind {
        Kind::List(items) => items.iter().all(|item| item.text().is_some_and(|text| !text.is_empty())),
        _ => node.text().is_some_and(|text| !text.is_empty()),
    };
    match key.shape {
        Shape::Text if node.text().is_some_and(|text| !text.is_empty()) => {}
        Shape::Text => errors.push(wants("a text", node)),
        Shape::Word(words) => errors.extend(misspelt(node, key.name, words)),
        Shape::Bool if matches!(node.text(), Some("true" | "false")) => {}
        Shape::Bool => errors.push(wants("`true` or `false`", node)),
        Shape::Count if node.text().is_some_and(|text| count(text).is_some()) => {}
        Shape::Count => errors.push(wants("a whole number from 1 to 100000", node)),
        Shape::Texts if texts(node) => {}
        Shape::Texts => errors.push(wants("a text or a list of texts", node)),
        Shape::Words(words) => match &node.kind {
            Kind::List(items) => errors.extend(items.iter().filter_map(|item| misspelt(item, key.name, words))),
            _ => errors.push(wants("a list", node)),
        },
        Shape::Checks => match &node.kind {
            Kind::List(items) => errors.extend(items.iter().filter_map(|item| unknown_check(item.text(), item.span))),
            _ => errors.push(wants("a list of checks", node)),
        },
        Shape::Severity => errors.extend(misspelt(node, key.name, &Severity::ALL.map(Severity::as_str))),
        Shape::Severities => match &node.kind {
            Kind::Map(entries) => {
                for (check, severity) in entries {
                    errors.extend(unknown_check(Some(&check.text), check.span));
                    errors.extend(misspelt(severity, &check.text, &Severity::ALL.map(Severity::as_str)));
                }
            }
            _ => errors.push(wants("checks with their severities", node)),
        },
        Shape::Values if matches!(node.kind, Kind::Map(_)) => {}
        Shape::Values => errors.push(wants("names with values", node)),
        Shape::Accounts => match &node.kind {
            Kind::Map(entries) => {
                for (id, account) in entries {
                    if !is_account_id(&id.text) {
                        errors.push(error(format!("`{}` is no id of an account: 12 digits", id.text), id.span));
                    }
                    check(account, &ACCOUNT, errors);
                }
            }
            _ => errors.push(wants("ids of accounts with what is said of them", node)),
        },
        Shape::Allows => match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| super::entry::check(item, errors)),
            _ => errors.push(wants("a list of exceptions", node)),
        },
        Shape::Keys(keys) => check(node, keys, errors),
    }
}

/// That a word is none of those that are taken.
fn misspelt(node: &Node, name: &str, words: &[&str]) -> Option<SyntaxError> {
    let written = node.text().unwrap_or_default();
    if words.contains(&written) {
        return None;
    }
    let near = nearest(written, words.iter().copied());
    Some(error(format!("`{name}` takes {}{near}", listed(words)), node.span))
}

/// That a check is none.
fn unknown_check(id: Option<&str>, span: Span) -> Option<SyntaxError> {
    let Some(id) = id else { return Some(error("this takes the ids of checks", span)) };
    let near = nearest(id, checks::ALL.iter().map(|check| check.id));
    checks::find(id).is_none().then(|| error(format!("there is no check `{id}`{near}"), span))
}

fn listed(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => format!("`{last}`"),
        Some((last, rest)) => format!("`{}` or `{last}`", rest.join("`, `")),
        None => String::new(),
    }
}

/// A count, where a text is one.
pub(super) fn count(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count| (1..=100_000).contains(count))
}

//! `trailproof.yaml`: what it says, each with its place. Unknown keys, unknown checks and contradictions are errors that say
//! where they stand.

use super::allow::Allow;
use super::rules::Rules;
use super::table::{self, KEYS};
use super::{entry, version};
use crate::checks::{self, Check};
use crate::page::Severity;
use crate::source::{FileId, Span};
use crate::syntax::{self, Kind, Node, SyntaxError};

/// The names that the file may have, in the order in which they are looked for.
pub const NAMES: [&str; 4] = ["trailproof.yaml", "trailproof.yml", ".github/trailproof.yaml", ".github/trailproof.yml"];

/// Something that is written, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// What is written.
    pub value: T,
    /// Where.
    pub span: Span,
}

/// An account that is named.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedAccount {
    /// Its id; its place is that of its findings where no source declares them.
    pub id: Spanned<String>,
    /// What it is called.
    pub name: Option<String>,
    /// The organizational units above it.
    pub ou: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// What the file says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The profiles, by their ids or the paths of their files.
    pub profiles: Vec<Spanned<String>>,
    /// Checks that run beside those that are on by default.
    pub enable: Vec<Spanned<&'static Check>>,
    /// Checks that do not run.
    pub disable: Vec<Spanned<&'static Check>>,
    /// Other severities of checks.
    pub severities: Vec<(&'static Check, Spanned<Severity>)>,
    /// The mildest severity that makes a run fail.
    pub fail_on: Option<Spanned<Severity>>,
    /// Whether what stays unknown makes it fail.
    pub strict: Option<Spanned<bool>>,
    /// Whether exceptions that do not simply hold make it fail.
    pub fail_on_exceptions: Option<Spanned<bool>>,
    /// What the checks ask for.
    pub settings: Settings,
    /// Values of parameters.
    pub parameters: Vec<(String, Spanned<String>)>,
    /// Files with such values.
    pub parameter_files: Vec<Spanned<String>>,
    /// Values of variables.
    pub variables: Vec<(String, Spanned<String>)>,
    /// Files with such values.
    pub variable_files: Vec<Spanned<String>>,
    /// The accounts.
    pub accounts: Vec<NamedAccount>,
    /// What is read.
    pub include: Vec<Spanned<String>>,
    /// What is left out.
    pub exclude: Vec<Spanned<String>>,
    /// The tools whose comments count.
    pub honour: Vec<Spanned<String>>,
    /// The file of the baseline.
    pub baseline: Option<Spanned<String>>,
    /// The file of a central team.
    pub policy: Option<Spanned<String>>,
    pub(super) allows: Vec<Allow>,
    pub(super) rules: Rules,
    never: Vec<Spanned<&'static Check>>,
}

/// What the checks ask for, as far as the file says it.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, reason = "each is called as its key, which the table explains")]
pub struct Settings {
    pub required_days: Option<Spanned<u32>>,
    pub required_tags: Vec<Spanned<String>>,
    pub organization: Option<Spanned<bool>>,
    pub each_trail: Option<Spanned<bool>>,
    pub log_archive: Option<Spanned<String>>,
    pub trust: Vec<Spanned<String>>,
    pub log_buckets: Vec<Spanned<String>>,
    pub log_keys: Vec<Spanned<String>>,
    pub log_groups: Vec<Spanned<String>>,
    pub trail_topics: Vec<Spanned<String>>,
    pub network_activity: Vec<Spanned<String>>,
    pub data_events: Vec<Spanned<String>>,
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each with its place.
    pub fn parse(id: FileId, text: &str) -> Result<Config, Vec<SyntaxError>> {
        let root = syntax::yaml::parse(id, text).map_err(|error| vec![error])?;
        if root.is_null() {
            return Ok(Config::default());
        }
        let mut errors = Vec::new();
        table::check(&root, KEYS, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let reader = Reader { root: &root };
        let config = reader.config();
        let errors = config.contradictions(&root);
        if errors.is_empty() { Ok(config) } else { Err(errors) }
    }

    /// What cannot be meant together.
    fn contradictions(&self, root: &Node) -> Vec<SyntaxError> {
        let mut errors = Vec::new();
        for disabled in &self.disable {
            let same = self.enable.iter().find(|enabled| enabled.value.id == disabled.value.id);
            errors.extend(same.map(|enabled| SyntaxError {
                message: format!("`{}` is enabled and disabled", disabled.value.id),
                span: disabled.span,
                related: Some((enabled.span, "enabled here")),
            }));
        }
        for allow in &self.allows {
            let never = self.never.iter().find(|never| *never.value.id == *allow.id);
            errors.extend(never.map(|never| SyntaxError {
                message: format!("`{}` can have no exception", allow.id),
                span: allow.span,
                related: Some((never.span, "`never_allow` lists it here")),
            }));
        }
        if let Some((requires, span)) = root.get("requires").and_then(|it| Some((it.text()?, it.span)))
            && let Err(message) = version::holds(requires, env!("CARGO_PKG_VERSION"))
        {
            errors.push(SyntaxError { message, span, related: None });
        }
        errors
    }

    /// The same, with what a central team demands: that can be tightened and not loosened.
    #[must_use]
    pub fn under(mut self, policy: &Config) -> Config {
        let forced = |check: &Check| policy.enable.iter().any(|it| it.value.id == check.id);
        self.disable.retain(|it| !forced(it.value));
        self.enable.extend(policy.enable.iter().cloned());
        self.fail_on = [self.fail_on, policy.fail_on.clone()].into_iter().flatten().min_by_key(|it| it.value);
        let is_true = |it: &Option<Spanned<bool>>| it.clone().filter(|it| it.value);
        self.strict = is_true(&policy.strict).or(self.strict);
        self.fail_on_exceptions = is_true(&policy.fail_on_exceptions).or(self.fail_on_exceptions);
        self.rules = self.rules.tightened(&policy.rules);
        self.allows.extend(policy.allows.iter().cloned());
        self
    }
}

struct Reader<'n> {
    root: &'n Node,
}

impl<'n> Reader<'n> {
    /// What stands at a path of keys, where something is written.
    fn at(&self, path: &[&str]) -> Option<&'n Node> {
        path.iter().try_fold(self.root, |node, key| node.get(key)).filter(|node| !node.is_null())
    }

    fn read<T>(&self, path: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<Spanned<T>> {
        let node = self.at(path)?;
        Some(Spanned { value: read(node.text()?)?, span: node.span })
    }

    fn text(&self, path: &[&str]) -> Option<Spanned<String>> {
        self.read(path, |text| Some(text.to_owned()))
    }

    fn bool(&self, path: &[&str]) -> Option<Spanned<bool>> {
        self.read(path, |text| Some(text == "true"))
    }

    fn texts(&self, path: &[&str]) -> Vec<Spanned<String>> {
        let Some(node) = self.at(path) else { return Vec::new() };
        let each = node.items().iter().chain(node.text().map(|_| node));
        each.filter_map(|item| Some(Spanned { value: item.text()?.to_owned(), span: item.span })).collect()
    }

    fn checks(&self, path: &[&str]) -> Vec<Spanned<&'static Check>> {
        let each = self.texts(path).into_iter();
        each.filter_map(|id| Some(Spanned { value: checks::find(&id.value)?, span: id.span })).collect()
    }

    fn values(&self, path: &[&str]) -> Vec<(String, Spanned<String>)> {
        let entries = self.at(path).map(Node::entries).unwrap_or_default();
        let value = |node: &Node| Spanned { value: written(node), span: node.span };
        entries.iter().map(|(key, node)| (key.text.to_string(), value(node))).collect()
    }

    fn config(&self) -> Config {
        let never = self.checks(&["never_allow"]);
        let is_required = |path: &[&str]| self.at(path).and_then(Node::text) == Some("required");
        let rules = Rules {
            never: never.iter().map(|check| check.value.id.into()).collect(),
            needs_until: is_required(&["allow_rules", "until"]),
            needs_owner: is_required(&["allow_rules", "owner"]),
            max_days: self.read(&["allow_rules", "max_days"], table::count).map(|days| i64::from(days.value)),
            ticket: self.text(&["allow_rules", "ticket"]).map(|ticket| ticket.value.into()),
            peers_need_reason: is_required(&["peers", "reason"]),
            peers_for_critical: self.bool(&["peers", "critical"]).is_some_and(|it| it.value),
        };
        let severity = |text: &str| Severity::ALL.into_iter().find(|severity| severity.as_str() == text);
        let severities = self.at(&["checks", "severity"]).map(Node::entries).unwrap_or_default().iter();
        let severities = severities.filter_map(|(id, node)| {
            Some((checks::find(&id.text)?, Spanned { value: severity(node.text()?)?, span: node.span }))
        });
        let allows = self.at(&["allow"]).map(Node::items).unwrap_or_default();
        Config {
            profiles: self.texts(&["profile"]),
            enable: self.checks(&["checks", "enable"]),
            disable: self.checks(&["checks", "disable"]),
            severities: severities.collect(),
            fail_on: self.read(&["fail_on"], severity),
            strict: self.bool(&["strict"]),
            fail_on_exceptions: self.bool(&["fail_on_exceptions"]),
            settings: self.settings(),
            parameters: self.values(&["parameters"]),
            parameter_files: self.texts(&["parameter_files"]),
            variables: self.values(&["variables"]),
            variable_files: self.texts(&["variable_files"]),
            accounts: self.accounts(),
            include: self.texts(&["paths", "include"]),
            exclude: self.texts(&["paths", "exclude"]),
            honour: self.texts(&["peers", "honour"]),
            baseline: self.text(&["baseline"]),
            policy: self.text(&["policy"]),
            allows: allows.iter().flat_map(entry::configured).collect(),
            rules,
            never,
        }
    }

    fn settings(&self) -> Settings {
        let text = |key| self.texts(&["settings", key]);
        Settings {
            required_days: self.read(&["settings", "required_days"], table::count),
            required_tags: text("required_tags"),
            organization: self.bool(&["settings", "organization"]),
            each_trail: self.bool(&["settings", "each_trail"]),
            log_archive: self.text(&["settings", "log_archive"]),
            trust: text("trust"),
            log_buckets: text("log_buckets"),
            log_keys: text("log_keys"),
            log_groups: text("log_groups"),
            trail_topics: text("trail_topics"),
            network_activity: text("network_activity"),
            data_events: text("data_events"),
        }
    }

    fn accounts(&self) -> Vec<NamedAccount> {
        let entries = self.at(&["accounts"]).map(Node::entries).unwrap_or_default();
        let account = |(id, node): &(syntax::Key, Node)| {
            let text = |key| node.get(key).and_then(Node::text).map(str::to_owned);
            let id = Spanned { value: id.text.to_string(), span: id.span };
            NamedAccount { id, name: text("name"), ou: text("ou"), owner: text("owner") }
        };
        entries.iter().map(account).collect()
    }
}

/// A value as a command line writes it: a text as it is, anything else as JSON. It recurses, no deeper than trees nest.
fn written(node: &Node) -> String {
    match node.text() {
        Some(text) => text.to_owned(),
        None => json(node).to_string(),
    }
}

pub(super) fn json(node: &Node) -> serde_json::Value {
    match &node.kind {
        Kind::Scalar { text, plain: true } => {
            serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(&**text))
        }
        Kind::Scalar { text, .. } => serde_json::Value::from(&**text),
        Kind::List(items) => items.iter().map(json).collect(),
        Kind::Map(entries) => entries.iter().map(|(key, value)| (key.text.to_string(), json(value))).collect(),
    }
}

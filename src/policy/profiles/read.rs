//! Reads a profile. What is wrong with it is told with its place, all of it at once.

use super::{Assessment, Control, Parameters, Profile};
use crate::checks;
use crate::policy::nearest;
use crate::source::{FileId, Span};
use crate::syntax::{Node, yaml};
use crate::value::is_account_id;
use std::collections::BTreeSet;

/// Most controls of one profile, and most checks of one control; real frameworks have a few hundred.
const MAX_CONTROLS: usize = 5_000;
const MAX_CHECKS: usize = 500;

const KEYS: [&str; 10] =
    ["id", "title", "framework", "version", "label", "source", "note", "uncertain", "parameters", "controls"];
const CONTROL_KEYS: [&str; 8] = ["id", "title", "level", "assessment", "checks", "manual", "note", "uncertain"];
const PARAMETER_KEYS: [&str; 8] = [
    "required_days",
    "required_tags",
    "organization",
    "each_trail",
    "log_archive",
    "trust",
    "data_events",
    "network_activity",
];

/// Something that is wrong with a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// What, and what to do.
    pub message: String,
    /// Where.
    pub span: Span,
    /// Whether it is that a check is named which this version does not have: then the rest still counts.
    pub is_unknown_check: bool,
}

/// Reads the text of a profile: what it says as far as it can be read, and what is wrong with it.
pub fn read(file: FileId, text: &str) -> (Option<Profile>, Vec<Fault>) {
    read_by(Reader { suggests: true, faults: Vec::new() }, file, text)
}

/// Reads a profile that is shipped: its mistakes are told to no one.
pub(super) fn read_shipped(text: &str) -> Option<Profile> {
    read_by(Reader { suggests: false, faults: Vec::new() }, FileId(0), text).0
}

fn read_by(mut reader: Reader, file: FileId, text: &str) -> (Option<Profile>, Vec<Fault>) {
    let root = match yaml::parse(file, text) {
        Ok(root) => root,
        Err(error) => {
            reader.fault(error.span, error.message);
            return (None, reader.faults);
        }
    };
    let profile = reader.profile(&root);
    reader.faults.sort_by_key(|fault| fault.span);
    (profile, reader.faults)
}

struct Reader {
    /// Whether near names are looked for, which takes its time.
    suggests: bool,
    faults: Vec<Fault>,
}

impl Reader {
    fn fault(&mut self, span: Span, message: impl Into<String>) {
        self.faults.push(Fault { message: message.into(), span, is_unknown_check: false });
    }

    fn profile(&mut self, root: &Node) -> Option<Profile> {
        if root.entries().is_empty() {
            self.fault(root.span, format!("a profile is a mapping with the keys `{}`", KEYS.join("`, `")));
            return None;
        }
        self.keys(root, &KEYS);
        let id = self.needed(root, "id");
        if let (Some(id), Some(node)) = (&id, root.get("id")) {
            self.check_id(id, node);
        }
        let title = self.needed(root, "title");
        let parameters = root.get("parameters").map(|node| self.parameters(node)).unwrap_or_default();
        let controls = match root.get("controls") {
            Some(node) => self.controls(node),
            None => {
                self.fault(root.span, "`controls` is missing: the list of controls");
                Vec::new()
            }
        };
        let (id, title) = (id?, title?);
        Some(Profile {
            framework: self.text(root, "framework").unwrap_or_else(|| title.clone()),
            version: self.text(root, "version").unwrap_or_default(),
            label: self.text(root, "label").unwrap_or_else(|| id.clone()),
            source: self.text(root, "source"),
            note: self.text(root, "note"),
            id,
            title,
            parameters,
            controls,
        })
    }

    /// An id is typed in shells and stands in reports.
    fn check_id(&mut self, id: &str, node: &Node) {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if id.is_empty() || id.len() > 100 || !id.chars().all(is_plain) {
            self.fault(node.span, "an id is made of small letters, digits and `_`");
        }
    }

    fn keys(&mut self, node: &Node, known: &[&str]) {
        for (key, _) in node.entries() {
            if !known.contains(&&*key.text) {
                let near = nearest(&key.text, known.iter().copied());
                self.fault(key.span, format!("there is no key `{}` here{near}", key.text));
            }
        }
    }

    fn needed(&mut self, node: &Node, key: &str) -> Option<String> {
        if node.get(key).is_none() {
            self.fault(node.span, format!("`{key}` is missing"));
        }
        self.text(node, key)
    }

    fn text(&mut self, node: &Node, key: &str) -> Option<String> {
        let value = node.get(key)?;
        match value.text().filter(|text| !value.is_null() && !text.trim().is_empty()) {
            Some(text) => Some(text.to_owned()),
            None => {
                self.fault(value.span, format!("`{key}` is a text"));
                None
            }
        }
    }

    fn texts(&mut self, node: &Node, key: &str) -> Vec<String> {
        let Some(value) = node.get(key) else { return Vec::new() };
        let texts: Option<Vec<String>> = value.items().iter().map(|item| item.text().map(str::to_owned)).collect();
        match texts.filter(|texts| !texts.is_empty()) {
            Some(texts) => texts,
            None => {
                self.fault(value.span, format!("`{key}` is a list of texts"));
                Vec::new()
            }
        }
    }

    fn number(&mut self, node: &Node, key: &str) -> Option<u32> {
        let value = node.get(key)?;
        let number = value.text().and_then(|text| text.parse().ok());
        if number.is_none() {
            self.fault(value.span, format!("`{key}` is a whole number"));
        }
        number
    }

    fn flag(&mut self, node: &Node, key: &str) -> bool {
        let Some(value) = node.get(key) else { return false };
        match value.text() {
            Some("true") => true,
            Some("false") => false,
            _ => {
                self.fault(value.span, format!("`{key}` is `true` or `false`"));
                false
            }
        }
    }

    fn parameters(&mut self, node: &Node) -> Parameters {
        if node.entries().is_empty() && !node.is_null() {
            self.fault(node.span, format!("`parameters` is a mapping with the keys `{}`", PARAMETER_KEYS.join("`, `")));
        }
        self.keys(node, &PARAMETER_KEYS);
        let log_archive = self.text(node, "log_archive");
        if let (Some(id), Some(place)) = (&log_archive, node.get("log_archive"))
            && !is_account_id(id)
        {
            self.fault(place.span, "`log_archive` is an account's id of twelve digits");
        }
        Parameters {
            required_days: self.number(node, "required_days"),
            organization: self.flag(node, "organization"),
            each_trail: self.flag(node, "each_trail"),
            log_archive,
            required_tags: self.texts(node, "required_tags"),
            trust: self.texts(node, "trust"),
            data_events: self.texts(node, "data_events"),
            network_activity: self.texts(node, "network_activity"),
        }
    }

    fn controls(&mut self, node: &Node) -> Vec<Control> {
        if node.items().is_empty() {
            self.fault(node.span, "`controls` is a list of controls, one at least");
        }
        if node.items().len() > MAX_CONTROLS {
            self.fault(
                node.span,
                format!("there are more than {MAX_CONTROLS} controls: those after them are not read"),
            );
        }
        let mut seen = BTreeSet::new();
        let mut controls = Vec::new();
        for item in node.items().iter().take(MAX_CONTROLS) {
            let Some(control) = self.control(item) else { continue };
            if !seen.insert(control.id.clone()) {
                let place = item.get("id").map_or(item.span, |id| id.span);
                self.fault(place, format!("there is a control `{}` already", control.id));
            }
            controls.push(control);
        }
        controls
    }

    fn control(&mut self, node: &Node) -> Option<Control> {
        if node.entries().is_empty() {
            self.fault(node.span, format!("a control is a mapping with the keys `{}`", CONTROL_KEYS.join("`, `")));
            return None;
        }
        self.keys(node, &CONTROL_KEYS);
        let (id, title) = (self.needed(node, "id"), self.needed(node, "title"));
        let (checks, missing) = self.checks(node);
        let manual = self.text(node, "manual");
        if node.get("checks").is_none() && node.get("manual").is_none() {
            self.fault(
                node.span,
                "a control has `checks` that decide it, or `manual`: what people must look at, and why",
            );
        }
        let assessment = match self.text(node, "assessment").as_deref() {
            None => None,
            Some("automated") => Some(Assessment::Automated),
            Some("manual") => Some(Assessment::Manual),
            Some(_) => {
                let place = node.get("assessment").map_or(node.span, |it| it.span);
                self.fault(place, "`assessment` is `automated` or `manual`");
                None
            }
        };
        Some(Control {
            id: id?,
            title: title?,
            level: self.number(node, "level"),
            assessment,
            checks,
            missing,
            manual,
            note: self.text(node, "note"),
            uncertain: self.text(node, "uncertain"),
        })
    }

    /// The checks of a control, and those that this version does not have.
    fn checks(&mut self, node: &Node) -> (Vec<&'static checks::Check>, Vec<String>) {
        let (mut found, mut missing): (Vec<&'static checks::Check>, Vec<String>) = (Vec::new(), Vec::new());
        if node.get("checks").is_none() {
            return (found, missing);
        }
        let ids = self.texts(node, "checks");
        let items = node.get("checks").map(Node::items).unwrap_or_default();
        if ids.len() > MAX_CHECKS {
            self.fault(node.span, format!("there are more than {MAX_CHECKS} checks: those after them are not read"));
        }
        for (id, item) in ids.into_iter().zip(items).take(MAX_CHECKS) {
            match checks::find(&id) {
                Some(check) if found.iter().any(|known| known.id == check.id) => {
                    self.fault(item.span, format!("`{id}` is named twice"));
                }
                Some(check) => found.push(check),
                None => {
                    let known = checks::ALL.iter().map(|check| check.id).filter(|_| self.suggests);
                    let near = nearest(&id, known);
                    let message = format!("there is no check `{id}`{near}");
                    self.faults.push(Fault { message, span: item.span, is_unknown_check: true });
                    missing.push(id);
                }
            }
        }
        (found, missing)
    }
}

//! Comments and metadata for other tools: what they say, and where they count in these tools.
//!
//! Each tool's rules of placement are kept, with two repairs that users expect of checkov's: a comment on a block's first line or
//! directly above it counts, and a list of ids counts everywhere.

mod table;

use super::outline::{Item, Outline, end_of_line, start_of_line};
use crate::source::SourceFile;
use crate::syntax::Node;
use std::ops::Range;
use table::{ROWS, Row};

/// A suppression of another tool.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Foreign {
    pub(super) tool: &'static str,
    /// What it names, as written.
    pub(super) id: String,
    /// Our checks that this means.
    pub(super) checks: Vec<&'static str>,
    pub(super) reason: Option<String>,
    /// The last day on which it holds.
    pub(super) until: Option<String>,
    /// Where it is written.
    pub(super) place: Range<usize>,
    /// What it covers, and whether that is a document as a whole.
    pub(super) covers: Range<usize>,
    pub(super) is_for_document: bool,
}

/// What each tool's comments hold, so that other files cost the search for it alone.
pub(super) const MARKS: [&str; 5] = ["skip", "ignore:", "kics-scan", "_nag", "SuppressedRules"];

/// Packs of rules whose names stand before those of cdk-nag's rules.
const PACKS: [&str; 5] = ["HIPAA.Security-", "NIST.800.53.R4-", "NIST.800.53.R5-", "PCI.DSS.321-", "Serverless-"];

/// Our checks that an id of a tool means.
fn meant(tool: &str, id: &str) -> Vec<&'static str> {
    let names = |row: &Row| match tool {
        "checkov" => row.checkov,
        "trivy" | "tfsec" => row.trivy,
        "guard" => row.guard,
        "cdk_nag" => row.cdk_nag,
        "terrascan" => row.terrascan,
        "cfn_nag" => row.cfn_nag,
        _ => row.kics,
    };
    let plain = match tool {
        "trivy" | "tfsec" => {
            let id = id.to_lowercase();
            let id = id.strip_prefix("avd-").unwrap_or(&id);
            let number = id.strip_prefix("aws-").filter(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '*'));
            number.unwrap_or(id).to_owned()
        }
        "cdk_nag" => PACKS.iter().find_map(|pack| id.strip_prefix(pack)).unwrap_or(id).to_owned(),
        _ => id.to_owned(),
    };
    let is_meant = |name: &str| match tool {
        "trivy" | "tfsec" => super::glob::matches(&plain, name),
        _ => *name == plain,
    };
    let rows = ROWS.iter().filter(|row| names(row).iter().any(|name| is_meant(name)));
    rows.flat_map(|row| row.checks).copied().collect()
}

/// Every check that a tool has a name for.
fn all_of_kics() -> Vec<&'static str> {
    ROWS.iter().filter(|row| !row.kics.is_empty()).flat_map(|row| row.checks).copied().collect()
}

/// The suppressions of a file.
pub(super) fn read(file: &SourceFile, outline: &Outline) -> Vec<Foreign> {
    let mut reader = Reader { text: &file.text, outline, is_hcl: outline.root.is_none(), found: Vec::new() };
    for comment in &outline.comments {
        reader.checkov(comment);
        reader.trivy(comment);
        reader.kics(comment);
        reader.terrascan(comment);
    }
    if let Some(root) = &outline.root {
        let whole = 0..file.text.len();
        reader.metadata(root, &whole, true);
    }
    reader.found
}

struct Reader<'t> {
    text: &'t str,
    outline: &'t Outline,
    is_hcl: bool,
    found: Vec<Foreign>,
}

impl Reader<'_> {
    fn add(&mut self, tool: &'static str, id: &str, reason: Option<&str>, place: &Range<usize>, covers: Range<usize>) {
        self.found.push(Foreign {
            tool,
            id: id.to_owned(),
            checks: meant(tool, id),
            reason: reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned),
            until: None,
            place: place.clone(),
            covers,
            is_for_document: false,
        });
    }

    fn words(&self, comment: &Range<usize>) -> &str {
        let text = self.text.get(comment.clone()).unwrap_or_default();
        text.strip_suffix("*/").unwrap_or(text).trim_start_matches(['#', '/', '*', ' ', '\t', ';']).trim_end()
    }

    /// `checkov:skip=ID[,ID][:reason]`, once in a line, about the resource or module that the line is in.
    fn checkov(&mut self, comment: &Range<usize>) {
        let words = self.words(comment).to_owned();
        let signs = ["checkov:skip=", "bridgecrew:skip=", "cortex:skip="];
        let Some(rest) = signs.iter().filter_map(|sign| Some(words.split_once(sign)?.1)).next() else { return };
        let rest = rest.lines().next().unwrap_or_default().trim_start();
        let (ids, reason) = rest.split_once(':').map_or((rest, None), |(ids, reason)| (ids, Some(reason)));
        let Some(covers) = self.around(comment).map(|item| item.span.clone()) else { return };
        let is_id =
            |id: &&str| !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        for id in ids.split(',').map(|id| id.split_whitespace().next().unwrap_or_default()).filter(is_id) {
            self.add("checkov", id, reason, comment, covers.clone());
        }
    }

    /// `#ts:skip=ID reason` in the body of a resource of Terraform.
    fn terrascan(&mut self, comment: &Range<usize>) {
        let words = self.words(comment).to_owned();
        let Some(rest) = words.strip_prefix("ts:skip=").filter(|_| self.is_hcl) else { return };
        let (id, reason) = rest.split_once(' ').map_or((rest, None), |(id, reason)| (id, Some(reason)));
        let Some(covers) = self.outline.block_around(comment.start).map(|item| item.span.clone()) else { return };
        self.add("terrascan", id.trim(), reason, comment, covers);
    }

    /// `trivy:ignore:ID[:exp:DATE]`, several in a comment, about what begins in the line or below it.
    fn trivy(&mut self, comment: &Range<usize>) {
        let words = self.words(comment).to_owned();
        for token in words.split_whitespace() {
            let known = [("trivy", "trivy:ignore:"), ("tfsec", "tfsec:ignore:")];
            let Some((tool, rest)) = known.iter().find_map(|(tool, sign)| Some((*tool, token.strip_prefix(sign)?)))
            else {
                continue;
            };
            let mut sections = rest.split(':');
            let id = sections.next().unwrap_or_default();
            let (mut until, mut is_narrow) = (None, id.contains('['));
            while let Some(section) = sections.next() {
                match section {
                    "exp" => until = Some(sections.next().unwrap_or_default()),
                    // In which workspace a configuration runs is not known.
                    _ => is_narrow = true,
                }
            }
            // It holds while today is before the day.
            let last = until.map(|day| day.parse::<jiff::civil::Date>().ok().and_then(|day| day.yesterday().ok()));
            let Some(covers) = self.outline.beside(self.text, comment).map(|item| item.span.clone()) else { continue };
            if is_narrow || last == Some(None) {
                continue;
            }
            self.add(tool, id, None, comment, covers);
            if let Some(added) = self.found.last_mut() {
                added.until = last.flatten().map(|day| day.to_string());
            }
        }
    }

    /// `kics-scan` with `ignore-line`, `ignore-block`, and at the head of a file `ignore` and `disable=`. It says not what it
    /// is about, so that it is about everything that the tool asks.
    fn kics(&mut self, comment: &Range<usize>) {
        let words = self.words(comment).to_lowercase();
        let Some(command) = words.strip_prefix("kics-scan").map(str::trim) else { return };
        let line = start_of_line(self.text, comment.start);
        let is_alone = self.text.get(line..comment.start).is_some_and(|before| before.trim().is_empty());
        let is_first = comment.start < self.outline.begin()
            && self.text.get(..comment.start).is_some_and(|it| it.trim().is_empty());
        let whole = 0..self.text.len();
        if let Some(ids) = command.strip_prefix("disable=").filter(|_| is_first) {
            for id in ids.split(',') {
                self.add("kics", id.trim(), None, comment, whole.clone());
                self.found.last_mut().into_iter().for_each(|added| added.is_for_document = true);
            }
            return;
        }
        let covers = match command {
            "ignore" if is_first => Some(whole),
            // Behind code on its line it does not count.
            "ignore-line" if is_alone || !self.is_hcl => {
                let next = end_of_line(self.text, comment.end) + 1;
                Some(line..end_of_line(self.text, next))
            }
            "ignore-block" => self.outline.beside(self.text, comment).map(|item| item.span.clone()),
            _ => None,
        };
        if let Some(covers) = covers {
            self.add("kics", command, None, comment, covers);
            if let Some(added) = self.found.last_mut() {
                added.checks = all_of_kics();
                added.is_for_document = command == "ignore";
            }
        }
    }

    /// The resource or module that a line is in, or that begins below it.
    fn around(&self, comment: &Range<usize>) -> Option<&Item> {
        match self.is_hcl {
            true => self.outline.block_around(comment.start).or_else(|| self.outline.beside(self.text, comment)),
            false => self.outline.resource_at(self.text, comment.start),
        }
    }

    /// Metadata for other tools, on a resource or on a template. It recurses, no deeper than trees nest.
    fn metadata(&mut self, node: &Node, covers: &Range<usize>, is_document: bool) {
        if let Some(metadata) = node.get("Metadata") {
            let first = self.found.len();
            self.entries(metadata, covers, is_document);
            self.found.iter_mut().skip(first).for_each(|added| added.is_for_document = is_document);
        }
        for (key, value) in node.entries() {
            self.metadata(value, &(key.span.range().start..value.span.range().end), false);
        }
        for item in node.items() {
            self.metadata(item, &item.span.range(), false);
        }
    }

    fn entries(&mut self, metadata: &Node, covers: &Range<usize>, is_document: bool) {
        let lists = [
            ("checkov", "checkov", "skip", "comment"),
            ("checkov", "bridgecrew", "skip", "comment"),
            ("cfn_nag", "cfn_nag", "rules_to_suppress", "reason"),
            ("cdk_nag", "cdk_nag", "rules_to_suppress", "reason"),
        ];
        for (tool, key, list, reason) in lists {
            // Of these, cdk-nag alone knows metadata of a whole template.
            let items = metadata.get(key).and_then(|of| of.get(list)).map(Node::items).unwrap_or_default();
            for item in items.iter().filter(|_| !is_document || tool == "cdk_nag") {
                // What applies to some findings of a rule cannot be told from the others here.
                if let Some(id) = item.get("id").and_then(Node::text).filter(|_| item.get("applies_to").is_none()) {
                    let reason = item.get(reason).and_then(Node::text);
                    let is_encoded = item.get("is_reason_encoded").and_then(Node::text) == Some("true");
                    let decoded = reason.filter(|_| is_encoded).and_then(decoded);
                    self.add(tool, id, decoded.as_deref().or(reason), &item.span.range(), covers.clone());
                }
            }
        }
        if is_document {
            return;
        }
        let rules = metadata.get("guard").and_then(|guard| guard.get("SuppressedRules")).map(Node::items);
        for rule in rules.unwrap_or_default() {
            self.add("guard", rule.text().unwrap_or_default(), None, &rule.span.range(), covers.clone());
        }
        if let Some(skip) = metadata.get("runterrascan.io/skip") {
            let list: Vec<serde_json::Value> =
                skip.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
            for entry in list {
                let text = |key: &str| entry.get(key).and_then(serde_json::Value::as_str);
                self.add(
                    "terrascan",
                    text("rule").unwrap_or_default(),
                    text("comment"),
                    &skip.span.range(),
                    covers.clone(),
                );
            }
        }
    }
}

/// A reason that was encoded, since it holds characters that templates may not.
fn decoded(reason: &str) -> Option<String> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(reason).ok()?;
    String::from_utf8(bytes).ok()
}

//! Exceptions that are written for the user: beside what they are about, in the style of the file, and into the configuration.

use super::outline::{Outline, is_hcl, start_of_line};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax;

/// What an exception says.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// The check.
    pub check: String,
    /// What tells the fault from its siblings.
    pub part: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

impl Words {
    /// As a comment, without its sign.
    pub fn comment(&self) -> String {
        let mut text = format!("{} allow {}", super::directive::MARK, self.check);
        let options = [("part", &self.part), ("until", &self.until), ("owner", &self.owner)];
        for (key, value) in options.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))) {
            let quote = if value.contains([' ', ',', '\t']) { "\"" } else { "" };
            text.push_str(&format!(" {key}={quote}{value}{quote}"));
        }
        format!("{text} -- {}", self.line())
    }

    /// The reason in one line.
    fn line(&self) -> String {
        self.reason.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A file with a comment above what is declared in a place; none where that would be about something else too, or the
/// language has no comments.
pub fn with_comment(file: &SourceFile, declared: Span, words: &Words) -> Option<String> {
    let text = &*file.text;
    let at = start_of_line(text, declared.range().start);
    let line = text.get(at..)?.lines().next()?;
    let indent = line.get(..line.len() - line.trim_start().len())?;
    let is_terraform = is_hcl(&file.name);
    // JSON has no comments, whatever reads it as YAML.
    if !is_terraform && text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return None;
    }
    let begins = |sign: &str| text.lines().filter(|line| line.trim_start().starts_with(sign)).count();
    let sign = if is_terraform && begins("//") > begins("#") { "//" } else { "#" };
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let comment = format!("{indent}{sign} {}{ending}", words.comment());
    let edited = format!("{}{comment}{}", text.get(..at)?, text.get(at..)?);
    // What it now stands above has to be what was meant, and nothing more.
    let outline = Outline::of(&SourceFile::new(file.name.clone(), edited.as_str()));
    let place = outline.comments.iter().find(|it| it.start == at + indent.len())?;
    let beside = outline.beside(&edited, place)?;
    let (start, end) = (declared.range().start + comment.len(), declared.range().end + comment.len());
    let is_meant =
        if is_terraform { beside.span.start <= start && end <= beside.span.end } else { beside.span.start == start };
    is_meant.then_some(edited)
}

/// A configuration with one more exception, by a pattern of an address and, where it is in a file, of its path; none where its
/// `allow` is no list of lines.
pub fn with_entry(text: &str, words: &Words, patterns: &[(&str, &str)]) -> Option<String> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut entry = format!("  - check: {}\n", words.check);
    let reason = words.line();
    let said = [("part", words.part.as_deref()), ("until", words.until.as_deref()), ("owner", words.owner.as_deref())];
    let said = said.into_iter().filter_map(|(key, value)| Some((key, value?)));
    for (key, value) in patterns.iter().copied().chain(said).chain([("reason", &*reason)]) {
        let value = if key == "until" { value.to_owned() } else { quoted(value) };
        entry.push_str(&format!("    {key}: {value}\n"));
    }
    let root = syntax::yaml::parse(FileId(0), text).ok()?;
    let Some((_, allow)) = root.entry("allow").filter(|(_, allow)| !allow.is_null()) else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return root.entry("allow").is_none().then(|| format!("{text}{gap}\nallow:\n{entry}"));
    };
    let last = allow.items().last()?.span.range().end;
    let is_block = text.get(allow.span.range()).is_some_and(|list| list.starts_with('-'));
    let end = super::outline::end_of_line(text, last);
    let indent = allow.span.range().start - start_of_line(text, allow.span.range().start);
    let entry: String =
        entry.lines().map(|line| format!("\n{}{}", " ".repeat(indent), line.get(2..).unwrap_or(""))).collect();
    is_block.then(|| format!("{}{entry}{}", text.get(..end).unwrap_or_default(), text.get(end..).unwrap_or_default()))
}

//! Pages as data: sections, blocks, marks. Shared by the test binaries; each uses a part of it.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

use std::path::{Path, PathBuf};
use trailproof::Options;
use trailproof::judge::{Answer, Outcome};
use trailproof::read::account::Unasked;
use trailproof::report::Report;
use trailproof::source::{FileId, SourceFile};
use trailproof::syntax::json;

/// A page of `checks/` or a case of `tests/cases/`.
pub struct Page {
    pub path: PathBuf,
    /// The check that it is about.
    pub id: String,
    pub blocks: Vec<Block>,
}

/// A template in a page.
#[derive(Clone)]
pub struct Block {
    /// `Fires`, `Stays silent`, …
    pub section: String,
    /// Section and subsection: blocks of one group are translations of one another.
    pub group: String,
    /// `yaml`, `json`, `hcl`, `plan`, or `account` for evidence.
    pub language: String,
    /// Line of the page at which the block's text begins.
    pub line: usize,
    pub text: String,
    pub marks: Vec<Mark>,
    pub flags: Vec<String>,
    /// Why other dialects have no translation of it.
    pub only: Option<String>,
}

impl Block {
    /// The file that it is run as.
    pub fn name(&self) -> String {
        name(&self.language)
    }
}

/// The file that a block of a language is run as.
pub fn name(language: &str) -> String {
    match language {
        "hcl" => "main.tf".to_owned(),
        "plan" => "plan.json".to_owned(),
        "account" => "account.json".to_owned(),
        _ => format!("template.{language}"),
    }
}

/// What a block says of itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    pub finding: bool,
    /// 1-based line in the block.
    pub line: u32,
    pub text: String,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every page and case, in a fixed order.
pub fn all() -> Vec<Page> {
    let mut pages: Vec<Page> = files(&root().join("checks"))
        .into_iter()
        .map(|path| {
            let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
            read(path, id)
        })
        .collect();
    let mut folders: Vec<_> =
        std::fs::read_dir(root().join("tests/cases")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    for folder in folders {
        let id = folder.file_name().unwrap().to_str().unwrap().to_owned();
        pages.extend(files(&folder).into_iter().map(|path| read(path, id.clone())));
    }
    pages
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    files.sort();
    files
}

fn read(path: PathBuf, id: String) -> Page {
    let text = std::fs::read_to_string(&path).unwrap();
    let blocks = blocks(&text);
    Page { path, id, blocks }
}

/// The blocks of a page.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut section, mut group) = (String::new(), String::new());
    let mut marks = Vec::new();
    let mut flags = Vec::new();
    let mut only = None;
    let mut pointers = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(name) = line.strip_prefix("## ") {
            section = name.trim().to_owned();
            group = section.clone();
        } else if let Some(name) = line.strip_prefix("### ") {
            group = format!("{section} / {}", name.trim());
        } else if let Some(comment) = line.strip_prefix("<!--").and_then(|rest| rest.trim_end().strip_suffix("-->")) {
            let comment = comment.trim();
            if let Some(run) = comment.strip_prefix("run:") {
                flags = words(run);
            } else if let Some(reason) = comment.strip_prefix("only:") {
                only = Some(reason.trim().to_owned());
            } else if let Some(mark) = json_mark(comment) {
                marks.push(mark);
            } else if let Some((kind, pointer)) = comment.split_once(": /") {
                pointers.push((kind == "finding", pointer.to_owned()));
            }
        } else if let Some(info) = line.strip_prefix("```") {
            let mut body = Vec::new();
            for (_, line) in lines.by_ref() {
                if line.starts_with("```") {
                    break;
                }
                body.push(line);
            }
            let info: Vec<&str> = info.split_whitespace().collect();
            if let [language @ ("yaml" | "json"), "cloudformation"]
            | [language @ "hcl"]
            | ["json", language @ ("account" | "plan")] = info.as_slice()
            {
                let mut text = body.join("\n") + "\n";
                match *language {
                    "yaml" | "hcl" => {
                        marks.extend(body.iter().enumerate().flat_map(|(n, line)| comment_marks(n as u32 + 1, line)));
                    }
                    // Examples are short: every file of evidence names its schema.
                    "account" => text = text.replacen('{', "{\"schema\": \"trailproof.evidence/1\", ", 1),
                    _ => {}
                }
                marks.extend(pointers.drain(..).map(|(finding, pointer)| pointed(finding, &pointer, &text)));
                marks.sort();
                blocks.push(Block {
                    section: section.clone(),
                    group: group.clone(),
                    language: (*language).to_owned(),
                    line: number + 2,
                    text,
                    marks: std::mem::take(&mut marks),
                    flags: std::mem::take(&mut flags),
                    only: only.take(),
                });
            }
        }
    }
    blocks
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(|word| word.trim_matches('\'').to_owned()).collect()
}

fn json_mark(comment: &str) -> Option<Mark> {
    let (kind, rest) = comment.split_once(": line ")?;
    let (line, text) = rest.split_once(' ')?;
    let text = text.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some(Mark { finding: kind == "finding", line: line.parse().ok()?, text: text.to_owned() })
}

/// The mark of what a JSON pointer leads to: what has several lines is underlined at its key.
fn pointed(finding: bool, pointer: &str, text: &str) -> Mark {
    let file = SourceFile::new("account.json", text);
    let root = json::parse(FileId(0), text).unwrap_or_else(|error| panic!("{}: {text}", error.message));
    let (mut node, mut span) = (&root, root.span);
    for step in pointer.split('/') {
        let (next, key) = match (node.entry(step), step.parse::<usize>()) {
            (Some((key, value)), _) => (value, key.span),
            (None, Ok(number)) => {
                let item = &node.items()[number];
                (item, item.entries().first().map_or(item.span, |(key, _)| key.span))
            }
            _ => panic!("`{pointer}` leads nowhere: {text}"),
        };
        node = next;
        span = if file.cut(node.span).contains('\n') { key } else { node.span };
    }
    Mark { finding, line: file.position(span.start).line, text: file.cut(span).to_owned() }
}

fn comment_marks(line: u32, text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut rest = text;
    loop {
        let next = ["# finding: ", "# unknown: "].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min();
        let Some((at, mark)) = next else { return marks };
        let after = &rest[at + mark.len()..];
        let end =
            [" # finding: ", " # unknown: "].iter().filter_map(|mark| after.find(mark)).min().unwrap_or(after.len());
        marks.push(Mark { finding: mark == "# finding: ", line, text: after[..end].trim_end().to_owned() });
        rest = &after[end..];
    }
}

/// The options that a block's flags mean, for one check.
pub fn options(id: &str, flags: &[String]) -> Options {
    let check = trailproof::checks::find(id).unwrap_or_else(|| panic!("no check `{id}`"));
    // Of evidence, examples list the calls that matter alone.
    let mut options = Options { checks: vec![check], unasked: Unasked::Nothing, ..Options::default() };
    let mut flags = flags.iter();
    while let Some(flag) = flags.next() {
        let mut value = || flags.next().unwrap_or_else(|| panic!("`{flag}` needs a value")).clone();
        match flag.as_str() {
            "--parameter" => {
                let pair = value();
                let (key, value) = pair.split_once('=').unwrap();
                options.parameters.insert(key.to_owned(), value.to_owned());
            }
            "--var" => {
                let pair = value();
                let (key, value) = pair.split_once('=').unwrap();
                options.variables.insert(key.to_owned(), value.to_owned());
            }
            "--organization" => options.settings.organization = true,
            "--each-trail" => options.settings.each_trail = true,
            "--log-bucket" => options.settings.log_buckets.push(value()),
            "--log-key" => options.settings.log_keys.push(value()),
            "--log-group" => options.settings.log_groups.push(value()),
            "--trail-topic" => options.settings.trail_topics.push(value()),
            "--trust" => options.settings.trusted.push(value()),
            "--network-activity" => options.settings.network_activity.push(value()),
            "--data-events" => options.settings.data_events.push(value()),
            "--log-archive" => options.settings.log_archive = Some(value()),
            "--required-tag" => options.settings.required_tags.push(value()),
            "--required-days" => options.settings.required_days = value().parse().unwrap(),
            other => panic!("a page cannot use `{other}`"),
        }
    }
    options
}

/// Runs a block's own check on it.
pub fn run(page: &Page, block: &Block) -> Report {
    run_text(page, block, &block.text)
}

/// Runs a block's own check on another text in its place.
pub fn run_text(page: &Page, block: &Block, text: &str) -> Report {
    trailproof::check_text(&block.name(), text, &options(&page.id, &block.flags))
}

/// Line and text of what an outcome underlines.
pub fn underlined(report: &Report, outcome: &Outcome) -> (u32, String) {
    let file = report.sources.get(outcome.span.file).expect("a file");
    (file.position(outcome.span.start).line, file.cut(outcome.span).to_owned())
}

/// Whether an outcome is unknown only because things are out of sight.
pub fn is_out_of_sight(outcome: &Outcome) -> bool {
    outcome.answer == Answer::Unknown
        && outcome.reasons.iter().all(|why| why.kind == trailproof::value::WhyKind::NotVisible)
}

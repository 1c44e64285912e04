//! Plans and states of Terraform: what Terraform wrote is read, in every encoding and order, and nothing else passes for it.
//!
//! The plans in `tests/plans` were made by Terraform from the sources beside them. What is derived from them here, for
//! other versions of the format, says so.
#![allow(clippy::disallowed_methods, reason = "tests read the repository")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

#[path = "plans/hostile.rs"]
mod hostile;
#[path = "plans/judged.rs"]
mod judged;
#[path = "plans/pages.rs"]
mod pages;
mod support;
#[path = "plans/written.rs"]
mod written;

use std::path::Path;
use trailproof::read::terraform::plan::{Known, Plan, read};
use trailproof::read::{Content, Datum};
use trailproof::source::{FileId, SourceFile};
use trailproof::syntax::SyntaxError;

const CASES: [&str; 10] =
    ["brought", "deferred", "forgotten", "modules", "moved", "read", "removed", "replaced", "sensitive", "weakened"];

fn ours(kind: &str) -> bool {
    kind.starts_with("aws_")
}

fn text(case: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(case);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn exists(case: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(case).exists()
}

fn tried(bytes: &[u8]) -> (SourceFile, Result<Plan, SyntaxError>) {
    read(FileId(0), "plan.json", bytes, &ours)
}

fn good(bytes: &[u8]) -> (SourceFile, Plan) {
    let (file, plan) = tried(bytes);
    (file, plan.unwrap_or_else(|error| panic!("{}", error.message)))
}

fn case(name: &str) -> (SourceFile, Plan) {
    good(text(&format!("{name}/plan.json")).as_bytes())
}

/// A value without its places.
fn bare(datum: &Datum) -> String {
    match &datum.content {
        Content::Absent => "null".to_owned(),
        Content::Text { text, plain: true } => text.literal().unwrap_or("…").to_owned(),
        Content::Text { text, plain: false } => match text.literal() {
            Some(literal) => format!("{literal:?}"),
            None => format!("{:?}", text.why().map(|why| why.kind)),
        },
        Content::List(items) => format!("[{}]", items.iter().map(bare).collect::<Vec<_>>().join(", ")),
        Content::Map { members, rest } => {
            let mut each: Vec<String> =
                members.iter().map(|member| format!("{}: {}", member.key, bare(&member.value))).collect();
            each.sort();
            if rest.is_some() {
                each.push("…".to_owned());
            }
            format!("{{{}}}", each.join(", "))
        }
        Content::Unknown(why) => format!("{:?}", why.kind),
        other => format!("{other:?}"),
    }
}

/// A part of a value, by its path.
fn part(datum: &Datum, path: &str) -> String {
    let mut at = datum;
    for step in path.split('.') {
        at = match &at.content {
            Content::Map { members, .. } => {
                let found = members.iter().find(|member| &*member.key == step);
                &found.unwrap_or_else(|| panic!("no {step} of {path} in {}", bare(at))).value
            }
            Content::List(items) => &items[step.parse::<usize>().unwrap()],
            _ => panic!("no {step} of {path} in {}", bare(at)),
        };
    }
    bare(at)
}

/// What a plan says, without places: to compare.
fn said(plan: &Plan) -> Vec<String> {
    let side = |datum: &Option<std::sync::Arc<Datum>>| datum.as_deref().map_or("gone".to_owned(), bare);
    let line = |known: &Known| {
        let Known { address, kind, module, name, key, is_data, actions, previous, .. } = known;
        let key = key.as_ref().map(ToString::to_string);
        format!(
            "{address} {kind} {module} {name} {key:?} {is_data} {actions:?} {previous:?} {} -> {}",
            side(&known.before),
            side(&known.after)
        )
    };
    let variables = plan.variables.iter().map(|(name, value)| format!("var.{name} {}", bare(value)));
    let mut all: Vec<String> = plan.resources.values().map(line).chain(variables).collect();
    all.push(format!("{:?} {} {} {}", plan.modules, plan.is_state, plan.complete, plan.folders.len()));
    all
}

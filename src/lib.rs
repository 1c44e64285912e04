//! trailproof proves that an AWS audit trail holds.
//!
//! ```text
//! files ─► input ─► syntax ─► read ─► model ─► judge ─► report ─► people, SARIF, JSON
//!          bytes    spanned   records  typed    verdicts
//!                   trees              estate      ▲
//!                                                checks ◄─ pages (checks/*.md)
//! ```
//!
//! Dependencies point one way, from right to left; a test keeps it so. Everything but [`cli`] is pure: no files, no
//! environment, no clock.
//!
//! - [`source`]: files, positions, spans, the only notion of *where*.
//! - [`parallel`]: the same work on many things, results in order.
//! - [`value`]: `Value`, `Text`, `Truth`, `Verdict`, the only notion of *what we know*. A value is known, has two sides, or
//!   is unknown for a reason; a text has holes with names; a truth keeps the evidence that decides it.
//! - [`syntax`]: YAML and JSON to one spanned tree. Knows no AWS.
//! - [`read`]: trees to records. A dialect's reader evaluates its expressions in a *world*, a set of conditions that are
//!   taken as given. CloudFormation is the dialect that there is.
//! - [`model`]: records to the typed estate, once for each resource type; what links things, and what event selectors,
//!   lifecycle rules and policies (`model::iam`) mean. `model/properties.rs` is the one table of property names and
//!   defaults.
//! - [`page`]: a check's page, read at compile time.
//! - [`checks`]: one small pure function each, and their list.
//! - [`mod@judge`]: every check on every subject, in the worlds that matter; what the worlds say together.
//! - [`input`]: what a file is: a template, nothing to judge, or broken.
//! - [`report`]: one report and its renderers.
//! - [`policies`]: ready documents, filled in for one estate and printed. Knows neither the model nor the checks.
//! - [`cli`]: flags, files, exit codes.
//!
//! A check lives in `src/checks/<id>.rs` beside its page `checks/<id>.md`; `README.md` says how to add one. The tests are
//! `pages` (every example of every page), `laws` (what must hold for all of them), `formats`, `cli`, `syntax` and `tidy`.

pub mod checks;
pub mod cli;
pub mod input;
pub mod judge;
pub mod model;
pub mod page;
pub mod parallel;
pub mod policies;
pub mod read;
pub mod report;
pub mod source;
pub mod syntax;
pub mod value;

use input::Input;
use judge::judge;
use read::Unit;
use report::{Coverage, Problem, Report, Skipped};
use source::{FileId, SourceFile, Sources};

/// What a run is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The checks to run; see [`checks::ALL`].
    pub checks: Vec<&'static checks::Check>,
    /// What the checks ask for.
    pub settings: model::Settings,
    /// Values of parameters, by name.
    pub parameters: read::cloudformation::Given,
}

/// Judges files that were loaded before; see [`input::load`]. The ids of the files are their places in the list.
pub fn check(files: Vec<(SourceFile, Input)>, options: &Options) -> Report {
    let mut sources = Sources::default();
    let mut templates = Vec::new();
    let mut problems = Vec::new();
    let mut coverage = Coverage::default();
    for (file, input) in files {
        let name = file.name.clone();
        match input {
            Input::Template(template) => {
                coverage.files_read += 1;
                templates.push(*template);
            }
            Input::NothingToJudge => coverage.files_read += 1,
            Input::Unread => {}
            Input::Skipped(why) => coverage.files_skipped.push(Skipped { file: name, why: why.to_owned() }),
            Input::Broken(error) => problems.push(Problem {
                file: name,
                message: error.message,
                span: Some(error.span),
                related: error.related,
            }),
        }
        sources.add(file);
    }
    for name in options.parameters.declared() {
        if !templates.iter().any(|template| template.parameter_names().any(|known| known == name)) {
            let message = format!("no template of this run has a parameter `{name}`");
            problems.push(Problem { file: String::new(), message, span: None, related: None });
        }
    }
    let stacks = read::cloudformation::stacks(templates, options.parameters.clone());
    for template in stacks.iter().flat_map(read::cloudformation::Stack::templates) {
        if let Some(span) = template.cut() {
            let message = format!(
                "the loops of this template make more than {} entries, or turn too often, and the rest is not judged; \
                 CloudFormation takes 500 resources",
                read::cloudformation::MAX_ENTRIES
            );
            problems.push(Problem { file: template.name().to_owned(), message, span: Some(span), related: None });
        }
    }
    let units: Vec<Box<dyn Unit>> = stacks.into_iter().map(|stack| Box::new(stack) as Box<dyn Unit>).collect();
    let outcomes = judge(&units, &options.checks, &options.settings);
    Report { sources, checks: options.checks.clone(), outcomes, problems, coverage }
}

/// Loads one text as the only file of a run: for tests and embedding.
pub fn check_text(name: &str, text: &str, options: &Options) -> Report {
    check(vec![input::load(FileId(0), name, text.as_bytes().to_vec(), true)], options)
}

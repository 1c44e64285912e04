//! `trailproof explain`: what a check finds and what to do, on one screen.

use super::{Failure, print};
use crate::checks::Check;
use clap::{Args, ValueEnum};
use serde_json::json;

/// Lines of a screen.
const SCREEN: usize = 40;

/// Lines around an example, and of the last words.
const AROUND: usize = 3;

/// How a check is explained.
#[derive(Debug, Args)]
pub(super) struct Manner {
    /// The language of the example.
    #[arg(long, value_enum, default_value_t = Dialect::Cloudformation)]
    dialect: Dialect,
    /// Print the whole page, with all examples.
    #[arg(long)]
    full: bool,
    /// What to print.
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Dialect {
    /// A template in YAML.
    Cloudformation,
    /// A configuration in HCL.
    Terraform,
    /// What an account answers.
    Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// The parts of the page.
    Json,
}

impl Dialect {
    /// How the fences of pages name it.
    fn fence(self) -> &'static str {
        match self {
            Dialect::Cloudformation => "yaml cloudformation",
            Dialect::Terraform => "hcl",
            Dialect::Account => "json account",
        }
    }
}

pub(super) fn run(check: &Check, manner: &Manner) -> Result<u8, Failure> {
    let text = match (manner.format, manner.full) {
        (Format::Json, _) => parts(check, manner.dialect),
        (Format::Human, true) => check.page.body().to_owned(),
        (Format::Human, false) => screen(check, manner.dialect),
    };
    print(&text)?;
    Ok(0)
}

fn screen(check: &Check, dialect: Dialect) -> String {
    let page = &check.page;
    let default = if page.default_on { "on by default" } else { "off by default" };
    let mut text = format!(
        "{}   {} · {default} · since {}\n\n{}\n\n{}\n\nfix: {}\n",
        check.id,
        page.severity.as_str(),
        page.since,
        page.title(),
        page.why(),
        page.fix
    );
    // What is right comes first where there is room for one alone.
    let mut left = SCREEN.saturating_sub(text.lines().count() + AROUND);
    let mut room = |section: &str| {
        let example = page.example(section, dialect.fence())?;
        left = left.checked_sub(example.lines().count() + AROUND)?;
        Some(example)
    };
    let (right, wrong) = (room("Fix"), room("Fires"));
    for (example, words) in [(wrong, "is found"), (right, "is right")] {
        let Some(example) = example else { continue };
        text.push_str(&format!("\nThis {words}:\n\n"));
        example.lines().for_each(|line| text.push_str(&format!("    {line}\n")));
    }
    text.push_str(&format!("\n`trailproof explain {} --full` prints every example\n{}\n", check.id, check.address()));
    text
}

fn parts(check: &Check, dialect: Dialect) -> String {
    let page = &check.page;
    let document = json!({
        "check": check.id,
        "severity": page.severity.as_str(),
        "since": page.since,
        "default": page.default_on,
        "title": page.title(),
        "why": page.why(),
        "fix": page.fix,
        "fires": page.example("Fires", dialect.fence()),
        "fixed": page.example("Fix", dialect.fence()),
        "page": check.address(),
    });
    format!("{document:#}\n")
}

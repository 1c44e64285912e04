//! The library in a few lines: judge one template and print where it fails.
//!
//! `cargo run --example embed` reads the example beside this file. A run of several files is [`trailproof::check`].
#![allow(clippy::print_stdout, reason = "an example has nothing else to show its result with")]

use std::process::ExitCode;
use trailproof::page::Severity;
use trailproof::{Options, check_text, checks};

fn main() -> ExitCode {
    let checks = checks::ALL.iter().filter(|check| check.page.default_on).collect();
    let options = Options { checks, ..Options::default() };
    let report = check_text("audit-trail.yaml", include_str!("cloudformation/audit-trail.yaml"), &options);
    for finding in report.failures() {
        let Some(file) = report.sources.get(finding.span.file) else { continue };
        let at = file.position(finding.span.start);
        println!("{}:{}:{}: {}: {}", file.name, at.line, at.column, finding.check.id, finding.message());
        println!("    {}", file.cut(finding.span));
    }
    ExitCode::from(report.exit_code(Severity::Medium, false))
}

//! Plans and states of Terraform: whatever Terraform wrote is read, and nothing else passes for it.
#![allow(clippy::disallowed_methods, reason = "tests read the repository")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics has failed, which is what it is for"
)]

use trailproof::read::terraform::plan::{Plan, read};
use trailproof::source::{FileId, SourceFile};

fn ours(kind: &str) -> bool {
    kind.starts_with("aws_")
}

#[test]
fn scratch() {
    let list = std::env::var("PLANS").unwrap();
    for path in list.split_whitespace() {
        let bytes = std::fs::read(path).unwrap();
        let (file, plan): (SourceFile, Result<Plan, _>) = read(FileId(0), path, bytes.as_slice(), &ours);
        match plan {
            Ok(plan) => println!(
                "{path}: {} resources, {} variables, {} bytes, {} modules, complete {} state {}",
                plan.resources.len(),
                plan.variables.len(),
                file.text.len(),
                plan.modules.len(),
                plan.complete,
                plan.is_state
            ),
            Err(error) => println!("{path}: {} at {:?}", error.message, file.position(0)),
        }
    }
}

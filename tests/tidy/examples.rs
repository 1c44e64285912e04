//! The commands of the README and of `docs/` run, and the examples are what they are said to be.

use super::{files, no, read, root};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use trailproof::source::FileId;
use trailproof::syntax::{Kind, Node, yaml};

const BINARY: &str = env!("CARGO_BIN_EXE_trailproof");

/// The command with which the README runs every test; `.ci/run` calls the same.
const ALL_TESTS: &str = "cargo test";

/// What users read about the tool, the README first.
fn manual() -> String {
    let docs = files("docs").into_iter().filter(|path| path.ends_with(".md"));
    let pages: Vec<String> = ["README.md".to_owned()].into_iter().chain(docs).map(|path| read(&path)).collect();
    pages.join("\n")
}

/// The commands that it tells to run.
fn commands() -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in manual().lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            _ if inside && !line.is_empty() && !line.starts_with('#') => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

/// A directory with the examples, in which commands may write.
fn room(name: &str) -> PathBuf {
    let room = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&room);
    std::fs::create_dir_all(room.join("target")).unwrap();
    for path in files("examples") {
        let to = room.join(&path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::copy(root().join(&path), to).unwrap();
    }
    room
}

#[test]
fn the_readme_runs() {
    let room = room("readme");
    let folder = Path::new(BINARY).parent().unwrap();
    let search = std::env::var_os("PATH").unwrap_or_default();
    let search =
        std::env::join_paths(std::iter::once(folder.to_owned()).chain(std::env::split_paths(&search))).unwrap();
    let mut ran = 0;
    let mut complaints = Vec::new();
    for command in commands() {
        // What makes a plan is not ours to run.
        if command == ALL_TESTS || command.starts_with("terraform ") {
            continue;
        }
        let line = command.replace("cargo run --release --no-default-features -- ", "trailproof ");
        let line = line.replace("cargo run -- ", "trailproof ");
        if !line.starts_with("trailproof ") {
            complaints.push(format!("`{command}` is no command that this test knows how to run"));
            continue;
        }
        ran += 1;
        let output = Command::new("sh").args(["-c", &line]).env("PATH", &search).current_dir(&room).output().unwrap();
        // The tool's own words need no escape, and the examples have nothing to hide.
        if String::from_utf8_lossy(&output.stdout).contains("\\u{") {
            complaints.push(format!("`{command}` prints an escape"));
        }
        // Findings are no failure of the command; a run that failed is.
        if !matches!(output.status.code(), Some(0 | 1 | 3)) || output.stdout.is_empty() {
            complaints.push(format!(
                "`{command}` ended with {}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            ));
        }
    }
    assert!(ran >= 5, "only {ran} commands were found");
    no(complaints);
}

#[test]
fn the_first_command_shows_findings() {
    let first = commands().into_iter().next().unwrap();
    assert!(first.starts_with("cargo run") && first.ends_with("check examples/cloudformation"), "{first}");
    let output = check(&["examples/cloudformation"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("IsMultiRegionTrail"));
}

#[test]
fn the_gate_runs_the_tests_of_the_readme() {
    assert!(commands().iter().any(|command| command == ALL_TESTS), "the README does not say `{ALL_TESTS}`");
    let gate = read(".ci/run");
    assert!(gate.lines().any(|line| line == ALL_TESTS), ".ci/run does not call `{ALL_TESTS}`");
}

#[test]
fn every_flag_of_the_manual_exists() {
    let live = if cfg!(feature = "live") { &["collect", "scan"][..] } else { &[] };
    let commands = ["check", "explain", "policy", "baseline write", "allow add", "allow import"];
    let help = commands.iter().chain(live).map(|command| {
        let help = Command::new(BINARY).args(command.split(' ').chain(["--help"])).output().unwrap();
        String::from_utf8(help.stdout).unwrap()
    });
    let help: Vec<String> = help.collect();
    let known: Vec<&str> = help.iter().flat_map(|help| words(help)).collect();
    let manual = manual();
    let foreign = ["--release", "--test", "--bench", "--no-default-features"];
    // The slim linter has not every command that it tells of.
    let foreign_to_slim =
        ["--aws-profile", "--out", "--role-name", "--source-identity", "--resume", "--ou", "--changes"];
    let foreign_to_slim =
        [&foreign_to_slim[..], &["--external-id", "--session-duration", "--concurrency", "--max-age", "--region"]]
            .concat();
    let foreign = if cfg!(feature = "live") { foreign.to_vec() } else { [&foreign[..], &foreign_to_slim].concat() };
    no(words(&manual).filter(|flag| !foreign.contains(flag) && !known.contains(flag)).map(str::to_owned).collect());
}

/// The long flags in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let cut = |c: char| !(c.is_ascii_lowercase() || c == '-');
    text.split(cut).filter(|word| word.strip_prefix("--").is_some_and(|name| name.starts_with(|c: char| c != '-')))
}

fn check(arguments: &[&str]) -> Output {
    Command::new(BINARY).arg("check").args(arguments).current_dir(root()).output().unwrap()
}

/// `UPDATE=1 cargo test --test tidy` writes the reports anew; read the difference before it is committed.
#[test]
fn the_examples_give_the_expected_reports() {
    let declared = ["--source", "examples/account-source", "--inventory", "examples/account-source/accounts.csv"];
    let anchored = [&["examples/account"][..], &declared].concat();
    let all = |folder: &'static str| vec![folder, "--show", "all"];
    for (arguments, format, path) in [
        (all("examples/cloudformation"), "human", "examples/cloudformation.txt"),
        (all("examples/cloudformation"), "json", "examples/cloudformation.json"),
        (all("examples/terraform"), "human", "examples/terraform.txt"),
        (all("examples/terraform"), "json", "examples/terraform.json"),
        (all("examples/account"), "human", "examples/account.txt"),
        (all("examples/account"), "json", "examples/account.json"),
        (anchored, "human", "examples/account-source.txt"),
    ] {
        let output = check(&[&arguments[..], &["--format", format, "--color", "never"]].concat());
        let actual = String::from_utf8(output.stdout).unwrap();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(root().join(path), &actual).unwrap();
        }
        assert!(
            read(path) == actual,
            "{path} is not what the tool says now: look with `UPDATE=1 cargo test --test tidy`, then `git diff`"
        );
    }
}

#[test]
fn the_mended_examples_are_clean() {
    for path in ["examples/cloudformation/audit-trail-mended.yaml", "examples/terraform/audit-trail-mended"] {
        let output = check(&[path, "--fail-on", "low", "--strict"]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// YAML as JSON, by the rules of YAML 1.2's core schema, as far as workflows use them.
fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::List(items) => items.iter().map(value).collect(),
        Kind::Map(entries) => {
            Value::Object(entries.iter().map(|(key, it)| (key.text.to_string(), value(it))).collect())
        }
        Kind::Scalar { text, plain: true } => {
            let scalar = if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str::<Value>(text) };
            scalar.ok().filter(|it| !it.is_string()).unwrap_or_else(|| Value::String(text.to_string()))
        }
        Kind::Scalar { text, .. } => Value::String(text.to_string()),
    }
}

#[test]
fn workflows_are_valid_and_pinned() {
    let schema: Value = serde_json::from_str(&read("tests/schema/github-workflow.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({"on": "pull_request", "jobs": {"lint": {"steps": []}}})));
    let mut complaints = Vec::new();
    for path in files("examples/github") {
        let text = read(&path);
        let workflow = value(&yaml::parse(FileId(0), &text).unwrap());
        complaints.extend(validator.iter_errors(&workflow).map(|error| format!("{path}: {error}")));
        if workflow["permissions"] != serde_json::json!({}) {
            complaints.push(format!("{path}: nothing is permitted but what a job asks for"));
        }
        for line in text.lines().filter_map(|line| line.split_once("uses: ").map(|(_, action)| action)) {
            let (commit, version) =
                line.split_once('@').and_then(|(_, rest)| rest.split_once(" # v")).unwrap_or_default();
            if commit.len() != 40 || !commit.chars().all(|c| c.is_ascii_hexdigit()) || version.is_empty() {
                complaints.push(format!("{path}: `{line}` is not pinned to a commit, with its version beside it"));
            }
        }
    }
    no(complaints);
}

//! What a team decides, as the program reads it: `trailproof.yaml`, its schema, and what becomes of both.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]
#![allow(clippy::disallowed_methods, reason = "tests write the files that the program reads")]

#[path = "decisions/adopted.rs"]
mod adopted;
#[path = "decisions/base.rs"]
mod base;
#[path = "decisions/baseline.rs"]
mod baseline;
#[path = "decisions/code.rs"]
mod code;
#[path = "decisions/configuration.rs"]
mod configuration;
#[path = "decisions/peers.rs"]
mod peers;
#[path = "decisions/schema.rs"]
mod schema;

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

const TRAIL: &str = "Resources:\n  Trail:\n    Type: AWS::CloudTrail::Trail\n    Properties:\n      IsLogging: false\n      \
                     S3BucketName: logs\n";

/// A repository of its own for a test.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Room {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("decisions").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join(".git")).unwrap();
        Room(path)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Room {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    /// Exit code, standard output, standard error.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output =
            Command::new(env!("CARGO_BIN_EXE_trailproof")).current_dir(&self.0).args(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, out, err) = self.run(&[&["check", "--format", "json"][..], arguments].concat());
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"))
    }

    /// The checks that fail and are not held back, each with its address.
    fn open(&self, arguments: &[&str]) -> Vec<String> {
        let report = self.json(arguments);
        let fails = |it: &&Value| it["verdict"] == "fail" && it["suppressed"].is_null();
        let name =
            |it: &Value| format!("{} {}", it["check"].as_str().unwrap(), it["subject"]["address"].as_str().unwrap());
        report["results"].as_array().unwrap().iter().filter(fails).map(name).collect()
    }

    /// The states of exceptions, each with what it names.
    fn states(&self, arguments: &[&str]) -> Vec<String> {
        let report = self.json(arguments);
        let name = |it: &Value| format!("{} {}", it["state"].as_str().unwrap(), it["check"].as_str().unwrap_or(""));
        report["exceptions"].as_array().unwrap().iter().map(name).collect()
    }
}

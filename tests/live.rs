//! Accounts are asked over HTTP: a local AWS, a recorded peer for what it lacks, and faults in between.
#![cfg(feature = "live")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]
#![allow(clippy::disallowed_methods, reason = "tests run the program and read what it writes")]

#[path = "live/account.rs"]
mod account;
#[path = "live/allowed.rs"]
mod allowed;
#[path = "live/applied.rs"]
mod applied;
#[path = "live/faults.rs"]
mod faults;
#[path = "live/gaps.rs"]
mod gaps;
#[path = "live/http.rs"]
mod http;
#[path = "live/lifecycle.rs"]
mod lifecycle;
#[path = "live/moto.rs"]
mod moto;
#[path = "live/organization.rs"]
mod organization;
#[path = "live/peer.rs"]
mod peer;
#[path = "live/planted.rs"]
mod planted;
#[path = "live/proxy.rs"]
mod proxy;
#[path = "live/simulated.rs"]
mod simulated;
mod support;
#[path = "live/wire.rs"]
mod wire;

use proxy::Proxy;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The account that the tests ask from.
const ACCOUNT: &str = "123456789012";

/// A run of the program, and where its evidence is.
struct Ran {
    out: PathBuf,
    output: Output,
}

impl Ran {
    fn code(&self) -> Option<i32> {
        self.output.status.code()
    }

    fn said(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    /// The evidence of an account.
    fn evidence(&self, account: &str) -> Evidence {
        let path = self.out.join(format!("{account}.json"));
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}\n{}", self.said()));
        Evidence(serde_json::from_str(&text).unwrap())
    }
}

/// The evidence of an account.
#[derive(Debug, PartialEq)]
struct Evidence(Value);

impl Evidence {
    fn calls(&self) -> &[Value] {
        self.0["calls"].as_array().unwrap()
    }

    /// The calls of an operation.
    fn all(&self, service: &str, operation: &str) -> Vec<&Value> {
        self.calls().iter().filter(|call| call["service"] == service && call["operation"] == operation).collect()
    }

    /// The only answer of an operation.
    fn only(&self, service: &str, operation: &str) -> &Value {
        let all = self.all(service, operation);
        assert_eq!(all.len(), 1, "{service}:{operation}: {all:?}");
        &all[0]["output"]
    }
}

/// An empty room for evidence.
fn room(name: &str) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live").join(name);
    let _ = std::fs::remove_dir_all(&out);
    out
}

/// Collects through a proxy.
fn collect(proxy: &Proxy, out: &Path, arguments: &[&str]) -> Ran {
    let output = command(proxy, out, arguments).output().unwrap();
    Ran { out: out.to_owned(), output }
}

fn command(proxy: &Proxy, out: &Path, arguments: &[&str]) -> Command {
    asking("collect", proxy, out, arguments)
}

/// A command that asks through a proxy.
fn asking(what: &str, proxy: &Proxy, out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    command.args([what, "--endpoint-url", &proxy.url, "--out"]).arg(out).args(arguments);
    // Nothing of whoever runs the tests.
    command.env_clear().env("HOME", out).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "AKIDCALLER").env("AWS_SECRET_ACCESS_KEY", "secret");
    command
}

//! Sixty accounts of the local AWS with one fault each, made by the API, and some without one: each fault is found by its own
//! check and no other, and the accounts without one are silent.

use super::http::Response;
use super::proxy::Proxy;
use super::{moto, room};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};

/// Scans that run side by side: each waits for its event history most of the time.
const SIDE_BY_SIDE: usize = 8;

/// What the local AWS lacks, of an account that has none of it.
fn none_of(operation: &str) -> Option<Value> {
    Some(match operation {
        "ListRegions" => json!({"Regions": [{"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"}]}),
        "ListEventDataStores" => json!({"EventDataStores": []}),
        "ListChannels" => json!({"Channels": []}),
        "LookupEvents" => json!({"Events": []}),
        _ => return None,
    })
}

/// The checks that fail in an account.
fn found(proxy: &Proxy, account: &Value) -> BTreeSet<String> {
    let here = room(&format!("planted-{}", account["account"].as_str().unwrap()));
    std::fs::create_dir_all(&here).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    command.args(["scan", "--endpoint-url", &proxy.url, "--region", "eu-west-1", "--format", "json", "--out"]);
    command.arg(&here).current_dir(&here);
    command.env_clear().env("HOME", &here).env("AWS_EC2_METADATA_DISABLED", "true");
    let names =
        [("ACCESS_KEY_ID", "AccessKeyId"), ("SECRET_ACCESS_KEY", "SecretAccessKey"), ("SESSION_TOKEN", "SessionToken")];
    for (name, key) in names {
        command.env(format!("AWS_{name}"), account["keys"][key].as_str().unwrap());
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = || String::from_utf8_lossy(&output.stderr);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", said()));
    assert_eq!(report["coverage"]["accounts"][0]["id"], account["account"], "{}", said());
    let fails = report["results"].as_array().unwrap().iter().filter(|result| result["verdict"] == "fail");
    fails.map(|result| result["check"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn sixty_accounts_with_one_fault_each() {
    let server = moto::serve(None);
    let planted: Vec<Value> = serde_json::from_str(&moto::fill(&server, "planted.py")).unwrap();
    assert!(planted.len() >= 64);
    let port = server.port;
    let proxy = Proxy::with(
        |_, _| None,
        move |asked, request| match none_of(&asked.operation) {
            Some(body) => Response::new(200, "application/x-amz-json-1.1", body.to_string()),
            None => super::peer::renamed(asked, request, port)
                .unwrap_or_else(|| request.forward(port).unwrap_or_else(|_| Response::new(502, "text/plain", ""))),
        },
    );
    let each: Vec<&[Value]> = planted.chunks(planted.len().div_ceil(SIDE_BY_SIDE)).collect();
    let wrong = |accounts: &&[Value]| -> Vec<String> {
        let wrong = accounts.iter().filter_map(|account| {
            let expected: BTreeSet<String> = serde_json::from_value(account["finds"].clone()).unwrap();
            let found = found(&proxy, account);
            (found != expected).then(|| format!("{}: {found:?} in place of {expected:?}", account["account"]))
        });
        wrong.collect()
    };
    let wrong = &wrong;
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = each.iter().map(|accounts| scope.spawn(move || wrong(accounts))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), planted.len(), wrong.join("\n"));
}

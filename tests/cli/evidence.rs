//! Evidence with what declares it, as directories.

use super::Room;
use serde_json::{Value, json};

const STATE: &str = "{\"version\": 4, \"serial\": 1, \"lineage\": \"a\", \"resources\": [{\"mode\": \"managed\", \"type\": \"aws_cloudtrail\", \"name\": \"main\", \"instances\": [{\"attributes\": {\"arn\": \"arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit\"}}]}]}";
const TRAIL: &str =
    "variable \"name\" {}\nresource \"aws_cloudtrail\" \"main\" {\n  name = var.name\n  s3_bucket_name = \"logs\"\n}\n";

/// A room with the evidence of a trail that is stopped.
fn room(name: &str) -> Room {
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit";
    let list = json!({"trailList": [{"Name": "audit", "TrailARN": arn, "HomeRegion": "eu-west-1"}]});
    let call = |operation: &str, input: Value, output: Value| json!({"service": "cloudtrail", "operation": operation, "region": "eu-west-1", "input": input, "output": output});
    let status = call("GetTrailStatus", json!({"Name": arn}), json!({"IsLogging": false}));
    let calls = [call("DescribeTrails", json!({}), list), status];
    let evidence = json!({"schema": "trailproof.evidence/1", "account": "111122223333", "calls": calls});
    let room = Room::new(name);
    room.file("evidence/111122223333.json", evidence.to_string());
    room
}

fn check(room: &Room, arguments: &[&str]) -> Value {
    let common = ["check", "evidence", "--check", "trail_stopped", "--format", "json"];
    let (code, out, err) = room.run(&[&common[..], arguments].concat());
    assert_eq!(code, 1, "{out}{err}");
    serde_json::from_str(&out).unwrap()
}

fn place(report: &Value) -> (&str, u64) {
    let results = report["results"].as_array().unwrap();
    assert_eq!(results.len(), 1, "{results:?}");
    let location = &results[0]["location"];
    (location["file"].as_str().unwrap(), location["line"].as_u64().unwrap())
}

/// Would catch: states that a search passes over, and roots that lie deeper than the directory that is named.
#[test]
fn what_declares_it_is_found_below_the_source() {
    let room = room("evidence-source");
    room.file("infra/live/main.tf", TRAIL).file("infra/live/terraform.tfstate", STATE).file("infra/readme.md", "");
    let report = check(&room, &["--source", "infra"]);
    assert_eq!(place(&report), ("infra/live/main.tf", 2));
    assert_eq!((&report["complete"], &report["coverage"]["files_read"]), (&json!(true), &json!(1)));
    assert_eq!(report["coverage"]["files_skipped"], json!([]));
    assert_eq!(place(&check(&room, &["--source", "infra/live"])), ("infra/live/main.tf", 2));
    assert_eq!(place(&check(&room, &["--source", "."])), ("infra/live/main.tf", 2));
    assert_eq!(place(&check(&room, &[])).0, "evidence/111122223333.json");
    std::fs::rename(room.0.join("infra/live/terraform.tfstate"), room.0.join("pulled.tfstate")).unwrap();
    assert_eq!(place(&check(&room, &["--source", "infra"])).0, "evidence/111122223333.json");
    assert_eq!(place(&check(&room, &["pulled.tfstate", "--source", "infra"])), ("infra/live/main.tf", 2));
    // As a shell of Windows writes it.
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(STATE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    room.file("wide.json", wide);
    assert_eq!(place(&check(&room, &["wide.json", "--source", "infra"])), ("infra/live/main.tf", 2));
}

#[test]
fn what_is_broken_beside_evidence_is_told_and_ends_nothing() {
    let room = room("evidence-broken");
    room.file("infra/live/main.tf", TRAIL).file("infra/live/terraform.tfstate", STATE);
    room.file("infra/other/main.tf", "resource \"aws_s3_bucket\" {\n  bucket = \n}\n");
    room.file("infra/other/terraform.tfstate", STATE.replace("4", "3"));
    room.file("infra/t.yaml", "Resources:\n  A: {Type: AWS::S3::Bucket\n");
    let report = check(&room, &["--source", "infra"]);
    assert_eq!(place(&report), ("infra/live/main.tf", 2));
    assert_eq!((&report["complete"], &report["errors"]), (&json!(true), &json!([])));
    let skipped = report["coverage"]["files_skipped"].as_array().unwrap();
    let mut skipped: Vec<&str> = skipped.iter().map(|it| it["file"].as_str().unwrap()).collect();
    skipped.sort_unstable();
    skipped.dedup();
    assert_eq!(skipped, ["infra/other/main.tf", "infra/other/terraform.tfstate", "infra/t.yaml"]);
}

#[test]
fn a_stored_state_is_not_judged() {
    let room = room("evidence-state");
    room.file("pulled.tfstate", STATE).file("infra/live/terraform.tfstate", STATE).file("infra/live/main.tf", TRAIL);
    let (code, out, _) = room.run(&["check", "pulled.tfstate"]);
    assert!(code == 2 && out.contains("nothing to check"), "{code} {out}");
    let (_, out, _) = room.run(&["check", "infra", "pulled.tfstate", "--show", "all"]);
    assert!(out.contains("skipped  pulled.tfstate: a state as Terraform stores it"), "{out}");
    let report = check(&room, &["pulled.tfstate"]);
    assert_eq!(place(&report).0, "evidence/111122223333.json", "nothing is declared anywhere");
}

/// Would catch: a state that nobody asked for and that ends the run.
#[test]
fn states_that_cannot_be_read_end_a_run_only_where_they_are_named() {
    let room = room("evidence-unread");
    let encrypted = "{\"serial\": 1, \"lineage\": \"a\", \"meta\": {}, \"encrypted_data\": \"eA==\", \"encryption_version\": \"v0\"}";
    room.file("evidence/old.json", STATE.replace("\"version\": 4", "\"version\": 3"))
        .file("evidence/hidden.json", encrypted);
    let report = check(&room, &[]);
    assert_eq!((&report["complete"], &report["errors"]), (&json!(true), &json!([])));
    let skipped = report["coverage"]["files_skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 2, "{skipped:?}");
    assert!(skipped.iter().all(|it| it["why"].as_str().unwrap().contains("in a form that is not read")), "{skipped:?}");
    for name in ["evidence/old.json", "evidence/hidden.json"] {
        let (code, out, err) = room.run(&["check", name, "evidence"]);
        assert!(code == 2 && format!("{out}{err}").contains("state"), "{name}: {code} {out}{err}");
    }
}

//! The schema that is printed and the reader say the same of every key.

use serde_json::{Value, json};
use trailproof::policy::config::Config;
use trailproof::source::FileId;

/// What each key takes, and what it does not.
fn samples() -> Vec<(Value, bool)> {
    let allow = |more: Value| {
        let mut entry = json!({"check": "key_open", "reason": "we know of this key"});
        more.as_object().unwrap().iter().for_each(|(key, value)| entry[key] = value.clone());
        json!({ "allow": [entry] })
    };
    let good = [
        json!({}),
        json!({"schema": "trailproof.config/1", "requires": ">=0.1", "profile": "cis"}),
        json!({"profile": ["cis", "own.yaml"]}),
        json!({"checks": {"enable": ["key_open"], "disable": ["key_unusable"], "severity": {"key_open": "low"}}}),
        json!({"fail_on": "high", "strict": true, "fail_on_exceptions": false}),
        json!({"settings": {"required_days": 90, "required_tags": ["owner"], "organization": true, "each_trail": false,
                            "log_archive": "111122223333", "trust": ["o-abc"], "log_buckets": ["*"], "log_keys": "K",
                            "log_groups": [], "trail_topics": ["T"], "network_activity": ["s3.amazonaws.com"], "data_events": ["AWS::SQS::Queue"]}}),
        json!({"parameters": {"A": "b", "C": 1}, "parameter_files": ["a/*.json"], "variables": {"x": [1, 2]},
               "variable_files": ["a.tfvars"]}),
        json!({"accounts": {"111122223333": {"name": "logs", "ou": "Security", "owner": "ops"}}}),
        json!({"paths": {"include": ["a"], "exclude": ["b"]}}),
        json!({"never_allow": ["key_open"], "allow_rules": {"until": "required", "owner": "optional", "max_days": 90, "ticket": "S-*"}}),
        json!({"peers": {"honour": ["checkov", "kics"], "critical": false, "reason": "required"}}),
        json!({"baseline": "trailproof-baseline.json", "settings": null}),
        allow(json!({"address": "A"})),
        allow(json!({"path": "a", "part": "p", "kind": "planned", "until": "2027-01-01", "owner": "o", "ticket": "T"})),
        allow(json!({"arn": "arn:*", "account": "1*", "region": "eu-*"})),
        allow(json!({"everywhere": true, "check": ["key_open", "key_unusable"]})),
    ];
    let bad = [
        json!({"unknown": 1}),
        json!({"schema": "trailproof.config/2"}),
        json!({"profile": {"a": 1}}),
        json!({"checks": {"enable": ["no_such"]}}),
        json!({"checks": {"enable": "key_open"}}),
        json!({"checks": {"severity": {"key_open": "worst"}}}),
        json!({"checks": {"severity": {"no_such": "low"}}}),
        json!({"checks": ["key_open"]}),
        json!({"fail_on": "none"}),
        json!({"strict": "yes"}),
        json!({"settings": {"required_days": 0}}),
        json!({"settings": {"required_days": 1.5}}),
        json!({"settings": {"unknown": 1}}),
        json!({"parameters": ["A=b"]}),
        json!({"accounts": {"1": {"name": "a"}}}),
        json!({"accounts": {"111122223333": {"nme": "a"}}}),
        json!({"accounts": {"111122223333": "a"}}),
        json!({"paths": {"include": {"a": 1}}}),
        json!({"never_allow": ["no_such"]}),
        json!({"allow_rules": {"until": "sometimes"}}),
        json!({"peers": {"honour": ["nobody"]}}),
        json!({"baseline": ["a"]}),
        json!({"allow": {"check": "key_open"}}),
        json!({"allow": ["key_open"]}),
        json!({"allow": [{"check": "key_open", "reason": "we know of this key"}]}),
        json!({"allow": [{"check": "key_open", "address": "a"}]}),
        json!({"allow": [{"address": "a", "reason": "we know of this key"}]}),
        allow(json!({"address": "a", "reason": "short"})),
        allow(json!({"address": "a", "check": "no_such"})),
        allow(json!({"address": "a", "until": "soon"})),
        allow(json!({"address": "a", "kind": "other"})),
        allow(json!({"address": "a", "more": "b"})),
        allow(json!({"everywhere": false})),
    ];
    good.into_iter().map(|it| (it, true)).chain(bad.into_iter().map(|it| (it, false))).collect()
}

#[test]
fn the_schema_is_what_the_reader_takes() {
    let schema: Value = serde_json::from_str(&trailproof::policy::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (sample, is_good) in samples() {
        let read = Config::parse(FileId(0), &sample.to_string());
        assert_eq!(read.is_ok(), is_good, "the reader: {sample} {:?}", read.err());
        assert_eq!(validator.is_valid(&sample), is_good, "the schema: {sample}");
    }
}

#[test]
fn every_key_has_a_sample() {
    let schema: Value = serde_json::from_str(&trailproof::policy::schema()).unwrap();
    let text: String = samples().iter().map(|(sample, _)| sample.to_string()).collect();
    let mut missing = Vec::new();
    let mut open = vec![&schema];
    while let Some(node) = open.pop() {
        if let Some(properties) = node.get("properties").and_then(Value::as_object) {
            missing.extend(properties.keys().filter(|key| !text.contains(&format!("\"{key}\":"))));
        }
        match node {
            Value::Object(members) => open.extend(members.values()),
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    missing.retain(|key| *key != "policy");
    assert!(missing.is_empty(), "{missing:?}");
}

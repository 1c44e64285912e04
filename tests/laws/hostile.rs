//! Law 1 for policies: what is malformed is said to be so, what is written to be expensive ends soon, nothing panics.

use super::core::Core;
use super::naive::Request;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Generous, for machines that are slow and busy; what grows exponentially is far beyond.
const LIMIT: Duration = Duration::from_secs(30);

fn put(key: &str) -> Request {
    let resource = format!("arn:aws:s3:::b/{key}");
    let context = json!({"s3:prefix": "v", "aws:RequestTag/team": "a".repeat(200)});
    Request::read(
        &json!({"caller": "anonymous", "action": "s3:PutObject", "resource": resource, "owner": "1", "context": context}),
    )
}

/// A template with a bucket policy, written out.
fn template(policy: &str) -> String {
    format!(
        r#"{{"Parameters": {{"P": {{"Type": "String"}}}}, "Resources": {{"P0": {{"Type": "AWS::S3::BucketPolicy", "Properties": {{"Bucket": "b", "PolicyDocument": {policy}}}}}}}}}"#
    )
}

fn asked(policy: &str) -> (Option<bool>, Vec<String>) {
    Core::of(&template(policy)).reasons(&put("k"))
}

/// A policy whose statement allows everything, but for these elements.
fn but(elements: &Value) -> String {
    let mut statement = json!({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"});
    for (name, value) in elements.as_object().unwrap() {
        statement[name] = value.clone();
    }
    json!({ "Statement": statement }).to_string()
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

#[test]
fn what_is_malformed_is_unknown_for_a_reason() {
    let good = but(&json!({}));
    assert_eq!(asked(&good), (Some(true), vec![]));
    for (policy, reason) in [
        (r#""x""#.to_owned(), "not a mapping"),
        ("5".to_owned(), "not a mapping"),
        (r#"{"Statement": "x"}"#.to_owned(), "not a mapping"),
        (r#"{"Statement": 5}"#.to_owned(), "not a mapping"),
        (r#"{"Statement": ["x"]}"#.to_owned(), "not a mapping"),
        (format!(r#"{{"Statement": [["x"], {}]}}"#, but(&json!({}))), "not a mapping"),
        (quoted(r#"{"Statement": "#), "no JSON: the file ends"),
        (quoted(r#"{"Statement": [], "Statement": []}"#), "duplicate key `Statement`"),
        (quoted(&quoted(&good)), "not a mapping"),
        (quoted(&quoted(&quoted(&good))), "not a mapping"),
        (json!({ "Statement": good }).to_string(), "not a mapping"),
        (but(&json!({"Effect": "allow"})), "`Effect`"),
        (but(&json!({"Effect": ["Allow"]})), "where text is expected"),
        (but(&json!({"Effect": {"Allow": true}})), "where text is expected"),
        (but(&json!({"Action": {"s3": "*"}})), "where text is expected"),
        (but(&json!({"Action": [["*"]]})), "where text is expected"),
        (but(&json!({"Resource": {"Arn": "*"}})), "where text is expected"),
        (but(&json!({"Actions": "*"})), "`Actions`"),
        (but(&json!({"NotAction": "iam:*"})), "`NotAction`"),
        (but(&json!({"NotResource": "x"})), "`NotResource`"),
        (but(&json!({"NotPrincipal": {"AWS": "111111111111"}})), "`NotPrincipal`"),
        (but(&json!({"Principal": 5})), "neither an account, nor an ARN"),
        (but(&json!({"Principal": {"aws": "*"}})), "`aws` is no kind of principal"),
        (but(&json!({"Principal": {"AWS": {"AWS": "*"}}})), "where text is expected"),
        (but(&json!({"Condition": "x"})), "not a mapping"),
        (but(&json!({"Condition": [[{"Bool": {"a:b": true}}]]})), "not a mapping"),
        (but(&json!({"Condition": [{"Bool": {"a:b": true}}, {"Bool": {"a:c": true}}]})), "`Condition`"),
        (but(&json!({"Condition": {"StringEquals": "x"}})), "not a mapping"),
        (but(&json!({"Condition": {"StringEquals": [{"a:b": "c"}]}})), "not a mapping"),
        (but(&json!({"Condition": {"StringIs": {"a:b": "c"}}})), "`StringIs` is no condition operator"),
        (but(&json!({"Condition": {"StringEquals": {"s3:prefix": [["v"]]}}})), "where text is expected"),
        (but(&json!({"Condition": {"StringEquals": {"s3:prefix": {"v": "v"}}}})), "where text is expected"),
    ] {
        let (answer, reasons) = asked(&policy);
        assert_eq!(answer, None, "{policy}");
        assert!(reasons.iter().any(|text| text.contains(reason)), "{reason}: {reasons:?} {policy}");
    }
    // JSON in a text is as good as JSON; in YAML a version may look like a date.
    assert_eq!(asked(&quoted(&good)), (Some(true), vec![]));
}

#[test]
fn duplicate_keys_are_refused_with_their_place() {
    let policy = r#"{"Statement": {"Effect": "Allow", "Effect": "Deny"}}"#;
    let report = trailproof::check_text("t.json", &template(policy), &super::common::all_checks(Default::default()));
    let said = format!("{:?}", report.problems);
    assert!(said.contains("duplicate key `Effect`"), "{said}");
}

/// Judges a policy and asks about it, and fails if that takes too long.
fn timed(name: &str, policy: &str, key: &str) -> (Option<bool>, Vec<String>) {
    let text = template(policy);
    let begun = Instant::now();
    let options = super::common::all_checks(Default::default());
    let report = trailproof::check_text("hostile.json", &text, &options);
    let judged = begun.elapsed();
    let answer = Core::of(&text).reasons(&put(key));
    eprintln!("{name}: judged in {judged:?}, all in {:?}, {} bytes, {answer:?}", begun.elapsed(), text.len());
    assert!(begun.elapsed() < LIMIT, "{name} took {:?}", begun.elapsed());
    assert!(report.problems.is_empty(), "{name}: {:?}", report.problems);
    answer
}

#[test]
fn wildcards_cost_no_more_than_their_length() {
    let many = |one: &str| one.repeat(1000);
    let a = "a".repeat(900);
    let bucket = |rest: &str| json!({"Resource": format!("arn:aws:s3:::b/{rest}")});
    assert_eq!(timed("stars", &but(&bucket(&(many("*a") + "b"))), &a).0, Some(false));
    assert_eq!(timed("stars that match", &but(&bucket(&many("*a"))), &"a".repeat(1000)).0, Some(true));
    assert_eq!(timed("question marks", &but(&bucket(&many("*?"))), &a).0, Some(false));
    let holes = json!({"Resource": {"Fn::Sub": format!("arn:aws:s3:::b/{}b", "*${P}a".repeat(400))}});
    assert_eq!(timed("holes", &but(&holes), &a).0, Some(false));
    let list = |one: &dyn Fn(usize) -> String| (0..1000).map(one).collect::<Vec<_>>();
    let actions = json!({"Action": list(&|n| format!("s3:*P*u*t*O*b*{n}*"))});
    assert_eq!(timed("a thousand actions", &but(&actions), "k").0, Some(false));
    let values = list(&|n| format!("*a*a*a*a*{n}"));
    let condition = json!({"Condition": {"StringNotLike": {"aws:RequestTag/team": values}}});
    assert_eq!(timed("a thousand values", &but(&condition), "k").0, Some(true));
    let variables = json!({"Condition": {"StringLike": {"aws:RequestTag/team": many("*${aws:RequestTag/team}")}}});
    let versioned = but(&variables).replacen('{', r#"{"Version": "2012-10-17", "#, 1);
    let (answer, _) = timed("a thousand variables", &versioned, "k");
    assert_ne!(answer, Some(true));
}

#[test]
fn many_statements_cost_as_many() {
    let one = json!({"Effect": "Deny", "Principal": {"AWS": "111111111111"}, "NotAction": "s3:Get*", "Resource": "arn:aws:s3:::*/*"});
    let policy = json!({ "Statement": vec![one; 2000] }).to_string();
    assert_eq!(timed("two thousand statements", &policy, "k").0, Some(false));
}

#[test]
fn depth_is_bounded() {
    for depth in [50, 1_000, 100_000] {
        for (open, close) in [("[", "]"), (r#"{"StringEquals": "#, "}"), (r#"{"Fn::Join": ["", ["#, "]]}")] {
            let nested = open.repeat(depth) + "1" + &close.repeat(depth);
            let statement = format!(
                r#"{{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {nested}}}"#
            );
            for policy in
                [format!(r#"{{"Statement": {statement}}}"#), quoted(&format!(r#"{{"Statement": {statement}}}"#))]
            {
                let begun = Instant::now();
                let report = trailproof::check_text(
                    "deep.json",
                    &template(&policy),
                    &super::common::all_checks(Default::default()),
                );
                assert!(begun.elapsed() < LIMIT, "{depth} of {open} took {:?}", begun.elapsed());
                std::hint::black_box(report);
            }
        }
    }
}
